// What an import refuses, and that it names the column and the row.
import AtelierTesting
import Testing

@testable import Source

/// Lines of a file and what the import says of them.
struct Refusal: Sendable {
  let text: String
  let message: String

  init(_ lines: [String], says message: String) {
    text = lines.joined(separator: "\n")
    self.message = message
  }
}

@Suite struct ImportRefusalTests {
  static let header = "_id,eventType,timestamp,_acme.cmle_id"
  static let row = "a,web.formFilledOut,2024-05-01T12:30:00Z,u1"

  static let csvRefusals: [Refusal] = [
    Refusal([], says: "the CSV file is empty: give at least one event"),
    Refusal([header, ""], says: "the CSV file holds no events"),
    Refusal(
      ["_id,eventType,_acme.cmle_id", "a,t,u"],
      says: "the CSV file has no column 'timestamp'; it has: _id, eventType, _acme.cmle_id"),
    Refusal(
      ["\u{FEFF}_id,eventType,timestamp,_other.cmle_id", row],
      says: """
        the CSV file has no column '_acme.cmle_id'; it has: _id, eventType, timestamp, \
        _other.cmle_id
        """),
    Refusal(
      [header, row, "b,t,yesterday,u", "c,t,tomorrow,u"],
      says: """
        the CSV file has 'yesterday' in column 'timestamp' of row 2; \
        give a time such as 2024-05-01T12:30:00Z
        """),
    Refusal(
      [header, row, "b,t,infinity,u", ""],
      says: """
        the CSV file has 'infinity' in column 'timestamp' of row 2; \
        give a time such as 2024-05-01T12:30:00Z
        """),
    Refusal(
      ["\(header),web.webInteraction.linkClicks.value", "\(row),1", "b\(row),many"],
      says: """
        the CSV file has 'many' in column 'web.webInteraction.linkClicks.value' of row 2; \
        give a number
        """),
    Refusal(
      ["\(header),web.webPageDetails.isErrorPage", "\(row),perhaps"],
      says: """
        the CSV file has 'perhaps' in column 'web.webPageDetails.isErrorPage' of row 1; \
        give true or false
        """),
    Refusal(
      [header, row, "b,t,2024-05-01,v", row, row],
      says: """
        the CSV file has 'a' in column '_id' of the rows 1 and 3; give each event an id of its own
        """),
    Refusal(
      [header, row, ",t,2024-05-01,v"],
      says: "the CSV file has nothing in column '_id' of row 2"),
    Refusal(
      [header, row, "b,t,2024-05-01,\"\""],
      says: "the CSV file has nothing in column '_acme.cmle_id' of row 2"),
    Refusal(
      ["\(header),web", "\(row),{}"],
      says: """
        the CSV file has no struct in column 'web' of row 1; give its fields as columns of their \
        own, such as 'web.webInteraction.linkClicks.value'
        """),
    Refusal(
      ["_id,_id"], says: "the CSV file has two columns '_id'; give each column its own name"),
    Refusal(["_id,\"x", ""], says: "the CSV file's header has a quote that is not closed"),
    Refusal(
      [header, row, "b,t"],
      says: """
        the CSV file can't be read: DuckDB failed (exit 1): Invalid Input Error: CSV Error on \
        Line: 3
        Original Line: b,t
        Expected Number of Columns: 4 Found: 2
        """),
  ]

  @Test(arguments: csvRefusals.indices)
  func csv(index: Int) {
    let expected = Self.csvRefusals[index]
    #expect(refusal(of: expected.text, .csv) == expected.message)
  }

  static func line(
    id: String = #""a""#, time: String = #""2024-05-01T12:30:00Z""#,
    user: String = #"{"cmle_id":"u"}"#, more: String = ""
  ) -> String {
    #"{"_id":\#(id),"eventType":"t","timestamp":\#(time),"_acme":\#(user)\#(more)}"#
  }

  static let jsonRefusals: [Refusal] = [
    Refusal([], says: "the JSON file is empty: give at least one event"),
    Refusal(["", " ", ""], says: "the JSON file holds no events"),
    Refusal(
      [line(), "", #"{"_id": "b", "#],
      says: """
        the JSON file is malformed in line 3: '{"_id": "b", ' is not a JSON object; \
        give one object a line
        """),
    Refusal(
      ["[", line(), "]"],
      says: """
        the JSON file is malformed in line 1: '[' is not a JSON object; give one object a line
        """),
    Refusal(
      [#"{"_id":"a","eventType":"t","_acme":{"cmle_id":"u"}}"#],
      says: "the JSON file has no column 'timestamp'; it has: _id, eventType, _acme"),
    Refusal(
      [line(), line(id: #""b""#, user: #"{"cmle_id":null}"#)],
      says: "the JSON file has nothing in column '_acme.cmle_id' of row 2"),
    Refusal([line(id: "null")], says: "the JSON file has nothing in column '_id' of row 1"),
    Refusal(
      [line(), line(id: #""b""#, time: "17")],
      says: """
        the JSON file has '17' in column 'timestamp' of row 2; \
        give a time such as 2024-05-01T12:30:00Z
        """),
    Refusal(
      [line(), "", line(id: #""b""#, more: #","web":"page""#)],
      says: "the JSON file has no struct in column 'web' of row 3; give one or nothing"),
    Refusal(
      [line(more: #","directMarketing":{"sends":1}"#)],
      says: """
        the JSON file has no struct in column 'directMarketing.sends' of row 1; \
        give one or nothing
        """),
    Refusal(
      [line(more: #","directMarketing":{"sends":{"value":"one"}}"#)],
      says: """
        the JSON file has 'one' in column 'directMarketing.sends.value' of row 1; give a number
        """),
    Refusal(
      [line(), line()],
      says: """
        the JSON file has 'a' in column '_id' of the rows 1 and 2; give each event an id of its own
        """),
  ]

  @Test(arguments: jsonRefusals.indices)
  func json(index: Int) {
    let expected = Self.jsonRefusals[index]
    #expect(refusal(of: expected.text, .json) == expected.message)
  }

  /// Queries over simulated events, and what the import says of their results.
  static let parquetRefusals: [Refusal] = [
    Refusal(
      [#"SELECT * EXCLUDE ("timestamp") FROM events"#],
      says: """
        the Parquet file has no column 'timestamp'; it has: _id, eventType, producedBy, \
        eventMergeId, _acme, directMarketing, web
        """),
    Refusal(
      [#"SELECT * REPLACE (1714566600000 AS "timestamp") FROM events"#],
      says: """
        the Parquet file has '1714566600000' in column 'timestamp' of row 1; \
        give a time such as 2024-05-01T12:30:00Z
        """),
    Refusal(
      ["SELECT * REPLACE ('x' AS web) FROM events"],
      says: "the Parquet file has no struct in column 'web' of row 1; give one or nothing"),
    Refusal(
      ["SELECT * REPLACE ('x' AS _id) FROM events"],
      says: """
        the Parquet file has 'x' in column '_id' of the rows 1 and 2; \
        give each event an id of its own
        """),
    Refusal(
      [
        "SELECT * EXCLUDE (n) REPLACE (CASE WHEN n <> 3 THEN _id END AS _id)",
        "FROM (SELECT *, row_number() OVER () AS n FROM events)",
      ],
      says: "the Parquet file has nothing in column '_id' of row 3"),
    Refusal(["SELECT * FROM events LIMIT 0"], says: "the Parquet file holds no events"),
  ]

  @Test(arguments: parquetRefusals.indices)
  func parquet(index: Int) throws {
    let expected = Self.parquetRefusals[index]
    let events = try simulatedEvents(users: 20)
    let exported = try StepHarness.run(
      ExportEvents(file: .test, query: expected.text, options: "FORMAT parquet"),
      inputs: ["file": events.outputs["events"] ?? ""])
    #expect {
      try importEvents(exported.outputs["exported"] ?? "", .parquet)
    } throws: { "\($0)" == expected.message }
  }

  @Test func aFileOfAnotherFormatIsRefused() {
    let words = refusal(of: "no parquet", .parquet) ?? ""
    #expect(words.hasPrefix("the Parquet file can't be read: DuckDB failed (exit 1): "))
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
