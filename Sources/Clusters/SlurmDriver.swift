// Slurm by its own programs: sbatch, squeue, scancel, and sacct where there is accounting.
import FileTools
import Subprocess

/// Submits to Slurm, and asks it.
package struct SlurmDriver: ClusterDriver {
  private let settings: SlurmSettings
  /// The environment of Slurm's programs: PATH, SLURM_CONF and what else a site needs.
  private let environment: [String: String]
  /// The folders of PATH.
  private let folders: [String]

  /// Seconds that one of Slurm's programs may take.
  private static let patience = 15.0
  /// Ids in one call.
  private static let chunk = 1000

  package init(settings: SlurmSettings, environment: [String: String]) {
    self.settings = settings
    self.environment = environment
    folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
  }

  package var name: String { "slurm" }
  package let cancelling = "scancel"

  package func limits() throws(ClusterFailure) -> ClusterLimits {
    let text = try call("scontrol", ["show", "config"])
    return ClusterLimits(longestArray: max(1, (SlurmText.longestArray(text) ?? 1001) - 1))
  }

  package func submit(_ batch: ClusterBatch) throws(ClusterFailure) -> String {
    var words = [
      "--parsable", "--export=NIL", "--requeue", "--kill-on-invalid-dep=yes", "-J", batch.name,
      "-a", "0-\(batch.count - 1)%\(max(1, batch.mostRunning))", "-c", "\(batch.resources.cpus)",
      "-o", batch.output + "/%x.%a.%A", "--open-mode=append", "-D", "/",
    ]
    if let memory = batch.resources.memory { words.append("--mem=\(memory)M") }
    if let minutes = batch.resources.minutes { words += ["-t", "\(minutes)"] }
    if batch.resources.gpus > 0 { words.append("--gres=gpu:\(batch.resources.gpus)") }
    for (option, value) in [
      ("-p", settings.partition), ("-A", settings.account), ("--qos", settings.qos),
      ("-C", settings.constraint), ("-x", batch.excluded.joined(separator: ",")),
    ] where !value.isEmpty {
      words += option.hasPrefix("--") ? ["\(option)=\(value)"] : [option, value]
    }
    words += settings.arguments
    let scratch = settings.scratch.isEmpty ? "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}" : settings.scratch
    let script = """
      #!/bin/sh
      \(settings.setup)
      export ATELIER_JOB="$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID"
      export ATELIER_RESTART="${SLURM_RESTART_COUNT:-0}" ATELIER_NODE="$SLURMD_NODENAME"
      export ATELIER_SCRATCH="\(scratch)"
      exec \(batch.command("\"$SLURM_ARRAY_TASK_ID\""))

      """
    let answer = try call("sbatch", words, input: script)
    // With several clusters: `id;cluster`.
    let id = answer.split(separator: "\n").last.map { $0.prefix { $0.isNumber } } ?? ""
    guard !id.isEmpty else {
      throw ClusterFailure(.unknown, "sbatch answered '\(answer)', expected the number of a job")
    }
    return String(id)
  }

  package func tasks(named prefix: String) throws(ClusterFailure) -> [ClusterTask] {
    let text = try call("squeue", ["-h", "-r", "-t", "all", "--me", "-o", SlurmText.format])
    return text.split(separator: "\n").compactMap { SlurmText.task($0) }
      .filter { $0.batch.hasPrefix(prefix) }
  }

  package func ends(of tasks: [ClusterTask.ID]) -> [ClusterTask.ID: ClusterEnd] {
    var ends: [ClusterTask.ID: ClusterEnd] = [:]
    for part in chunks(tasks) {
      let ids = part.map(\.description).joined(separator: ",")
      let words = ["-X", "-n", "-P", "-j", ids, "-o", "JobID,State", "-S", "now-7days"]
      // Without accounting nobody knows; that is no failure.
      guard let text = try? call("sacct", words) else { return ends }
      for line in text.split(separator: "\n") {
        let fields = line.split(separator: "|").map(String.init)
        let id = fields.first?.split(separator: "_").map(String.init) ?? []
        guard fields.count == 2, id.count == 2, let index = Int(id[1]) else { continue }
        ends[ClusterTask.ID(job: id[0], index: index)] = SlurmText.end(fields[1])
      }
    }
    return ends
  }

  package func cancel(_ tasks: [ClusterTask.ID]) throws(ClusterFailure) {
    for part in chunks(tasks) {
      _ = try call("scancel", ["-Q"] + part.map(\.description))
    }
  }

  private func chunks(_ tasks: [ClusterTask.ID]) -> [ArraySlice<ClusterTask.ID>] {
    stride(from: 0, to: tasks.count, by: Self.chunk).map {
      tasks[$0..<min(tasks.count, $0 + Self.chunk)]
    }
  }

  // MARK: - Programs

  private func path(of program: String) throws(ClusterFailure) -> String {
    for folder in folders {
      let path = "\(folder)/\(program)"
      if (try? FileStatus(path, followingLinks: true))?.isExecutable == true { return path }
    }
    throw ClusterFailure(
      .impossible,
      "there is no \(program) in PATH; [Atelier] engine = slurm needs Slurm's programs, as on a login "
        + "node")
  }

  private func call(
    _ program: String, _ words: [String], input: String = ""
  ) throws(ClusterFailure) -> String {
    let command = Command(
      executable: try path(of: program), arguments: words, environment: environment,
      directory: "/", supervised: false)
    var output: [UInt8] = []
    var errors: [UInt8] = []
    let exit: Exit
    do {
      exit = try command.run(
        input: .bytes(Array(input.utf8)), output: .chunks { output += $0 },
        error: .chunks { errors += $0 }, timeout: Self.patience)
    } catch {
      throw ClusterFailure(.unknown, "\(error)")
    }
    if exit.status == .exited(0) { return String(decoding: output, as: UTF8.self) }
    let said = String(decoding: errors, as: UTF8.self).split(separator: "\n").joined(
      separator: "; ")
    guard case .exited = exit.status else {
      throw ClusterFailure(
        .unknown,
        "\(program) gave no answer within \(Int(Self.patience)) s\(said.isEmpty ? "" : ": " + said)"
      )
    }
    let kind = SlurmText.kind(said)
    let advice =
      kind == .impossible ? SlurmText.setting(said).map { "; check \($0)" } ?? "" : ""
    throw ClusterFailure(kind, "\(program) says: \(said)\(advice)")
  }
}
