// A file as others may see it: without secrets, and without comments, which may hold old ones.

extension IniDocument {
  /// The document without comments and with empty values where one is a secret or holds a URL with
  /// a password, and the names of those.
  ///
  /// - Throws: `IniError.refusedValue` where an empty value would be read back differently.
  package func withoutSecrets() throws(IniError) -> (document: IniDocument, emptied: [String]) {
    var document = self
    var emptied: [String] = []
    for section in contents.sections {
      for option in section.options where !option.value.isEmpty {
        guard
          Secret.isSecret(key: option.name) || Secret.masked(inURL: option.value) != option.value
        else { continue }
        try document.set(section.name, option.name, "")
        emptied.append("\(section.name).\(option.name)")
      }
    }
    let lines = document.text.split(separator: "\n", omittingEmptySubsequences: false).filter {
      let start = $0.drop { $0 == " " || $0 == "\t" }.first
      return start != "#" && start != ";"
    }
    return (
      try IniDocument(text: lines.joined(separator: "\n"), file: file), emptied
    )
  }
}
