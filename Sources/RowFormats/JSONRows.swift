// Reads application/jsonlines and application/json: rows as arrays of numbers, null for missing.

/// The forms of a row that SageMaker's built-in algorithms take.
///
/// `[1, 2]`, `{"features": [1, 2]}` and `{"data": {"features": {"values": [1, 2]}}}`.
struct JSONRows {
  private var scanner: Scanner
  private let columns: Columns
  private var rows = Rows()
  /// Whether what is read belongs to a row, for texts.
  private var isInRow = true

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns) {
    scanner = Scanner(bytes)
    self.columns = columns
  }

  /// The rows of a body with a row a line; empty lines are passed over.
  static func readLines(
    _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns
  ) throws(Refusal) -> Rows {
    var reader = JSONRows(bytes, columns)
    reader.skipSpace(lines: true)
    while !reader.scanner.isAtEnd {
      try reader.row()
      reader.skipSpace(lines: false)
      guard reader.scanner.isAtEnd || reader.scanner.take(UInt8(ascii: "\n")) else {
        throw reader.refusal("the end of the line")
      }
      reader.skipSpace(lines: true)
    }
    return try reader.finished()
  }

  /// The rows of `{"instances": [row, ...]}`, with an empty `"parameters": {}` or without.
  static func readInstances(
    _ bytes: UnsafeBufferPointer<UInt8>, _ columns: Columns
  ) throws(Refusal) -> Rows {
    var reader = JSONRows(bytes, columns)
    reader.isInRow = false
    try reader.envelope()
    reader.skipSpace(lines: true)
    guard reader.scanner.isAtEnd else { throw reader.refusal("the end of the body") }
    return try reader.finished()
  }

  private func finished() throws(Refusal) -> Rows {
    guard rows.count > 0 else {
      throw .body("the body holds no row; expected \(columns.count) values a row")
    }
    return rows
  }

  /// The object around the rows.
  private mutating func envelope() throws(Refusal) {
    skipSpace(lines: true)
    guard scanner.take(UInt8(ascii: "{")) else { throw refusal("{\"instances\": ...}") }
    var isRead = false
    repeat {
      skipSpace(lines: true)
      let start = scanner.position
      guard let name = text() else { throw refusal("\"instances\"") }
      skipSpace(lines: true)
      guard scanner.take(UInt8(ascii: ":")) else { throw refusal("':' after \"\(name)\"") }
      switch name {
      case "instances" where !isRead:
        try array { reader throws(Refusal) in
          reader.isInRow = true
          try reader.row()
          reader.isInRow = false
        }
        isRead = true
      case "parameters":
        skipSpace(lines: true)
        guard scanner.take(UInt8(ascii: "{")) else { throw refusal("{} for \"parameters\"") }
        skipSpace(lines: true)
        guard scanner.take(UInt8(ascii: "}")) else {
          throw refusal("{} for \"parameters\", since the model knows none")
        }
      case "dataframe_split", "dataframe_records", "inputs", "columns":
        throw .body(
          "the body has the form \"\(name)\", which is not taken; send {\"instances\": [[1, 2], ...]} "
            + "with the values in the order of the model's columns")
      default:
        scanner.position = start
        throw refusal("\"instances\" once, or \"parameters\"")
      }
      skipSpace(lines: true)
    } while scanner.take(UInt8(ascii: ","))
    guard scanner.take(UInt8(ascii: "}")) else { throw refusal("',' or '}'") }
    guard isRead else { throw .body("the body has no \"instances\"") }
  }

  /// A short text in quotes without escapes; nil where there is none.
  private mutating func text() -> String? {
    let start = scanner.position
    guard scanner.take(UInt8(ascii: "\"")) else { return nil }
    scanner.skip { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") }
    let text = scanner.slice(start + 1..<scanner.position)
    guard text.count < 40, text.allSatisfy({ $0 > 32 && $0 < 127 }),
      scanner.take(UInt8(ascii: "\""))
    else {
      scanner.position = start
      return nil
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func row() throws(Refusal) {
    skipSpace(lines: true)
    if scanner.current == UInt8(ascii: "{") {
      try refuseNames()
      try object(["features", "data"]) { (reader, name) throws(Refusal) in
        if name == "features" {
          try reader.values()
        } else {
          try reader.object(["features"]) { (reader, _) throws(Refusal) in
            try reader.object(["values"]) { (reader, _) throws(Refusal) in try reader.values() }
          }
        }
      }
    } else {
      try values()
    }
  }

  /// Refuses a row that is an object by the names of the model's columns, as data frames are written.
  private func refuseNames() throws(Refusal) {
    var ahead = self
    _ = ahead.scanner.take(UInt8(ascii: "{"))
    ahead.skipSpace(lines: true)
    guard let name = ahead.text(), columns.names.contains(name),
      !["features", "data"].contains(name)
    else { return }
    throw .body(
      "row \(rows.count + 1) is an object by column (\"\(name)\"), which is not taken; send its values as "
        + "an array in the order of the model's columns")
  }

  /// The array of a row's values.
  private mutating func values() throws(Refusal) {
    var found = 0
    try array { reader throws(Refusal) in
      guard found < reader.columns.count else {
        throw reader.columns.refusal(row: reader.rows.count + 1, found: found + 1, atLeast: true)
      }
      let value = try reader.number(column: found)
      reader.rows.values.append(value)
      found += 1
    }
    guard found == columns.count else {
      throw columns.refusal(row: rows.count + 1, found: found)
    }
    rows.count += 1
  }

  private mutating func number(column: Int) throws(Refusal) -> Float {
    let start = scanner.position
    scanner.skip { byte in
      !Self.isSpace(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "]")
    }
    let text = scanner.slice(start..<scanner.position)
    // NaN is no JSON, but what Python's own writer makes of a missing value.
    if text.elementsEqual("null".utf8) || text.elementsEqual("NaN".utf8) { return .nan }
    // JSON has no sign + and no bare point; what is read here is CSV's notation, which holds both.
    if let value = NumberText.float(text) { return value }
    throw .body(
      "row \(rows.count + 1), \(columns.name(column)): expected a number or null, found "
        + Refusal.shown(text))
  }

  /// An object with one member, of one of these names.
  private mutating func object(
    _ names: [String], _ body: (inout JSONRows, String) throws(Refusal) -> Void
  ) throws(Refusal) {
    skipSpace(lines: true)
    let expected = names.map { "\"\($0)\"" }.joined(separator: " or ")
    guard scanner.take(UInt8(ascii: "{")) else { throw refusal("{\(expected): ...}") }
    skipSpace(lines: true)
    let start = scanner.position
    guard scanner.take(UInt8(ascii: "\"")) else { throw refusal(expected) }
    scanner.skip { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") }
    let text = scanner.slice(start + 1..<scanner.position)
    guard let name = names.first(where: { text.elementsEqual($0.utf8) }),
      scanner.take(UInt8(ascii: "\""))
    else {
      scanner.position = start
      throw refusal(expected)
    }
    skipSpace(lines: true)
    guard scanner.take(UInt8(ascii: ":")) else { throw refusal("':' after \"\(name)\"") }
    try body(&self, name)
    skipSpace(lines: true)
    guard scanner.take(UInt8(ascii: "}")) else {
      throw refusal("'}', since \"\(name)\" is the only member")
    }
  }

  /// An array; `element` is called where each element begins.
  private mutating func array(
    _ element: (inout JSONRows) throws(Refusal) -> Void
  ) throws(Refusal) {
    skipSpace(lines: true)
    guard scanner.take(UInt8(ascii: "[")) else { throw refusal("an array") }
    skipSpace(lines: true)
    if scanner.take(UInt8(ascii: "]")) { return }
    while true {
      skipSpace(lines: true)
      try element(&self)
      skipSpace(lines: true)
      if scanner.take(UInt8(ascii: "]")) { return }
      guard scanner.take(UInt8(ascii: ",")) else { throw refusal("',' or ']'") }
    }
  }

  private func refusal(_ expected: String) -> Refusal {
    let rest = scanner.slice(scanner.position..<scanner.bytes.count)
    let found = rest.isEmpty ? "the end of the body" : Refusal.shown(rest)
    let place = isInRow ? "row \(rows.count + 1)" : "the body"
    return .body("\(place): expected \(expected), found \(found)")
  }

  private mutating func skipSpace(lines: Bool) {
    scanner.skip { Self.isSpace($0) && (lines || $0 != UInt8(ascii: "\n")) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
