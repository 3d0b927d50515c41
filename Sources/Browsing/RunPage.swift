// One run as a page shows it: facts, steps, settings, numbers, outputs, and its graph.
import Atelier
import Content
import Execution
import Inspection
import LiveRuns
import LocalStores
import Planning
import Project
import Report
import ReportBuilding
import RunDisplay
import Terminal

/// Values for the page of one run.
package struct RunPage {
  /// So many runs make a curve.
  private static let mostRuns = 20

  private let browsed: BrowsedStore
  private let run: BrowsedRun
  private var record: RunRecord { run.record }
  private var steps: [String: JSONValue] { record.json["steps"]?.object ?? [:] }

  package init(_ browsed: BrowsedStore, _ run: BrowsedRun) {
    self.browsed = browsed
    self.run = run
  }

  /// The names of the steps, each after those that it needs.
  private var order: [String] {
    run.graph.map { RunResults.order(record, $0) } ?? steps.keys.sorted()
  }

  /// Facts, steps and settings; a step is its name, status, milliseconds and cause.
  package func summary() -> JSONValue {
    let steps = steps
    let rows = order.map { name -> JSONValue in
      let step = steps[name]
      let cause = step?["cause"]?.string.flatMap(RunCause.init)?.words ?? ""
      return [
        .string(name), .string(step?["status"]?.string ?? "unknown"),
        .integer(LiveRunState.milliseconds(step?["seconds"])),
        .string(step?["from"] == "remote" ? "from the shared store" : cause),
      ]
    }
    let all = record.json["settings"]?.object ?? [:]
    let settings = all.filter { $0.value["value"] != "" }.sorted { $0.key < $1.key }.map {
      name, setting in
      JSONValue.array([.string(name), setting["value"] ?? "", setting["origin"] ?? ""])
    }
    let previous = try? browsed.catalogue(of: record.workshop).history(of: record, count: 2)
      .dropFirst().first
    return [
      "v": 1, "id": .string(record.id), "workshop": .string(record.workshop),
      "series": .string(record.series), "status": .string(record.status),
      "startedAt": .string(record.startedAt),
      "seconds": .number(record.json["seconds"]?.number ?? 0),
      "host": .string(record.json["host"]?.string ?? ""),
      "platform": .string(record.json["platform"]?.string ?? ""),
      "targets": record.json["targets"] ?? [], "isLive": .bool(run.isLive),
      "previous": (previous?.id).map { .string($0) } ?? .null,
      "steps": .array(rows), "settings": .array(settings),
    ]
  }

  /// The boxes and wires of the run's graph, placed; a box lists its steps by their position.
  package func graph() -> JSONValue {
    guard let graph = run.graph else {
      return [
        "v": 1, "boxes": [], "wires": [], "notes": ["This program cannot wire the run's workshop."],
      ]
    }
    let (drawn, notes) = ReportGraph(record, graph, browsed.catalogue(of: record.workshop)).groups()
    let layout = LayeredLayout(count: drawn.groups.count, wires: drawn.wires)
    let places = Dictionary(
      order.enumerated().map { ($1, Int64($0)) }, uniquingKeysWith: { first, _ in first })
    func point(_ point: LayeredLayout.Point) -> JSONValue {
      [.number((point.x * 10).rounded() / 10), .number((point.y * 10).rounded() / 10)]
    }
    let measure = LayeredLayout.Measure()
    return [
      "v": 1, "size": point(layout.size),
      "box": [.number(measure.boxWidth), .number(measure.boxHeight)],
      "boxes": .array(
        zip(drawn.groups, layout.boxes).map { group, middle in
          [
            .string(group.name), point(middle),
            .array(group.steps.compactMap { places[$0.name].map(JSONValue.integer) }),
          ]
        }),
      "wires": .array(layout.wires.map { .array($0.map(point)) }),
      "notes": .array(notes.map(JSONValue.string)),
    ]
  }

  /// The numbers of short outputs with their change and their last values.
  package func numbers() throws -> JSONValue {
    guard let results = try results() else { return ["v": 1, "groups": []] }
    let history = try browsed.catalogue(of: record.workshop).history(
      of: record, count: Self.mostRuns)
    let (groups, notes) = ReportMetrics(results, history: history).groups()
    return [
      "v": 1, "notes": .array(notes.map(JSONValue.string)),
      "groups": .array(
        groups.map { group in
          [
            "name": .string(group.name),
            "numbers": .array(
              group.metrics.map { metric in
                [
                  .string(metric.name), .string(metric.value), .string(metric.difference ?? ""),
                  .string(metric.percent ?? ""),
                  .array(metric.history.map { $0.map(JSONValue.number) ?? .null }),
                ]
              }),
          ]
        }),
    ]
  }

  /// Every output: step, name, media type, size, digest.
  package func outputs() throws -> JSONValue {
    let outputs = try results()?.outputs ?? []
    return [
      "v": 1,
      "outputs": .array(
        outputs.map { output in
          [
            .string(output.step), .string(output.output),
            .string(output.record.kind == .tree ? "folder" : output.record.mediaType),
            .integer(output.record.size), .string(output.record.digest.description),
          ]
        }),
    ]
  }

  /// What is recorded of one step; nil where the run has none of that name.
  package func step(_ name: String) -> JSONValue? {
    guard let step = steps[name] else { return nil }
    let reasons = (step["reasons"]?.array ?? []).prefix(40).flatMap { reason -> [String] in
      guard let field = reason["field"]?.string else { return [] }
      func side(_ value: JSONValue?) -> JSONValue? { value == .null ? nil : value }
      return Text.change(
        FieldChange(field: field, old: side(reason["old"]), new: side(reason["new"])))
    }
    let parameters = record.step(name).flatMap {
      browsed.catalogue(of: record.workshop).document(of: $0)
    }?["parameters"]
    return [
      "v": 1, "name": .string(name), "status": step["status"] ?? "unknown",
      "key": step["key"] ?? .null, "message": step["message"] ?? .null,
      "warnings": step["warnings"] ?? [], "reasons": .array(reasons.map(JSONValue.string)),
      "parameters": ((try? parameters?.canonicalText()) ?? nil).map(JSONValue.string) ?? .null,
      "node": step["node"] ?? .null, "job": step["job"] ?? .null,
    ]
  }

  /// The results of the run; nil where it cannot be wired.
  func results() throws -> RunResults? {
    guard let graph = run.graph else { return nil }
    let session = try browsed.session(of: record.workshop)
    let environment = try session.environment(graph, try Selection([], in: graph), readOnly: true)
    return RunResults(record, graph, environment, browsed.catalogue(of: record.workshop))
  }
}
