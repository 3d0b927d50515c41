// What is done with a repeated event. It knows no file.

/// What is done with an event whose `_id` came before.
public enum RepeatedEventRule: String, Codable, Sendable, CaseIterable {
  /// The import fails, and names both.
  case refuse
  /// The first one in the order of files and lines is kept.
  case drop
}
