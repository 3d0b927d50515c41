// What a feature group holds, as a value: the typed features, and how they may change later.
import Content

/// The features of a group: their names and types, which one names a record, which one its time.
public struct FeatureDefinition: Codable, Hashable, Sendable {
  /// The types of a feature store.
  public enum ValueType: String, Codable, Sendable, CaseIterable {
    case integral = "Integral"
    case fractional = "Fractional"
    case string = "String"

    /// The type of the feature's column in Parquet, as DuckDB calls it.
    public var column: String {
      switch self {
      case .integral: "BIGINT"
      case .fractional: "DOUBLE"
      case .string: "VARCHAR"
      }
    }
  }

  /// One feature.
  public struct Feature: Codable, Hashable, Sendable {
    /// The feature's name.
    public let name: String
    /// The type of its values.
    public let type: ValueType

    /// A feature by its name and type.
    public init(_ name: String, _ type: ValueType) {
      self.name = name
      self.type = type
    }
  }

  /// The feature that names a record: Integral or String, never null.
  public let recordIdentifier: String
  /// The feature that says when a record held: Fractional, seconds since 1970 in UTC, never null.
  public let eventTime: String
  /// All features in the order of their columns, the two above among them.
  public let features: [Feature]

  /// Checks names and types; throws a `StepFailure` that names the feature at fault.
  public init(recordIdentifier: String, eventTime: String, features: [Feature]) throws {
    self.recordIdentifier = recordIdentifier
    self.eventTime = eventTime
    self.features = features
    try check()
  }

  /// The features that are neither the record's name nor its time.
  public var values: [Feature] {
    features.filter { $0.name != recordIdentifier && $0.name != eventTime }
  }

  /// Names that a feature store uses itself: SageMaker's three, our columns, and DuckDB's of a file.
  static let reserved = [
    "is_deleted", "write_time", "api_invocation_time", "event_date", "batch", "batch_row",
    "filename", "file_row_number",
  ]

  private func check() throws {
    for feature in features {
      guard Self.isPlain(feature.name) else {
        throw StepFailure(
          "'\(feature.name)' is no name of a feature: give 1 to 64 letters, digits, '-' and '_', the "
            + "first and the last a letter or digit")
      }
      guard !Self.reserved.contains(feature.name.lowercased()) else {
        throw StepFailure(
          "'\(feature.name)' is a column of the feature store itself; call the feature otherwise")
      }
    }
    let names = features.map { $0.name.lowercased() }
    if let twice = Set(names).sorted().first(where: { name in names.count { $0 == name } > 1 }) {
      throw StepFailure("the feature '\(twice)' is there twice; the case of letters does not count")
    }
    guard let identifier = features.first(where: { $0.name == recordIdentifier }) else {
      throw StepFailure("the record identifier '\(recordIdentifier)' is none of the features")
    }
    guard identifier.type != .fractional else {
      throw StepFailure(
        "the record identifier '\(recordIdentifier)' is Fractional; expected Integral or String")
    }
    guard let time = features.first(where: { $0.name == eventTime }) else {
      throw StepFailure("the event time '\(eventTime)' is none of the features")
    }
    guard time.type == .fractional, recordIdentifier != eventTime else {
      throw StepFailure(
        "the event time '\(eventTime)' is \(time.type.rawValue); expected a Fractional feature of its "
          + "own: seconds since 1970")
    }
  }

  /// Throws a `StepFailure` unless SageMaker takes the name for a feature group.
  public static func checkGroup(_ name: String) throws {
    guard isPlain(name), !name.contains("_") else {
      throw StepFailure(
        "'\(name)' is no name of a feature group: give 1 to 64 letters, digits and '-', the first and "
          + "the last a letter or digit")
    }
  }

  /// Whether SageMaker takes the name for a feature.
  private static func isPlain(_ name: String) -> Bool {
    func isWord(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    let bytes = Array(name.utf8)
    guard (1...64).contains(bytes.count), let first = bytes.first, let last = bytes.last else {
      return false
    }
    return isWord(first) && isWord(last)
      && bytes.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
  }

  // MARK: Evolution

  /// The definition of a group after records of another one came: new features follow the old.
  ///
  /// Nothing else may change. Throws a `StepFailure` that names what did.
  public func evolved(by other: FeatureDefinition) throws -> FeatureDefinition {
    guard other.recordIdentifier == recordIdentifier else {
      throw StepFailure(
        "the record identifier is '\(other.recordIdentifier)', and the group's is '\(recordIdentifier)'"
      )
    }
    guard other.eventTime == eventTime else {
      throw StepFailure(
        "the event time is '\(other.eventTime)', and the group's is '\(eventTime)'")
    }
    let given = Dictionary(
      other.features.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    for feature in features {
      guard let type = given[feature.name] else {
        throw StepFailure(
          "the feature '\(feature.name)' is missing; a group only gains features, it loses none")
      }
      guard type == feature.type else {
        throw StepFailure(
          "the feature '\(feature.name)' is \(type.rawValue), and the group's is "
            + "\(feature.type.rawValue); give a new feature another name")
      }
    }
    let known = Set(features.map(\.name))
    return try FeatureDefinition(
      recordIdentifier: recordIdentifier, eventTime: eventTime,
      features: features + other.features.filter { !known.contains($0.name) })
  }

  // MARK: JSON

  /// The definition as JSON, with the members of a request to create a feature group.
  public var json: JSONValue {
    [
      "RecordIdentifierFeatureName": .string(recordIdentifier),
      "EventTimeFeatureName": .string(eventTime),
      "FeatureDefinitions": .array(
        features.map {
          ["FeatureName": .string($0.name), "FeatureType": .string($0.type.rawValue)]
        }),
    ]
  }

  /// Reads what `json` gives; throws a `StepFailure` for anything else.
  public init(json: JSONValue) throws {
    guard let identifier = json["RecordIdentifierFeatureName"]?.string,
      let time = json["EventTimeFeatureName"]?.string,
      let features = json["FeatureDefinitions"]?.array
    else {
      throw StepFailure(
        "a feature group needs RecordIdentifierFeatureName, EventTimeFeatureName and "
          + "FeatureDefinitions")
    }
    try self.init(
      recordIdentifier: identifier, eventTime: time,
      features: features.map { feature in
        guard let name = feature["FeatureName"]?.string,
          let type = feature["FeatureType"]?.string.flatMap(ValueType.init(rawValue:))
        else {
          throw StepFailure(
            "a feature needs a FeatureName and a FeatureType: Integral, Fractional or String")
        }
        return Feature(name, type)
      })
  }
}
