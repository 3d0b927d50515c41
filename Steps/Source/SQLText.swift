// The family's SQL files as text. It knows their names only.

/// The embedded files of the folder SQL.
enum SQLText {
  static let importEvents = String(decoding: PackageResources.import_events_sql, as: UTF8.self)
}
