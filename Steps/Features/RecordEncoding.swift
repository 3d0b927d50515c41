// Where each feature of a record comes from, as a value. It builds no SQL.
import AtelierStep

/// Where the value of a feature comes from.
public enum FeatureSource: Codable, Hashable, Sendable {
  /// A column of the table.
  case column(name: String)
  /// 1 where a column has this value, 0 where it has another one that is listed, null where it is null.
  case oneHot(column: String, value: String)
  /// The number of the row in its file, the first row having this one.
  case rowNumber(from: Int)
  /// The same event time for every record: seconds since 1970 in UTC.
  case eventTime(seconds: Double)

  /// The column that is read; nil where none is.
  var column: String? {
    switch self {
    case .column(let name), .oneHot(let name, _): name
    case .rowNumber, .eventTime: nil
    }
  }
}

/// One feature of a record: its name and type, where it comes from, and whether it may be null.
public struct EncodedFeature: Codable, Hashable, Sendable {
  /// The feature's name and type in the group.
  public let feature: FeatureDefinition.Feature
  /// Where its values come from.
  public let source: FeatureSource
  /// Whether a null refuses the table; the identifier and the event time are never null.
  public let isRequired: Bool

  /// A feature by name and type; a null is accepted unless `isRequired`.
  public init(
    _ name: String, _ type: FeatureDefinition.ValueType, from source: FeatureSource,
    isRequired: Bool = false
  ) {
    feature = .init(name, type)
    self.source = source
    self.isRequired = isRequired
  }
}

/// How the rows of a table become records of a feature group.
public struct RecordEncoding: Codable, Hashable, Sendable {
  /// The feature that identifies a record.
  public let recordIdentifier: String
  /// The feature that holds the event time, in seconds since 1970 (UTC).
  public let eventTime: String
  /// In the order of the columns.
  public let features: [EncodedFeature]

  /// Checks names, types and sources; throws a `StepFailure` that names the feature at fault.
  public init(recordIdentifier: String, eventTime: String, features: [EncodedFeature]) throws {
    self.recordIdentifier = recordIdentifier
    self.eventTime = eventTime
    self.features = features
    _ = try definition()
    for feature in features { try Self.check(feature) }
  }

  /// What a group of these records is.
  public func definition() throws -> FeatureDefinition {
    try FeatureDefinition(
      recordIdentifier: recordIdentifier, eventTime: eventTime, features: features.map(\.feature))
  }

  /// What an event time may be, in seconds since 1970 in UTC: from there up to, but without, the year 10000.
  public static let times = 0.0..<253_402_300_800

  private static func check(_ encoded: EncodedFeature) throws {
    let (name, type) = (encoded.feature.name, encoded.feature.type)
    switch encoded.source {
    case .column: break
    case .oneHot:
      guard type != .string else {
        throw StepFailure("the feature '\(name)' is one-hot, 0 or 1: give it a number's type")
      }
    case .rowNumber(let first):
      guard type != .fractional, (0...Int(Int32.max)).contains(first) else {
        throw StepFailure(
          "the feature '\(name)' is a row number: make it Integral or String, counted from 0 to "
            + "\(Int32.max)")
      }
    case .eventTime(let seconds):
      guard type == .fractional, times.contains(seconds) else {
        throw StepFailure(
          "the feature '\(name)' is an event time: make it Fractional, in the years 1970 to 9999")
      }
    }
  }

  /// Every value that is listed for a one-hot column, by the column, in the order of the features.
  var listed: [(column: String, values: [String])] {
    var columns: [String] = []
    var values: [String: [String]] = [:]
    for feature in features {
      guard case .oneHot(let column, let value) = feature.source else { continue }
      if values[column] == nil { columns.append(column) }
      values[column, default: []].append(value)
    }
    return columns.map { ($0, values[$0] ?? []) }
  }
}
