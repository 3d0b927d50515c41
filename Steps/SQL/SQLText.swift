// An SQL file taken apart into statements, and what in it no result may depend on. It runs nothing.
import AtelierStep

/// The statements of an SQL file, cut at semicolons outside of quotes and comments.
struct SQLText {
  /// One statement, from its first word to the semicolon.
  struct Statement: Equatable {
    /// The text without the semicolon; no line of it begins with a dot outside of quotes and comments.
    let text: String
    /// The line of its first word, from 1 up.
    let line: Int
    /// The first word in capitals, or `(`.
    let start: String

    /// Whether its result is a table, as far as the first word tells.
    var isQuery: Bool {
      [
        "SELECT", "WITH", "FROM", "VALUES", "TABLE", "PIVOT", "UNPIVOT", "DESCRIBE", "SUMMARIZE",
        "(",
      ]
      .contains(start)
    }
  }

  /// The statements in their order; empty ones are left out.
  private(set) var statements: [Statement] = []
  /// The variables that are read by a name that is written out, with the line of each.
  private var read: [(name: String, line: Int)] = []
  /// The variables that the file sets itself.
  private var set: Set<String> = []
  private let file: String

  /// Reads a file.
  ///
  /// Throws a `StepFailure` with file and line for a quote or comment without end, and for what reads
  /// the clock or draws without a seed: no key knows of that.
  init(_ script: Script) throws {
    file = script.name
    var scanner = SQLScanner(Array(script.text.utf8))
    var words: [SQLScanner.Token] = []
    var tokens: [SQLScanner.Token] = []
    while let token = try next(&scanner) {
      if token.kind == .semicolon {
        try add(words, scanner)
        words = []
      } else {
        words.append(token)
        tokens.append(token)
      }
    }
    try add(words, scanner)
    let texts = tokens.map { scanner.text($0.range) }
    try SQLChance(file: file, tokens: tokens, texts: texts).refuse()
    noteVariables(in: tokens, texts)
    guard !statements.isEmpty else { throw StepFailure("\(file) has no statement") }
  }

  private func next(_ scanner: inout SQLScanner) throws -> SQLScanner.Token? {
    do {
      return try scanner.next()
    } catch {
      throw StepFailure("\(file):\(error.line): \(error.problem)")
    }
  }

  private mutating func add(_ tokens: [SQLScanner.Token], _ scanner: SQLScanner) throws {
    guard let first = tokens.first, let last = tokens.last else { return }
    guard scanner.text(first.range) != "." else {
      throw StepFailure(
        "\(file):\(first.line): expected a statement of SQL; the commands of DuckDB's program that begin "
          + "with a dot do not work here")
    }
    // A dot at the beginning of a line may be a command to DuckDB's program; a blank before it changes
    // nothing in SQL.
    var text = ""
    var start = first.range.lowerBound
    for token in tokens where scanner.beginsLineWithDot(token) {
      text += scanner.text(start..<token.range.lowerBound) + " "
      start = token.range.lowerBound
    }
    statements.append(
      Statement(
        text: text + scanner.text(start..<last.range.upperBound), line: first.line,
        start: scanner.text(first.range).uppercased()))
  }

  private mutating func noteVariables(in tokens: [SQLScanner.Token], _ texts: [String]) {
    let upper = texts.map { $0.uppercased() }
    for index in texts.indices.dropLast(2) {
      if upper[index] == "GETVARIABLE", texts[index + 1] == "(", texts[index + 2].hasPrefix("'") {
        let name = texts[index + 2].dropFirst().dropLast().lowercased()
        read.append((name, tokens[index].line))
      }
      if upper[index] == "SET", upper[index + 1] == "VARIABLE" {
        set.insert(texts[index + 2].filter { $0 != "\"" }.lowercased())
      }
    }
  }

  /// Throws for a variable that is neither a parameter nor set by the file: DuckDB reads null then.
  func checkVariables(parameters: [String]) throws {
    let known = set.union(parameters.map { $0.lowercased() })
    guard let unknown = read.first(where: { !known.contains($0.name) }) else { return }
    throw StepFailure(
      "\(file):\(unknown.line): the step has no parameter '\(unknown.name)'; "
        + (parameters.isEmpty ? "it has none" : "it has: \(parameters.joined(separator: ", "))"))
  }
}
