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
        add(words, scanner)
        words = []
      } else {
        words.append(token)
        tokens.append(token)
      }
    }
    add(words, scanner)
    try refuseChance(in: tokens, scanner)
    noteVariables(in: tokens, scanner)
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
    "CURRENT_LOCALTIME", "CURRENT_LOCALTIMESTAMP", "TXID_CURRENT", "UUID", "UUIDV4", "UUIDV7",
    "GEN_RANDOM_UUID",
  ]
  /// Those that are written without brackets.
  private static let bareClocks: Set<String> = [
    "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP",
  ]

  private func refuseChance(in tokens: [SQLScanner.Token], _ scanner: SQLScanner) throws {
    let texts = tokens.map { scanner.text($0.range) }
    let words = zip(tokens, texts).map { $0.kind == .word ? $1.uppercased() : "" }
    let seeded = Self.end(ofCall: "SETSEED", texts)
    for (index, token) in tokens.enumerated() {
      let before = index > 0 ? texts[index - 1] : ""
      let after = index + 1 < tokens.count ? texts[index + 1] : ""
      let place = "\(file):\(token.line)"
      // A function may be named in quotes, with its schema, or behind its first argument.
      if after == "(", let name = Self.name(texts[index]) {
        try refuseCall(name, at: place, isSeeded: seeded.map { $0 < index } ?? false)
        if name == "AGE", Self.arguments(of: index, texts) == 1 {
          throw StepFailure(
            "\(place): age() of one time counts from today; give it the other time as a parameter")
        }
      }
      let word = words[index]
      if Self.bareClocks.contains(word), before != ".", after != "." {
        throw StepFailure(
          "\(place): \(word.lowercased()) differs from run to run; pass what you need as a parameter"
        )
      }
      let isSample =
        word == "TABLESAMPLE" || word == "SAMPLE" && before.uppercased() == "USING"
      if isSample, !words[index...].contains("REPEATABLE") {
        throw StepFailure(
          "\(place): a sample differs from run to run; give it REPEATABLE (a seed)")
      }
    }
  }

  private mutating func noteVariables(in tokens: [SQLScanner.Token], _ scanner: SQLScanner) {
    let texts = tokens.map { scanner.text($0.range) }
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

  private func refuseCall(_ name: String, at place: String, isSeeded: Bool) throws {
    if Self.clocks.contains(name) {
      throw StepFailure(
        "\(place): \(name.lowercased()) differs from run to run; pass what you need as a parameter")
    }
    if name == "RANDOM", !isSeeded {
      throw StepFailure(
        "\(place): random() differs from run to run; call setseed() first, or order by "
          + "md5(getvariable('seed') || ...) of a column")
    }
    if name == "QUERY" {
      throw StepFailure(
        "\(place): query() runs a text, in which nobody sees a clock or chance; write the query itself"
      )
    }
  }

  /// The name of a function in capitals, also of one in quotes; nil for anything else.
  private static func name(_ text: String) -> String? {
    if text.hasPrefix("\""), text.count > 2 { return text.dropFirst().dropLast().uppercased() }
    guard let first = text.first, first.isLetter || first == "_" else { return nil }
    return text.uppercased()
  }

  /// The index of the bracket that ends the first call of a function; nil where there is none.
  private static func end(ofCall function: String, _ texts: [String]) -> Int? {
    let start = texts.indices.dropLast().first {
      name(texts[$0]) == function && texts[$0 + 1] == "("
    }
    guard let start else { return nil }
    var depth = 0
    for index in texts.indices[(start + 1)...] {
      if texts[index] == "(" { depth += 1 }
      if texts[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// The number of arguments of the call at an index.
  private static func arguments(of index: Int, _ texts: [String]) -> Int {
    var (depth, count) = (0, 1)
    for text in texts[(index + 1)...] {
      if ["(", "[", "{"].contains(text) { depth += 1 }
      if [")", "]", "}"].contains(text) { depth -= 1 }
      if depth == 0 { break }
      if depth == 1, text == "," { count += 1 }
    }
    return count
  }
}
