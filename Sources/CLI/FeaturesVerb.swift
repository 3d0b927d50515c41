// `atelier features`: what feature groups hold. It changes nothing.
import Atelier
import AtelierStep
import Content
import DuckDB
import FeatureSQL
import FeatureStore
import Subprocess

enum FeaturesVerb: String, CaseIterable {
  case list, describe, get, query

  /// One line for completion.
  var summary: String {
    switch self {
    case .list: "the groups"
    case .describe: "features and ingestions of a group"
    case .get: "the record of an identifier"
    case .query: "SQL over the groups"
    }
  }

  /// What stands behind the word.
  private var words: [String] {
    switch self {
    case .list: []
    case .describe: ["GROUP"]
    case .get: ["GROUP", "ID"]
    case .query: ["'SELECT ...'"]
    }
  }

  private var options: Set<String> {
    switch self {
    case .list: ["json"]
    case .describe: ["json", "no-pager"]
    case .get: ["at", "format", "no-pager"]
    case .query: ["format", "limit", "no-pager"]
    }
  }

  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let word = arguments.positionals[0]
    guard let verb = FeaturesVerb(rawValue: word) else {
      let names = allCases.map(\.rawValue)
      throw UsageError(
        "`atelier features` takes \(names.joined(separator: ", ")), not '\(word)'."
          + Suggestion.text(for: word, among: names))
    }
    let rest = Array(arguments.positionals.dropFirst())
    try verb.check(arguments, rest)
    let signals = try Signals()
    do {
      let places = try FeaturePlaces(arguments, house) { signals.token.isCancelled }
      defer { places.close() }
      let call = FeatureCall(arguments: arguments, places: places, token: signals.token)
      return switch verb {
      case .list: try call.list()
      case .describe: try call.describe(rest[0])
      case .get: try call.get(rest[0], rest[1])
      case .query: try call.query(rest[0])
      }
    } catch  where signals.token.isCancelled {
      return signals.code
    }
  }

  private func check(_ arguments: Arguments, _ rest: [String]) throws {
    guard rest.count == words.count else {
      throw UsageError(
        "`atelier features \(rawValue)` takes "
          + (words.isEmpty ? "no argument" : words.joined(separator: " "))
          + "; see `atelier features --help`")
    }
    for option in ["json", "at", "format", "limit", "no-pager"]
    where arguments.has(option) && !options.contains(option) {
      throw UsageError("`atelier features \(rawValue)` has no option '--\(option)'")
    }
  }
}

/// One call of the verb.
private struct FeatureCall {
  let arguments: Arguments
  let places: FeaturePlaces
  /// Ends DuckDB early.
  let token: CancellationToken

  /// Of lists whose cells are to be whole where no terminal cuts them.
  private var width: Int { OutputTerminal.width ?? .max }

  private var format: String { arguments.value("format") ?? "table" }

  /// Runs `body` with a session of DuckDB.
  private func withDatabase<Answer>(_ body: (FeatureDatabase) throws -> Answer) throws -> Answer {
    guard let locator = places.locator else { throw UsageError(places.whyNone) }
    let database = try FeatureDatabase(locator, token)
    defer { database.remove() }
    return try body(database)
  }

  private func show(_ text: String) {
    Pager(isOff: arguments.has("no-pager"), places.environment).show(text)
  }

  // MARK: List and describe

  func list() throws -> Int32 {
    let groups = try places.all()
    guard !groups.isEmpty else {
      Console.talk("atelier: \(places.whyNone)")
      return ExitCode.fine
    }
    let counts = try withDatabase { try FeatureCounts.of(groups, $0) }
    let rows = zip(groups, counts).map { FeatureSummary(known: $0, counts: $1) }
    if arguments.has("json") {
      for row in rows { Console.data(try JSONValue.object(row.json).canonicalText() + "\n") }
    } else {
      let table = Table(columns: FeatureSummary.columns, rows: rows.map(\.cells))
      Console.data(table.text(limit: rows.count, width: width))
    }
    return ExitCode.fine
  }

  func describe(_ name: String) throws -> Int32 {
    let known = try places.find(name)
    let (counts, batches) = try withDatabase {
      (try FeatureCounts.of([known], $0), try FeatureCounts.batches(of: known, $0))
    }
    let page = FeatureDescription(
      summary: FeatureSummary(known: known, counts: counts[0]), batches: batches)
    if arguments.has("json") {
      Console.data(try page.json.canonicalText() + "\n")
    } else {
      show(page.text(width: width))
    }
    return ExitCode.fine
  }

  // MARK: Get

  func get(_ name: String, _ id: String) throws -> Int32 {
    let moment = try arguments.value("at").map { text in
      guard let seconds = Moment.seconds(text) else {
        throw UsageError(
          "--at takes ISO 8601 such as 2026-11-01T12:00:00Z, or seconds since 1970, not '\(text)'")
      }
      return seconds
    }
    let known = try places.find(name)
    let definition = known.group.definition
    let key = SQLName.quoted(definition.recordIdentifier)
    let wanted = try identifier(id, of: known)
    return try withDatabase { database in
      let sql = try database.sql(known)
      let latest = sql.latest(asOf: moment.map { SQLValue.number($0).literal })
      let record = "SELECT * FROM (\(latest)) WHERE \(key) = \(wanted)"
      let table = Table(csv: try database.answer(record))
      guard let row = table.rows.first else {
        let first = Table(
          csv: try database.answer(
            "SELECT min(\(SQLName.quoted(definition.eventTime))) AS first FROM (\(sql.records)) "
              + "WHERE \(key) = \(wanted)"))
        Console.talk(
          "atelier: "
            + FeatureText.none(
              id, name, at: moment, first: first.rows.first?.first.flatMap(Double.init)))
        return ExitCode.stepFailed
      }
      switch format {
      case "csv": Console.data(try database.answer(record))
      case "json": Console.data(try database.answer(record, as: .jsonLines))
      default:
        let rows = zip(table.columns, row).map { [$0, $1] }
        show(
          Table(columns: ["feature", "value"], rows: rows)
            .text(limit: rows.count, width: width))
      }
      return ExitCode.fine
    }
  }

  /// The literal of an identifier.
  private func identifier(_ text: String, of known: KnownGroup) throws -> String {
    let definition = known.group.definition
    let type = definition.features.first { $0.name == definition.recordIdentifier }?.type
    guard type == .integral else { return SQLValue.text(text).literal }
    guard let number = Int64(text) else {
      throw UsageError(
        "'\(definition.recordIdentifier)' of the feature group \(known.name) is a whole number, and "
          + "'\(text)' is none")
    }
    return SQLValue.integer(number).literal
  }

  // MARK: Query

  func query(_ query: String) throws -> Int32 {
    let limit = try arguments.integer("limit", in: 1...1_000_000_000) ?? 40
    let groups = try places.all()
    let views = try FeatureViews(groups)
    return try withDatabase { database in
      let answer: [UInt8]
      do {
        answer = try database.answer(
          asked: query, views: views.script(for: query, database),
          as: format == "json" ? .json : .csv)
      } catch let error as UsageError {
        throw UsageError(FeatureText.refused(error, views, places.whyNone))
      }
      if format == "table" {
        show(Table(csv: answer).text(limit: limit, width: OutputTerminal.width))
      } else {
        Console.data(answer)
      }
      return ExitCode.fine
    }
  }
}

enum FeatureText {
  /// That there is no record.
  static func none(_ id: String, _ group: String, at moment: Double?, first: Double?) -> String {
    guard let first else { return "the feature group \(group) has no record of '\(id)'" }
    let then = moment.map { " as of \(FeatureMoment.text($0))" } ?? ""
    return "the feature group \(group) has no record of '\(id)'\(then); its first one is of "
      + FeatureMoment.text(first)
  }

  /// Why a query has no answer, and what there is to ask for.
  static func refused(_ error: UsageError, _ views: FeatureViews, _ whyNone: String) -> String {
    var text = error.description
    if text.contains("Expected a single SELECT statement") {
      text += "; `atelier features query` takes one SELECT and writes nothing"
    }
    if text.contains("are disabled by configuration") {
      text += "; a query reads feature groups alone"
    }
    return text + "\n"
      + (views.names.isEmpty
        ? whyNone : "there are the views \(views.names.joined(separator: ", "))")
  }
}
