// The step that makes records for a feature group of a table. It ingests nothing.
import AtelierStep
import DuckDB
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The rows of a table as records, typed as a feature group has them, a file for each day of event time.
///
/// Records of more than 64 days come in a file a month, and of more than 64 months in a file a year, so
/// that many days are neither many files to ingest nor many to read.
///
/// A table with any row that does not fit is refused as a whole, with line and column of the first and how
/// many rows more there are: no identifier or event time, a required feature that is empty, a value
/// that its type cannot hold or that a one-hot column does not list, a time outside of the years 1970
/// to 9999. An identifier may come several times: the later row counts.
public struct MakeRecords: Step {
  /// The imported table.
  public var table: Artifact<DataTable>
  /// Where each feature comes from, and its type.
  public var encoding: RecordEncoding
  /// The table's column of row numbers, from 1 up; records keep its order.
  public var rowNumber: String = "row"
  /// The table's column of places in the user's file; nil: the row numbers.
  public var lineNumber: String?
  /// Whether messages call a row's place a line or a row.
  public var place: RowPlace = .line
  /// The records, with the definition of their group in `group.json`.
  public var records = Output<FeatureRecords>()

  /// DuckDB, which checks and converts the rows.
  public var programs: [Program] { [.duckdb] }

  /// Checks every row, then writes the records; fails with the place of the first invalid row.
  public func run(in context: StepContext) throws {
    let definition = try encoding.definition()
    let database = try DuckDB(in: context)
    let path = try context.path(table)
    let columns = try TableColumns(of: path, database)
    try columns.check(
      have: [rowNumber] + (lineNumber.map { [$0] } ?? [])
        + encoding.features.compactMap(\.source.column), in: "table")
    let sql = try RecordSQL(
      encoding, rowNumber: rowNumber, lineNumber: lineNumber ?? rowNumber, place: place,
      columns: columns)
    let problem = context.scratch("problem.txt")
    let (encoded, dates) = (context.scratch("records.parquet"), context.scratch("dates.txt"))
    try database.run(
      sql.checks + ProblemReport.sql,
      with: ["table": .text(path), "problem": .text(problem)])
    try ProblemReport.refuse(problem, what: "table")
    try database.run(
      sql.records,
      with: ["table": .text(path), "encoded": .text(encoded), "dates": .text(dates)])
    let tree = try context.path(records)
    try Data(definition.json.canonicalBytes()).write(
      to: URL(fileURLWithPath: "\(tree)/group.json"))
    let spans = try String(contentsOfFile: dates, encoding: .utf8).split(separator: "\n")
    var script = ""
    for span in spans {
      let folder = "\(tree)/\(Self.kind(of: span))=\(span)"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      script += sql.copy(span: String(span), to: "\(folder)/records.parquet")
    }
    try database.run(script, with: ["encoded": .text(encoded)])
    context.log("files by event time: \(spans.count)")
  }

  /// A day, a month or a year, as folders name it.
  private static func kind(of span: Substring) -> String {
    span.utf8.count == 10 ? "event_date" : span.utf8.count == 7 ? "event_month" : "event_year"
  }
}
