// Where the steps of a session run: on this machine, or as jobs of a cluster.
import Atelier
import Clusters
import CommandLine
import Engines
import Execution
import FolderStores
import Planning
import Subprocess

extension Session {
  /// The engine that a call or the configuration names.
  package func engineName(_ named: String?) throws -> String {
    if let named { return named }
    return try settings.choice("Atelier", "engine", among: Self.engines)
  }

  /// All engines.
  package static let engines = ["local", "slurm"]

  /// The folder that machines share; nil where results are not kept in one.
  package func sharedFolder() throws -> FolderStore? {
    var root = try settings.string("Atelier", "shared")
    guard !root.isEmpty else { return nil }
    if root.hasPrefix("~/"), let home = environmentVariables["HOME"] {
      root = home + root.dropFirst(1)
    }
    guard root.hasPrefix("/") else {
      throw SettingError(
        "Atelier", "shared",
        "'\(root)' is no absolute path; expected a folder that all machines see "
          + "under the same name, such as /scratch/lab/atelier")
    }
    if try usesBucket() {
      throw SettingError(
        "Atelier", "shared",
        "results go into a bucket already, by [Atelier] store = s3; use one of the two")
    }
    guard try root != storeRoot() else {
      throw SettingError(
        "Atelier", "shared",
        "\(root) is [Atelier] root, too: the store of this machine and the one that machines share are "
          + "two folders")
    }
    return FolderStore(root: root)
  }

  /// The driver of a cluster.
  package func clusterDriver() throws -> any ClusterDriver {
    var slurm = SlurmSettings()
    slurm.partition = try settings.string("Slurm", "partition")
    slurm.account = try settings.string("Slurm", "account")
    slurm.qos = try settings.string("Slurm", "qos")
    slurm.constraint = try settings.string("Slurm", "constraint")
    slurm.arguments = try settings.string("Slurm", "arguments").split(separator: " ").map(
      String.init)
    slurm.setup = try settings.string("Slurm", "setup")
    slurm.scratch = try settings.string("Slurm", "scratch")
    return SlurmDriver(settings: slurm, environment: environmentVariables)
  }

  /// How an engine on a cluster works.
  package func clusterSettings() throws -> ClusterSettings {
    func number(_ section: String, _ key: String, _ range: ClosedRange<Double>) throws -> Double {
      let value = try settings.double(section, key)
      guard range.contains(value) else {
        throw SettingError(
          section, key,
          "\(value) is out of range; expected \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    var cluster = ClusterSettings()
    cluster.mostRunning = try settings.integer("Atelier", "max_running", in: 1...1_000_000)
    cluster.groupSeconds = try number("Atelier", "group_seconds", 0...1e6)
    cluster.hereSeconds = try number("Atelier", "here_seconds", 0...1e6)
    cluster.retries = try settings.integer("Atelier", "engine_retries", in: 0...100)
    cluster.lifetime = try number("Atelier", "lease_seconds", 1...86_400)
    cluster.pollSeconds = try number("Slurm", "poll_seconds", 0...3600)
    return cluster
  }

  /// What makes the engine of a run.
  package func engine(
    _ name: String, _ environment: EngineEnvironment, cache: RunOptions.CacheMode,
    workshop: String, names: [String], token: CancellationToken
  ) throws -> (LocalEngine, @escaping @Sendable (RunEvent) -> Void) throws -> any StepEngine {
    guard name != "local" else { return { local, _ in local } }
    guard cache == .rw else {
      throw UsageError(
        "--cache \(cache.rawValue) keeps nothing, so jobs could not give results back; add --engine "
          + "local")
    }
    guard let store = try sharedFolder(), let shared = environment.shared else {
      throw SettingError(
        "Atelier", "shared",
        "empty; the jobs of \(name) take orders from and leave results in a folder that all nodes see: "
          + "atelier config set Atelier.shared=/scratch/...")
    }
    // What is wrong with the folder is said before anything is submitted.
    _ = try store.probe()
    let (driver, settings) = (try clusterDriver(), try clusterSettings())
    let seconds = RecordedTimes.seconds(of: names, workshop: workshop, in: environment.store.runs)
    return { local, report in
      ClusterEngine(
        driver: driver, store: store, shared: shared, environment: environment,
        settings: settings, local: local, token: token, seconds: { seconds[$0] }, report: report)
    }
  }
}
