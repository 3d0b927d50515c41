// The texts of a configuration, by declared keys only.
import Configuration
import Names

/// A key that is read without being declared: a mistake of the program.
public struct UndeclaredSetting: Error, CustomStringConvertible {
  /// The section of the setting.
  public let section: String
  /// The key of the setting.
  public let key: String
  /// The error in one sentence.
  public var description: String {
    "[\(section)] \(key) is read but not declared"
  }
}

/// The texts of a configuration by declared keys: for what is no workshop's wiring.
public struct SettingsReader: Sendable {
  private let configuration: Configuration
  private let declared: [SettingDeclaration]

  /// The settings that a workshop declares, with the values of a configuration.
  public init(_ configuration: Configuration, declared: [SettingDeclaration]) {
    self.configuration = configuration
    self.declared = declared
  }

  /// A text; empty where nothing is set.
  public func string(_ section: String, _ key: String) throws -> String {
    try configuration.string(section, key, default: fallback(section, key) ?? "")
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

  /// The text of every declared setting that is not a secret, by `Section.key`: what wiring can see, and more.
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
