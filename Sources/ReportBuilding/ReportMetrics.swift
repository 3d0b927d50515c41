// The numbers of a run's short outputs, over the last runs.
import Content
import Inspection
import Planning
import Report
import Terminal

/// Reads numbers and their history.
package struct ReportMetrics {
  /// So few numbers of an output are shown at once.
  private static let few = 8
  private static let mostNumbers = 100

  private let results: RunResults
  /// The run and those before it, newest first.
  private let history: [RunRecord]

  package init(_ results: RunResults, history: [RunRecord]) {
    self.results = results
    self.history = history
  }

  /// The numbers by output, and what is left out.
  package func groups() -> ([MetricGroup], notes: [String]) {
    let candidates = results.made.filter { output in
      output.record.kind == .file && output.record.size <= Metrics.largestSize
        && Metrics.mayHold(output.record.mediaType)
    }
    var notes: [String] = []
    let numbered = Dictionary(grouping: candidates.filter { $0.family != nil }) {
      "\($0.family ?? "").*.\($0.output)"
    }
    var left = numbered.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.count))" }
    if !left.isEmpty {
      notes.append("Outputs of numbered steps are left out: \(left.joined(separator: ", ")).")
    }
    left = []
    let groups = candidates.filter { $0.family == nil }.compactMap { output -> MetricGroup? in
      guard let bytes = results.bytes(output.record, atMost: Metrics.largestSize),
        !Self.isPictureSpecification(bytes, output.record.mediaType)
      else { return nil }
      guard let now = Metrics(bytes, mediaType: output.record.mediaType, keyedLike: bytes),
        now.values.count <= Self.mostNumbers
      else {
        left.append(output.name)
        return nil
      }
      if now.values.isEmpty { return nil }
      return MetricGroup(
        name: output.name, isShort: now.values.count <= Self.few,
        metrics: metrics(output, now, bytes))
    }
    if !left.isEmpty {
      notes.append(
        "Too many numbers to list, so see the artifacts: \(left.joined(separator: ", ")).")
    }
    return (groups, notes)
  }

  private func metrics(
    _ output: RunResults.Output, _ now: Metrics, _ bytes: [UInt8]
  ) -> [Metric] {
    var read: [Digest: [String: String]] = [output.record.digest: Self.table(now)]
    let runs = history.reversed().map { run -> [String: String] in
      let made = run.json["steps"]?[output.step]?["outputs"]?[output.output]
      guard let digest = made?["digest"]?.string.flatMap({ Digest($0) }) else { return [:] }
      if let known = read[digest] { return known }
      let old = results.bytes(digest, atMost: Metrics.largestSize)
        .flatMap { Metrics($0, mediaType: output.record.mediaType, keyedLike: bytes) }
      let values = old.map(Self.table) ?? [:]
      read[digest] = values
      return values
    }
    return now.values.filter { !Self.isKey($0.name, $0.text) }.map { name, value in
      let old = runs.dropLast().last { $0[name] != nil }?[name]
      let change = old.flatMap { old in
        Double(old) == Double(value) ? nil : MetricChange(name: name, old: old, new: value)
      }
      return Metric(
        name: Self.plain(name), value: value, difference: change?.difference,
        percent: change?.percentText, history: runs.map { $0[name].flatMap(Double.init) })
    }
  }

  /// Whether a number only names its own row: `bucket=0.05 bucket`.
  private static func isKey(_ name: String, _ value: String) -> Bool {
    guard let space = name.lastIndex(of: " ") else { return false }
    return name[..<space] == "\(name[name.index(after: space)...])=\(value)"
  }

  private static func table(_ metrics: Metrics) -> [String: String] {
    Dictionary(metrics.values.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
  }

  /// A pointer to a member of a flat document without its slash.
  private static func plain(_ name: String) -> String {
    name.hasPrefix("/") && !name.dropFirst().contains("/") ? String(name.dropFirst()) : name
  }

  /// What numbers say how a picture is drawn.
  private static func isPictureSpecification(_ bytes: [UInt8], _ mediaType: String) -> Bool {
    guard mediaType.hasSuffix("json"), let document = try? JSONValue(parsing: bytes) else {
      return false
    }
    return document["$schema"]?.string?.contains("vega") ?? false
  }
}
