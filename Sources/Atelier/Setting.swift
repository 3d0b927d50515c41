// A property that config.ini sets: its key, its default, what it may be, and a line for people.
import Configuration
import Names

/// A property of a ``SettingsTable`` that a key of `config.ini` sets.
///
///     @Setting("Retail", "rows", "simulated sales", in: 1...100_000_000) var rows = 60_000
///
/// The property's own value is the default. `$rows` is the setting itself, whose `error(_:)` makes an
/// error of its value.
@propertyWrapper
public struct Setting<Value: Sendable>: Sendable {
  // The value is not constrained to `SettingValue`: the runtime would read through all conformances of the
  // program for each type of a setting.
  /// The value.
  public private(set) var wrappedValue: Value
  /// The key, and what it may be.
  public let declaration: SettingDeclaration
  /// The value of a text; nil where it may not be that.
  private let value: @Sendable (String) -> Value?

  /// The setting itself.
  public var projectedValue: Setting<Value> { self }

  /// A setting that may have any value of its type.
  public init(
    wrappedValue: Value, _ section: String, _ key: String, _ summary: String
  ) where Value: SettingValue {
    self.init(wrappedValue, section, key, summary, expected: Value.expected) { _ in true }
  }

  /// A setting whose value is in a range, bounds included.
  public init(
    wrappedValue: Value, _ section: String, _ key: String, _ summary: String,
    in range: ClosedRange<Value>
  ) where Value: SettingValue & Comparable {
    let (low, high) = (range.lowerBound.settingText, range.upperBound.settingText)
    self.init(
      wrappedValue, section, key, summary, expected: "\(Value.expected) from \(low) to \(high)"
    ) { range.contains($0) }
  }

  /// A setting whose value is above a bound, and at most another.
  public init(
    wrappedValue: Value, _ section: String, _ key: String, _ summary: String, above low: Value,
    upTo high: Value
  ) where Value: SettingValue & Comparable {
    let bounds = "above \(low.settingText) and at most \(high.settingText)"
    self.init(wrappedValue, section, key, summary, expected: "\(Value.expected) \(bounds)") {
      $0 > low && $0 <= high
    }
  }

  /// A setting for others; wiring cannot read it.
  public init(_ section: String, _ key: String, _ summary: String) where Value == UnreadSetting {
    wrappedValue = UnreadSetting()
    declaration = SettingDeclaration(section, key, summary)
    value = { _ in nil }
  }

  /// A text that is one of some words.
  public init(
    wrappedValue: Value, _ section: String, _ key: String, _ summary: String, among words: [String]
  ) where Value == String {
    self.init(wrappedValue, section, key, summary, expected: SettingWords.either(words)) {
      words.contains($0)
    }
  }

  private init(
    _ value: Value, _ section: String, _ key: String, _ summary: String, expected: String,
    _ isAllowed: @escaping @Sendable (Value) -> Bool
  ) where Value: SettingValue {
    wrappedValue = value
    declaration = SettingDeclaration(
      section, key, expected: expected, default: value.settingText, summary)
    self.value = { text in Value(settingText: text).flatMap { isAllowed($0) ? $0 : nil } }
  }

  /// An error of this setting's value: what is wrong with it, and what to do.
  public func error(_ problem: String) -> SettingError {
    SettingError(declaration.section, declaration.key, problem)
  }

  /// The value of a check; a failure of it is an error of this setting.
  public func checked<Result>(_ check: () throws -> Result) throws -> Result {
    do {
      return try check()
    } catch let error as SettingError {
      throw error
    } catch {
      throw self.error("\(error)")
    }
  }
}

extension Setting where Value == String {
  /// The place in a bucket that the text names; nil where it is a path or another kind of address.
  ///
  /// - Throws: a `SettingError` where the text means a bucket and is no address of one.
  public func bucketURL() throws -> S3URL? {
    guard S3URL.isMeant(by: wrappedValue) else { return nil }
    return try checked { try S3URL(wrappedValue) }
  }

  /// The data set of the platform that the text names; nil where it is a path or another kind of address.
  ///
  /// - Throws: a `SettingError` where the text means a data set and is no address of one.
  public func platformURL() throws -> PlatformURL? {
    guard PlatformURL.isMeant(by: wrappedValue) else { return nil }
    return try checked { try PlatformURL(wrappedValue) }
  }
}

/// A setting of any type, as the walk over a table finds it.
protocol DeclaredSetting {
  var declaration: SettingDeclaration { get }
  /// The setting with the value of a configuration.
  func reading(_ configuration: Configuration) throws -> Self
}

extension Setting: DeclaredSetting {
  func reading(_ configuration: Configuration) throws -> Self {
    if Value.self == UnreadSetting.self { return self }
    let (section, key) = (declaration.section, declaration.key)
    guard !Secret.isSecret(key: key) else {
      throw ConfigurationError.secretAsText(section: section, key: key)
    }
    var copy = self
    copy.wrappedValue = try configuration.value(
      section, key, default: wrappedValue, expected: declaration.expected, by: value)
    return copy
  }
}

extension Setting: Decodable {
  /// Fails: a setting is read with its table, by ``SettingsTable/init(reading:)``.
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: decoder.codingPath,
        debugDescription: "a setting is read by init(reading:) of its table"))
  }
}
