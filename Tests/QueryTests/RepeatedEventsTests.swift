// Events that stand twice in a set: both places are named, or the first is kept.
import AtelierStep
import AtelierTesting
import DuckDB
import PropensityFormats
import Testing

@testable import Query

/// A step of the tests that writes events and their lines.
private struct WriteBatch: Step {
  static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
  var rows: String
  var events = Output<EventTable>()
  var lines = Output<EventLines>()

  var programs: [Program] { [.duckdb] }

  func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      """
      CREATE TEMP TABLE given AS SELECT * FROM (VALUES \(rows)) AS t(_id, "timestamp", line);
      COPY (SELECT _id, make_timestamp("timestamp") AS "timestamp" FROM given ORDER BY "timestamp", _id)
      TO (getvariable('events')) (FORMAT parquet);
      COPY (SELECT line::BIGINT AS line FROM given ORDER BY "timestamp", _id)
      TO (getvariable('lines')) (FORMAT parquet);
      """,
      with: [
        "events": .text(try context.path(events)), "lines": .text(try context.path(lines)),
      ])
  }
}

@Suite struct RepeatedEventsTests {
  /// In order of time the lines are mixed.
  private static let batches = [
    "('a', 9, 2), ('b', 1, 3), ('c', 5, 4)", "('d', 4, 2), ('c', 7, 5), ('e', 2, 3)",
    "('f', 1, 1), ('a', 1, 2), ('c', 1, 3)",
  ]

  private func find(_ batches: [String], drops: Bool) throws -> (
    StepHarness.Result, [StepHarness.Result]
  ) {
    let written = try batches.map { try StepHarness.run(WriteBatch(rows: $0)) }
    var inputs: [String: String] = [:]
    for (index, batch) in written.enumerated() {
      inputs["events.\(index)"] = batch.outputs["events"]
      inputs["lines.\(index)"] = batch.outputs["lines"]
    }
    let names = ["may/1.csv", "may/2.parquet", "may/3.csv"]
    let step = FindRepeatedEvents(
      events: written.map { _ in .test }, lines: written.map { _ in .test }, drops: drops,
      names: Array(names.prefix(batches.count)))
    return (try StepHarness.run(step, inputs: inputs), written)
  }

  @Test("data D16: a repeated _id names both files and lines") func bothPlacesAreNamed() throws {
    let error = #expect(throws: StepFailure.self) { try find(Self.batches, drops: false) }
    #expect(
      error?.description
        == "may/1.csv, line 4 and may/2.parquet, row 5: both have the _id 'c'; give each event an id of its "
        + "own, or set [Atelier] duplicates = drop to keep the first")
  }

  @Test func theFirstOfAllIsKept() throws {
    let (found, written) = try find(Self.batches, drops: true)
    let path = found.outputs["repeated"] ?? ""
    let ids = try EventExport.rows("SELECT batch, _id FROM events", of: [path])
    #expect(ids == [["1", "c"], ["2", "a"], ["2", "c"]])
    let kept = try written.enumerated().map { index, batch in
      let left = try StepHarness.run(
        DropRepeatedEvents(imported: .test, repeated: .test, batch: index),
        inputs: ["imported": batch.outputs["events"] ?? "", "repeated": path])
      return try EventExport.rows("SELECT _id FROM events", of: [left.outputs["events"] ?? ""])
    }
    #expect(kept == [[["b"], ["c"], ["a"]], [["e"], ["d"]], [["f"]]])
  }

  @Test func aSetWithoutRepetitionsHasNone() throws {
    let (found, _) = try find(["('a', 9, 2)", "('b', 9, 2)"], drops: false)
    #expect(
      try EventExport.rows("SELECT * FROM events", of: [found.outputs["repeated"] ?? ""]).isEmpty)
  }
}
