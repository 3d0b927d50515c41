// Two versions of one output: which numbers in them differ, or why that cannot be said.
import Content
import LocalStores
import Project
import RemoteCache
import Terminal

/// One output whose bytes are not those of an earlier run.
package struct OutputChange {
  package let step: String
  package let output: String
  /// The earlier run.
  package let run: String
  package let old: Digest
  package let new: Digest
  /// The numbers that changed; nil where the bytes could not be compared.
  package let metrics: [MetricChange]?
  /// Why not.
  package let note: String?

  package init(
    step: String, output: String, run: String, old: Digest, new: Digest, metrics: [MetricChange]?,
    note: String?
  ) {
    self.step = step
    self.output = output
    self.run = run
    self.old = old
    self.new = new
    self.metrics = metrics
    self.note = note
  }
}

/// Reads both versions from a store, or from the one behind it.
package struct OutputComparison {
  package let store: LocalStore
  package let shared: SharedStore?

  package init(store: LocalStore, shared: SharedStore?) {
    self.store = store
    self.shared = shared
  }

  /// The numbers that changed, or nil and why there are none to name.
  package func compare(_ old: Digest, _ new: OutputRecord) -> ([MetricChange]?, String?) {
    guard new.kind == .file, Metrics.mayHold(new.mediaType) else {
      return (nil, new.kind == .tree ? "a folder" : new.mediaType)
    }
    guard new.size <= Metrics.largestSize else { return (nil, Text.size(new.size)) }
    guard store.has(old, fetchingFrom: shared) else {
      return (nil, "the old bytes are no longer in the store")
    }
    guard store.has(new.digest, fetchingFrom: shared) else {
      return (nil, "the new bytes are no longer in the store")
    }
    guard FileSystem.size(store.layout.blob(old)) ?? 0 <= Metrics.largestSize,
      let before = try? store.objects.bytes(of: old),
      let after = try? store.objects.bytes(of: new.digest)
    else { return (nil, "too long or unreadable") }
    guard let one = Metrics(before, mediaType: new.mediaType, keyedLike: after),
      let two = Metrics(after, mediaType: new.mediaType, keyedLike: before)
    else { return (nil, "over \(Metrics.mostRows) rows: not compared") }
    guard let changes = MetricChange.between(one, two) else { return (nil, "other rows") }
    return changes.isEmpty ? (nil, "text only") : (changes, nil)
  }

  /// The bytes of a short artifact; nil where they are not to be had.
  package func bytes(of digest: Digest) -> [UInt8]? {
    store.bytes(of: digest, atMost: Metrics.largestSize, fetchingFrom: shared)
  }
}

extension OutputChange {
  /// So many numbers of an output, and digests, are shown unless everything is asked for.
  package static let few = 8

  /// The outputs as a table of numbers, few of each, and lines for those without.
  package static func text(_ changed: [OutputChange], few: Int, width: Int?) -> String {
    var text = table(changed, few: few, width: width)
    let unread = changed.filter { $0.metrics == nil }
    for change in unread.prefix(few) {
      text +=
        "\(change.step).\(change.output): sha256:\(change.old.short) -> sha256:\(change.new.short)"
        + " (\(change.note ?? ""))\n"
    }
    if unread.count > few { text += "... \(unread.count - few) more such outputs (--verbose)\n" }
    return text
  }

  private static func table(_ changed: [OutputChange], few: Int, width: Int?) -> String {
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
  package static func fold(_ all: [OutputChange]) -> ([OutputChange], [(name: String, count: Int)])
  {
    func family(_ change: OutputChange) -> String {
      let base = Text.withoutNumber(change.step)
      return base == change.step ? "" : "\(base).*.\(change.output)"
    }
    let counts = Dictionary(grouping: all, by: family).mapValues(\.count)
      .filter { !$0.key.isEmpty && $0.value > 1 }
    return (
      all.filter { counts[family($0)] == nil },
      counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    )
  }

  /// An event for each number, or one that says why there is none.
  package var events: [JSONValue] {
    let head: [String: JSONValue] = [
      "v": 1, "step": .string(step), "output": .string(output), "against": .string(run),
    ]
    guard let metrics else {
      let fields: [String: JSONValue] = [
        "event": "changed", "old": .string(old.description), "new": .string(new.description),
        "message": .string(note ?? ""),
      ]
      return [.object(head.merging(fields) { $1 })]
    }
    return metrics.map { metric in
      let fields: [String: JSONValue] = [
        "event": "metric", "metric": .string(metric.name), "old": Self.number(metric.old),
        "new": Self.number(metric.new), "difference": Self.number(metric.difference),
        "percent": metric.percent.map { .number(($0 * 100).rounded() / 100) } ?? .null,
      ]
      return .object(head.merging(fields) { $1 })
    }
  }

  private static func number(_ text: String?) -> JSONValue {
    guard let value = text.flatMap(Double.init), value.isFinite else { return .null }
    return .number(value)
  }
}
