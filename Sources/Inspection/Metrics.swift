// The numbers that a document or a small table holds, each under a name, and what changed in them.
import Content
import Terminal

/// Numbers by name, in the order in which the artifact has them.
package struct Metrics {
  /// The longest artifact and table that are looked at: longer ones are data, not metrics.
  package static let largestSize: Int64 = 1 << 20
  package static let mostRows = 100

  /// Whether artifacts of a media type hold numbers that measure something.
  ///
  /// The numbers of a chart's specification say how it is drawn.
  package static func mayHold(_ mediaType: String) -> Bool {
    if mediaType.hasPrefix("application/vnd.vega") { return false }
    return mediaType.hasSuffix("json") || mediaType == "text/csv"
  }

  /// Whether a text is a number that measures something: identifiers have more digits than a
  /// double can tell apart, or begin with zeros.
  package static func isMeasure(_ text: String) -> Bool {
    guard let value = Double(text), value.magnitude <= 9_007_199_254_740_992 else { return false }
    let digits = text.drop { $0 == "-" || $0 == "+" }
    return !digits.hasPrefix("0") || digits.count == 1 || digits.dropFirst().first == "."
      || digits.dropFirst().first?.lowercased() == "e"
  }

  /// Names and the numbers as they are written.
  package let values: [(name: String, text: String)]

  /// The numbers of a JSON document or of a CSV table with a header; nil where it is neither, or
  /// too long.
  package init?(_ bytes: [UInt8], mediaType: String, keyedLike other: [UInt8]) {
    if mediaType.hasSuffix("json") {
      guard let document = try? JSONValue(parsing: bytes) else { return nil }
      values = JSONLines.numbers(document)
    } else if mediaType == "text/csv" {
      let table = Table(csv: bytes)
      let second = Table(csv: other)
      guard max(table.rows.count, second.rows.count) <= Self.mostRows else { return nil }
      values = table.numbers(keyedLike: second)
    } else {
      return nil
    }
  }
}

extension JSONLines {
  /// Every number by its pointer, members in the order of their names.
  package static func numbers(_ value: JSONValue, at pointer: String = "") -> [(
    name: String, text: String
  )] {
    switch value {
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { key, member in
        numbers(
          member, at: "\(pointer)/\(key.replacing("~", with: "~0").replacing("/", with: "~1"))")
      }
    case .array(let elements):
      elements.enumerated().flatMap { numbers($1, at: "\(pointer)/\($0)") }
    case .integer, .number: [(pointer, (try? value.canonicalText()) ?? "")]
    case .null, .bool, .string: []
    }
  }
}

extension JSONLines {
  /// Every text, boolean and null by its pointer, members in the order of their names.
  package static func texts(_ value: JSONValue, at pointer: String = "") -> [(
    name: String, value: JSONValue
  )] {
    switch value {
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { key, member in
        texts(
          member, at: "\(pointer)/\(key.replacing("~", with: "~0").replacing("/", with: "~1"))")
      }
    case .array(let elements):
      elements.enumerated().flatMap { texts($1, at: "\(pointer)/\($0)") }
    case .null, .bool, .string: [(pointer, value)]
    case .integer, .number: []
    }
  }
}

extension Table {
  /// The cells that are no numbers, row by row.
  package var texts: [JSONValue] {
    rows.flatMap { row in row.filter { !Metrics.isMeasure($0) }.map { .string($0) } }
  }

  /// Every number by its column, or by its row and column where there are several rows.
  ///
  /// A row is called by its cells that are no numbers if these tell all rows apart, here and in the
  /// other table; else by its first cell, else by its position.
  package func numbers(keyedLike other: Table) -> [(name: String, text: String)] {
    let label = rowLabel(other)
    return rows.enumerated().flatMap { position, row in
      let name = rows.count == 1 && other.rows.count <= 1 ? "" : label(position, row) + " "
      return zip(columns, row).compactMap { column, cell in
        Metrics.isMeasure(cell) ? (name + column, cell) : nil
      }
    }
  }

  private func rowLabel(_ other: Table) -> (Int, [String]) -> String {
    let tables = [self, other]
    func text(_ column: Int) -> Bool {
      tables.contains { $0.rows.contains { $0.count > column && Double($0[column]) == nil } }
    }
    let keys = columns.indices.filter(text)
    func isUnique(_ keys: [Int]) -> Bool {
      tables.allSatisfy { table in
        let names = table.rows.map { row in keys.map { row.count > $0 ? row[$0] : "" } }
        return Set(names).count == names.count
      }
    }
    guard other.columns == columns, !columns.isEmpty else { return { at, _ in "row \(at + 1)" } }
    if !keys.isEmpty, isUnique(keys) {
      return { _, row in keys.map { row.count > $0 ? row[$0] : "" }.joined(separator: ",") }
    }
    if isUnique([0]) { return { [columns] _, row in "\(columns[0])=\(row.first ?? "")" } }
    return { at, _ in "row \(at + 1)" }
  }
}

/// One number that is not what it was; a side that lacks it is nil.
package struct MetricChange {
  package let name: String
  package let old: String?
  package let new: String?

  package init(name: String, old: String?, new: String?) {
    self.name = name
    self.old = old
    self.new = new
  }

  /// What changed between two versions, in the order of the new one, vanished numbers last; nil
  /// where no name is in both, so that there is nothing to compare.
  package static func between(_ old: Metrics, _ new: Metrics) -> [MetricChange]? {
    let before = Dictionary(old.values.map { ($0.name, $0.text) }) { first, _ in first }
    let after = Dictionary(new.values.map { ($0.name, $0.text) }) { first, _ in first }
    if !before.isEmpty, !after.isEmpty, before.keys.allSatisfy({ after[$0] == nil }) { return nil }
    let changed = new.values.filter { before[$0.name].flatMap(Double.init) != Double($0.text) }
      .map { MetricChange(name: $0.name, old: before[$0.name], new: $0.text) }
    let gone = old.values.filter { after[$0.name] == nil }
      .map { MetricChange(name: $0.name, old: $0.text, new: nil) }
    return changed + gone
  }

  /// New less old, with as many decimals as the longer of the two has; nil where a side is missing.
  package var difference: String? {
    guard let old, let new, let before = Double(old), let after = Double(new) else { return nil }
    guard !(old + new).contains(where: { $0 == "e" || $0 == "E" }) else {
      return signed("\(after - before)", after - before)
    }
    let decimals = max(Self.decimals(old), Self.decimals(new))
    return signed(Text.fixed(after - before, decimals), after - before)
  }

  /// The difference as a share of the old value, in percent; nil where that is zero or missing.
  package var percent: Double? {
    guard let before = old.flatMap(Double.init), let after = new.flatMap(Double.init), before != 0
    else { return nil }
    return (after - before) / before.magnitude * 100
  }

  /// The percentage with two decimals and its sign.
  package var percentText: String? { percent.map { signed(Text.fixed($0, 2), $0) + "%" } }

  private func signed(_ text: String, _ value: Double) -> String {
    value > 0 ? "+" + text : text
  }

  private static func decimals(_ text: String) -> Int {
    text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
  }
}
