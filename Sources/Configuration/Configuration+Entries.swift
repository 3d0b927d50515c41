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
    /// Why the value stands here unexpanded; reading it throws this.
    public let problem: IniError?
    private let content: Secret

    init(section: String, key: String, found: Found, problem: IniError? = nil) {
      self.section = section
      self.key = key
      origin = found.origin
      isSecret = found.isSecret
      self.problem = problem
      content = Secret(found.value)
    }

    /// The value fit for a screen: `<secret>` for a secret, unless it is empty, and for the user, the
    /// password and the query in a URL.
    public var shown: String {
      let value = content.reveal()
      return isSecret && !value.isEmpty ? Secret.mask : Secret.masked(inURL: value)
    }

    /// The value fit for a record from which a run is repeated: a URL on the web has no query.
    public var recorded: String {
      isSecret ? shown : Secret.masked(inURL: Secret.withoutQuery(inURL: content.reveal()))
    }

    /// The value itself, secret or not.
    public func reveal() -> String { content.reveal() }
  }

  /// All options of the file, in its order, then known ones that are not there, then overrides.
  ///
  /// Known keys that nothing sets are listed with their default, if they have one. A value that
  /// cannot be expanded hides no other one: its entry tells the problem.
  public func entries(known: [KnownKey] = []) -> [Entry] {
    sectionNames(known).flatMap { section in
      keyNames(in: section, known).compactMap { key in
        let read = known.first { $0.section.isExactly(section) && $0.key.isExactly(key) }
        return entry(section, key, default: read?.defaultValue)
      }
    }
  }

  private func entry(_ section: String, _ key: String, default fallback: String?) -> Entry? {
    let isSecret = Secret.isSecret(key: key)
    do {
      if let found = try value(section, key) {
        return Entry(section: section, key: key, found: found)
      }
      return fallback.map {
        let found = Found(value: $0, origin: .defaultValue, isSecret: isSecret)
        return Entry(section: section, key: key, found: found)
      }
    } catch {
      guard var found = unexpanded(section, key) else { return nil }
      found.isSecret = isSecret
      return Entry(section: section, key: key, found: found, problem: error)
    }
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
