// The events of one run, in the order in which its nodes begin and end. It sends nothing.
import Atelier
import Content
import Execution

/// Turns what a run tells of itself into events of OpenLineage.
///
/// No event holds a setting, a path, an address, or a text that a step printed.
package struct RunLineage {
  private let graph: Graph
  private let events: LineageEvents
  private let nodes: [String: Int]
  private let now: () -> Timestamp
  private var run: LineageRun?
  /// The steps that have begun and not ended.
  private var open: Set<String> = []
  /// What is known of outputs, by `node.output`.
  private var digests: [String: Digest] = [:]

  /// The events of a run over a graph.
  package init(_ graph: Graph, producer: String, now: @escaping () -> Timestamp) {
    self.graph = graph
    self.now = now
    events = LineageEvents(producer: producer)
    nodes = Dictionary(
      graph.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The events that something in the run gives.
  package mutating func take(_ event: RunEvent) throws -> [JSONValue] {
    switch event {
    case .began(let id, _):
      let run = LineageRun(id: try LineageEvents.identifier(id), job: graph.workshop)
      self.run = run
      return [make(.start, run, parent: nil, kind: "DAG")]
    case .started(let name, _, _): return try begin(name)
    case .finished(let report): return try end(report)
    case .ended(let summary): return try close(summary)
    case .waiting, .progress, .files, .placed, .retrying, .notice: return []
    }
  }

  private mutating func begin(_ name: String) throws -> [JSONValue] {
    guard open.insert(name).inserted, let step = try self.step(name) else { return [] }
    return [make(.start, step, parent: run, kind: "TASK", inputs: inputs(of: name))]
  }

  private mutating func end(_ report: NodeReport) throws -> [JSONValue] {
    for (output, record) in report.outputs { digests["\(report.name).\(output)"] = record.digest }
    guard report.eventName == "step", let step = try self.step(report.name) else { return [] }
    let inputs = inputs(of: report.name)
    switch report.status {
    case .hit, .built:
      var made: [JSONValue] = []
      if open.remove(report.name) == nil {
        made.append(make(.start, step, parent: run, kind: "TASK", inputs: inputs))
      }
      let outputs = report.outputs.sorted { $0.key < $1.key }.map {
        LineageDataset(
          name: "\(graph.workshop)/\(report.name).\($0.key)", digest: $0.value.digest)
      }
      made.append(
        make(
          .complete, step, parent: run, kind: "TASK", inputs: inputs, outputs: outputs,
          cached: report.status == .hit))
      return made
    case .failed:
      // One that could not even begin has no start.
      let hasBegun = open.remove(report.name) != nil
      let start = make(.start, step, parent: run, kind: "TASK", inputs: inputs)
      let fail = make(
        .fail, step, parent: run, kind: "TASK", inputs: inputs,
        message: "the step failed; atelier log \(graph.workshop)/\(report.name) shows why")
      return hasBegun ? [fail] : [start, fail]
    default: return []
    }
  }

  private mutating func close(_ summary: RunSummary) throws -> [JSONValue] {
    guard let run else { return [] }
    var made: [JSONValue] = []
    for name in open.sorted() {
      if let step = try self.step(name) {
        made.append(make(.abort, step, parent: run, kind: "TASK"))
      }
    }
    open = []
    let state: LineageState =
      switch summary.outcome {
      case .ok: .complete
      case .failed: .fail
      case .cancelled: .abort
      }
    made.append(
      make(
        state, run, parent: nil, kind: "DAG",
        message: state == .fail ? "\(summary.failed) of the steps failed" : nil))
    return made
  }

  private func make(
    _ state: LineageState, _ run: LineageRun, parent: LineageRun?, kind: String,
    inputs: [LineageDataset] = [], outputs: [LineageDataset] = [], message: String? = nil,
    cached: Bool? = nil
  ) -> JSONValue {
    events.event(
      state, run, parent: parent, at: now().iso8601, kind: kind, inputs: inputs, outputs: outputs,
      message: message, cached: cached)
  }

  private func step(_ name: String) throws -> LineageRun? {
    guard let run else { return nil }
    return LineageRun(
      id: try LineageEvents.identifier("\(run.id)\n\(name)"), job: "\(graph.workshop).\(name)")
  }

  private func inputs(of name: String) -> [LineageDataset] {
    guard let index = nodes[name] else { return [] }
    var seen: Set<LineageDataset> = []
    return graph.nodes[index].inputs.map { wire in
      let own = "\(graph.nodes[wire.from.node].name).\(wire.from.output)"
      return LineageDataset(name: "\(graph.workshop)/\(own)", digest: digests[own])
    }.filter { seen.insert($0).inserted }
  }
}
