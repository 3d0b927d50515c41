// Reads event tables in tests: a query over some Parquet files, as CSV.
import AtelierStep
import AtelierTesting
import DuckDB
import Foundation
import PropensityFormats

@testable import Query

/// A step of the tests that runs any query over the view `events`.
struct EventExport: Step {
  static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
  var files: [Artifact<EventTable>]
  var query: String
  var table = Output<SampleRows>()

  var programs: [Program] { [.duckdb] }

  func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      """
      CREATE VIEW events AS SELECT * FROM read_parquet(getvariable('files'));
      COPY (\(query)) TO (getvariable('output')) (FORMAT csv, HEADER false);
      """,
      with: [
        "files": .list(try files.map { .text(try context.path($0)) }),
        "output": .text(try context.path(table)),
      ])
  }

  /// The rows of a query as fields; no field may hold a comma.
  static func rows(_ query: String, of files: [String]) throws -> [[String]] {
    let text = try StepHarness.run(
      EventExport(files: files.map { _ in .test }, query: query), inputs: batches(files)
    ).text("table")
    return text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Input names for a step's property, such as `events.0`.
  static func batches(_ files: [String], of property: String = "files") -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: files.enumerated().map { ("\(property).\($0.offset)", $0.element) })
  }
}

/// A small simulation that tests share.
func simulateEvents(
  first: Int = 0, count: Int = 300, seed: Int = 7, referenceDate: String = "2024-05-01",
  tenant: String = "acme"
) throws -> StepHarness.Result {
  try StepHarness.run(
    SimulateEvents(
      batch: 0, firstUser: first, userCount: count, seed: seed, referenceDate: referenceDate,
      tenant: tenant))
}
