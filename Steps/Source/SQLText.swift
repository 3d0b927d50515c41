// The family's SQL files as text. It knows their names only.

/// The embedded files of the folder SQL.
enum SQLText {
  static let importEvents = String(decoding: PackageResources.import_events_sql, as: UTF8.self)
  static let readParquet = String(decoding: PackageResources.read_parquet_sql, as: UTF8.self)
  static let readCSV = String(decoding: PackageResources.read_csv_sql, as: UTF8.self)
  static let readJSON = String(decoding: PackageResources.read_json_sql, as: UTF8.self)
}
