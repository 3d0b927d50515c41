// What an import of events says beside the table of hostile files: whole sentences, and Parquet.
import AtelierTesting
import Testing

@testable import Source

@Suite struct ImportRefusalTests {
  static let header = "_id,eventType,timestamp,_acme.cmle_id"
  static let row = "a,web.formFilledOut,2024-05-01T12:30:00Z,u1"

  @Test(arguments: [
    (
      ["_id,eventType,_acme.cmle_id", "a,t,u"],
      "the file: the file has no column 'timestamp'; it has: _id, eventType, _acme.cmle_id"
    ),
    (
      ["\u{FEFF}_id,eventType,timestamp,_other.cmle_id", row],
      """
      the file: the file has no column '_acme.cmle_id'; it has: _id, eventType, timestamp, \
      _other.cmle_id
      """
    ),
    (
      [header, row, "b,t,yesterday,u", "c,t,tomorrow,u"],
      """
      the file, line 3, column 'timestamp': 'yesterday' is not a time such as 2024-05-01T12:30:00Z, \
      from 1970 to 2199; 1 more row with such a fault
      """
    ),
    (
      [header, row, ",t,2024-05-01,v"],
      "the file, line 3, column '_id': empty; every event needs a value of it"
    ),
    (
      [header, row, "b,t,2024-05-01,\"\""],
      "the file, line 3, column '_acme.cmle_id': empty; every event needs a value of it"
    ),
    (
      [header, row, "b,t,2024-05-01,v", row, row],
      """
      the file, lines 2 and 4, column '_id': both have 'a'; give each event an id of its own, or set \
      duplicates = drop to keep the first
      """
    ),
    (
      ["_id,_id"],
      "the file: the header has two columns '_id'; give each column its own name"
    ),
    (["_id,\"x", ""], "the file, line 1: a quote opens here and is not closed"),
    (
      [header, row, "b,t"],
      "the file, line 3: it has 2 fields, and the header has 4; quote a field that holds the delimiter"
    ),
  ])
  func csv(lines: [String], message: String) {
    #expect(refusal(of: lines.joined(separator: "\n"), .csv) == message)
  }

  /// A query over simulated events, and what the import says of its Parquet file.
  @Test(arguments: [
    (
      "SELECT * EXCLUDE (\"timestamp\") FROM events",
      """
      the file: the file has no column 'timestamp'; it has: _id, eventType, producedBy, eventMergeId, \
      _acme, directMarketing, web
      """
    ),
    (
      "SELECT * REPLACE (epoch_ms(\"timestamp\") AS \"timestamp\") FROM events LIMIT 1",
      "the file, row 1, column 'timestamp': '"
    ),
    (
      "SELECT * REPLACE ('x' AS web) FROM events LIMIT 1",
      "the file, row 1, column 'web': the value is not a struct; give one or nothing"
    ),
    (
      "SELECT * REPLACE ('x' AS _id) FROM events",
      "the file, rows 1 and 2, column '_id': both have 'x'; give each event an id of its own"
    ),
    (
      "SELECT * EXCLUDE (n) REPLACE (CASE WHEN n <> 3 THEN _id END AS _id) "
        + "FROM (SELECT *, row_number() OVER () AS n FROM events)",
      "the file, row 3, column '_id': empty; every event needs a value of it"
    ),
    (
      "SELECT * REPLACE ({'cmle_id': 17.5::DOUBLE} AS _acme) FROM events LIMIT 1",
      "the file, row 1, column '_acme.cmle_id': '17.5' is not a text or a whole number"
    ),
    (
      "SELECT * REPLACE ({'cmle_id': ['u']} AS _acme) FROM events LIMIT 1",
      "the file, row 1, column '_acme.cmle_id': '[u]' is not a text or a whole number"
    ),
    (
      "SELECT * REPLACE ({'cmle_id': true} AS _acme) FROM events LIMIT 1",
      "the file, row 1, column '_acme.cmle_id': 'true' is not a text or a whole number"
    ),
    (
      // Milliseconds where a writer should have put microseconds, in 1969.
      "SELECT * REPLACE (\"timestamp\" - INTERVAL 60 YEAR AS \"timestamp\") FROM events LIMIT 1",
      "the file, row 1, column 'timestamp': '19"
    ),
  ])
  func parquet(query: String, message: String) throws {
    let error = #expect(throws: (any Error).self) { try importedParquet(query) }
    #expect(error.map { "\($0)".hasPrefix(message) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  private func importedParquet(_ query: String) throws -> StepHarness.Result {
    let events = try simulatedEvents(users: 20)
    let exported = try StepHarness.run(
      ExportEvents(file: .test, query: query, options: "FORMAT parquet"),
      inputs: ["file": events.outputs["events"] ?? ""])
    return try importEvents(exported.outputs["exported"] ?? "", .parquet)
  }

  @Test("data D8: whole doubles are users without a point, and maps are structs")
  func parquetOfOtherWriters() throws {
    for (query, user) in [
      ("SELECT * REPLACE ({'cmle_id': 17.0::DOUBLE} AS _acme) FROM events LIMIT 1", "17"),
      ("SELECT * REPLACE (MAP {'cmle_id': 'u'} AS _acme) FROM events LIMIT 1", "u"),
      (
        "SELECT * REPLACE ({'cmle_id': 12345678901234567890123456789012345678::DECIMAL(38, 0)} AS _acme) "
          + "FROM events LIMIT 1", "12345678901234567890123456789012345678"
      ),
    ] {
      let imported = try importedParquet(query)
      let shown = try StepHarness.run(
        ExportEvents(
          file: .test, query: "SELECT _acme.cmle_id FROM events",
          options: "FORMAT csv, HEADER false"),
        inputs: ["file": imported.outputs["events"] ?? ""])
      #expect(try shown.text("exported") == user + "\n")
    }
  }

  @Test("data D11: a part without rows has no events") func anEmptyPart() throws {
    let imported = try importedParquet("SELECT * FROM events LIMIT 0")
    let shown = try StepHarness.run(
      ExportEvents(
        file: .test, query: "SELECT count(*) FROM events", options: "FORMAT csv, HEADER false"),
      inputs: ["file": imported.outputs["events"] ?? ""])
    #expect(try shown.text("exported") == "0\n")
  }

  @Test("data D16: a repeated event is dropped when asked for") func repeatedEventsAreDropped()
    throws
  {
    let space = try TemporarySpace()
    let path = try space.write(
      "file",
      [Self.header, Self.row, "b,t,2024-05-01,v", "a,t,2024-05-03,w"].joined(separator: "\n"))
    let imported = try StepHarness.run(
      ImportEvents(file: .test, format: .csv, tenant: "acme", repeated: .drop),
      inputs: ["file": path])
    let shown = try StepHarness.run(
      ExportEvents(
        file: .test, query: "SELECT _id, _acme.cmle_id FROM events",
        options: "FORMAT csv, HEADER false"),
      inputs: ["file": imported.outputs["events"] ?? ""])
    #expect(try shown.text("exported") == "b,v\na,u1\n")
  }

  @Test func aFileOfAnotherFormatIsRefused() {
    #expect(
      refusal(of: "no parquet", .parquet)
        == "the file: the file is not Parquet, or it ends early; get it again")
  }

  @Test func theTenantIsNoSQL() {
    let words = refusal(of: "_id\na\n", .csv, tenant: "x\"; --")
    #expect(
      words == """
        the parameter 'tenant' is 'x"; --': give letters, digits and underscores, without the \
        leading underscore of the column
        """)
  }
}
