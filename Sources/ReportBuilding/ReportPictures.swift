// The pictures and the rules among the results of a run.
import Content
import Inspection
import KeyNumbers
import Report
import Terminal

package struct ReportPictures {
  /// A longer picture or specification would make the page heavy.
  private static let mostBytes: Int64 = 2 << 20
  private static let mostPictures = 60

  private let results: RunResults
  /// Whether specifications, which hold the rows that are drawn, are left out.
  private let isSummary: Bool

  package init(_ results: RunResults, isSummary: Bool = false) {
    self.results = results
    self.isSummary = isSummary
  }

  /// The pictures in the order of the steps, and what is left out.
  package func pictures() -> ([Picture], notes: [String]) {
    let all = results.made.filter { Self.isPicture($0.record.mediaType) }
    var notes: [String] = []
    if all.count > Self.mostPictures {
      notes.append("\(all.count - Self.mostPictures) more pictures are left out.")
    }
    let pictures = all.prefix(Self.mostPictures).compactMap { output -> Picture? in
      guard let bytes = results.bytes(output.record, atMost: Self.mostBytes) else {
        notes.append(
          "\(output.name) (\(Text.size(output.record.size))) is left out: too large, or no longer in "
            + "the store.")
        return nil
      }
      return picture(output, bytes)
    }
    return (pictures, notes)
  }

  package static func isPicture(_ mediaType: String) -> Bool {
    ["image/svg+xml", "image/png", "image/jpeg"].contains(mediaType)
  }

  private func picture(_ output: RunResults.Output, _ bytes: [UInt8]) -> Picture {
    let specification = results.made.first {
      $0.step == output.step && $0.output == "specification"
        && $0.record.mediaType.hasSuffix("json")
    }.flatMap { results.bytes($0.record, atMost: Self.mostBytes) }
    let document = specification.flatMap { try? JSONValue(parsing: $0) }
    let title = Self.text(document?["title"]) ?? Self.text(document?["title"]?["text"])
    let isSVG = output.record.mediaType == "image/svg+xml"
    return Picture(
      name: output.name, title: title ?? output.step,
      text: Self.text(document?["description"]) ?? "",
      content: isSVG
        ? .svg(String(decoding: bytes, as: UTF8.self))
        : .pixels(bytes, mediaType: output.record.mediaType),
      specification: isSummary ? nil : specification)
  }

  /// A text, or its lines, as Vega-Lite takes both.
  private static func text(_ value: JSONValue?) -> String? {
    value?.string ?? value?.array.map { $0.compactMap(\.string).joined(separator: " ") }
  }
}

/// Finds rules to copy: a table with a column `rule`, or a definition with an expression.
package struct ReportRules {
  private static let mostRules = 20

  private let results: RunResults

  package init(_ results: RunResults) { self.results = results }

  package func rules() -> [Rule] {
    let candidates = results.made.filter {
      $0.family == nil
        && ($0.record.mediaType == "text/csv" || $0.record.mediaType.hasSuffix("json"))
    }
    var rules: [Rule] = []
    for step in Self.unique(candidates.map(\.step)) {
      let own = candidates.filter { $0.step == step }
      let documents = own.filter { $0.record.mediaType.hasSuffix("json") }.compactMap(document)
      let definition = documents.first { $0["expression"]?["value"]?.string != nil }
      let tables = own.filter { $0.record.mediaType == "text/csv" }.compactMap(table)
      let rows = tables.first { $0.columns.contains("rule") }
      let texts = rows.map(Self.rows) ?? []
      if texts.isEmpty, let text = definition?["expression"]?["value"]?.string {
        rules.append(rule(step, text, [:], definition))
      }
      rules += texts.map { row in rule(step, row["rule"] ?? "", row, definition) }
    }
    return Array(rules.prefix(Self.mostRules))
  }

  private func rule(
    _ step: String, _ text: String, _ row: [String: String], _ definition: JSONValue?
  ) -> Rule {
    var shown = row
    for name in ["reach", "subscribed"] {
      if let number = row[name].flatMap(NumberText.shown) { shown[name] = number }
    }
    var facts = shown.filter { $0.key != "rule" }.sorted { $0.key < $1.key }
      .map { (name: $0.key, value: $0.value) }
    if let type = definition?["expression"]?["format"]?.string { facts.append(("format", type)) }
    if let days = definition?["ttlInDays"]?.integer { facts.append(("kept for", "\(days) days")) }
    if let schema = definition?["schema"]?["name"]?.string { facts.append(("schema", schema)) }
    var rule = Rule(
      step: step, title: definition?["name"]?.string ?? step, text: text, facts: facts)
    rule.grid = grid(text)
    return rule
  }

  /// The rules of all intervals, where the rule is one of an interval and a table has the reach of each.
  private func grid(_ text: String) -> IntervalGrid? {
    let number = #/(?<sign>[<>]=) ?(?<border>[01](?:\.[0-9]{1,2})?)(?![0-9.])/#
    let borders = text.matches(of: number)
    guard borders.count == 2, borders[0].sign == ">=", borders[1].sign == "<=" else { return nil }
    let (low, high) = (borders[0].border, borders[1].border)
    let template =
      text[..<low.startIndex] + "{from}" + text[low.endIndex..<high.startIndex] + "{to}"
      + text[high.endIndex...]
    for output in results.made where output.record.mediaType == "text/csv" && output.family == nil {
      guard let table = table(output), table.columns == ["from", "to", "reach"],
        table.rows.count == IntervalGrid.count
      else { continue }
      let reach = table.rows.compactMap { $0.count == 3 ? Int($0[2]) : nil }
      guard reach.count == table.rows.count else { continue }
      return IntervalGrid(
        template: String(template), from: String(low), to: String(high),
        reach: reach)
    }
    return nil
  }

  private func document(_ output: RunResults.Output) -> JSONValue? {
    results.bytes(output.record, atMost: Metrics.largestSize)
      .flatMap { try? JSONValue(parsing: $0) }
  }

  private func table(_ output: RunResults.Output) -> Table? {
    results.bytes(output.record, atMost: Metrics.largestSize).map { Table(csv: $0) }
  }

  private static func rows(_ table: Table) -> [[String: String]] {
    table.rows.prefix(mostRules).map { row in
      Dictionary(zip(table.columns, row), uniquingKeysWith: { first, _ in first })
    }
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
