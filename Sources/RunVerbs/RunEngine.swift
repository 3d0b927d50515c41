// Where the steps of a run are run: on this machine, or as jobs of a cluster.
import Atelier
import Clusters
import CommandLine
import Engines
import Execution
import Planning
import Project
import Scheduling
import Subprocess

enum RunEngine {
  /// All engines.
  static let names = StoreSettings.Engine.allCases.map(\.rawValue)

  /// The engine that a call or the configuration names.
  static func name(_ named: String?, _ session: Session) throws -> String {
    if let named { return named }
    return try session.storeSettings().engine.rawValue
  }

  /// What makes the engine of a run, by the engine's name.
  static func maker(
    _ name: String, _ session: Session, _ environment: EngineEnvironment,
    cache: RunOptions.CacheMode,
    workshop: String, names: [String], token: CancellationToken
  ) throws -> EngineMaker {
    guard name != "local" else { return { local, _ in local } }
    guard cache == .rw else {
      throw UsageError(
        "--cache \(cache.rawValue) keeps nothing, so jobs could not give results back; add --engine "
          + "local")
    }
    guard let kind = StoreSettings.Engine(rawValue: name) else {
      throw UsageError("there is no engine '\(name)'")
    }
    let store = try session.jobStore(kind, environment.shared)
    guard let shared = environment.shared else {
      throw UsageError("the engine \(name) needs a store that its jobs share")
    }
    // What is wrong with the store is said before anything is submitted.
    _ = try store.probe()
    let driver = try session.driver(kind)
    let settings = try session.cluster().settings
    let seconds = RecordedTimes.seconds(of: names, workshop: workshop, in: environment.store.runs)
    return { local, report in
      ClusterEngine(
        driver: driver, store: store, shared: shared, environment: environment,
        settings: settings, local: local, token: token, seconds: { seconds[$0] }, report: report)
    }
  }
}
