// Records of a table: their values, types and days, and every row that is refused.
import AtelierStep
import AtelierTesting
import Content
import Features
import Foundation
import LearningFormats
import Testing

/// A record with every kind of source.
private func encoding() throws -> RecordEncoding {
  try RecordEncoding(
    recordIdentifier: "id", eventTime: "held",
    features: [
      EncodedFeature("id", .integral, from: .rowNumber(from: 0)),
      EncodedFeature("sex_M", .fractional, from: .oneHot(column: "sex", value: "M")),
      EncodedFeature("sex_F", .integral, from: .oneHot(column: "sex", value: "F")),
      EncodedFeature("weight", .fractional, from: .column(name: "weight"), isRequired: true),
      EncodedFeature("name", .string, from: .column(name: "code")),
      EncodedFeature("held", .fractional, from: .eventTime(seconds: 1_767_225_600)),
    ])
}

/// The same with identifier and time as columns.
private func plain(
  _ type: FeatureDefinition.ValueType = .integral, value: FeatureDefinition.ValueType = .integral
) throws -> RecordEncoding {
  try RecordEncoding(
    recordIdentifier: "id", eventTime: "held",
    features: [
      EncodedFeature("id", type, from: .column(name: "id")),
      EncodedFeature("held", .fractional, from: .column(name: "held")),
      EncodedFeature("v", value, from: .column(name: "v")),
    ])
}

@Suite struct MakeRecordsTests {
  private let groups: Groups

  init() throws { groups = try Groups() }

  private func make(
    _ relation: String, _ encoding: RecordEncoding, place: RowPlace = .line
  ) throws -> StepHarness.Result {
    let table = try groups.table("table-\(UUID().uuidString)", relation)
    return try StepHarness.run(
      MakeRecords(table: .test, encoding: encoding, place: place), inputs: ["table": table])
  }

  private func tree(_ result: StepHarness.Result) -> String { result.outputs["records"] ?? "" }

  @Test func everySourceGivesItsValueAndType() throws {
    let made = try make(
      "(VALUES ('M', 1.5, 7), ('F', 2, NULL), (NULL, -3, 9)) t(sex, weight, code)", encoding())
    let file = "\(tree(made))/event_date=2026-01-01/records.parquet"
    #expect(
      try groups.rows(of: file) == [
        "0,1.0,0,1.5,7,1767225600.0", "1,0.0,1,2.0,NULL,1767225600.0",
        "2,NULL,NULL,-3.0,9,1767225600.0",
      ])
    #expect(
      try groups.rows(
        "SELECT string_agg(column_type, ' ') FROM (DESCRIBE "
          + "FROM read_parquet(getvariable('p'), hive_partitioning = false));",
        ["p": .text(file)]) == ["BIGINT DOUBLE BIGINT DOUBLE VARCHAR DOUBLE"])
    let json = try String(contentsOfFile: "\(tree(made))/group.json", encoding: .utf8)
    #expect(try FeatureDefinition(json: JSONValue(parsing: json)) == encoding().definition())
  }

  @Test func recordsLieByDayInTheOrderOfTheFile() throws {
    // The last moment of a day, the first of the next, and the greatest time that there is.
    let made = try make(
      """
      (VALUES (3, 86399.99999999999, 1), (1, 86400.0, 2), (2, 0.0, 3), (1, 5.0, 4),
        (9, 253402300799.0, 5)) t(id, held, v)
      """, plain())
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: tree(made)).sorted() == [
        "event_date=1970-01-01", "event_date=1970-01-02", "event_date=9999-12-31", "group.json",
      ])
    #expect(
      try groups.rows(of: "\(tree(made))/event_date=1970-01-01/records.parquet", "id, v")
        == ["3,1", "2,3", "1,4"])
  }

  @Test(
    "data D16: records of many days are a file a month, and of very many a file a year",
    arguments: [
      (64, 64, "event_date=2026-01-01"), (1200, 40, "event_month=2026-01"),
      (40_000, 110, "event_year=2026"),
    ])
  func manyDays(days: Int, files: Int, first: String) throws {
    let start = 1_767_225_600
    let made = try make(
      "(SELECT i AS id, \(start) + 86400.0 * i AS held, i AS v FROM range(\(days)) t(i))", plain())
    let names = try FileManager.default.contentsOfDirectory(atPath: tree(made)).sorted()
      .filter { $0 != "group.json" }
    #expect(names.count == files && names.first == first)
    let rows = try groups.rows(
      """
      SELECT count(*), count(DISTINCT id), min(held)::BIGINT, max(held)::BIGINT
      FROM read_parquet(getvariable('p'), hive_partitioning = false);
      """, ["p": .text("\(tree(made))/*/records.parquet")])
    #expect(rows == ["\(days),\(days),\(start),\(start + 86400 * (days - 1))"])
    let ids = try groups.rows(of: "\(tree(made))/\(first)/records.parquet", "id")
    #expect(ids == (0..<ids.count).map(String.init))
  }

  @Test func timesMayBeTextOrTimestamps() throws {
    for time in ["'2026-01-02T03:04:05.5Z'", "'1767323045.5'", "TIMESTAMP '2026-01-02 03:04:05.5'"]
    {
      let made = try make("(VALUES ('a', \(time), 1)) t(id, held, v)", plain(.string))
      #expect(
        try groups.rows(of: "\(tree(made))/event_date=2026-01-02/records.parquet", "held")
          == ["1767323045.5"])
    }
  }

  @Test func theSameRowsGiveTheSameBytes() throws {
    let rows = "(SELECT i AS id, i * 40000.5 AS held, i % 7 AS v FROM range(50) t(i))"
    let first = try make(rows, plain())
    let second = try make(rows, plain())
    let digests = try digests(tree(first))
    #expect(digests.count == 24)
    #expect(try withExtendedLifetime(second) { try FeaturesTests.digests(tree(second)) } == digests)
  }

  @Test(arguments: [
    (
      "(1, 5.0, 1), (NULL, 5.0, 1)", "line 2, column 'id': empty; it is the record identifier"
    ),
    ("(1, NULL, 1)", "line 1, column 'held': empty; it is the event time"),
    (
      "(1, 5.0, 1), (2, -0.5, 1), (3, 253402300800.0, 1)",
      "line 2, column 'held': '-0.5' is no event time: expected seconds since 1970 or an ISO 8601 time, "
        + "in the years 1970 to 9999; a number of 8 digits that is a date is neither; 1 more such row"
    ),
    ("(1, 'NaN'::DOUBLE, 1)", "line 1, column 'held': 'nan' is no event time: expected seconds"),
    ("(1, 20240501, 1)", "line 1, column 'held': '20240501' is no event time: expected seconds"),
    ("(1, '20240501', 1)", "line 1, column 'held': '20240501' is no event time: expected seconds"),
    ("(1, '24-05-01 12:30:00', 1)", "line 1, column 'held': '24-05-01 12:30:00' is no event time"),
    ("(1, 'soon', 1)", "line 1, column 'held': 'soon' is no event time: expected seconds"),
    (
      "(1, 5.0, 2.5), (1, 5.0, 3), (NULL, 5.0, 0.5), (4, 5.0, 0.25)",
      "line 1, column 'v': '2.50' is no Integral; 2 more such rows"
    ),
    ("(1, 5.0, 'x')", "line 1, column 'v': 'x' is no Integral"),
    ("(1, 5.0, '1.7')", "line 1, column 'v': '1.7' is no Integral"),
    ("(1, 5.0, 1e300)", "line 1, column 'v': '1e+300' is no Integral"),
  ])
  func rowsThatDoNotFitAreRefusedWithTheirPlace(rows: String, said: String) {
    let words = failure { try make("(VALUES \(rows)) t(id, held, v)", plain()) }
    #expect(words?.hasPrefix("the table is refused: \(said)") == true, "\(words ?? "nothing")")
  }

  @Test func aValueThatAFeatureCannotHoldIsRefused() throws {
    #expect(
      failure {
        try make(
          "(VALUES (1, 5.0, 9007199254740993)) t(id, held, v)", plain(value: .fractional))
      } == "the table is refused: line 1, column 'v': '9007199254740993' is no Fractional")
    #expect(
      failure { try make("(VALUES (1, 5.0, 'inf')) t(id, held, v)", plain(value: .fractional)) }
        == "the table is refused: line 1, column 'v': 'inf' is no Fractional")
    #expect(
      failure { try make("(SELECT 1 AS id, 5.0 AS held, 1 AS v WHERE false) t", plain()) }
        == "the table is refused: there are no rows")
    #expect(
      failure { try make("(VALUES (1, 5.0)) t(id, held)", plain()) }
        == "the table lacks the column v; it has row, id, held")
  }

  @Test func aOneHotColumnListsItsValues() throws {
    let rows = "(VALUES ('M', 1, 1), ('f''x', 1, 1), ('I', NULL, 1)) t(sex, weight, code)"
    #expect(
      failure { try make(rows, encoding()) }
        == "the table is refused: line 2, column 'sex': 'f'x' is none of M, F; 1 more such row")
    #expect(
      failure {
        try make(
          "(VALUES ('M', 1, 1), ('F', NULL, 1)) t(sex, weight, code)", encoding(), place: .row)
      }
        == "the table is refused: row 2, column 'weight': empty; the feature 'weight' is required")
  }

  @Test func anEncodingIsCheckedBeforeAnythingRuns() {
    func refused(_ feature: EncodedFeature, _ said: String) {
      let words = failure {
        try RecordEncoding(
          recordIdentifier: "id", eventTime: "held",
          features: [
            EncodedFeature("id", .integral, from: .column(name: "id")),
            EncodedFeature("held", .fractional, from: .eventTime(seconds: 0)), feature,
          ])
      }
      #expect(words?.contains(said) == true, "\(words ?? "nothing")")
    }
    refused(EncodedFeature("a", .string, from: .oneHot(column: "b", value: "c")), "is one-hot")
    refused(EncodedFeature("a", .fractional, from: .rowNumber(from: 0)), "is a row number")
    refused(EncodedFeature("a", .integral, from: .rowNumber(from: -1)), "is a row number")
    refused(
      EncodedFeature("a", .fractional, from: .eventTime(seconds: 1e12)), "is an event time")
    refused(EncodedFeature("ID", .integral, from: .column(name: "x")), "'id' is there twice")
    refused(EncodedFeature("batch", .integral, from: .column(name: "x")), "feature store itself")
  }
}
