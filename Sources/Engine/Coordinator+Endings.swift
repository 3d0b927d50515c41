// How a node ends: as a hit, built, failed or skipped; and what that means for those that need it.
import Atelier
import Content

extension Coordinator {
  /// A skip because of a failed dependency, or an arm not taken.
  func earlyEnd(of node: GraphNode) throws -> NodeReport? {
    for barrier in node.guards {
      guard case .settled(let report, _)? = states[barrier.choice.node], report.isUsable else {
        return skipped(node, "needs \(graph.nodes[barrier.choice.node].name)")
      }
      if try resolver.choice(artifact(barrier.choice)) != barrier.arm {
        var report = NodeReport(name: node.name, status: .notTaken)
        report.message = "the branch \(barrier.branch) took the other arm"
        return report
      }
    }
    let needed: [Int]
    if case .select(let then, let otherwise, let choice) = node.kind {
      let failed = [choice.node, then.node, otherwise.node].filter {
        !isUsable($0) && !isNotTaken($0)
      }
      needed = failed
    } else {
      needed = node.dependencies.filter { !isUsable($0) }
    }
    guard let first = needed.first else { return nil }
    return skipped(node, "needs \(graph.nodes[first].name)")
  }

  private func isUsable(_ index: Int) -> Bool {
    if case .settled(let report, _)? = states[index] { report.isUsable } else { false }
  }

  func isNotTaken(_ index: Int) -> Bool {
    if case .settled(let report, _)? = states[index] { report.status == .notTaken } else { false }
  }

  func settleHit(_ index: Int, _ result: ActionResult, isFromRemote: Bool = false) {
    var report = NodeReport(name: graph.nodes[index].name, status: .hit)
    report.key = result.key
    report.outputs = result.outputs
    report.seconds = result.seconds
    report.isFromRemote = isFromRemote
    settle(index, report, known(result))
  }

  private func known(_ result: ActionResult) -> [String: KnownArtifact] {
    result.outputs.mapValues { KnownArtifact(record: $0, place: .store) }
  }

  func finish(_ index: Int, _ outcome: ActionOutcome, seconds: Double) {
    guard let action = actions[index] else { return }
    if case .lost(let lost) = outcome {
      remake(lost, for: .node(index))
      return
    }
    let twins = building.removeValue(forKey: action.key) ?? []
    var report = NodeReport(name: action.node.name, status: .built)
    report.key = action.key
    report.seconds = seconds
    report.explanation = explanations[index]
    report.logPath = runner.logPath(action.key)
    switch outcome {
    case .built(let result, let warnings, let isCached):
      report.outputs = result.outputs
      report.warnings = warnings
      report.isCached = isCached
      finished[action.key] = result.withoutDocument
      if isCached { actions[index] = nil }
      settle(index, report, known(result))
      for twin in twins { settleHit(twin, result) }
      return
    case .shared(let result):
      finished[action.key] = result.withoutDocument
      for other in [index] + twins { settleHit(other, result) }
      return
    case .failed(let message, let warnings):
      report = NodeReport(name: action.node.name, status: .failed, copying: report)
      report.message = message
      report.warnings = warnings
      failed[action.key] = action.node.name
      if !options.keepGoing { stopped = true }
    case .cancelled, .lost:
      stopped = true
      report = skipped(index, "cancelled")
    }
    settle(index, report)
    for twin in twins { settle(twin, skipped(twin, "needs the same work as \(action.node.name)")) }
  }

  func fail(_ index: Int, _ message: String) {
    var report = NodeReport(name: graph.nodes[index].name, status: .failed)
    report.message = message
    if !options.keepGoing { stopped = true }
    settle(index, report)
  }

  func skipped(_ index: Int, _ message: String) -> NodeReport {
    skipped(graph.nodes[index], message)
  }

  private func skipped(_ node: GraphNode, _ message: String) -> NodeReport {
    var report = NodeReport(name: node.name, status: .skipped)
    report.message = message
    return report
  }

  /// The one place where a node ends and its users come nearer to their turn.
  func settle(
    _ index: Int, _ nodeReport: NodeReport, _ outputs: [String: KnownArtifact] = [:]
  ) {
    states[index] = .settled(nodeReport, outputs)
    reports.append(nodeReport)
    report(.finished(nodeReport))
    // The queue is a stack: the first of them in graph order goes on last.
    for user in users[index].reversed() {
      guard case .waiting(let unsettled)? = states[user] else { continue }
      if unsettled > 1 {
        states[user] = .waiting(unsettled: unsettled - 1)
      } else {
        states[user] = .ready
        queue.append(user)
      }
    }
  }
}
