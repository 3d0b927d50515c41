// What a step takes: its key, a look at what is known, and a slot to run in.
import Atelier

extension Coordinator {
  func resolveStep(_ index: Int, _ node: GraphNode, _ step: StepDescription) throws {
    var inputs: [String: KnownArtifact] = [:]
    for wire in node.inputs { inputs[wire.description.name] = try artifact(wire.from) }
    let action = try resolver.action(node, step, inputs: inputs)
    if let result = finished[action.key] {
      settleHit(index, result)
      return
    }
    if let twin = failed[action.key] {
      settle(index, skipped(index, "needs the same work as \(twin)"))
      return
    }
    actions[index] = action
    if building[action.key] != nil {
      building[action.key, default: []].append(index)
      states[index] = .running
      return
    }
    var cause: RunCause?
    if options.cache == .off {
      cause = .cacheOff
    } else {
      switch try resolver.lookupHere(action.key) {
      case .hit(let result):
        finished[action.key] = result.withoutDocument
        settleHit(index, result)
        return
      case .miss(let found):
        building[action.key] = []
        if let shared = environment.shared {
          ask(shared, index, action, found)
        } else {
          mustRun(index, action, found)
        }
        return
      }
    }
    building[action.key] = []
    mustRun(index, action, cause)
  }

  /// Queues a step that is nowhere to be had.
  func mustRun(_ index: Int, _ action: Action, _ cause: RunCause?) {
    explanations[index] = explainer.explain(
      action.node, action.document, key: action.key, cause: cause)
    wait(index)
  }

  func startAction(_ index: Int, _ action: Action) {
    let node = graph.nodes[index]
    warnOfForeignDelivery(node)
    if let explanation = explanations[index] {
      report(.started(name: node.name, key: action.key, explanation: explanation))
    }
    let mailbox = self.mailbox
    let runner = self.runner
    let start = environment.clock
    occupySlot(index) {
      let began = start()
      let outcome = runner.execute(action)
      mailbox.post(.action(index, outcome, seconds: start() - began))
    }
  }

  /// Marks a node as running; its job must post a message.
  func occupySlot(_ index: Int, _ job: @escaping @Sendable () -> Void) {
    states[index] = .running
    running += 1
    pool.run(job)
  }
}
