// `atelier run --detach`: the run itself as a job of the cluster, for login nodes that end long programs.
import CommandLine
import Content
import Engines
import FileTools
import FolderStores
import Names
import Project
import RemoteSteps
import Terminal

enum DetachedRun {
  /// Variables that the run needs on its node; no other one goes along, for it may hold a secret.
  private static let passed = ["HOME", "LANG", "LOGNAME", "PATH", "SLURM_CONF", "USER"]

  /// Submits a run by its words, and says where its output goes.
  static func submit(_ session: Session, words: [String]) throws -> Int32 {
    guard let store = try session.sharedFolder() else {
      throw UsageError(
        "--detach needs [Atelier] shared, the folder that all nodes see: atelier config set"
          + "\(session.option) Atelier.shared=/scratch/...")
    }
    _ = try store.probe()
    let program = try store.install(program: OwnProgram.path())
    let queue = try ClusterQueue(driver: session.cluster().slurm, store: store)
    let variables = passed.compactMap { key in
      session.environmentVariables[key].map { "\(key)=\($0)" }
    }
    let command = ["/usr/bin/env"] + variables + [program] + words
    let line = command.map { ShellWord.quoted($0) }.joined(separator: " ")
    let (batch, job) = try queue.submit(
      "run-" + Digest.of(RandomName.make()).hex.prefix(8), command: { _ in line })
    session.output.message(
      "the run is job \(job); what it says: \(store.path(NoticeName.jobs))/\(batch).0.\(job)")
    try session.output.data(job + "\n")
    return ExitCode.success
  }
}
