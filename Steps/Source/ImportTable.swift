// The step that brings a user's table into typed Parquet. It knows no column by name.
import AtelierStep
import DuckDB
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads a CSV, gzipped CSV or Parquet file into a table with the declared columns and types.
///
/// The rows keep the file's order. An empty field is null; quoted or not makes no difference. A file
/// with any row that does not fit is refused as a whole, with the line and the column of the first: a
/// line number counts records, so a quoted field that spans lines counts once. NaN and infinities are
/// refused, too.
public struct ImportTable: Step {
  public static let code = CodeFingerprint.module

  public var file: Artifact<TableFile>
  public var format: TableFileFormat
  public var schema: TableSchema
  /// The file's SHA-256; empty: not compared.
  public var sha256: String
  /// What the user calls the file.
  @Unkeyed public var name: String
  public var table = Output<DataTable>()

  public init(
    file: Artifact<TableFile>, format: TableFileFormat, schema: TableSchema, sha256: String = "",
    name: String = "the file"
  ) {
    self.file = file
    self.format = format
    self.schema = schema
    self.sha256 = sha256
    self.name = name
  }

  public var programs: [Program] { [.duckdb] }

  public func run(in context: StepContext) throws {
    let path = try context.path(file)
    try FileDigest.check(path, is: sha256, name: name)
    try schema.check()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    guard size != 0 else {
      throw StepFailure("the file of the table is empty: give at least one row")
    }
    let reader = try TableReader(path: path, format: format, schema: schema, in: context)
    try reader.refuseBadRows()
    try reader.write(to: context.path(table))
  }
}
