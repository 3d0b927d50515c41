// Bytes that the shared store promised and does not give are made again, while who needs them waits.
import Atelier
import Content
import Engines
import Execution
import LocalStores
import RemoteCache
import RunStates
import Workers

/// Runs producers once more and lets their consumers go on; one thread owns it.
package struct BlobRecovery {
  package let progress: RunProgress
  package let resolver: Resolver
  package let engine: any StepEngine
  package let environment: EngineEnvironment
  /// Gets the outcome of a producer that ran once more, from any thread.
  package let done: @Sendable (Int, EndedStep) -> Void

  /// Runs those steps again whose outputs are lost, then lets the node try once more.
  package func recover(_ lost: LostBlobs, for index: Int) {
    if let producers = producers(of: lost, readBy: index) {
      carryOut(progress.transition(.lose(index, producers: producers)), "")
    } else if progress.results.producers(of: lost, readBy: index) != nil,
      !progress.state.wasRetried(index)
    {
      // It began to fetch before others had the bytes made again.
      carryOut(progress.transition(.again(index)), "")
    } else {
      progress.fail(index, "\(lost)")
    }
  }

  /// The steps that made lost bytes and have not run again; nil where there is none, or one cannot be
  /// told.
  private func producers(of lost: LostBlobs, readBy index: Int) -> Set<Int>? {
    let producers = progress.results.producers(of: lost, readBy: index)?
      .filter { !progress.state.wasRemade($0) }
    return producers?.isEmpty == false ? producers : nil
  }

  private func carryOut(_ effects: RunState.Effects, _ reason: String) {
    for producer in effects.remake { remake(producer) }
    for index in effects.abandoned { progress.fail(index, reason) }
  }

  private func remake(_ index: Int) {
    let node = progress.graph.nodes[index]
    guard let step = node.step else { return }
    do {
      let action = try resolver.action(node, step, inputs: progress.results.inputs(of: node))
      environment.shared?.forget(action.key)
      progress.report(
        .started(
          name: node.name, key: action.key, explanation: Explanation(cause: .blobMissing)))
      engine.start(action) { [done] in done(index, $0) }
    } catch {
      fail(index, ErrorText.of(error))
    }
  }

  /// Takes in what became of a producer that ran once more.
  package func finish(_ index: Int, _ ended: EndedStep) {
    switch ended.outcome {
    case .built(let result, let warnings, let isCached):
      progress.replaceAsBuilt(
        index, result, warnings: warnings, isCached: isCached, seconds: ended.seconds)
      finish(index, result)
    case .shared(let result): finish(index, result)
    case .failed(let message, _): fail(index, message)
    case .cancelled: fail(index, "cancelled")
    case .lost(let lost):
      guard let producers = producers(of: lost, readBy: index) else {
        return fail(index, "\(lost)")
      }
      carryOut(progress.transition(.remakeLost(index, producers: producers)), "")
    }
  }

  private func finish(_ index: Int, _ result: ActionResult) {
    let used = progress.results.end(of: index)?.outputs ?? [:]
    guard used.allSatisfy({ result.outputs[$0.key]?.digest == $0.value.record.digest }) else {
      return fail(
        index,
        "it is not reproducible: its lost bytes came out otherwise; run again to key anew "
          + "what rests on them")
    }
    carryOut(progress.transition(.remade(index)), "")
  }

  private func fail(_ index: Int, _ message: String) {
    carryOut(
      progress.transition(.remakeFailed(index)),
      "the bytes of \(progress.graph.nodes[index].name) are lost and cannot be made: \(message)")
  }
}
