// One Swift source of a step family, read. It knows nothing of the family's other files.
import Fingerprint

/// A family's source with its declarations and every word that it uses.
struct FamilySource: Sendable {
  let path: String
  let tokens: SourceTokens
  let declarations: [Declaration]

  /// Reads a source; one that only the compiler could split into tokens is refused.
  init(_ file: SourceFile) throws(Refusal) {
    path = file.path
    do {
      tokens = try SourceTokens(file.bytes)
    } catch {
      throw Refusal(
        path: file.path, line: error.line,
        message: "the build cannot tell what a family's source with \(error.reason.rawValue) "
          + "declares; write it in another way")
    }
    declarations = try DeclarationReader.declarations(of: tokens, path: file.path)
  }

  /// The modules that the source imports outside of `#if`.
  var unconditionalImports: [String] {
    declarations.filter { $0.kind == "import" && !$0.isConditional }
      .compactMap { item in
        item.name.split(separator: " ").last?.split(separator: ".").first.map(String.init)
      }
  }

  /// The lines on which one of some names stands, in code or in a string's interpolation.
  func uses(of names: Set<String>) -> [(name: String, line: Int)] {
    zip(tokens.texts, tokens.lines).flatMap { text, line -> [(name: String, line: Int)] in
      let words = text.contains("\"") ? Self.interpolated(text) : [text]
      return words.map { $0.filter { $0 != "`" } }.filter(names.contains).map { ($0, line) }
    }
  }

  /// The words within the interpolations of a string literal, and of strings within them.
  private static func interpolated(_ literal: String) -> [String] {
    let hashes = literal.prefix { $0 == "#" }
    let parts = literal.components(separatedBy: "\\\(hashes)(")
    return parts.dropFirst().flatMap { part in
      part.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "_" && $0 != "$" }
        .map(String.init)
    }
  }
}

extension String {
  /// The parts between a separator's occurrences, of which there is one more.
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
