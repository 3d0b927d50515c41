// Puts numbers of the tables into a figure's title and description.
import AtelierStep
import Content

/// Fills the places in braces of a text.
///
/// - `{metrics.auc|.3}`: the only row's value, with three decimals;
/// - `{funnel[eventType=web.formFilledOut].distinctUsers|,}`: that of the row where the column has
///   the value, with commas between thousands; several conditions are joined by `;`, and a value
///   `$name` is that of a parameter;
/// - `{trials[max auc].trial}`, `{trials[min auc].trial}`: that of the first row with the most or
///   the least;
/// - `{trials.#}`: the number of rows;
/// - `{funnel[eventType=web.formFilledOut].distinctUsers ?? 0|,}`: 0 where there is no such row or
///   its field is empty;
/// - `{$from|.2}`: a parameter.
///
/// Without a format a number is written in full; `|%` and `|.1%` write it as a percentage.
struct KeyNumbers {
  let tables: [String: Table]
  let values: [String: FigureValue]

  /// Fills all texts in a value.
  func filled(_ value: JSONValue) throws -> JSONValue {
    switch value {
    case .string(let text): .string(try filled(text))
    case .array(let elements): .array(try elements.map(filled))
    case .object(let members): .object(try members.mapValues(filled))
    default: value
    }
  }

  private func filled(_ text: String) throws -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw StepFailure("'\(rest[open...])' has no closing brace")
      }
      result += rest[..<open]
      result += try number(rest[rest.index(after: open)..<close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private func number(_ place: Substring) throws -> String {
    let parts = place.split(separator: "|", maxSplits: 1)
    guard let source = parts.first else { throw StepFailure("'{}' names nothing") }
    let value = try value(source)
    guard parts.count == 2 else { return try value.string ?? value.canonicalText() }
    guard let format = NumberFormat(parts[1]) else {
      throw StepFailure("'{\(place)}' has no such format; there are , and .3 and % and .1%")
    }
    guard let number = value.number else { throw StepFailure("'{\(place)}' is no number") }
    return format.text(number)
  }

  /// The value that a place names, or the one that it gives for want of a row.
  private func value(_ source: Substring) throws -> JSONValue {
    if source.first == "$" { return try parameter(source) }
    let sides = source.split(separator: " ?? ", maxSplits: 1)
    guard let own = sides.first, let (name, condition, column) = Self.parts(own) else {
      throw StepFailure("'{\(source)}' is not of the form {table.column} or {table[...].column}")
    }
    let instead = sides.count == 2 ? Table.value(String(sides[1])) : nil
    guard let table = tables[name] else {
      throw StepFailure(
        "'{\(source)}' names the table '\(name)', and there are "
          + SpecificationBuilder.list(tables.keys))
    }
    if column == "#" { return .integer(Int64(table.rows.count)) }
    let index = try index(of: column, in: table, named: name)
    let rows = try condition.map { try chosen($0, of: table, named: name) } ?? table.rows
    if let instead, rows.first?[index] ?? .null == .null { return instead }
    guard let row = rows.first, condition != nil || rows.count == 1 else {
      throw StepFailure("'{\(source)}' needs one row, and '\(name)' has \(rows.count)")
    }
    return row[index]
  }

  /// The parts of `table.column` and `table[condition].column`.
  private static func parts(
    _ place: Substring
  ) -> (table: String, condition: Substring?, column: String)? {
    let table = place.prefix { !"[].".contains($0) }
    var rest = place[table.endIndex...]
    var condition: Substring?
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      condition = rest[..<end].dropFirst()
      rest = rest[end...].dropFirst()
    }
    let column = rest.dropFirst()
    guard !table.isEmpty, rest.first == ".", !column.isEmpty,
      !column.contains(where: { "[].".contains($0) })
    else { return nil }
    return (String(table), condition, String(column))
  }

  private func parameter(_ name: Substring) throws -> JSONValue {
    guard let value = values[String(name.dropFirst())] else {
      throw StepFailure("'{\(name)}' names a parameter for which no value is given")
    }
    return value.json
  }

  private func index(of column: String, in table: Table, named name: String) throws -> Int {
    guard let index = table.columns.firstIndex(of: column) else {
      throw StepFailure(
        "it names the column '\(column)', which '\(name)' lacks; there are "
          + SpecificationBuilder.list(table.columns))
    }
    return index
  }

  /// The rows that a condition leaves.
  private func chosen(
    _ condition: Substring, of table: Table, named name: String
  ) throws -> [[JSONValue]] {
    let words = condition.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    if words.count == 2, ["max", "min"].contains(words[0]), !words[1].isEmpty {
      let column = try index(of: String(words[1]), in: table, named: name)
      let sign = words[0] == "max" ? 1.0 : -1.0
      var best: [JSONValue]?
      for row in table.rows {
        guard let value = row[column].number else { continue }
        if best.flatMap({ $0[column].number }).map({ value * sign > $0 * sign }) ?? true {
          best = row
        }
      }
      return best.map { [$0] } ?? []
    }
    var rows = table.rows
    for test in condition.split(separator: ";") {
      let sides = test.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { throw StepFailure("'[\(condition)]' is no column=value") }
      let column = try index(of: String(sides[0]), in: table, named: name)
      let wanted = sides[1].first == "$" ? try parameter(sides[1]) : .string(String(sides[1]))
      rows = rows.filter { Self.equal($0[column], wanted) }
    }
    return rows
  }

  private static func equal(_ value: JSONValue, _ wanted: JSONValue) -> Bool {
    if let number = value.number {
      return number == (wanted.number ?? wanted.string.flatMap(Double.init))
    }
    return value == wanted
  }
}
