// Lists all values with their origins. It knows nothing of how they are shown.

extension Configuration {
  /// One option with its value and where that came from.
  public struct Entry: Sendable {
    /// The section's name.
    public let section: String
    /// The option's name in lower case.
    public let key: String
    /// The layer that decided.
    public let origin: Origin
    /// Whether the value is, or has in it, a secret.
    public let isSecret: Bool
    private let content: Secret

    init(section: String, key: String, found: Found) {
      self.section = section
      self.key = key
      origin = found.origin
      isSecret = found.isSecret
      content = Secret(found.value)
    }

    /// The value fit for a screen: `<secret>` for a secret, unless it is empty.
    public var shown: String {
      let value = content.reveal()
      return isSecret && !value.isEmpty ? Secret.mask : value
    }

    /// The value itself, secret or not.
    public func reveal() -> String { content.reveal() }
  }

  /// All options of the file, in its order, then known ones that are not there, then overrides.
  ///
  /// Known keys that nothing sets are listed with their default, if they have one.
  ///
  /// - Throws: an interpolation error of `IniError`.
  public func entries(known: [KnownKey] = []) throws(IniError) -> [Entry] {
    var result: [Entry] = []
    for section in sectionNames(known) {
      for key in keyNames(in: section, known) {
        let fallback = known.first { $0.section.isExactly(section) && $0.key.isExactly(key) }
        var found = try value(section, key)
        if found == nil, let value = fallback?.defaultValue {
          found = Found(
            value: value, origin: .defaultValue, isSecret: Secret.isSecret(key: key))
        }
        if let found { result.append(Entry(section: section, key: key, found: found)) }
      }
    }
    return result
  }

  private func sectionNames(_ known: [KnownKey]) -> [String] {
    let overridden = overrides.keys.map(\.section.text).sorted()
    return Self.unique((document?.sections ?? []) + known.map(\.section) + overridden)
  }

  private func keyNames(in section: String, _ known: [KnownKey]) -> [String] {
    let inFile = (try? document?.options(in: section)) ?? []
    let read = known.filter { $0.section.isExactly(section) }.map(\.key)
    let overridden = overrides.keys.filter { $0.section == ExactName(section) }.map(\.key.text)
    return Self.unique(inFile + read + overridden.sorted())
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<ExactName> = []
    return names.filter { seen.insert(ExactName($0)).inserted }
  }
}
