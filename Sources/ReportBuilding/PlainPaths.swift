// Hides the folders in a text that leaves this machine: they tell who ran it and where.

package enum PlainPaths {
  /// The text with each absolute path of two or more names cut to its last one: `.../events.parquet`.
  ///
  /// Addresses such as `s3://bucket/prefix` stay.
  package static func hidden(_ text: String) -> String {
    guard text.contains("/") else { return text }
    var out = ""
    var rest = Substring(text)
    var before: Character?
    while let first = rest.first {
      let isHome = first == "~" && rest.dropFirst().first == "/"
      let isAddress = before == ":" && rest.dropFirst().first == "/"
      guard first == "/" || isHome, !isAddress, before.map(endsPath) ?? true else {
        out.append(first)
        before = first
        rest.removeFirst()
        continue
      }
      let path = rest.prefix { !endsPath($0) || $0 == "~" }
      let names = path.split(separator: "/").filter { $0 != "~" }
      out += names.count > 1 || isHome ? "\u{2026}/\(names.last ?? "")" : String(path)
      rest = rest[path.endIndex...]
      before = path.last
    }
    return out
  }

  /// Whether a character can stand beside a path and is no part of one.
  private static func endsPath(_ character: Character) -> Bool {
    character.isWhitespace || "\"'`<>()[]{},;=|:".contains(character)
  }
}
