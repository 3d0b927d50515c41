// The verbs of `atelier engine`: what the cluster behind the configuration says, has, and gives up.
import Clusters
import CommandLine
import Engines
import RemoteCache
import Project
import Terminal

/// The verbs about the cluster on which steps run.
package enum EngineVerbs {
  package static let group = VerbGroup<VerbContext>(
    "engine", "the cluster on which steps run: check, list jobs, cancel them",
    details: """
      Means the engine of [Atelier] engine, or Slurm where that is local, and the folder of
      [Atelier] shared or the bucket of SageMaker. Exits 5 when one of them cannot be used.
      """,
    verbs: [EngineCheck(), EngineJobs(), EngineCancel()])
}

/// What every verb of the engine works with.
struct EngineCall {
  let session: Session
  let queue: ClusterQueue
  var store: any JobStore { queue.store }
  var driver: any ClusterDriver { queue.driver }

  init(_ call: Call, _ context: VerbContext) throws {
    session = try Session(call, context)
    let named = try session.storeSettings().engine
    let engine = named == .local ? .slurm : named
    var shared: SharedStore?
    if engine == .sagemaker {
      shared = try session.remote(session.store(readOnly: true), RemoteUse(cache: .rw))?.shared
    }
    queue = try ClusterQueue(
      driver: session.driver(engine), store: session.jobStore(engine, shared))
  }

  /// The tasks of this store that have not ended, in the order of their jobs.
  func tasks() throws -> [ClusterTask] {
    try queue.tasks().filter { !$0.hasEnded }
      .sorted { (Int($0.id.job) ?? 0, $0.id.index) < (Int($1.id.job) ?? 0, $1.id.index) }
  }
}
