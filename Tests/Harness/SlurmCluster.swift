// A real Slurm cluster on this machine, of Debian's packages; it knows no test.
import AtelierTesting
import Foundation
import Testing

/// A controller and three nodes, started for a suite and stopped after it.
package final class SlurmCluster: Sendable {
  private let home: TemporaryFolder
  private let port: UInt16

  private static let script = TestTools.root + "/Tests/Slurm/slurm.sh"

  /// Why there can be no cluster here; nil where there can.
  package static let absence: String? = {
    if getuid() != 0 { return "Slurm's nodes start jobs as their users, so they need root" }
    for program in ["slurmctld", "slurmd", "munged", "sbatch"] {
      let folders = ["/usr/sbin", "/usr/bin"]
      if !folders.contains(where: {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
      }) {
        return "there is no \(program); type: Tests/Slurm/slurm.sh install"
      }
    }
    return nil
  }()

  /// Starts the cluster.
  package init() throws {
    home = try TemporaryFolder()
    // Its nodes listen on the ports after it.
    port = 20_000 + UInt16.random(in: 0..<400) * 20
    try call("start")
  }

  deinit { try? call("stop") }

  /// The variables that Slurm's programs need.
  package var environment: [String: String] {
    ["SLURM_CONF": home("etc/slurm.conf"), "PATH": "/usr/bin:/bin"]
  }

  /// Whether memory is limited here.
  package var limitsMemory: Bool {
    ((try? TestFiles.text(home("etc/slurm.conf"))) ?? "").contains("task/cgroup")
  }

  /// One of the faults that the script knows, such as `kill-node 2`.
  package func call(_ words: String...) throws {
    let variables = [
      "SLURM_HOME": home.path, "SLURM_DB": "0", "SLURM_PORT": "\(port)",
      "PATH": "/usr/sbin:/usr/bin:/bin",
      "SLURM_NODE_TIMEOUT": "6", "SLURM_CLUSTER": "c\(port)", "SLURM_NODE_PREFIX": "n\(port)x",
    ]
    // Foundation's Process would wait for the daemons, too.
    let ended = try RunningProgram(
      "/bin/bash", [Self.script] + words, environment: variables, captures: home
    ).wait()
    guard ended.code == 0 else {
      throw ProgramError("slurm.sh \(words.joined(separator: " ")): \(ended.err)\(ended.out)")
    }
  }

  /// The name of a node, from 1.
  package func node(_ number: Int) -> String { "n\(port)x\(number)" }

  /// Sends a signal to the controller.
  package func signalController(_ number: Int32) throws {
    let text = try TestFiles.text(home("run/slurmctld.pid"))
    guard let pid = Int32(text.filter(\.isNumber)) else { throw ProgramError("no controller") }
    kill(pid, number)
  }

  /// What squeue prints with some words, a line a task.
  package func queue(_ words: String...) throws -> [String] {
    let ended = try RunningProgram(
      "/usr/bin/squeue", ["-h", "-r"] + words, environment: environment, captures: home
    ).wait()
    return ended.out.split(separator: "\n").map(String.init)
  }
}

/// Starts a cluster for a suite.
package struct SlurmSuite: SuiteTrait, TestScoping {
  @TaskLocal package static var cluster: SlurmCluster?

  package init() {}

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard SlurmCluster.absence == nil else { return try await function() }
    let cluster: SlurmCluster
    do {
      cluster = try SlurmCluster()
    } catch {
      // A machine that lets no daemon of Slurm run is no place for these tests.
      print("\(test.name): skipped, since no cluster starts here: \(error)")
      return
    }
    try await Self.$cluster.withValue(cluster) { try await function() }
  }
}

extension Trait where Self == SlurmSuite {
  package static var slurm: SlurmSuite { SlurmSuite() }
}
