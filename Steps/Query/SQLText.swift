// The family's SQL files as text. It knows their names only.

/// The embedded files of the folder SQL.
enum SQLText {
  static let events = String(decoding: PackageResources.events_sql, as: UTF8.self)
  static let profiles = String(decoding: PackageResources.profiles_sql, as: UTF8.self)
  static let repeatedEvents = String(
    decoding: PackageResources.repeated_events_sql, as: UTF8.self)
  static let statistics = String(decoding: PackageResources.statistics_sql, as: UTF8.self)
  static let sampleEvents = String(decoding: PackageResources.sample_events_sql, as: UTF8.self)
  static let sampling = String(decoding: PackageResources.sampling_sql, as: UTF8.self)
  static let funnel = String(decoding: PackageResources.funnel_sql, as: UTF8.self)
  static let cooccurrence = String(decoding: PackageResources.cooccurrence_sql, as: UTF8.self)
  static let correlation = String(decoding: PackageResources.correlation_sql, as: UTF8.self)
}
