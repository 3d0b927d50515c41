// How far a run has come: the state of its nodes and what they gave, changed together. One thread owns
// it. It starts nothing.
import Atelier
import Content
import Execution
import LocalStores
import Planning
import RemoteCache
import RunStates

/// The nodes of a run while it goes on.
package final class RunProgress {
  package let graph: Graph
  package private(set) var state: RunState
  package var results: NodeResults
  /// Whether what has not begun never will.
  package private(set) var isStopped = false
  private let keepsGoing: Bool
  /// Whether the run fills the cache, so that what is not cached had an input that moved.
  private let fillsCache: Bool
  private let logPath: (ActionKey) -> String
  package let report: (RunEvent) -> Void

  package init(
    _ graph: Graph, _ selection: Selection, keepsGoing: Bool, fillsCache: Bool,
    logPath: @escaping (ActionKey) -> String, report: @escaping (RunEvent) -> Void
  ) {
    self.graph = graph
    self.keepsGoing = keepsGoing
    self.fillsCache = fillsCache
    self.logPath = logPath
    self.report = report
    state = RunState(dependencies: graph.nodes.map(\.dependencies), chosen: selection.nodes)
    results = NodeResults(graph)
  }

  /// Lets nothing more begin.
  package func stop() { isStopped = true }

  /// Takes in an event that ends no node.
  @discardableResult
  package func transition(_ event: RunState.Event) -> RunState.Effects { state.transition(event) }

  // MARK: - Ends

  /// A step ran and gave a result.
  package func endAsBuilt(
    _ index: Int, _ result: ActionResult, warnings: [String], isCached: Bool, seconds: Double,
    site: StepSite?
  ) {
    var report = report(ofRunning: index, .built, seconds: seconds)
    report.site = site
    report.outputs = result.outputs
    report.warnings = warnings
    report.isCached = isCached
    report.hadMovedInput = !isCached && fillsCache
    results.finished[result.key] = result.withoutDocument
    if isCached { results.actions[index] = nil } else { results.uncached.insert(result.key) }
    end(index, report, result.artifacts, duplicates: result)
  }

  /// A result was there, here or in the shared store.
  package func endAsHit(_ index: Int, _ result: ActionResult, isFromRemote: Bool = false) {
    results.finished[result.key] = result.withoutDocument
    end(
      index, hit(index, result, isFromRemote), result.artifacts, duplicates: result,
      isFromRemote: isFromRemote)
  }

  /// A node failed; a step that ran is failed for all of its key.
  package func fail(
    _ index: Int, _ message: String, warnings: [String] = [], seconds: Double = 0,
    site: StepSite? = nil
  ) {
    var report = NodeReport(name: graph.nodes[index].name, status: .failed)
    if state.nodes[index] == .running, let action = results.actions[index] {
      report = self.report(ofRunning: index, .failed, seconds: seconds)
      results.failed[action.key] = report.name
    }
    report.message = message
    report.warnings = warnings
    report.site = site
    if !keepsGoing { isStopped = true }
    end(index, report)
  }

  /// A node is left out.
  package func skip(_ index: Int, _ message: String) { end(index, skipped(index, message)) }

  package func skipped(_ index: Int, _ message: String) -> NodeReport {
    var report = NodeReport(name: graph.nodes[index].name, status: .skipped)
    report.message = message
    return report
  }

  private func report(
    ofRunning index: Int, _ status: NodeStatus, seconds: Double
  ) -> NodeReport {
    var report = NodeReport(name: graph.nodes[index].name, status: status)
    report.seconds = seconds
    report.explanation = results.explanations[index]
    if let key = results.actions[index]?.key {
      report.key = key
      report.logPath = logPath(key)
    }
    return report
  }

  private func hit(_ index: Int, _ result: ActionResult, _ isFromRemote: Bool) -> NodeReport {
    var report = NodeReport(name: graph.nodes[index].name, status: .hit)
    report.key = result.key
    report.outputs = result.outputs
    report.seconds = result.seconds
    report.isFromRemote = isFromRemote
    // Of twins the second one is a hit of what was not cached.
    report.isCached = !results.uncached.contains(result.key)
    report.hadMovedInput = !report.isCached && fillsCache
    return report
  }

  /// The one place where a node ends, and those with it that wait for the same work: these are hits
  /// of `result`, or without one they are left out.
  package func end(
    _ index: Int, _ own: NodeReport, _ outputs: [String: KnownArtifact] = [:],
    duplicates result: ActionResult? = nil, isFromRemote: Bool = false
  ) {
    for ended in state.transition(.end(index, own.status.end)).ended {
      var report = own
      if ended != index {
        if let result {
          report = hit(ended, result, isFromRemote)
        } else {
          let reason = own.status == .failed ? "needs the same work as \(own.name)" : own.message
          report = skipped(ended, reason ?? "")
        }
      }
      record(ended, report, report.status.end == .usable ? outputs : [:])
    }
  }

  private func record(
    _ index: Int, _ nodeReport: NodeReport, _ outputs: [String: KnownArtifact]
  ) {
    results.record(index, nodeReport, outputs)
    report(.finished(nodeReport))
  }

  // MARK: - Corrections

  /// A producer has made its lost bytes again.
  package func replaceAsBuilt(
    _ index: Int, _ result: ActionResult, warnings: [String], isCached: Bool, seconds: Double
  ) {
    var nodeReport = NodeReport(name: graph.nodes[index].name, status: .built)
    nodeReport.key = result.key
    nodeReport.outputs = result.outputs
    nodeReport.warnings = warnings
    nodeReport.isCached = isCached
    nodeReport.hadMovedInput = !isCached && fillsCache
    nodeReport.seconds = seconds
    nodeReport.explanation = Explanation(cause: .blobMissing)
    nodeReport.logPath = logPath(result.key)
    results.replace(index, nodeReport)
    report(.finished(nodeReport))
  }

  /// Takes the result that was there first and opens again all nodes that rest on ours; these.
  package func yield(to conflict: ResultConflict, _ selection: Selection) -> Set<Int> {
    let key = conflict.ours.key
    results.finished[key] = conflict.theirs.withoutDocument
    let roots = selection.nodes.filter { results.end(of: $0)?.report.key == key }
    let names = roots.map { graph.nodes[$0].name }.joined(separator: ", ")
    report(
      .notice(
        "\(names) is not reproducible: another run made other bytes of the same key and was first; "
          + "its result counts, this one is put aside (\(conflict.differences))"))
    let reopened = state.transition(.reopen(roots)).reopened
    results.forget(reopened.union(roots))
    for index in roots {
      record(index, hit(index, conflict.theirs, true), conflict.theirs.artifacts)
    }
    return reopened
  }
}

extension ActionResult {
  /// The outputs as artifacts of the store.
  fileprivate var artifacts: [String: KnownArtifact] {
    outputs.mapValues { KnownArtifact(record: $0, location: .store) }
  }
}

extension ResultConflict {
  /// Which outputs differ, in words.
  fileprivate var differences: String {
    ours.outputs.sorted { $0.key < $1.key }.compactMap { name, own in
      guard let other = theirs.outputs[name], other != own else { return nil }
      return "\(name): ours \(own.digest.hex.prefix(12)), theirs \(other.digest.hex.prefix(12))"
    }.joined(separator: "; ")
  }
}
