// The family's SQL files as text. It knows their names only.

/// The embedded files of the folder SQL.
enum SQLText {
  static let events = String(decoding: PackageResources.events_sql, as: UTF8.self)
  static let profiles = String(decoding: PackageResources.profiles_sql, as: UTF8.self)
  static let repeatedEvents = String(
    decoding: PackageResources.repeated_events_sql, as: UTF8.self)
}
