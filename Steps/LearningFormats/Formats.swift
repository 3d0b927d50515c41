// The artifact formats that every workshop with tables and models uses: types, and no code.
import AtelierStep

/// A Parquet file.
public protocol ParquetFormat: ArtifactFormat {}
extension ParquetFormat {
  /// Apache Parquet.
  public static var mediaType: String { "application/vnd.apache.parquet" }
  /// `parquet`.
  public static var fileExtension: String { "parquet" }
}

/// A CSV file with a header row, fields quoted as RFC 4180 says, `\n` line ends.
public protocol CSVFormat: ArtifactFormat {}
extension CSVFormat {
  /// Comma-separated values.
  public static var mediaType: String { "text/csv" }
  /// `csv`.
  public static var fileExtension: String { "csv" }
}

/// A JSON document.
public protocol JSONFormat: ArtifactFormat {}
extension JSONFormat {
  /// JSON.
  public static var mediaType: String { "application/json" }
  /// `json`.
  public static var fileExtension: String { "json" }
}

// MARK: - Tables

/// A table as a user supplies it: CSV, gzipped CSV, Parquet or a workbook (.xlsx).
public enum TableFile: ArtifactFormat {
  /// Any bytes: the file's format is a parameter of the step that reads it.
  public static let mediaType = "application/octet-stream"
  /// None: users name the file.
  public static let fileExtension = ""
}
/// Any table as a Parquet file, where a format of its own would say no more.
public enum ParquetTable: ParquetFormat {}
/// Any table as a CSV file, where a format of its own would say no more.
public enum CSVTable: CSVFormat {}
/// A table with typed columns, which the step that writes it declares.
public enum DataTable: ParquetFormat {}
/// The parts of one table, a file `<part>.parquet` each, with the columns of that table.
///
/// `parts.json` has the names and the row counts.
public enum TableParts: ArtifactFormat {
  /// A folder of Parquet files with `parts.json`.
  public static let mediaType = "application/vnd.atelier.parts+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True: a folder is stored file by file.
  public static let isTree = true
}
/// Parts of a table as CSV files, with or without a header.
public enum TableTexts: ArtifactFormat {
  /// A folder of CSV files.
  public static let mediaType = "application/vnd.atelier.csv+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True: a folder is stored file by file.
  public static let isTree = true
}

/// value, code: the code of each value of a column, from 0 up.
public enum CodeTable: CSVFormat {}
/// How features are scaled: a `FeatureScale` by the feature's name.
public enum FeatureScaling: JSONFormat {}

// MARK: - Models

/// Named parts of training data in XGBoost's reach: a tree of dense matrices.
///
/// As `MakeMatrices` writes it: `<part>.features.f32` and `<part>.labels.f32` are little-endian 32-bit
/// floats, row by row, NaN for null; `meta.json` says what the columns are.
public enum TrainingData: ArtifactFormat {
  /// A folder of matrices with `meta.json`.
  public static let mediaType = "application/vnd.atelier.training+directory"
  /// None: it is a folder.
  public static let fileExtension = ""
  /// True: a folder is stored file by file.
  public static let isTree = true
}
/// A model of `TrainModel`: XGBoost's UBJSON, with its columns, settings and encodings in it.
public enum Model: ArtifactFormat {
  /// XGBoost's binary JSON (UBJSON).
  public static let mediaType = "application/vnd.xgboost.ubj"
  /// `ubj`.
  public static let fileExtension = "ubj"
}
/// What a model was trained with and on: settings, parts, rows, features, the model's digest.
public enum TrainingResult: JSONFormat {}
/// The metrics of one model on some parts: `parts`, `rows`, and in `metrics` and `constant` a member a
/// metric: the model's, and those of the best constant prediction for the same rows.
public enum ModelMetrics: JSONFormat {}
/// A prediction a row, after the columns that were kept.
///
/// The column is `prediction`, or there is one a class: `prediction_0` and so on.
public enum Predictions: CSVFormat {}
/// How a workflow ended: `status` is `predicted`, `configured` or `refused`, the other members say
/// what and why.
public enum Outcome: JSONFormat {}
/// actual, predicted, rows: how many rows of each class were decided to be of which.
public enum ConfusionCounts: CSVFormat {}
/// actual, from, to, rows: how many rows of each class score in each interval.
public enum ScoreCounts: CSVFormat {}
/// actual, predicted: some rows, evenly taken.
public enum ActualPredicted: CSVFormat {}
/// from, to, rows: how many errors (predicted - actual) lie in each interval.
public enum ErrorHistogram: CSVFormat {}
/// feature, gain: from the most to the least useful; features that no split uses have 0.
public enum FeatureGains: CSVFormat {}
