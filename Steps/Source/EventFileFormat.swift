// The formats in which a user may give events. It reads none of them.

/// The format of an event file.
public enum EventFileFormat: String, Codable, Sendable, CaseIterable {
  /// Parquet with the structs of the XDM shape.
  case parquet
  /// Comma-separated values, UTF-8, with a header. A field of a struct is a column of its own with
  /// a dotted name: `web.webInteraction.linkClicks.value`, `_<tenant>.cmle_id`.
  case csv
  /// One JSON object a line, with the objects of the XDM shape.
  case json

  /// The format of a file name extension such as `parquet`, `csv`, `json`, `jsonl` or `ndjson`.
  public init?(fileExtension: String) {
    switch fileExtension.lowercased() {
    case "parquet": self = .parquet
    case "csv": self = .csv
    case "json", "jsonl", "ndjson": self = .json
    default: return nil
    }
  }
}
