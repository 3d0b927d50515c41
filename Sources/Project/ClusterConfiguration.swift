// What a configuration says of a cluster and of how steps are run there. It asks nobody.
import Atelier
import Clusters
import Engines

/// The settings of an engine on a cluster, as typed values.
package struct ClusterConfiguration {
  private let values: Settings
  /// The user's environment.
  private let environment: [String: String]

  init(settings: Settings, environment: [String: String]) {
    values = settings
    self.environment = environment
  }

  /// The driver of a cluster.
  package func driver() throws -> any ClusterDriver {
    var slurm = SlurmSettings()
    slurm.partition = try values.string("Slurm", "partition")
    slurm.account = try values.string("Slurm", "account")
    slurm.qos = try values.string("Slurm", "qos")
    slurm.constraint = try values.string("Slurm", "constraint")
    slurm.arguments = try values.string("Slurm", "arguments").split(separator: " ").map(
      String.init)
    slurm.setup = try values.string("Slurm", "setup")
    slurm.scratch = try values.string("Slurm", "scratch")
    return SlurmDriver(settings: slurm, environment: environment)
  }

  /// How an engine on a cluster works.
  package func settings() throws -> ClusterSettings {
    func number(_ section: String, _ key: String, _ range: ClosedRange<Double>) throws -> Double {
      let value = try values.double(section, key)
      guard range.contains(value) else {
        throw SettingError(
          section, key,
          "\(value) is out of range; expected \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    var cluster = ClusterSettings()
    cluster.mostRunning = try values.integer("Atelier", "max_running", in: 1...1_000_000)
    cluster.groupSeconds = try number("Atelier", "group_seconds", 0...1e6)
    cluster.hereSeconds = try number("Atelier", "here_seconds", 0...1e6)
    cluster.retries = try values.integer("Atelier", "engine_retries", in: 0...100)
    cluster.lifetime = try number("Atelier", "lease_seconds", 1...86_400)
    cluster.pollSeconds = try number("Slurm", "poll_seconds", 0...3600)
    return cluster
  }
}
