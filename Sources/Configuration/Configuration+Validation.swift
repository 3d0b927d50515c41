// Finds names that someone set and nobody reads. It knows nothing of values.

extension Configuration {
  /// Checks the names of all layers against the keys that the program reads.
  ///
  /// An override must name a known key. A variable must, if it begins as those of a known section
  /// do or is nearly one that is read; other `ATELIER_...` variables are not ours to judge. The file
  /// may hold sections and keys of others, unless a name is nearly a known one.
  ///
  /// - Throws: the mistake, or `.several` of them.
  public func validate(known: [KnownKey]) throws(ConfigurationError) {
    let mistakes = overrideMistakes(known) + variableMistakes(known) + fileMistakes(known)
    guard let first = mistakes.first else { return }
    throw mistakes.count == 1 ? first : .several(mistakes)
  }

  private func overrideMistakes(_ known: [KnownKey]) -> [ConfigurationError] {
    let full = { (name: Name) in "\(name.section.text).\(name.key.text)" }
    let names = known.map { Name($0.section, $0.key) }
    let keys = Set(names.map(\.key))
    return overrides.keys.sorted { full($0) < full($1) }.compactMap { name in
      if names.contains(name) { return nil }
      if name.section.text == IniContents.defaultName, keys.contains(name.key) { return nil }
      return .unknownOverride(
        name: full(name),
        suggestion: Spelling.nearest(to: full(name), among: names.map(full)))
    }
  }

  private func variableMistakes(_ known: [KnownKey]) -> [ConfigurationError] {
    if environment.isEmpty { return [] }
    let defaults = known.map { KnownKey(IniContents.defaultName, $0.key).environmentName }
    let names = known.map(\.environmentName) + defaults
    let prefixes = Set(known.map { KnownKey.environmentPrefix($0.section) })
    return environment.keys.sorted().compactMap { name in
      if names.contains(name) { return nil }
      if prefixes.contains(where: name.hasPrefix) {
        return .unknownVariable(name: name, suggestion: Spelling.nearest(to: name, among: names))
      }
      return Spelling.likely(name, among: names).map {
        .unknownVariable(name: name, suggestion: $0)
      }
    }
  }

  private func fileMistakes(_ known: [KnownKey]) -> [ConfigurationError] {
    guard let document else { return [] }
    let read = Set(known.map { ExactName($0.section) })
    return document.contents.sections.dropFirst().flatMap { section -> [ConfigurationError] in
      if read.contains(ExactName(section.name)) {
        let keys = known.filter { $0.section.isExactly(section.name) }.map(\.key)
        return keyMistakes(document, section, keys)
      }
      guard let meant = Spelling.likely(section.name, among: known.map(\.section)) else {
        return []
      }
      return [
        .misspelledSection(
          file: document.file, line: (section.header ?? 0) + 1, section: section.name,
          suggestion: meant)
      ]
    }
  }

  private func keyMistakes(
    _ document: IniDocument, _ section: IniSection, _ keys: [String]
  ) -> [ConfigurationError] {
    section.options.compactMap { option in
      // A known key that is set beside it is hardly the one that was meant.
      let open = keys.filter { section[$0] == nil }
      guard !keys.contains(option.name), let meant = Spelling.likely(option.name, among: open)
      else { return nil }
      return .misspelledKey(
        file: document.file, line: option.line + 1, section: section.name, key: option.name,
        suggestion: meant)
    }
  }
}
