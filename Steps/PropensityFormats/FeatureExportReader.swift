// The columns of the feature table and the SQL that reads them back from an export.
// It builds text and knows neither who computes the features nor who reads them.
import LearningFormats

extension FeatureTable {
  /// The columns in their order, for a table with these features; every feature is a BIGINT.
  ///
  /// `subscriptionOccurred` is the label. Minutes are null where no such event came before.
  public static func columns(features: [String]) -> [TableColumn] {
    [
      TableColumn("userId", "VARCHAR"), TableColumn("eventType", "VARCHAR"),
      TableColumn("timestamp", "TIMESTAMP"), TableColumn("subscriptionOccurred", "BOOLEAN"),
    ] + features.map { TableColumn($0, "BIGINT") } + [
      TableColumn("random_row_number_for_user", "BIGINT")
    ]
  }
}

/// The file formats of a feature export, as `Cloud.data_format` names them.
public enum ExportFormat: String, Codable, Sendable, CaseIterable {
  case parquet, csv, json
}

/// Reads a feature export back with the types that it was written with.
public struct FeatureExportReader: Sendable {
  /// The format of the export's files.
  public let format: ExportFormat
  /// The names of the features, in the order in which they were declared.
  public let features: [String]

  /// A reader of files of one format; `features` are in the order of their columns.
  public init(format: ExportFormat, features: [String]) {
    self.format = format
    self.features = features
  }

  /// The table expression for the files that an SQL expression names: a path, a pattern or a list.
  ///
  ///     reader.relation(of: "getvariable('export') || '/part-*'")
  ///
  /// Types are never guessed: a CSV column without a value in one part would get another type.
  /// Compression follows from the files' endings.
  public func relation(of files: String) -> String {
    switch format {
    case .parquet: "read_parquet(\(files))"
    case .csv:
      "read_csv(\(files), auto_detect = false, header = true, delim = ',', quote = '\"', "
        + "escape = '\"', nullstr = '', allow_quoted_nulls = false, columns = \(columns))"
    case .json: "read_json(\(files), format = 'newline_delimited', columns = \(columns))"
    }
  }

  private var columns: String {
    let pairs = FeatureTable.columns(features: features).map { "'\($0.name)': '\($0.type)'" }
    return "{" + pairs.joined(separator: ", ") + "}"
  }
}
