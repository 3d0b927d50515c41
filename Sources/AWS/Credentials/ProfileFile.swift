// The two files that AWS tools share: sections of `key = value`, one level of nesting by indent.
import Content

/// One of AWS's shared files, parsed; nothing is interpreted yet.
///
/// As in awscli, a comment is a line of its own: `#` inside a value belongs to the value, and `:` may
/// stand for `=`, but for nested keys.
struct ProfileFile: Sendable, Hashable {
  let path: String
  /// By section name as written, without brackets and quotes (`profile x`, `default`).
  ///
  /// A nested key is `outer.inner`.
  private(set) var sections: [String: [String: String]] = [:]

  /// Parses the text; throws `CredentialError.file` with the line.
  init(path: String, text: String) throws(CredentialError) {
    self.path = path
    var section: String?
    var outer: String?
    for (index, raw) in TextLines.of(text).enumerated() {
      let line = Self.trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasPrefix("[") {
        let name = try Self.sectionName(line, path: path, number: index + 1)
        if sections[name] == nil { sections[name] = [:] }
        section = name
        outer = nil
        continue
      }
      let isNested = outer != nil && (raw.first == " " || raw.first == "\t")
      let mark = isNested ? line.firstIndex(of: "=") : line.firstIndex { $0 == "=" || $0 == ":" }
      guard let section, let equals = mark else {
        throw .file(
          path: path, line: index + 1,
          reason: "expected [profile name] or key = value; correct the line or take it out")
      }
      let key = Self.trimmed(line[..<equals]).lowercased()
      let value = Self.trimmed(line[line.index(after: equals)...])
      if isNested, let outer {
        sections[section]?["\(outer).\(key)"] = value
      } else {
        sections[section]?[key] = value
        outer = value.isEmpty ? key : nil
      }
    }
  }

  private static func sectionName(
    _ line: String, path: String, number: Int
  ) throws(CredentialError) -> String {
    guard let close = line.lastIndex(of: "]") else {
      throw .file(path: path, line: number, reason: "the section's name has no closing bracket")
    }
    let inner = line[line.index(after: line.startIndex)..<close]
    let words = inner.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard let first = words.first else {
      throw .file(path: path, line: number, reason: "the section has no name")
    }
    guard words.count > 1 else { return String(first) }
    let rest = trimmed(inner[first.endIndex...]).filter { $0 != "\"" && $0 != "'" }
    return "\(first) \(rest)"
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest.drop(while: \.isWhitespace))
  }
}
