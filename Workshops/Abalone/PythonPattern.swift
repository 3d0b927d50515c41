// Compares statements of Python, token by token, with a form that has gaps. It runs nothing.

/// A token of Python, as far as the known forms need them.
enum PythonToken: Hashable {
  case word(String)
  case text(String)
  case mark(Character)
}

enum PythonTokens {
  /// The statements of a text; nil where it has what no known form has.
  static func statements(of code: String) -> [[PythonToken]]? {
    var statements: [[PythonToken]] = []
    var statement: [PythonToken] = []
    var depth = 0
    var rest = Substring(code)
    while let first = rest.first {
      if first == "#" {
        rest = rest.drop { !$0.isNewline }
      } else if first.isNewline || first == ";" {
        if depth == 0, !statement.isEmpty {
          statements.append(statement)
          statement = []
        }
        rest = rest.dropFirst()
      } else if first.isWhitespace {
        rest = rest.dropFirst()
      } else if first == "'" || first == "\"" {
        let text = rest.dropFirst().prefix { $0 != first && $0 != "\\" && !$0.isNewline }
        rest = rest[text.endIndex...]
        guard rest.first == first else { return nil }
        rest = rest.dropFirst()
        // Two texts side by side are one in Python.
        if case .text = statement.last { return nil }
        statement.append(.text(String(text)))
      } else if first.isLetter || first.isNumber || first == "_" || first == "$" {
        let word = rest.prefix {
          $0.isLetter || $0.isNumber || $0 == "_" || (first == "$" && "$:".contains($0))
        }
        rest = rest[word.endIndex...]
        statement.append(.word(String(word)))
      } else {
        if "([{".contains(first) { depth += 1 }
        if ")]}".contains(first) { depth -= 1 }
        guard depth >= 0, first != "\\" else { return nil }
        statement.append(.mark(first))
        rest = rest.dropFirst()
      }
    }
    if !statement.isEmpty { statements.append(statement) }
    return depth == 0 ? statements : nil
  }
}

/// What was found in the gaps of a form, by their names.
struct PythonBindings {
  var names: [String: String] = [:]
  var texts: [String: String] = [:]
  var lists: [String: [String]] = [:]
}

/// A statement with gaps: `$name:x` a name, `$text:x` a text, `$list:x` a list of texts.
///
/// A gap that occurs twice is filled twice with the same.
struct PythonPattern {
  private let tokens: [PythonToken]

  init(_ form: String) { tokens = PythonTokens.statements(of: form)?.first ?? [] }

  /// What fills the gaps, beside what is known already; nil where the statement is of another form.
  func match(
    _ statement: [PythonToken], _ known: PythonBindings = PythonBindings()
  ) -> PythonBindings? {
    var found = known
    var rest = statement[...]
    for token in tokens {
      guard case .word(let word) = token, word.hasPrefix("$") else {
        guard rest.popFirst() == token else { return nil }
        continue
      }
      let parts = word.dropFirst().split(separator: ":").map(String.init)
      guard parts.count == 2, Self.fill(parts[0], parts[1], &rest, &found) else { return nil }
    }
    return rest.isEmpty ? found : nil
  }

  private static func fill(
    _ kind: String, _ gap: String, _ rest: inout ArraySlice<PythonToken>,
    _ found: inout PythonBindings
  ) -> Bool {
    switch kind {
    case "name":
      guard case .word(let word) = rest.popFirst(), word.first?.isNumber == false, word != "df"
      else { return false }
      return put(word, gap, &found.names)
    case "text":
      guard case .text(let text) = rest.popFirst() else { return false }
      return put(text, gap, &found.texts)
    default:
      guard let list = list(&rest) else { return false }
      return put(list, gap, &found.lists)
    }
  }

  private static func put<Value: Equatable>(
    _ value: Value, _ gap: String, _ values: inout [String: Value]
  ) -> Bool {
    defer { values[gap] = value }
    return values[gap] == nil || values[gap] == value
  }

  /// `['a', 'b']`.
  private static func list(_ rest: inout ArraySlice<PythonToken>) -> [String]? {
    guard rest.popFirst() == .mark("[") else { return nil }
    var texts: [String] = []
    while case .text(let text) = rest.first {
      texts.append(text)
      rest.removeFirst()
      guard rest.first == .mark(",") else { break }
      rest.removeFirst()
    }
    return rest.popFirst() == .mark("]") && !texts.isEmpty ? texts : nil
  }
}
