// The reader's steps over tokens that it does not look into: where an expression, a type or a pair of
// brackets ends.

extension DeclarationReader {
  /// The tokens up to one outside of brackets that ends the text: by the rule, or as the next
  /// declaration, or as the end of the braces around it.
  mutating func text(until isEnd: (String) -> Bool) throws(Refusal) -> String {
    let start = position
    while !isAtEnd, !isEnd(word) {
      if ["}", ")", "]", ";"].contains(word) { break }
      if position > start, tokens.gaps[position] == .newline, beginsDeclaration { break }
      if ["(", "[", "{"].contains(word) { try skipBrackets() } else { position += 1 }
    }
    return joined(start..<position)
  }

  /// The tokens with one space where there was any.
  func joined(_ range: Range<Int>) -> String {
    var text = ""
    for index in range {
      if index > range.lowerBound, tokens.gaps[index] != .nothing { text += " " }
      text += tokens.texts[index]
    }
    return text
  }

  /// Whether a comma stands outside of all brackets, those of type arguments among them.
  func hasComma(_ range: Range<Int>) -> Bool {
    var depth = 0
    for index in range {
      switch tokens.texts[index] {
      case "(", "[", "{", "<": depth += 1
      case ")", "]", "}": depth -= 1
      case ">" where tokens.texts[index - 1] != "-": depth -= 1
      case "," where depth <= 0: return true
      default: break
      }
    }
    return false
  }

  /// What stands on the line that the cursor is on.
  mutating func restOfLine() -> String {
    let start = position
    position += 1
    while !isAtEnd, tokens.gaps[position] != .newline, word != ";" { position += 1 }
    return joined(start..<min(position, tokens.texts.count))
  }

  /// Passes a bracket and what belongs to it.
  mutating func skipBrackets() throws(Refusal) {
    let opening = position
    var depth = 0
    repeat {
      if isAtEnd {
        position = opening
        throw refusal("'\(word)' has no end")
      }
      if ["(", "[", "{"].contains(word) { depth += 1 }
      if [")", "]", "}"].contains(word) { depth -= 1 }
      position += 1
    } while depth > 0
  }

  /// Whether the word here, the first of its line, begins a declaration: no expression goes on with it.
  private var beginsDeclaration: Bool { Self.beginnings.contains(word) }

  private static let beginnings: Set<String> = [
    "@", "#if", "#elseif", "#else", "#endif", "import", "struct", "enum", "class", "actor",
    "protocol", "extension", "var", "let", "func", "init", "subscript", "deinit", "typealias",
    "associatedtype", "case", "operator", "precedencegroup", "macro", "public", "private",
    "fileprivate", "internal", "package", "open", "static", "final", "lazy", "mutating",
    "nonmutating", "override", "required", "convenience", "indirect", "weak", "unowned",
    "nonisolated", "dynamic", "prefix", "postfix", "infix", "consuming", "borrowing",
  ]
}
