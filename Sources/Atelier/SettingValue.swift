// The types that a setting may have, and how each is written in config.ini.
import Configuration

/// A type that a setting may have.
///
/// Text, whole and other numbers, truth values, and the enumerations of ``SettingChoice`` are such
/// types; an optional one is nil where the text is empty.
public protocol SettingValue: Sendable {
  /// What a value must be, in words that follow `expected`, such as `a whole number`.
  static var expected: String { get }
  /// The value of a text; nil where it is not of this type.
  init?(settingText: String)
  /// The value as a text of `config.ini`.
  var settingText: String { get }
}

extension String: SettingValue {
  /// `a text`.
  public static var expected: String { "a text" }
  /// Any text.
  public init?(settingText: String) { self = settingText }
  /// The text itself.
  public var settingText: String { self }
}

extension Int: SettingValue {
  /// `a whole number`.
  public static var expected: String { "a whole number" }
  /// The number that Python's `int` reads.
  public init?(settingText: String) {
    guard let value = PythonValues.integer(settingText) else { return nil }
    self = value
  }
  /// Decimal digits.
  public var settingText: String { "\(self)" }
}

extension Double: SettingValue {
  /// `a finite number`.
  public static var expected: String { "a finite number" }
  /// The number that Python's `float` reads, if it is finite.
  public init?(settingText: String) {
    guard let value = PythonValues.double(settingText), value.isFinite else { return nil }
    self = value
  }
  /// The shortest decimal number that is read as this one, without `.0` at its end.
  public var settingText: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Bool: SettingValue {
  /// The words of Python's ConfigParser.
  public static var expected: String { "1, yes, true, on, 0, no, false or off" }
  /// The truth value that ConfigParser's `getboolean` reads.
  public init?(settingText: String) {
    guard let value = PythonValues.boolean(settingText) else { return nil }
    self = value
  }
  /// `yes` or `no`.
  public var settingText: String { self ? "yes" : "no" }
}

extension Optional: SettingValue where Wrapped: SettingValue {
  /// What the value must be, or nothing.
  public static var expected: String { Wrapped.expected + ", or nothing" }
  /// Nil for an empty text.
  public init?(settingText: String) {
    guard !settingText.isEmpty else {
      self = .none
      return
    }
    guard let value = Wrapped(settingText: settingText) else { return nil }
    self = .some(value)
  }
  /// The value's text; empty for nil.
  public var settingText: String { self?.settingText ?? "" }
}

/// A setting that is one of a few words: an enumeration of texts.
public protocol SettingChoice: SettingValue, RawRepresentable, CaseIterable
where RawValue == String {}

extension SettingChoice {
  /// The words, the last after `or`.
  public static var expected: String { SettingWords.either(allCases.map(\.rawValue)) }
  /// The case of a word.
  public init?(settingText: String) { self.init(rawValue: settingText) }
  /// The word.
  public var settingText: String { rawValue }
}

/// A place below a bucket: folders joined by `/`, without slashes at its ends; may be empty.
public struct KeyPrefix: SettingValue {
  /// The folders, joined by `/`.
  public let text: String
  /// `a path within a bucket`.
  public static var expected: String { "a path within a bucket" }
  /// Any text; slashes at its ends are left out.
  public init(settingText: String) {
    let tail = settingText.drop { $0 == "/" }
    text = String(tail.reversed().drop { $0 == "/" }.reversed())
  }
  /// The folders, joined by `/`.
  public var settingText: String { text }
}

/// A setting that is there for others, such as the notebooks: wiring cannot read it.
///
/// Secrets are of this type, so none can get into a step.
public struct UnreadSetting: SettingValue {
  /// `a text`.
  public static var expected: String { "a text" }
  /// A setting without a default.
  public init() {}
  /// Keeps nothing of the text.
  public init?(settingText: String) {}
  /// Empty: nothing is kept.
  public var settingText: String { "" }
}

enum SettingWords {
  /// `a, b or c`.
  static func either(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
