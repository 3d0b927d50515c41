// What a job needs of a step is brought to the shared folder: the bytes of its inputs, then its order.
import Content
import Execution
import LocalStores
import RemoteCache
import RemoteSteps
import StoreFolder

struct OrderSender {
  let shared: SharedStore
  let store: any JobStore
  let environment: EngineEnvironment

  /// Throws `LostBlobs` where bytes of an input are nowhere to be had.
  func send(_ action: Action) throws {
    for artifact in action.inputs.values { try upload(artifact) }
    try store.write(StepOrder(action).bytes(), notice: NoticeName.order(action.key))
  }

  private func upload(_ artifact: KnownArtifact) throws {
    try environment.importExternal(artifact)
    if let origin = artifact.origin { try environment.sources.fetch(origin) }
    do {
      try shared.send(artifact.record)
    } catch let error as StoreError {
      throw LostBlobs(digests: [artifact.record.digest], reason: "\(error)")
    }
  }
}
