// What a workshop says of a configuration key, for listings and checks of names.
import Configuration

/// A configuration key that a workshop or the program knows.
public struct SettingDeclaration: Sendable, Hashable {
  /// The section of `config.ini`.
  public let section: String
  /// The key within the section.
  public let key: String
  /// What a value must be, such as `a whole number from 1 to 100`.
  public let expected: String
  /// The value where no layer gives one, as a file has it; nil for none.
  public let defaultValue: String?
  /// One line for people.
  public let summary: String

  /// A setting with its default and one line for people.
  public init(
    _ section: String, _ key: String, expected: String = "a text", default value: String? = nil,
    _ summary: String
  ) {
    self.section = section
    self.key = key
    self.expected = expected
    defaultValue = value
    self.summary = summary
  }

  /// The key as the configuration module knows it.
  public var known: KnownKey { KnownKey(section, key, default: defaultValue) }
}

/// A value that makes no sense for its key: the user's mistake.
public struct SettingError: Error, CustomStringConvertible {
  /// The error in one sentence.
  public let description: String

  /// An error for the value of a setting.
  public init(_ section: String, _ key: String, _ problem: String) {
    description = "[\(section)] \(key): \(problem)"
  }
}

/// Several values that make no sense, a line each.
public struct SettingErrors: Error, CustomStringConvertible {
  /// The errors, in the order of the declarations.
  public let errors: [any Error]
  /// The errors, a line each.
  public var description: String { errors.map { "\($0)" }.joined(separator: "\n") }
}
