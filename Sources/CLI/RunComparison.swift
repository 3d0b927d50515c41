// `run --compare`: which numbers a run changed, against the last run that held the same steps.
import Content
import Engine
import Stores

/// Collects what a run makes and compares it with the runs before.
final class RunComparison {
  private let environment: EngineEnvironment
  private let previous: PreviousOutputs
  private var reports: [NodeReport] = []

  /// Make it before the run starts.
  init(workshop: String, environment: EngineEnvironment) throws {
    self.environment = environment
    previous = try PreviousOutputs(workshop: workshop, environment: environment)
  }

  /// Remembers a step that ended with results.
  func take(_ event: RunEvent) {
    guard case .finished(let report) = event, report.eventName == "step", !report.outputs.isEmpty
    else { return }
    reports.append(report)
  }

  /// One output whose bytes are not those of the earlier run.
  struct Changed {
    let step: String
    let output: String
    let run: String
    let old: Digest
    let new: Digest
    /// The numbers that changed; nil where the bytes could not be compared.
    let metrics: [MetricChange]?
    /// Why not.
    let note: String?
  }

  /// What changed, by the names of steps and outputs, and how many steps no earlier run held.
  func changes() -> (changed: [Changed], compared: Int, isNew: Int) {
    var changed: [Changed] = []
    var compared = 0
    for report in reports.sorted(by: { $0.name < $1.name }) {
      guard let (run, digests) = previous.outputs(of: report.name) else { continue }
      compared += 1
      for (output, record) in report.outputs.sorted(by: { $0.key < $1.key }) {
        guard let old = digests[output], old != record.digest else { continue }
        let (metrics, note) = compare(old, record)
        changed.append(
          Changed(
            step: report.name, output: output, run: run, old: old, new: record.digest,
            metrics: metrics, note: note))
      }
    }
    return (changed, compared, reports.count - compared)
  }

  private func compare(_ old: Digest, _ new: OutputRecord) -> ([MetricChange]?, String?) {
    guard new.kind == .file, new.mediaType.hasSuffix("json") || new.mediaType == "text/csv" else {
      return (nil, new.kind == .tree ? "a folder" : new.mediaType)
    }
    guard new.size <= Metrics.largestSize else { return (nil, Text.size(new.size)) }
    let store = environment.store
    guard (try? store.objects.contains(old)) == true else {
      return (nil, "the old bytes are no longer in the store")
    }
    guard FileSystem.size(store.layout.blob(old)) ?? 0 <= Metrics.largestSize,
      let before = try? store.objects.bytes(of: old),
      let after = try? store.objects.bytes(of: new.digest)
    else { return (nil, "too long or unreadable") }
    guard let one = Metrics(before, mediaType: new.mediaType, keyedLike: after),
      let two = Metrics(after, mediaType: new.mediaType, keyedLike: before)
    else { return (nil, "a table of more than \(Metrics.mostRows) rows") }
    guard let changes = MetricChange.between(one, two) else { return (nil, "other rows") }
    return changes.isEmpty ? (nil, "no number in it changed") : (changes, nil)
  }
}

extension RunComparison {
  /// So many numbers of an output, and digests, are shown unless everything is asked for.
  private static let few = 8

  /// The comparison as text for people, with aligned numbers; `isFull` leaves nothing out.
  func text(width: Int?, isFull: Bool) -> String {
    let few = isFull ? Int.max : Self.few
    let (all, compared, isNew) = changes()
    let first = isNew == 0 ? "" : "; no earlier run holds \(Text.count(isNew, "other step"))"
    guard !all.isEmpty else {
      return compared == 0
        ? "compared: no earlier run holds these steps\n"
        : "compared: no output of \(Text.count(compared, "step")) changed\(first)\n"
    }
    let (changed, folded) = isFull ? (all, []) : Self.fold(all)
    var text = Self.table(changed, few: few, width: width)
    let unread = changed.filter { $0.metrics == nil }
    for change in unread.prefix(few) {
      text +=
        "\(change.step).\(change.output): sha256:\(change.old.short) -> sha256:\(change.new.short)"
        + " (\(change.note ?? ""))\n"
    }
    if unread.count > few { text += "... \(unread.count - few) more such outputs (--verbose)\n" }
    for (name, count) in folded { text += "\(name): \(count) outputs changed (--verbose)\n" }
    let runs = Set(all.map(\.run)).sorted()
    let against = runs.count == 1 ? "run \(runs[0])" : "the last runs that hold the steps"
    return text + "compared with \(against): \(Text.count(all.count, "output")) changed\(first)\n"
  }

  /// The numbers as a table, few of each output.
  private static func table(_ changed: [Changed], few: Int, width: Int?) -> String {
    let rows = changed.flatMap { change in
      (change.metrics ?? []).prefix(few).map { metric in
        [
          "\(change.step).\(change.output)", metric.name, metric.old ?? "", metric.new ?? "",
          metric.difference ?? "", metric.percentText ?? "",
        ]
      }
    }
    guard !rows.isEmpty else { return "" }
    let columns = ["output", "metric", "old", "new", "difference", "percent"]
    var text = Table(columns: columns, rows: rows).text(limit: rows.count, width: width)
    for change in changed {
      let more = (change.metrics?.count ?? 0) - few
      if more > 0 { text += "... \(more) more in \(change.step).\(change.output) (--verbose)\n" }
    }
    return text
  }

  /// Takes aside the outputs of steps that are made many times: `week4.trial.*.result` and how many.
  private static func fold(_ all: [Changed]) -> ([Changed], [(name: String, count: Int)]) {
    func family(_ change: Changed) -> String {
      let base = Session.withoutNumber(change.step)
      return base == change.step ? "" : "\(base).*.\(change.output)"
    }
    let counts = Dictionary(grouping: all, by: family).mapValues(\.count)
      .filter { !$0.key.isEmpty && $0.value > 1 }
    return (
      all.filter { counts[family($0)] == nil },
      counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    )
  }

  /// The comparison as events, a line each.
  func json() throws -> String {
    let (changed, compared, isNew) = changes()
    var lines: [JSONValue] = []
    for change in changed {
      let head: [String: JSONValue] = [
        "v": 1, "step": .string(change.step), "output": .string(change.output),
        "against": .string(change.run),
      ]
      for metric in change.metrics ?? [] {
        let fields: [String: JSONValue] = [
          "event": "metric", "metric": .string(metric.name), "old": Self.number(metric.old),
          "new": Self.number(metric.new), "difference": Self.number(metric.difference),
          "percent": metric.percent.map { .number(($0 * 100).rounded() / 100) } ?? .null,
        ]
        lines.append(.object(head.merging(fields) { $1 }))
      }
      if change.metrics == nil {
        let fields: [String: JSONValue] = [
          "event": "changed", "old": .string(change.old.description),
          "new": .string(change.new.description), "message": .string(change.note ?? ""),
        ]
        lines.append(.object(head.merging(fields) { $1 }))
      }
    }
    lines.append([
      "v": 1, "event": "compared", "steps": .integer(Int64(compared)),
      "changed": .integer(Int64(changed.count)), "new": .integer(Int64(isNew)),
    ])
    return try lines.map { try $0.canonicalText() + "\n" }.joined()
  }

  private static func number(_ text: String?) -> JSONValue {
    guard let value = text.flatMap(Double.init), value.isFinite else { return .null }
    return .number(value)
  }
}
