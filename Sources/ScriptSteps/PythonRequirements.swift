// The packages that somebody wants in an environment, and whether a lock was made of them. It asks no index.
import AtelierStep
import Content
import Python

/// A file of requirements, `NAME.in`, from which `atelier environment lock` makes `NAME.lock`.
package struct PythonRequirements {
  /// The requirements, one a line, without comments and blank lines.
  private let lines: [String]

  /// Reads a file of requirements.
  package init(_ text: String) {
    lines = text.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(whereSeparator: \.isWhitespace).prefix { !$0.hasPrefix("#") }
      return words.isEmpty ? nil : words.joined(separator: " ")
    }.sorted()
  }

  /// What a lock's header says of the requirements that it was made of.
  package func note() throws -> String {
    Self.mark + (try Digest.of(lines.joined(separator: "\n"))).hex
  }

  private static let mark = "requirements sha256:"

  /// Whether the lock was made of these requirements, by its header's note; a lock without one is compared
  /// by names and exact versions.
  func isMet(by lock: Script) throws -> Bool {
    if let mark = lock.text.firstRange(of: Self.mark),
      let digest = Digest(lock.text[mark.upperBound...].prefix(64))
    {
      return try note() == Self.mark + digest.hex
    }
    let locked = Dictionary(
      try PythonLock(lock).packages.map { (Self.plain($0.name), $0.version) }
    ) { first, _ in first }
    // A marker may leave a package out, and an option names none.
    return lines.filter { !$0.contains(";") && !$0.hasPrefix("-") }.allSatisfy { line in
      let name = line.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
      guard let version = locked[Self.plain(name)] else { return false }
      guard let equals = line.firstRange(of: "=="), !line[equals.upperBound...].contains("*"),
        !line[equals.upperBound...].contains(",")
      else { return true }
      return line[equals.upperBound...].filter { $0 != " " && $0 != "=" } == version
    }
  }

  /// A package's name, of which several spellings are one.
  private static func plain(_ name: some StringProtocol) -> String {
    name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
  }
}
