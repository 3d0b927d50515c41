// What a configuration says of a cluster and of how steps are run there. It asks nobody.
import Atelier
import Clusters
import Configuration
import Engines

/// The settings of an engine on a cluster, as typed values.
package struct ClusterConfiguration {
  private let table: ClusterTable
  /// The user's environment.
  private let environment: [String: String]

  /// - Throws: a `ConfigurationError` that names the key.
  init(_ configuration: Configuration, environment: [String: String]) throws {
    table = try ClusterTable(reading: configuration)
    self.environment = environment
  }

  /// The driver of Slurm.
  package var slurm: any ClusterDriver {
    var slurm = SlurmSettings()
    slurm.partition = table.partition
    slurm.account = table.account
    slurm.qos = table.qos
    slurm.constraint = table.constraint
    slurm.arguments = table.arguments.split(separator: " ").map(String.init)
    slurm.setup = table.setup
    slurm.scratch = table.scratch
    return SlurmDriver(settings: slurm, environment: environment)
  }

  /// How an engine on a cluster works.
  package var settings: ClusterSettings {
    var cluster = ClusterSettings()
    cluster.mostRunning = table.mostRunning
    cluster.groupSeconds = table.groupSeconds
    cluster.hereSeconds = table.hereSeconds
    cluster.retries = table.retries
    cluster.lifetime = table.leaseSeconds
    cluster.pollSeconds = table.pollSeconds
    return cluster
  }
}
