// What in a text of SQL answers differently from run to run: no key knows of that. It runs nothing.
import AtelierStep

/// The clocks, random numbers and samples of an SQL file.
struct SQLChance {
  let file: String
  let tokens: [SQLScanner.Token]
  /// The text of each token.
  let texts: [String]

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

  /// Throws a `StepFailure` with file and line for the first of it.
  func refuse() throws {
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
        throw Self.clock(word, at: place)
      }
      let isSample =
        word == "TABLESAMPLE" || word == "SAMPLE" && before.uppercased() == "USING"
      if isSample, !words[index...].contains("REPEATABLE") {
        throw StepFailure(
          "\(place): a sample differs from run to run; give it REPEATABLE (a seed)")
      }
    }
  }

  private func refuseCall(_ name: String, at place: String, isSeeded: Bool) throws {
    if Self.clocks.contains(name) { throw Self.clock(name, at: place) }
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

  private static func clock(_ name: String, at place: String) -> StepFailure {
    StepFailure(
      "\(place): \(name.lowercased()) differs from run to run; pass what you need as a parameter")
  }

  /// The name of a function in capitals, also of one in quotes; nil for anything else.
  private static func name(_ text: String) -> String? {
    if text.hasPrefix("\""), text.count > 2 { return text.dropFirst().dropLast().uppercased() }
    guard let first = text.first, first.isLetter || first == "_" else { return nil }
    return text.uppercased()
  }

  /// The index of the bracket that ends the first call of a function; nil without one.
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
