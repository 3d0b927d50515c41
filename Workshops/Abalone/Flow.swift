// The flow document: what a file holds, and which records come of it. It reads no file itself.
import AtelierStep
import Documents
import Features
import LearningFormats
import Source

/// A flow as it stands in JSON: `format`, `input`, and `outputs` by name.
struct Flow {
  /// The form of the file.
  let input: TableSchema
  /// The outputs as they stand, each read when it is chosen.
  private let outputs: DocumentMember

  /// The version of the documents that are read.
  static let format: Int64 = 1

  /// Our own column in front of the file's: the row's number.
  static let row = "row"
  /// Our own column beside it: where the row stands in the file.
  static let line = "source_line"

  /// Reads a document; throws a `DocumentError` that names the member and what was expected.
  ///
  /// Of a Data Wrangler flow one output is read, with what `wrangler` adds to it.
  init(
    _ bytes: [UInt8], file: String, output: String = "",
    wrangler: WranglerSettings = WranglerSettings()
  ) throws {
    var root = try DocumentMember(parsing: bytes, file: file)
    if WranglerFlow.isMeant(by: root) {
      root = DocumentMember(
        try WranglerFlow(root, bytes, wrangler).document(of: output), file: file)
    }
    try root.checkMembers(["format", "input", "outputs"])
    let format = try root.member("format")
    guard format.value == .integer(Self.format) else {
      throw format.error("expected \(Self.format)")
    }
    input = try Self.input(root.member("input"))
    outputs = try root.member("outputs")
    _ = try outputs.object()
  }

  /// The names of the outputs, sorted.
  var names: [String] { (outputs.value.object ?? [:]).keys.sorted() }

  /// How features of an output are scaled for a model: as declared, or learnt from the group's first
  /// records (nil); those that are not named are not scaled.
  func scaling(of output: String) throws -> [String: FeatureScale?] {
    var scales: [String: FeatureScale?] = [:]
    for member in try outputs.member(output).member("features").elements() {
      guard let scaled = try member.optional("scaled") else { continue }
      let name = try member.member("name").text()
      guard try member.member("type").valueType() == .fractional else {
        throw scaled.error("a feature that is scaled is Fractional")
      }
      if let flag = scaled.value.bool {
        if flag { scales[name] = .some(nil) }
      } else {
        try scaled.checkMembers(["mean", "deviation"])
        let deviation = try scaled.member("deviation").number()
        guard deviation > 0 else {
          throw try scaled.member("deviation").error("expected a number above 0")
        }
        scales[name] = FeatureScale(
          mean: try scaled.member("mean").number(), deviation: deviation)
      }
    }
    return scales
  }

  /// How the rows become the records of an output; `eventTime` is the run's, in seconds since 1970.
  func encoding(of output: String, eventTime: Double) throws -> RecordEncoding {
    guard names.contains(output) else {
      throw outputs.error("there is no output '\(output)', but \(names.joined(separator: ", "))")
    }
    let member = try outputs.member(output)
    try member.checkMembers(["record_identifier", "event_time", "features"])
    let features = try member.member("features").elements().map {
      try feature($0, eventTime: eventTime)
    }
    do {
      return try RecordEncoding(
        recordIdentifier: member.member("record_identifier").text(),
        eventTime: member.member("event_time").text(), features: features)
    } catch let failure as StepFailure {
      throw member.error(failure.description)
    }
  }

  // MARK: Members

  private static func input(_ member: DocumentMember) throws -> TableSchema {
    try member.checkMembers(["header", "delimiter", "quoted_rows", "columns"])
    let columns = try member.member("columns").elements().map { column in
      try column.checkMembers(["name", "type"])
      return TableColumn(
        try column.member("name").text(), try column.member("type").valueType().column)
    }
    let delimiter = try member.optional("delimiter")
    if let delimiter, try delimiter.text().utf8.count != 1 {
      throw delimiter.error("expected one character")
    }
    return TableSchema(
      columns: columns, header: try member.member("header").flag(),
      delimiter: try delimiter?.text() ?? ",",
      quotedRows: try member.optional("quoted_rows")?.flag() ?? false, rowNumber: row,
      lineNumber: line)
  }

  private func feature(_ member: DocumentMember, eventTime: Double) throws -> EncodedFeature {
    let sources = ["column", "one_hot", "row_number", "event_time_of_run"]
    try member.checkMembers(["name", "type", "required", "scaled"] + sources)
    let name = try member.member("name").text()
    let given = sources.filter { member.value[$0] != nil }
    guard given.count < 2 else {
      throw member.error("expected one of \(given.joined(separator: ", ")), found both")
    }
    let source: FeatureSource
    switch given.first {
    case "one_hot":
      let oneHot = try member.member("one_hot")
      try oneHot.checkMembers(["column", "value"])
      source = .oneHot(
        column: try column(oneHot.member("column")), value: try oneHot.member("value").text())
    case "row_number": source = .rowNumber(from: try member.member("row_number").whole())
    case "event_time_of_run":
      guard try member.member("event_time_of_run").flag() else {
        throw try member.member("event_time_of_run").error("expected true, or leave it out")
      }
      source = .eventTime(seconds: eventTime)
    case "column": source = .column(name: try column(member.member("column")))
    default: source = .column(name: try column(member.member("name")))
    }
    return EncodedFeature(
      name, try member.member("type").valueType(), from: source,
      isRequired: try member.optional("required")?.flag() ?? false)
  }

  /// The name of a column of the input.
  private func column(_ member: DocumentMember) throws -> String {
    let name = try member.text()
    let known = input.columns.map(\.name)
    guard known.contains(name) else {
      throw member.error(
        "the input has no column '\(name)', but \(known.joined(separator: ", "))")
    }
    return name
  }
}

extension DocumentMember {
  /// One of the types that a feature may have.
  fileprivate func valueType() throws -> FeatureDefinition.ValueType {
    guard let type = value.string.flatMap(FeatureDefinition.ValueType.init(rawValue:)) else {
      throw expected("Integral, Fractional or String")
    }
    return type
  }
}
