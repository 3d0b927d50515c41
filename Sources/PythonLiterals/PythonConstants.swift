// A Python file of constants, read as data: assignments of literals. Nothing of it is executed.

/// The assignments of a file, with all problems in it.
package struct PythonConstants: Sendable {
  /// A literal, and the line of its name.
  package struct Assignment: Sendable, Hashable {
    package var value: PythonLiteral
    package var line: Int
  }

  /// The name of the file, as typed.
  package let file: String
  package private(set) var values: [String: Assignment] = [:]
  package private(set) var problems: [PythonProblem] = []

  /// Reads the bytes of a file; never throws, as `problems` has all that is wrong.
  package init(parsing bytes: [UInt8], file: String) {
    self.file = file
    guard let text = String(validating: bytes, as: UTF8.self) else {
      problems = [PythonProblem(line: 1, problem: "the file is not UTF-8")]
      return
    }
    var scanner = PythonScanner(text)
    while true {
      scanner.skipBlank()
      guard !scanner.isAtEnd else { return }
      let line = scanner.line
      do {
        if let (name, value) = try scanner.statement() {
          values[name] = Assignment(value: value, line: line)
        }
      } catch {
        problems.append(error)
        scanner.skipStatement()
      }
    }
  }

  /// The text of a name; nil where it is absent or `None`.
  ///
  /// - Throws: where it is anything else.
  package func text(_ name: String) throws(PythonProblem) -> String? {
    guard let found = values[name] else { return nil }
    switch found.value {
    case .text(let text): return text
    case .none: return nil
    case .number(let digits):
      throw PythonProblem(
        line: found.line,
        problem: "\(name): expected a text in quotes, found the number \(digits.prefix(40))")
    default:
      throw PythonProblem(line: found.line, problem: "\(name): expected a text in quotes")
    }
  }
}

/// A value as Python writes it.
package enum PythonLiteral: Sendable, Hashable {
  case text(String)
  /// The digits as written.
  case number(String)
  case flag(Bool)
  case none
  case list([PythonLiteral])
}

/// What is no assignment of a literal, and on which line.
package struct PythonProblem: Error, Sendable, Hashable {
  package let line: Int
  package let problem: String
}
