// Real events in real shapes: users who recur over files and days, folders as Spark writes them, and
// events that stand twice in the set.
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct RealEventTests {
  private static let setting = ["Atelier.user_buckets": "2", "Atelier.events": "events"]

  private let space: Space
  private let folder: String

  /// Events of two simulated batches, cut by time: so users recur.
  init() throws {
    space = try Space()
    space.settings["Atelier.users"] = "200"
    folder = space.project + "/events"
    try space.exportEvents(to: space.root + "/parquet", batches: 2)
    for day in ["day=1", "day=2", "events.parquet"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(day)", withIntermediateDirectories: true)
    }
  }

  private func copy(_ condition: String, to name: String, _ options: String, columns: String = "*")
    throws
  {
    try space.duckdb(
      "COPY (SELECT \(columns) FROM '\(space.root)/parquet/*.parquet' WHERE \(condition) ORDER BY hash(_id)) "
        + "TO '\(name)' (\(options))")
  }

  /// Three files of three formats, what Spark writes beside them, and parts without events.
  private func layOut() throws {
    let flat =
      "_id, eventType, strftime(\"timestamp\", '%Y-%m-%dT%H:%M:%S.%f+00:00') AS \"timestamp\", "
      + "_cmle.cmle_id AS \"_cmle.cmle_id\""
    try copy(
      "hour(\"timestamp\") < 8", to: "\(folder)/day=1/part-0.csv.gz",
      "FORMAT csv, HEADER, COMPRESSION gzip", columns: flat)
    try copy(
      "hour(\"timestamp\") BETWEEN 8 AND 15", to: "\(folder)/day=2/part-0.json.gz",
      "FORMAT json, COMPRESSION gzip")
    try copy(
      "hour(\"timestamp\") > 15", to: "\(folder)/events.parquet/part-0.parquet", "FORMAT parquet")
    try copy("false", to: "\(folder)/events.parquet/part-1.parquet", "FORMAT parquet")
    for name in ["_SUCCESS", "day=1/.part-0.csv.gz.crc", "day=2/_metadata", "day=2/part-1.json"] {
      try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
  }

  /// The features of all parts, by user.
  private func features(_ more: [String: String]) throws -> [String] {
    let run = try space.run(["week2"], more)
    let parts = run.steps.keys.filter {
      $0.hasPrefix("week2.features.") || $0.hasPrefix("week2.bucket.")
    }
    return try parts.sorted().flatMap { part in
      try space.atelier(["show", "\(part).part", "--format", "csv"], more).out
        .split(separator: "\n").dropFirst().map(String.init)
    }.sorted()
  }

  @Test("data D11, D16, steps 3.4: files of Spark give the features of one file of all events")
  func filesOfSpark() throws {
    try layOut()
    try FileManager.default.createDirectory(
      atPath: space.project + "/one", withIntermediateDirectories: true)
    try copy("true", to: space.project + "/one/all.parquet", "FORMAT parquet")
    let spark = try features(Self.setting)
    let one = try features(Self.setting.merging(["Atelier.events": "one"]) { $1 })
    #expect(spark == one && spark.count > 150)
    let log = try space.atelier(["log", "week1.events.0"], Self.setting)
    #expect((log.out + log.err).contains("events/day=1/part-0.csv.gz: "))
    // A file of no bytes is no batch, and one without rows is an empty one.
    let last = try space.atelier(["log", "week1.events.3"], Self.setting)
    #expect((last.out + last.err).contains("events/events.parquet/part-1.parquet: no events"))
  }

  @Test("data D16: an event that stands in two files is refused with both places, or dropped")
  func anEventInTwoFiles() throws {
    let header = "_id,eventType,timestamp,_cmle.cmle_id"
    let rows = (1...4).map { "e\($0),web.formFilledOut,2024-05-0\($0),u\($0)" }
    for (name, lines) in [("1.csv", rows[..<3]), ("2.csv", rows[2...])] {
      try ([header] + lines).joined(separator: "\n").write(
        toFile: "\(folder)/day=1/\(name)", atomically: true, encoding: .utf8)
    }
    let refused = try space.atelier(["run", "week2"], Self.setting, expecting: 1)
    #expect(
      refused.err.contains(
        "events/day=1/1.csv, line 4 and events/day=1/2.csv, line 2: both have the _id 'e3'"))
    let dropping = Self.setting.merging(["Atelier.duplicates": "drop"]) { $1 }
    #expect(try features(dropping).count == 4)
    let statistics = try space.run(["week1.statistics"], dropping)
    #expect(statistics.steps["week1.statistics"] != nil)
    #expect(
      try space.atelier(["show", "week1.statistics", "--format", "csv"], dropping).out.contains(
        "4,4"))
  }

  @Test("data D13: a file is named as the user typed it, with its line") func theUsersOwnFile()
    throws
  {
    try "_id,eventType,timestamp,_cmle.cmle_id\na,t,24-05-01 12:30:00,u\n".write(
      toFile: "\(folder)/day=1/bad.csv", atomically: true, encoding: .utf8)
    let refused = try space.atelier(["run", "week1.events"], Self.setting, expecting: 1)
    #expect(
      refused.err.contains(
        "events/day=1/bad.csv, line 2, column 'timestamp': '24-05-01 12:30:00'"))
    for words in ["DuckDB", "scratch", "inputs/file", "auto_detect"] {
      #expect(!refused.err.contains(words))
    }
  }

  @Test("data D11: a folder without any event, and names that cannot be read") func nothingToRead()
    throws
  {
    try Data().write(to: URL(fileURLWithPath: "\(folder)/day=1/part.json"))
    let empty = try space.atelier(["run", "week2"], Self.setting, expecting: 2)
    #expect(empty.err.contains("is empty, or all of its files are; expected a file a batch"))
    try "_id,eventType,timestamp,_cmle.cmle_id\n".write(
      toFile: "\(folder)/day=1/part.csv", atomically: true, encoding: .utf8)
    let none = try space.atelier(["run", "week2"], Self.setting, expecting: 1)
    #expect(none.err.contains("none of the files has an event: events/day=1/part.csv"))
    try Data().write(to: URL(fileURLWithPath: "\(folder)/day=1/notes.txt"))
    let other = try space.atelier(["run", "week2"], Self.setting, expecting: 2)
    #expect(other.err.contains("[Atelier] events: events/day=1/notes.txt: expected .parquet"))
  }
}
