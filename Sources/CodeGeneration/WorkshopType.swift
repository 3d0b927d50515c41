// Finds the type that a workshop's sources declare. It reads tokens, no grammar.
import Fingerprint

/// The name of a workshop's type.
public enum WorkshopType {
  /// The one type that conforms to `Workshop` where it is declared, in any of a target's sources.
  ///
  /// A source that the tokenizer cannot read is left out.
  public static func name(
    target: String, sources: [[UInt8]]
  ) throws(GenerationError) -> String {
    let found = sources.flatMap { names(in: (try? SourceTokens($0))?.texts ?? []) }
    guard let name = found.first, found.count == 1 else {
      throw .workshopType(target: target, found: found.sorted())
    }
    return name
  }

  /// The names after `enum`, `struct` or `class` outside of braces with `Workshop` among what they
  /// inherit.
  private static func names(in texts: [String]) -> [String] {
    var names: [String] = []
    var depth = 0
    for (index, text) in texts.enumerated() {
      if text == "{" { depth += 1 }
      if text == "}" { depth -= 1 }
      guard depth == 0, ["enum", "struct", "class"].contains(text) else { continue }
      let head = texts[(index + 1)...].prefix { $0 != "{" }
      if let name = head.first, head.dropFirst().contains("Workshop") { names.append(name) }
    }
    return names
  }
}
