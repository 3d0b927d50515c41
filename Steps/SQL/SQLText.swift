// An SQL file taken apart into statements, and what in it no result may depend on. It runs nothing.
import AtelierStep

/// The statements of an SQL file, cut at semicolons outside of quotes and comments.
struct SQLText {
  /// One statement, from its first word to the semicolon.
  struct Statement: Equatable {
    /// The text without the semicolon.
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
        add(words, scanner)
        words = []
      } else {
        words.append(token)
        tokens.append(token)
      }
    }
    add(words, scanner)
    try refuseChance(in: tokens, scanner)
    guard !statements.isEmpty else { throw StepFailure("\(file) has no statement") }
  }

  private func next(_ scanner: inout SQLScanner) throws -> SQLScanner.Token? {
    do {
      return try scanner.next()
    } catch {
      throw StepFailure("\(file):\(error.line): \(error.problem)")
    }
  }

  private mutating func add(_ tokens: [SQLScanner.Token], _ scanner: SQLScanner) {
    guard let first = tokens.first, let last = tokens.last else { return }
    statements.append(
      Statement(
        text: scanner.text(first.range.lowerBound..<last.range.upperBound), line: first.line,
        start: scanner.text(first.range).uppercased()))
  }

  /// The functions that answer with the machine's clock or with chance.
  private static let clocks: Set<String> = [
    "NOW", "TODAY", "GET_CURRENT_TIME", "GET_CURRENT_TIMESTAMP", "TRANSACTION_TIMESTAMP",
    "CURRENT_LOCALTIME", "CURRENT_LOCALTIMESTAMP", "UUID", "UUIDV4", "UUIDV7", "GEN_RANDOM_UUID",
  ]
  /// Those that are written without brackets.
  private static let bareClocks: Set<String> = [
    "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP",
  ]

  private func refuseChance(in tokens: [SQLScanner.Token], _ scanner: SQLScanner) throws {
    let words = tokens.map { $0.kind == .word ? scanner.text($0.range).uppercased() : "" }
    let isSeeded = words.contains("SETSEED")
    for (index, word) in words.enumerated() where !word.isEmpty {
      let before = index > 0 ? scanner.text(tokens[index - 1].range) : ""
      let after = index + 1 < tokens.count ? scanner.text(tokens[index + 1].range) : ""
      guard before != ".", after != "." else { continue }
      let place = "\(file):\(tokens[index].line)"
      let isCall = after == "("
      if Self.bareClocks.contains(word) || (isCall && Self.clocks.contains(word)) {
        throw StepFailure(
          "\(place): \(word.lowercased()) differs from run to run; pass what you need as a parameter"
        )
      }
      if isCall, word == "RANDOM", !isSeeded {
        throw StepFailure(
          "\(place): random() differs from run to run; call setseed() first, or order by "
            + "md5(getvariable('seed') || ...) of a column")
      }
      let isSample =
        word == "TABLESAMPLE" || word == "SAMPLE" && before.uppercased() == "USING"
      if isSample, !words[index...].contains("REPEATABLE") {
        throw StepFailure(
          "\(place): a sample differs from run to run; give it REPEATABLE (a seed)")
      }
    }
  }
}
