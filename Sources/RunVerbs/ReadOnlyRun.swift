// `run` where the store cannot be written: fine as long as there is nothing to write.
import Atelier
import Content
import Effects
import Execution
import Planning
import Project
import RunDisplay

enum ReadOnlyRun {
  /// Tells of a run in which all is up to date; false, and nothing is told, where something is to be
  /// done or where that cannot be known.
  static func show(_ session: Session, _ renderer: any RunRenderer) throws -> Bool {
    let status = try GraphStatus(session)
    var reports: [NodeReport] = []
    for (index, planned) in zip(status.selection.nodes, status.states) {
      guard let report = try report(planned, index, status) else { return false }
      reports.append(report)
    }
    renderer.show(.began(id: "", nodes: reports.count))
    for report in reports { renderer.show(.finished(report)) }
    let hits = reports.count { $0.status == .hit }
    renderer.show(
      .ended(
        RunSummary(
          id: "", outcome: .ok, hits: hits, built: 0, failed: 0, skipped: 0, seconds: 0)))
    return true
  }

  /// What a run would report of a node without doing anything; nil where it would do something.
  private static func report(
    _ planned: PlannedNode, _ index: Int, _ status: GraphStatus
  ) throws -> NodeReport? {
    switch planned.state {
    case .upToDate(let result):
      var report = NodeReport(name: planned.name, status: .hit)
      report.key = result.key
      report.outputs = result.outputs
      return report
    case .source: return NodeReport(name: planned.name, status: .source)
    case .notTaken: return NodeReport(name: planned.name, status: .notTaken)
    case .derived:
      let node = status.graph.nodes[index]
      switch node.kind {
      case .select: return NodeReport(name: planned.name, status: .selected)
      case .delivery(let publication):
        guard let wire = node.inputs.first,
          let input = status.planner.known[wire.from.node]?[wire.from.output],
          let delivery = try Deliverer(environment: status.environment)
            .current(input, publication)
        else { return nil }
        var report = NodeReport(name: planned.name, status: .unchanged)
        report.message = delivery.path
        report.outputs = [node.outputs.first?.name ?? "delivered": input.record]
        return report
      case .ingestion, .step, .source: return nil
      }
    case .stale, .blocked, .due, .unresolvable: return nil
    }
  }
}
