// A session with the bucket or shared folder of a store, for the verbs that share or clean it.
import Atelier
import CommandLine
import Content
import Execution
import LocalStores
import Planning
import Project
import RemoteCache
import Terminal

/// A session with the bucket that its configuration names, whatever [Atelier] store says.
struct BucketCall {
  let session: Session
  let graph: Graph
  let environment: EngineEnvironment
  let shared: SharedStore

  init(_ call: StoreCall, targets: [String], signals: Signals) throws {
    session = try call.session(targets: targets)
    graph = try session.graph()
    let selection = try session.selection(graph)
    let use = RemoteUse(
      cache: .rw, isRequired: true, isAskedFor: true,
      isCancelled: { signals.token.isCancelled })
    environment = try session.environment(graph, selection, readOnly: false, use: use)
    guard let shared = environment.shared else {
      throw UsageError("there is no shared store; set [AWS] s3_bucket_name or [Atelier] shared")
    }
    self.shared = shared
  }

  /// The environment without the bucket.
  private var here: EngineEnvironment {
    EngineEnvironment(
      store: environment.store, programs: environment.programs,
      projectRoot: environment.projectRoot, workerPath: environment.workerPath,
      catalogue: environment.catalogue, host: environment.host, clock: environment.clock)
  }

  /// The states of the targets, by what is here or also by what is in the bucket.
  func states(asking: Bool) throws -> [PlannedNode] {
    let planner = try Planner(graph, environment: asking ? environment : here)
    let states = planner.plan(try session.selection(graph))
    if let failure = shared.fatalFailure { throw failure }
    return states
  }
}

extension Session {
  /// The bucket that the configuration names, behind a local store.
  func bucket(_ store: LocalStore, _ signals: Signals) throws -> SharedStore {
    let use = RemoteUse(
      cache: .rw, isRequired: true, isAskedFor: true, isCancelled: { signals.token.isCancelled })
    guard let shared = try remote(store, use)?.shared else {
      throw UsageError("there is no shared store; set [AWS] s3_bucket_name or [Atelier] shared")
    }
    return shared
  }
}
