// The step that writes feature tables in the format of the delivery. Where it goes it never sees.
import AtelierStep
import DuckDB
import PropensityFormats

/// The featurized data set as files, one an input part, in the order of the parts.
///
/// The files are named `part-00000.parquet`, `part-00000.csv.gz` and so on; `FeatureExportReader`
/// reads them back. Format and compression are those of `[Cloud]` in the configuration.
public struct ExportFeatures: Step {
  /// The feature tables, one a batch.
  public var parts: [Artifact<FeatureTable>]
  /// `parquet`, `csv` or `json` (one object a line).
  public var dataFormat: String
  /// `gzip`, `zstd`, `none`, and for Parquet `snappy`.
  public var compression: String
  /// A file per part.
  public var export = Output<FeatureExport>()

  /// Throws a `StepFailure` that names the configuration's key when the two don't go together.
  public static func validate(dataFormat: String, compression: String) throws {
    _ = try ExportSettings(dataFormat: dataFormat, compression: compression)
  }

  /// DuckDB, which writes the files.
  public var programs: [Program] { [.duckdb] }

  /// The statement of the chosen format; none while the settings are wrong, which `run` reports.
  public var sql: [String: String] {
    guard
      let settings = try? ExportSettings(dataFormat: dataFormat, compression: compression)
    else { return [:] }
    return settings.script.named
  }

  /// Writes the parts in their order; fails for a compression that the format does not have.
  public func run(in context: StepContext) throws {
    let settings = try ExportSettings(dataFormat: dataFormat, compression: compression)
    let folder = try context.path(export)
    let script = try context.sql(settings.script)
    let statements = try parts.enumerated().map { index, part in
      let file = "\(folder)/\(settings.fileName(ofPart: index))"
      return """
        SET VARIABLE part = \(SQLValue.text(try context.path(part)).literal);
        SET VARIABLE file = \(SQLValue.text(file).literal);
        \(script)
        """
    }
    try DuckDB(in: context).run(
      statements.joined(separator: "\n"), with: ["compression": .text(settings.duckDBCompression)])
  }
}
