// What a feature group means in SQL, by DuckDB and by hand over the same random histories.
import AtelierStep
import AtelierTesting
import DuckDB
import FeatureSQL
import Foundation
import Subprocess
import Testing

/// A history of records with the files that DuckDB reads, and the same answers by hand.
private struct History {
  struct Record {
    let id: Int
    let time: Double
    /// One for each feature that its batch had.
    let values: [Int?]
    let batch: Int
    let row: Int
    let file: String
  }

  let features = ["a-b", "value", "Last_one"]
  var records: [Record] = []
  var files: [FeatureSQL.File] = []
  let folder: TemporaryFolder

  /// Batches of few identifiers and few times, so that nearly all of them meet.
  init(_ seed: UInt64) throws {
    folder = try TemporaryFolder()
    var random = SeededGenerator(state: seed)
    var width = Int.random(in: 0...1, using: &random)
    for batch in 1...Int.random(in: 1...5, using: &random) {
      if Bool.random(using: &random) { width = min(features.count, width + 1) }
      var rows: [String: Int] = [:]
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let time = Double(Int.random(in: -3...6, using: &random)) / 2
        // Records of one time are of one day.
        let file = folder("\(batch)-\(Int(time.rounded(.down)) / 2).parquet")
        let row = rows[file, default: 0]
        rows[file] = row + 1
        records.append(
          Record(
            id: .random(in: 1...4, using: &random), time: time,
            values: (0..<width).map { _ in
              Int.random(in: 0...4, using: &random) == 0 ? nil : .random(in: 0...99, using: &random)
            }, batch: batch, row: row, file: file))
      }
      files += rows.keys.sorted().map { FeatureSQL.File(path: $0, batch: batch) }
    }
    files.shuffle(using: &random)
  }

  var sql: FeatureSQL {
    get throws {
      FeatureSQL(
        try FeatureDefinition(
          recordIdentifier: "the-id", eventTime: "time",
          features: [.init("the-id", .integral), .init("time", .fractional)]
            + features.map { .init($0, .integral) }), files: files)
    }
  }

  /// Statements that write the files.
  var writing: [String] {
    files.map { file in
      let mine = records.filter { $0.file == file.path }.sorted { $0.row < $1.row }
      let width = mine.first?.values.count ?? 0
      let rows = mine.map { record in
        let values = record.values.map { $0.map(String.init) ?? "NULL" }
        return "(\((["\(record.id)", "\(record.time)::DOUBLE"] + values).joined(separator: ", ")))"
      }
      let names = SQLName.list(["the-id", "time"] + features.prefix(width))
      return "COPY (FROM (VALUES \(rows.joined(separator: ", "))) AS t(\(names))) "
        + "TO \(SQLValue.text(file.path).literal) (FORMAT parquet)"
    }
  }

  /// The record of an identifier that holds at a moment.
  func record(_ id: Int, asOf moment: Double?) -> Record? {
    records.filter { $0.id == id && $0.time <= moment ?? .infinity }
      .max { ($0.time, $0.batch, $0.row) < ($1.time, $1.batch, $1.row) }
  }

  /// The values of a record as DuckDB prints a row of JSON.
  func values(_ record: Record?) -> [String] {
    features.indices.map { position in
      let values = record?.values ?? []
      return (position < values.count ? values[position] : nil).map(String.init) ?? "NULL"
    }
  }
}

/// Runs statements; the lines of each result, in their order.
private func duckdb(_ statements: [String]) throws -> [[String]] {
  let marked = statements.enumerated().map { "SELECT '# \($0)';\n\($1);\n" }.joined()
  let captured = try capture(
    Command(
      executable: try #require(TestTools.path(of: "duckdb")),
      arguments: [
        "-no-init", "-batch", "-bail", "-list", "-noheader", "-nullvalue", "NULL", "-c",
        "SET threads = 1; \(marked)",
      ], environment: ["TZ": "UTC"], supervised: false))
  guard captured.exit.succeeded else { throw BrokenProperty(captured.errorText) }
  return captured.text.split(separator: "# ").map { part in
    part.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map(String.init)
  }
}

@Suite struct FeatureSQLTests {
  @Test(arguments: 0..<40)
  func latestAndJoinedAreWhatTheyAreByHand(_ seed: UInt64) throws {
    let history = try History(seed)
    let sql = try history.sql
    let moments: [Double?] = [nil, -9, -1.5, 0, 0.25, 1, 3]
    let times: [Double] = [-9, -1, 0, 0.25, 1.5, 9]
    let spine = (0..<5).flatMap { id in times.map { at in (id: id, at: at) } }
    let rows = spine.map { "(\($0.id), \($0.at)::DOUBLE)" }.joined(separator: ", ")
    let answers = try duckdb(
      history.writing
        + [
          "SELECT \"the-id\", time, \(SQLName.list(history.features)), batch, batch_row "
            + "FROM (\(sql.records)) ORDER BY batch, time, batch_row"
        ] + moments.map { sql.latest(asOf: $0.map { "\($0)::DOUBLE" }) }
        + [
          "FROM (WITH spine AS (FROM (VALUES \(rows)) AS t(key, moment)) "
            + sql.joined(to: "spine", key: "key", moment: "moment", features: history.features)
            + ") ORDER BY key, moment"
        ]
    ).dropFirst(history.files.count)

    let all = history.records.sorted { ($0.batch, $0.time, $0.row) < ($1.batch, $1.time, $1.row) }
    #expect(
      answers.first
        == all.map { record in
          let ends = ["\(record.batch)", "\(record.row)"]
          return (["\(record.id)", "\(record.time)"] + history.values(record) + ends)
            .joined(separator: "|")
        })
    for (moment, answer) in zip(moments, answers.dropFirst()) {
      let expected = (0..<5).compactMap { history.record($0, asOf: moment) }.map { record in
        (["\(record.id)", "\(record.time)"] + history.values(record)).joined(separator: "|")
      }
      #expect(answer == expected, "as of \(moment ?? .infinity)")
    }
    #expect(
      answers.last
        == spine.map { row in
          let record = history.record(row.id, asOf: row.at)
          return (["\(row.id)", "\(row.at)"] + history.values(record)).joined(separator: "|")
        })
  }

  private func definition(_ type: FeatureDefinition.ValueType) throws -> FeatureDefinition {
    try FeatureDefinition(
      recordIdentifier: "id", eventTime: "time",
      features: [.init("id", type), .init("time", .fractional), .init("x", .fractional)])
  }

  @Test func aGroupWithoutFilesHasColumns() throws {
    let sql = FeatureSQL(try definition(.string), files: [])
    let answers = try duckdb([
      "SELECT count(*) FROM (\(sql.records))", "DESCRIBE \(sql.records)", sql.latest(),
      sql.latest(asOf: "5"),
      "FROM (WITH spine AS (SELECT 'a' AS key, 1 AS moment) "
        + sql.joined(to: "spine", key: "key", moment: "moment", features: ["x"]) + ")",
    ])
    #expect(answers[0] == ["0"])
    #expect(
      answers[1].map { $0.split(separator: "|").prefix(2).joined(separator: " ") } == [
        "id VARCHAR", "time DOUBLE", "x DOUBLE", "batch BIGINT", "batch_row BIGINT",
      ])
    #expect(answers[2...3] == [[], []])
    #expect(answers[4] == ["a|1|NULL"])
  }

  @Test func aFileThatTwoBatchesShareCountsOnceForEach() throws {
    let folder = try TemporaryFolder()
    let path = folder("records.parquet")
    let sql = FeatureSQL(
      try definition(.integral), files: [1, 3].map { FeatureSQL.File(path: path, batch: $0) })
    let answers = try duckdb([
      "COPY (SELECT 7::BIGINT AS id, 1.5 AS time) TO '\(path)' (FORMAT parquet)",
      "SELECT id, x, batch, batch_row FROM (\(sql.records)) ORDER BY batch", sql.latest(),
    ])
    #expect(answers[1] == ["7|NULL|1|0", "7|NULL|3|0"])
    #expect(answers[2] == ["7|1.5|NULL"])
  }

  @Test func identifiersMayBeAnyText() throws {
    let folder = try TemporaryFolder()
    let path = folder("records.parquet")
    let sql = FeatureSQL(try definition(.string), files: [.init(path: path, batch: 1)])
    let names = ["O'Neil", "a\"b", "", "ä;--", "A", "a"]
    let rows = names.enumerated().map { "(\(SQLValue.text($1).literal), \($0)::DOUBLE, 1.0)" }
    let answers = try duckdb([
      "COPY (FROM (VALUES \(rows.joined(separator: ", "))) AS t(id, time, x)) TO '\(path)' "
        + "(FORMAT parquet)",
      "SELECT id FROM (\(sql.latest())) ORDER BY time",
      "FROM (WITH spine AS (SELECT 'O''Neil' AS key, 9 AS moment) "
        + sql.joined(to: "spine", key: "key", moment: "moment", features: ["time", "x"]) + ")",
    ])
    #expect(answers[1] == names)
    #expect(answers[2] == ["O'Neil|9|0.0|1.0"])
  }

  @Test func aPathIsNoPattern() throws {
    let folder = try TemporaryFolder()
    let odd = folder("a[1]*b?c'd/records.parquet")
    for (path, number) in [(odd, 1), (folder("a1xxbxc'd/records.parquet"), 2)] {
      try TestFiles.write([], to: path)
      _ = try duckdb([
        "COPY (SELECT \(number) AS id, 1.0 AS time, 2.0 AS x) TO \(SQLValue.text(path).literal) "
          + "(FORMAT parquet)"
      ])
    }
    let sql = FeatureSQL(try definition(.integral), files: [.init(path: odd, batch: 1)])
    #expect(try duckdb([sql.latest()])[0] == ["1|1.0|2.0"])
  }
}
