// Typed access to a workshop's configuration while it is wired, by declared keys only.
import Configuration
import Names

/// A configuration key that a workshop knows.
public struct Setting: Sendable, Hashable {
  /// The section of `config.ini`.
  public let section: String
  /// The key within the section.
  public let key: String
  /// The value where no layer gives one; nil for none.
  public let defaultValue: String?
  /// One line for people.
  public let summary: String

  /// A setting with its default and one line for people.
  public init(_ section: String, _ key: String, default value: String? = nil, _ summary: String) {
    self.section = section
    self.key = key
    defaultValue = value
    self.summary = summary
  }

  /// The key as the configuration module knows it.
  public var known: KnownKey { KnownKey(section, key, default: defaultValue) }
}

/// A key that a workshop reads without declaring it: a mistake of its author.
public struct UndeclaredSetting: Error, CustomStringConvertible {
  /// The section of the setting.
  public let section: String
  /// The key of the setting.
  public let key: String
  /// The error in one sentence.
  public var description: String {
    "[\(section)] \(key) is read but not declared in the workshop's settings"
  }
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

/// What a workshop's wiring may ask.
///
/// A value becomes a parameter of the one step that it is passed to; a step's `run` never reads
/// configuration. Secrets have a type of their own that no step can hold.
public struct Settings: Sendable {
  private let configuration: Configuration
  private let declared: [Setting]
  /// The folder that relative paths of the configuration start from, absolute.
  public let projectRoot: String

  /// The settings that a workshop declares, with the values of a configuration.
  public init(_ configuration: Configuration, declared: [Setting], projectRoot: String) {
    self.configuration = configuration
    self.declared = declared
    self.projectRoot = projectRoot
  }

  /// A text; empty where nothing is set.
  public func string(_ section: String, _ key: String) throws -> String {
    try configuration.string(section, key, default: fallback(section, key) ?? "")
  }

  /// A folder's name, or several joined by `/`, without slashes at its ends; may be empty.
  public func folder(_ section: String, _ key: String) throws -> String {
    try string(section, key).split(separator: "/", omittingEmptySubsequences: false)
      .drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed().joined(separator: "/")
  }

  /// A whole number in a range.
  public func integer(
    _ section: String, _ key: String, in range: ClosedRange<Int>
  ) throws -> Int {
    let value = try fallback(section, key).flatMap { Int($0) }
    return try configuration.integer(section, key, default: value, in: range)
  }

  /// A finite number.
  public func double(_ section: String, _ key: String) throws -> Double {
    let fallback = try fallback(section, key).flatMap { Double($0) }
    let value = try configuration.double(section, key, default: fallback)
    guard value.isFinite else { throw SettingError(section, key, "\(value) is not finite") }
    return value
  }

  /// One of some words.
  public func choice(
    _ section: String, _ key: String, among words: [String]
  ) throws -> String {
    let value = try string(section, key)
    guard words.contains(value) else {
      throw SettingError(
        section, key, "'\(value)' is not one of \(words.joined(separator: ", "))")
    }
    return value
  }

  /// A place in a bucket; nil where the text is a path or another kind of address.
  public func s3URL(_ section: String, _ key: String) throws -> S3URL? {
    let value = try string(section, key)
    guard S3URL.isMeant(by: value) else { return nil }
    do {
      return try S3URL(value)
    } catch {
      throw SettingError(section, key, "\(error)")
    }
  }

  /// The text of every declared setting that is not a secret, by `Section.key`: what wiring can see.
  public func all() throws -> [String: String] {
    var all: [String: String] = [:]
    for setting in declared {
      do {
        all["\(setting.section).\(setting.key)"] = try string(setting.section, setting.key)
      } catch ConfigurationError.secretAsText {
        continue  // no step can hold one
      }
    }
    return all
  }

  private func fallback(_ section: String, _ key: String) throws -> String? {
    guard let setting = declared.first(where: { $0.section == section && $0.key == key }) else {
      throw UndeclaredSetting(section: section, key: key)
    }
    return setting.defaultValue
  }
}
