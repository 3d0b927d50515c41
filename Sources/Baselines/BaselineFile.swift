// A baseline as a JSON file that people read in a diff: a line a number, names in order.
import Content

/// A file that is no baseline.
package struct BaselineFileError: Error, CustomStringConvertible {
  package let description: String
}

extension Baseline {
  /// The version of the form that is read and written.
  static let version: Int64 = 1

  /// Reads a file's text; `file` is its name for messages.
  package init(parsing bytes: [UInt8], file: String) throws {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw BaselineFileError(
        description: "\(file): \(error); correct it, or remove it and make it anew with "
          + "`atelier check --update`")
    }
    let reader = Reader(file: file)
    guard json["baseline"]?.integer == Self.version else {
      throw reader.fault("baseline", "the number \(Self.version), the version of this form")
    }
    workshop = try reader.text(json["workshop"], "workshop")
    platform = try reader.text(json["platform"], "platform")
    settings = try (json["settings"]?.object ?? [:]).mapValuesWithKeys {
      try reader.text($1, "settings.\($0)")
    }
    guard let members = json["entries"]?.object else {
      throw reader.fault("entries", "an object of outputs")
    }
    entries = try members.mapValuesWithKeys { try reader.entry($1, "entries.\($0)") }
  }

  /// The file's text.
  package func text() throws -> String {
    var out = "{\n  \"baseline\": \(Self.version),\n"
    out += try "  \"workshop\": \(Self.quoted(workshop)),\n"
    out += try "  \"platform\": \(Self.quoted(platform)),\n"
    out += try "  \"settings\": \(Self.lines(settings.mapValues { .string($0) }, indent: 2)),\n"
    let blocks = try entries.sorted { $0.key < $1.key }.map { name, entry in
      "    \(try Self.quoted(name)): \(try Self.block(entry))"
    }
    out += blocks.isEmpty ? "  \"entries\": {}\n}\n" : "  \"entries\": {\n"
    return blocks.isEmpty ? out : out + blocks.joined(separator: ",\n") + "\n  }\n}\n"
  }

  private static func block(_ entry: Entry) throws -> String {
    var parts = [
      "\"digest\": " + (try quoted(entry.bytes.digest.description)),
      "\"mediaType\": " + (try quoted(entry.bytes.mediaType)),
      "\"kind\": " + (try quoted(entry.bytes.isTree ? "tree" : "file")),
      "\"size\": \(entry.bytes.size)",
    ]
    if let tolerance = entry.tolerance { parts.append("\"tolerance\": \(try json(tolerance))") }
    if !entry.tolerances.isEmpty {
      let all = try entry.tolerances.sorted { $0.key < $1.key }.map {
        "        \(try quoted($0.key)): \(try json($0.value))"
      }
      parts.append("\"tolerances\": {\n\(all.joined(separator: ",\n"))\n      }")
    }
    if let rows = entry.content.rows { parts.append("\"rows\": \(rows)") }
    if !entry.content.columns.isEmpty {
      let all = try entry.content.columns.map { "        " + (try line($0)) }
      parts.append("\"columns\": [\n\(all.joined(separator: ",\n"))\n      ]")
    }
    if !entry.content.numbers.isEmpty {
      parts.append(
        "\"numbers\": "
          + (try lines(entry.content.numbers.mapValues { .number($0) }, indent: 6)))
    }
    if let texts = entry.content.texts {
      parts.append("\"texts\": " + (try lines(texts, indent: 6)))
    }
    return "{\n" + parts.map { "      " + $0 }.joined(separator: ",\n") + "\n    }"
  }

  private static func line(_ column: Column) throws -> String {
    let order = ["nulls", "distinct", "min", "p25", "p50", "p75", "max", "mean", "top"]
    var parts = [
      "\"name\": " + (try quoted(column.name)), "\"type\": " + (try quoted(column.type)),
    ]
    for name in order {
      if let value = column.values[name] { parts.append("\"\(name)\": \(try spaced(value))") }
    }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  private static func spaced(_ value: JSONValue) throws -> String {
    guard let members = value.object else { return try value.canonicalText() }
    return "{"
      + (try members.sorted { $0.key < $1.key }.map {
        "\(try quoted($0.key)): \(try $0.value.canonicalText())"
      }).joined(separator: ", ") + "}"
  }

  private static func json(_ tolerance: Tolerance) throws -> String {
    var parts: [String] = []
    if tolerance.absolute != 0 || tolerance.relative == 0 {
      parts.append("\"absolute\": \(try JSONValue.number(tolerance.absolute).canonicalText())")
    }
    if tolerance.relative != 0 {
      parts.append("\"relative\": \(try JSONValue.number(tolerance.relative).canonicalText())")
    }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  private static func lines(_ members: [String: JSONValue], indent: Int) throws -> String {
    let space = String(repeating: " ", count: indent)
    let all = try members.sorted { $0.key < $1.key }.map {
      "\(space)  \(try quoted($0.key)): \(try $0.value.canonicalText())"
    }
    return all.isEmpty ? "{}" : "{\n\(all.joined(separator: ",\n"))\n\(space)}"
  }

  private static func quoted(_ text: String) throws -> String {
    try JSONValue.string(text).canonicalText()
  }
}

/// Reads members and says of a wrong one where it stands.
private struct Reader {
  let file: String

  func fault(_ place: String, _ expected: String) -> BaselineFileError {
    BaselineFileError(description: "\(file): \(place): expected \(expected)")
  }

  func text(_ value: JSONValue?, _ place: String) throws -> String {
    guard let text = value?.string else { throw fault(place, "a text") }
    return text
  }

  func entry(_ json: JSONValue, _ place: String) throws -> Entry {
    guard let digest = Digest(try text(json["digest"], "\(place).digest")) else {
      throw fault("\(place).digest", "sha256: and 64 hexadecimal digits")
    }
    let kind = try text(json["kind"], "\(place).kind")
    guard ["file", "tree"].contains(kind) else { throw fault("\(place).kind", "file or tree") }
    guard let size = json["size"]?.integer, size >= 0 else {
      throw fault("\(place).size", "a count of bytes")
    }
    if let rows = json["rows"], rows.integer == nil {
      throw fault("\(place).rows", "a whole number")
    }
    let content = OutputValues(
      rows: json["rows"]?.integer,
      columns: try (json["columns"]?.array ?? []).enumerated().map {
        try column($1, "\(place).columns.\($0)")
      },
      numbers: try (json["numbers"]?.object ?? [:]).mapValuesWithKeys { name, value in
        guard let number = value.number else { throw fault("\(place).numbers.\(name)", "a number") }
        return number
      },
      texts: try json["texts"].map { texts in
        guard let members = texts.object, members.values.allSatisfy(\.isText) else {
          throw fault("\(place).texts", "an object of texts, booleans and nulls")
        }
        return members
      })
    let entry = Entry(
      bytes: Bytes(
        digest: digest, size: size, mediaType: try text(json["mediaType"], "\(place).mediaType"),
        isTree: kind == "tree"),
      content: content,
      tolerance: try json["tolerance"].map { try tolerance($0, "\(place).tolerance") },
      tolerances: try (json["tolerances"]?.object ?? [:]).mapValuesWithKeys {
        try tolerance($1, "\(place).tolerances.\($0)")
      })
    try check(entry, place)
    return entry
  }

  /// A tolerance that nothing could ever be held against is a mistake.
  private func check(_ entry: Entry, _ place: String) throws {
    if entry.tolerance != nil, entry.content.isEmpty {
      throw fault(
        "\(place).tolerance", "none: the entry holds no number, so only its bytes can be compared")
    }
    let names = (entry.content.schema + entry.content.values).map(\.name)
    for name in entry.tolerances.keys.sorted() where !names.contains(name) {
      throw fault(
        "\(place).tolerances",
        "names of numbers of the entry, such as "
          + names.prefix(4).joined(separator: ", ") + ", not '\(name)'")
    }
  }

  private func tolerance(_ json: JSONValue, _ place: String) throws -> Tolerance {
    let fault = fault(place, #"{"absolute": N} or {"relative": N} or both, from 0"#)
    guard let members = json.object, !members.isEmpty else { throw fault }
    var values = ["absolute": 0.0, "relative": 0.0]
    for (name, value) in members {
      guard values[name] != nil, let number = value.number, number >= 0, number.isFinite else {
        throw fault
      }
      values[name] = number
    }
    return Tolerance(absolute: values["absolute"] ?? 0, relative: values["relative"] ?? 0)
  }

  private func column(_ json: JSONValue, _ place: String) throws -> Column {
    Column(
      name: try text(json["name"], "\(place).name"), type: try text(json["type"], "\(place).type"),
      values: (json.object ?? [:]).filter { !["name", "type"].contains($0.key) })
  }
}

extension JSONValue {
  fileprivate var isText: Bool {
    switch self {
    case .string, .bool, .null: true
    case .integer, .number, .array, .object: false
    }
  }
}

extension Dictionary where Key == String {
  fileprivate func mapValuesWithKeys<T>(_ body: (String, Value) throws -> T) rethrows -> [String: T]
  {
    try [String: T](uniqueKeysWithValues: map { ($0.key, try body($0.key, $0.value)) })
  }
}
