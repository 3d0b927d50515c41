// The step that says how far the parts of an export lie from each other. It explains no difference.
import AtelierStep
import DuckDB
import PropensityFormats

/// The population stability index (PSI) of each feature, of the label and of the score, part by part.
///
/// A part is compared with all others together; an index above 0.1 is flagged, as is the custom. An
/// export of one part gives no row.
public struct MeasureDrift: Step {
  /// The featurized data set as it was delivered.
  public var export: Artifact<FeatureExport>
  /// The propensity of every user.
  public var scores: Artifact<Scores>
  /// The format of the export's files: parquet, csv or json.
  public var dataFormat: String
  /// The features of the export in the order of their columns.
  public var features: [String]
  /// A row per part and column: the index, and whether it is flagged.
  public var drift = Output<DriftTable>()

  /// From here on an index is flagged.
  private static let threshold = 0.1

  /// DuckDB, which computes the indexes.
  public var programs: [Program] { [.duckdb] }

  private var columns: [String] { features + [ExportTable.label, "prediction"] }

  /// The text as it runs.
  public var sql: [String: String] {
    [
      SQLFile.drift.name: SQLFile.drift.text
        .replacing("{{columns}}", with: SQLName.list(columns))
        .replacing("{{names}}", with: SQLValue.list(columns.map(SQLValue.text)).literal)
    ]
  }

  /// Compares each part with all others.
  public func run(in context: StepContext) throws {
    try ExportTable(export, dataFormat: dataFormat, features: features, in: context).run(
      try context.sql(SQLFile.drift),
      with: [
        "scores": .text(try context.path(scores)), "threshold": .number(Self.threshold),
        "drift": .text(try context.path(drift)),
      ])
  }
}
