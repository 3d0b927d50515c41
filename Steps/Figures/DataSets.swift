// Checks that all that a template draws is there. Vega-Lite itself draws nothing and says nothing.
import AtelierStep
import Content

/// The data sets and columns that a template may name.
struct DataSets {
  let tables: [String: Table]

  /// Throws when the specification names a data set or a column that is not there, fetches one, or
  /// uses a table nowhere.
  func check(_ specification: JSONValue) throws {
    guard specification["datasets"] == nil else {
      throw StepFailure("it has 'datasets' of its own; tables are given to the step")
    }
    var used: Set<String> = []
    try check(specification, in: Scope(), &used)
    if let unused = tables.keys.sorted().first(where: { !used.contains($0) }) {
      throw StepFailure("it is given the table '\(unused)', which it does not use")
    }
  }

  /// The columns at a place of the specification; nil where they are not known.
  private struct Scope {
    var table = "data"
    var columns: Set<String>?
  }

  /// A view and those below it.
  private func check(_ view: JSONValue, in outer: Scope, _ used: inout Set<String>) throws {
    guard let members = view.object else { return }
    var scope = outer
    if let data = members["data"] { scope = try self.scope(of: data, &used) }
    let transforms = members["transform"]?.array ?? []
    for transform in transforms {
      if let data = transform["from"]?["data"] {
        let other = try self.scope(of: data, &used)
        for name in [transform["from"]?["key"]] + (transform["from"]?["fields"]?.array ?? []) {
          try check(name?.string, in: other)
        }
        scope.columns?.formUnion((transform["from"]?["fields"]?.array ?? []).compactMap(\.string))
      }
      scope.columns?.formUnion(Self.made(by: transform))
      if transform["pivot"] != nil { scope.columns = nil }
    }
    for transform in transforms { try references(in: transform, scope) }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      switch key {
      case "layer", "hconcat", "vconcat", "concat":
        for inner in value.array ?? [] { try check(inner, in: scope, &used) }
      case "spec": try check(value, in: scope, &used)
      case "encoding", "facet", "mark": try references(in: value, scope)
      default: break
      }
    }
  }

  private func scope(of data: JSONValue, _ used: inout Set<String>) throws -> Scope {
    if let name = data["name"]?.string, data["values"] == nil {
      guard let table = tables[name] else {
        throw StepFailure(
          "it names the data set '\(name)', and is given "
            + SpecificationBuilder.list(tables.keys))
      }
      used.insert(name)
      return Scope(table: name, columns: Set(table.columns))
    }
    if data["url"] != nil { throw StepFailure("it fetches data from a 'url'; give it as a table") }
    let rows = data["values"]?.array ?? []
    guard !rows.isEmpty, rows.allSatisfy({ $0.object != nil }) else { return Scope() }
    return Scope(table: "values", columns: Set(rows.flatMap { ($0.object ?? [:]).keys }))
  }

  /// The columns that a transform adds.
  private static func made(by transform: JSONValue) -> [String] {
    var names: [String] = []
    func collect(_ value: JSONValue) {
      for (key, member) in value.object ?? [:] {
        if key == "as" {
          names += [member.string].compactMap(\.self) + (member.array ?? []).compactMap(\.string)
        }
        for element in member.array ?? [member] { collect(element) }
      }
    }
    collect(transform)
    if transform["fold"] != nil, transform["as"] == nil { names += ["key", "value"] }
    return names
  }

  /// Checks every column that a part of the specification names.
  private func references(in value: JSONValue, _ scope: Scope) throws {
    for element in value.array ?? [] { try references(in: element, scope) }
    for (key, member) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      switch key {
      // There `datum` is a tick or an entry; `from` names columns of another table.
      case "axis", "legend", "header", "from": continue
      case "field", "lookup": try check(member.string, in: scope)
      case "groupby", "fold", "flatten":
        for name in member.array ?? [] { try check(name.string, in: scope) }
      case "calculate", "filter", "test", "expr":
        for name in Self.columns(in: member.string ?? "") { try check(name, in: scope) }
      default: break
      }
      try references(in: member, scope)
    }
  }

  private func check(_ name: String?, in scope: Scope) throws {
    guard let name, let columns = scope.columns, !columns.contains(name) else { return }
    throw StepFailure(
      "it names the column '\(name)', which '\(scope.table)' lacks; there are "
        + SpecificationBuilder.list(columns))
  }

  /// The names in an expression: `datum.name` and `datum['name']`.
  static func columns(in expression: String) -> [String] {
    var dotted: [String] = []
    var quoted: [String] = []
    for range in expression.ranges(of: "datum") {
      // Another name may end in `datum`.
      if expression[..<range.lowerBound].last.map(isWord) == true { continue }
      let rest = expression[range.upperBound...]
      let name = rest.dropFirst().prefix(while: isWord)
      if rest.first == ".", let first = name.first, !first.isNumber { dotted.append(String(name)) }
      if rest.first == "[", let name = quotedName(rest.dropFirst()) { quoted.append(name) }
    }
    return dotted + quoted
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber) || "_$".contains(character)
  }

  /// The name in `'name']`, up to the first such quote that ends the brackets.
  private static func quotedName(_ text: Substring) -> String? {
    let text = text.drop(while: \.isWhitespace)
    guard let quote = text.first, "'\"".contains(quote) else { return nil }
    let inside = text.dropFirst()
    let end = inside.indices.first { index in
      inside[index] == quote
        && inside[index...].dropFirst().drop(while: \.isWhitespace).first == "]"
    }
    return end.map { String(inside[..<$0]) }
  }
}
