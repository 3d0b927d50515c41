// What the nodes of a Data Wrangler flow make of a table, as the members of a flow document.
import Content
import Documents

/// A table on its way through the nodes.
struct WranglerTable {
  private let settings: WranglerSettings
  private var delimiter: String?
  private var columns: [(name: String, type: String)] = []
  private var encoded: [String] = []
  private var scaled: Set<String> = []
  private var eventTime: String?

  /// The types of a schema, by those of a flow document.
  private static let types = [
    "long": "Integral", "integer": "Integral", "float": "Fractional", "double": "Fractional",
    "string": "String",
  ]

  init(_ settings: WranglerSettings) { self.settings = settings }

  /// A CSV file with a header.
  mutating func read(_ node: WranglerNode) throws {
    let context = try node.member.member("parameters").member("dataset_definition")
      .member("s3ExecutionContext")
    let type = try context.member("s3ContentType")
    guard try type.text().lowercased() == "csv" else {
      throw node.error("expected s3ContentType csv; " + WranglerNode.advice, at: type)
    }
    let header = try context.member("s3HasHeader")
    guard try header.flag() else {
      throw node.error(
        "expected s3HasHeader true, as the columns are found by their names; "
          + WranglerNode.advice,
        at: header)
    }
    delimiter = try context.optional("s3FieldDelimiter")?.text() ?? ","
  }

  /// The columns with their types; `order` are their names as the file has them.
  mutating func cast(_ node: WranglerNode, order: [String]) throws {
    guard delimiter != nil, columns.isEmpty else {
      throw node.error("expected right after the source, once; " + WranglerNode.advice)
    }
    guard
      let schema = try node.parameters("trained_parameters")?.optional("schema")
        ?? node.parameters()?.optional("schema")
    else {
      throw node.error(
        "has no schema under trained_parameters; open the flow in Data Wrangler, where this step "
          + "infers the types, and save it")
    }
    columns = try order.map { name in
      let type = try schema.member(name)
      guard let known = Self.types[try type.text()] else {
        throw node.error(
          "the column '\(name)' is of type '\(try type.text())'; expected long, float or string; "
            + WranglerNode.advice, at: type)
      }
      return (name, known)
    }
  }

  /// Python code, where it is one of the forms that are known.
  mutating func run(_ node: WranglerNode) throws {
    try checkTyped(node)
    let code = try node.member.member("parameters").member("code")
    switch PandasForm(try code.text()) {
    case .scaling(let names):
      try scale(names, node, code)
    case .scalingOfOthers(let kept, let names):
      let others = columns.map(\.name).filter { !kept.contains($0) }
      guard others == names, kept.allSatisfy({ name in columns.contains { $0.name == name } })
      else {
        throw node.error(
          "scales \(others.joined(separator: ", ")) and calls them \(names.joined(separator: ", "))"
            + "; name the columns that are not dropped, in their order", at: code)
      }
      try scale(names, node, code)
    case .time(let column):
      guard eventTime == nil, !columns.contains(where: { $0.name == column }) else {
        throw node.error("sets '\(column)', and there is a time or a column already", at: code)
      }
      eventTime = column
    case nil:
      throw node.error(
        "this code is none of the forms that are known, which are StandardScaler over columns, and "
          + "a column set to the time now; " + WranglerNode.advice, at: code)
    }
  }

  private mutating func scale(
    _ names: [String], _ node: WranglerNode, _ code: DocumentMember
  ) throws {
    for name in names {
      guard columns.contains(where: { $0.name == name && $0.type == "Fractional" }) else {
        throw node.error(
          "scales '\(name)', which is not a column of type float; " + WranglerNode.advice, at: code)
      }
      guard scaled.insert(name).inserted else {
        throw node.error("scales '\(name)' twice; " + WranglerNode.advice, at: code)
      }
    }
  }

  /// One column as a feature for each of its values.
  mutating func encode(_ node: WranglerNode) throws {
    try checkTyped(node)
    let parameters = try node.member.member("parameters")
    try expect(["One-hot encode"], parameters, "operator", node)
    let oneHot = try parameters.member("one_hot_encode_parameters")
    let known = ["input_column", "invalid_handling_strategy", "drop_last", "output_style"]
    if let unknown = try oneHot.unknownMembers(known).first {
      throw node.error("this parameter is not known; " + WranglerNode.advice, at: unknown)
    }
    try expect(["Columns"], oneHot, "output_style", node)
    try expect(["Keep", "Error"], oneHot, "invalid_handling_strategy", node)
    let last = try oneHot.member("drop_last")
    guard try !last.flag() else {
      throw node.error("expected drop_last false; " + WranglerNode.advice, at: last)
    }
    let input = try oneHot.member("input_column")
    let column = try input.text()
    guard columns.contains(where: { $0.name == column && $0.type == "String" }),
      !encoded.contains(column)
    else {
      throw node.error("'\(column)' is not a column of type string; encode one, once", at: input)
    }
    guard settings.categories[column] != nil else {
      throw node.error(
        "the values of '\(column)' are not readable in a flow; give them by the setting [Abalone] "
          + "categories = \(column): value, value", at: input)
    }
    encoded.append(column)
  }

  private func expect(
    _ words: [String], _ member: DocumentMember, _ name: String, _ node: WranglerNode
  ) throws {
    let found = try member.member(name)
    guard words.contains(try found.text()) else {
      throw node.error(
        "'\(try found.text())': expected \(words.joined(separator: " or ")); "
          + WranglerNode.advice, at: found)
    }
  }

  private func checkTyped(_ node: WranglerNode) throws {
    guard !columns.isEmpty else {
      throw node.error("expected after infer_and_cast_type_0.1, which has the columns")
    }
  }

  /// The flow document of the output at a node.
  func document(of last: WranglerNode, output: String) throws -> JSONValue {
    guard !columns.isEmpty else {
      throw last.error("no infer_and_cast_type_0.1 before it, which has the columns")
    }
    guard let eventTime else {
      throw last.error(
        "its output has no event time; add a step custom_pandas_0.1 that sets a column to the time "
          + "now, or " + WranglerNode.advice)
    }
    guard columns.contains(where: { $0.name == settings.identifier }) else {
      throw last.error(
        "there is no column '\(settings.identifier)' for the record identifier; set [Abalone] "
          + "record_identifier to one of \(columns.map(\.name).joined(separator: ", "))")
    }
    return [
      "format": .integer(Flow.format),
      "input": [
        "header": true, "delimiter": .string(delimiter ?? ","), "quoted_rows": false,
        "columns": .array(
          columns.map { ["name": .string($0.name), "type": .string($0.type)] }),
      ],
      "outputs": [
        output: [
          "record_identifier": .string(settings.identifier), "event_time": .string(eventTime),
          "features": .array(features(eventTime)),
        ]
      ],
    ]
  }

  private func features(_ eventTime: String) -> [JSONValue] {
    let plain = columns.filter { !encoded.contains($0.name) }.map { column -> JSONValue in
      var feature: [String: JSONValue] = [
        "name": .string(column.name), "type": .string(column.type),
      ]
      if column.name != settings.identifier { feature["required"] = true }
      if scaled.contains(column.name) { feature["scaled"] = true }
      return .object(feature)
    }
    let oneHot = encoded.flatMap { column in
      (settings.categories[column] ?? []).map { value -> JSONValue in
        [
          "name": .string("\(column)_\(value)"), "type": "Fractional", "required": true,
          "one_hot": ["column": .string(column), "value": .string(value)],
        ]
      }
    }
    let time: JSONValue = [
      "name": .string(eventTime), "type": "Fractional", "event_time_of_run": true,
    ]
    return plain + oneHot + [time]
  }
}
