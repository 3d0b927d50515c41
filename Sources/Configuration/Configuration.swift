// Lays overrides, environment, layer, file and defaults over each other. It knows nothing of types,
// known keys or output.

/// The values of a run: `--set Section.key=v`, then `ATELIER_<SECTION>_<KEY>`, then a layer out of
/// another program's document, then the file, then the default that the reader of a value gives.
///
/// All but the file's are taken literally, a `%` included; a `%(name)s` in the file sees them.
/// A value set for the section by any layer goes before one set for DEFAULT. Dumping a
/// configuration shows no values, for some are secret.
public struct Configuration: Sendable {
  /// The file, if there is one.
  public let document: IniDocument?
  /// Values between the file and the environment.
  public let layer: SettingsLayer?
  /// Override values by section and lower-case key.
  let overrides: [Name: String]
  /// The variables whose names begin with `ATELIER_`.
  let environment: [String: String]

  /// An option's full name.
  struct Name: Hashable, Sendable {
    let section: ExactName
    let key: ExactName

    init(_ section: String, _ key: String) {
      self.section = ExactName(section)
      self.key = ExactName(key.pythonLowered)
    }
  }

  /// Takes the layers, strongest last.
  ///
  /// - Parameters:
  ///   - document: the configuration file; nil for none.
  ///   - layer: values of another program's document; nil for none.
  ///   - overrides: values by `Section.key`, parted at the first dot.
  ///   - environment: the environment, of which `ATELIER_...` is kept.
  /// - Throws: `ConfigurationError.malformedOverride` or `.ambiguousOverride`.
  public init(
    document: IniDocument?, layer: SettingsLayer? = nil, overrides: [String: String],
    environment: [String: String]
  ) throws(ConfigurationError) {
    self.document = document
    self.layer = layer
    self.environment = environment.filter { $0.key.hasPrefix("ATELIER_") }
    var parsed: [Name: String] = [:]
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw .malformedOverride(name: name)
      }
      let option = Name(String(parts[0]), String(parts[1]))
      guard parsed.updateValue(value, forKey: option) == nil else {
        throw .ambiguousOverride(section: option.section.text, key: option.key.text)
      }
    }
    self.overrides = parsed
  }

  private init(_ other: Configuration, layer: SettingsLayer?) {
    document = other.document
    overrides = other.overrides
    environment = other.environment
    self.layer = layer
  }

  /// The same configuration with another layer.
  public func with(_ layer: SettingsLayer?) -> Configuration {
    Configuration(self, layer: layer)
  }

  /// A value as a layer has it.
  struct Found {
    var value: String
    let origin: Origin
    /// Whether the option or one that its value refers to holds a secret.
    var isSecret = false
  }

  /// The expanded value of an option; nil if no layer sets it.
  func value(_ section: String, _ key: String) throws(IniError) -> Found? {
    let name = key.pythonLowered
    guard var found = unexpanded(section, name) else { return nil }
    found.isSecret = Secret.isSecret(key: name)
    guard case .file = found.origin, let document else { return found }
    var interpolator = Interpolator { reference in
      unexpanded(section, reference).map { substitution in
        guard case .file = substitution.origin else {
          return Substitution(value: substitution.value, isLiteral: true)
        }
        return Substitution(value: substitution.value)
      }
    }
    do {
      found.value = try interpolator.expand(found.value)
    } catch {
      throw document.wrapped(error, section, name, references: interpolator.references)
    }
    found.isSecret = found.isSecret || interpolator.references.contains(where: Secret.isSecret)
    return found
  }

  /// The strongest layer's value of an option named in lower case, as it is written there.
  func unexpanded(_ section: String, _ name: String) -> Found? {
    for scope in [section, IniContents.defaultName] {
      if let value = overrides[Name(scope, name)] { return Found(value: value, origin: .flag) }
      let variable = environment.isEmpty ? "" : KnownKey.environmentName(scope, name)
      if let value = environment[variable] {
        return Found(value: value, origin: .environment(name: variable))
      }
      if let layer, let value = layer.values[Name(scope, name)] {
        return Found(
          value: value.text, origin: .document(file: layer.file, member: value.member))
      }
      // As in ConfigParser, DEFAULT of the file serves the file's sections only.
      if let document, document.contents[section] != nil,
        let option = document.contents[scope]?[name]
      {
        return Found(
          value: option.value, origin: .file(path: document.file, line: option.line + 1))
      }
    }
    return nil
  }
}

extension Configuration: CustomStringConvertible, CustomReflectable {
  /// How much each layer holds, without any value.
  public var description: String {
    "configuration of \(document?.file ?? "no file"), \(overrides.count) overrides, "
      + "\(environment.count) variables"
  }

  /// A mirror without children, since the values may be secret.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
