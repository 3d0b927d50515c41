// The step that brings a user's table into typed Parquet. It knows no column by name.
import AtelierStep
import DuckDB
import LearningFormats

/// Reads a CSV, gzipped CSV or Parquet file, or the CSV of a workbook, into a table with the declared columns and types.
///
/// The rows keep the file's order. An empty field is null; quoted or not makes no difference. Rows of
/// text without any value are passed over and counted in the log. A file with any row that does not
/// fit is refused as a whole, with the place and the column of the first: in text the line in which the
/// row begins, in Parquet and workbooks the row. No value changes: what its column's type does not hold
/// exactly is refused (`ValueReader`). The log has the least and the greatest time of each column.
public struct ImportTable: Step {
  /// The file as the user gives it.
  public var file: Artifact<TableFile>
  /// The file's format.
  public var format: TableFileFormat
  /// The columns to read and how their text is written.
  public var schema: TableSchema
  /// The file's SHA-256; empty: not compared.
  public var sha256: String = ""
  /// What the user calls the file.
  @Unkeyed public var name: String = "the file"
  /// The declared columns, rows in the order of the file.
  public var table = Output<DataTable>()

  /// DuckDB, which reads and checks the file, and gzip for a compressed one.
  public var programs: [Program] { format == .gzippedCSV ? [.duckdb, .gzip] : [.duckdb] }

  /// Imports the file; fails with the column and the place of the first value that does not fit.
  public func run(in context: StepContext) throws {
    let path = try context.path(file)
    try FileDigest.check(path, is: sha256, name: name)
    try schema.check()
    let source = try TableSource(path, format, schema, name: name, in: context)
    let reader = try TableReader(source, schema: schema, name: name)
    context.log(try reader.write(to: context.path(table), in: context))
  }
}
