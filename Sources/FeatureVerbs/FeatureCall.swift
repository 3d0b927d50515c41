// One call of a verb about feature groups: reads them and prints what it found.
import Atelier
import AtelierStep
import CommandLine
import Content
import DuckDB
import FeatureSQL
import FeatureStore
import Project
import Subprocess
import Terminal

/// One call of the verb.
struct FeatureCall {
  let output: Console
  let isJSON: Bool
  let usesPager: Bool
  let places: FeaturePlaces
  /// Ends DuckDB early.
  let token: CancellationToken

  /// Of lists whose cells are to be whole where no terminal cuts them.
  private var width: Int { output.width ?? .max }

  /// Runs `body` with a session of DuckDB.
  func withDatabase<Answer>(_ body: (FeatureDatabase) throws -> Answer) throws -> Answer {
    guard let locator = places.locator else { throw UsageError(places.whyNone) }
    let database = try FeatureDatabase(locator, token)
    defer { database.remove() }
    return try body(database)
  }

  private func show(_ text: String) throws {
    try Pager(isOff: !usesPager, places.environment, output).show(text)
  }

  // MARK: List and describe

  func list() throws -> Int32 {
    let groups = try places.all()
    guard !groups.isEmpty else {
      output.message("atelier: \(places.whyNone)")
      return ExitCode.success
    }
    let counts = try withDatabase { try FeatureCounts.of(groups, $0) }
    let rows = zip(groups, counts).map { FeatureSummary(known: $0, counts: $1) }
    if isJSON {
      for row in rows { try output.data(JSONValue.object(row.json).canonicalText() + "\n") }
    } else {
      let table = Table(columns: FeatureSummary.columns, rows: rows.map(\.cells))
      try output.data(table.text(limit: rows.count, width: width))
    }
    return ExitCode.success
  }

  func describe(_ name: String) throws -> Int32 {
    let known = try places.find(name)
    let (counts, batches) = try withDatabase {
      (try FeatureCounts.of([known], $0), try FeatureCounts.batches(of: known, $0))
    }
    let page = FeatureDescription(
      summary: FeatureSummary(known: known, counts: counts[0]), batches: batches)
    if isJSON {
      try output.data(page.json.canonicalText() + "\n")
    } else {
      try show(page.text(width: width))
    }
    return ExitCode.success
  }

  // MARK: Get

  func get(
    _ name: String, _ id: String, at moment: Double?, _ format: FeatureFormat
  ) throws -> Int32 {
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
        output.message(
          "atelier: "
            + FeatureText.none(
              id, name, at: moment, first: first.rows.first?.first.flatMap(Double.init)))
        return ExitCode.stepFailed
      }
      switch format {
      case .csv: try output.data(database.answer(record))
      case .json: try output.data(database.answer(record, as: .jsonLines))
      case .table:
        let rows = zip(table.columns, row).map { [$0, $1] }
        try show(
          Table(columns: ["feature", "value"], rows: rows)
            .text(limit: rows.count, width: width))
      }
      return ExitCode.success
    }
  }

  /// The literal of an identifier.
  func identifier(_ text: String, of known: KnownGroup) throws -> String {
    let definition = known.group.definition
    let type = definition.features.first { $0.name == definition.recordIdentifier }?.type
    guard type == .integral else { return SQLValue.text(text).literal }
    guard let number = Int64(text) else {
      throw UsageError(
        "'\(definition.recordIdentifier)' of the feature group \(known.name) is a whole number; "
          + "'\(text)' is not")
    }
    return SQLValue.integer(number).literal
  }

  // MARK: Delete

  func delete(_ name: String, isDryRun: Bool) throws -> Int32 {
    let (place, inventory, delete) = try places.deletion(of: name) { token.isCancelled }
    let what =
      "\(Text.count(inventory.files, "file")), \(inventory.bytes) bytes, at \(place)"
    if isDryRun {
      output.message("atelier: would delete the feature group \(name): \(what)")
    } else {
      guard try delete() else { throw UsageError("cancelled; the feature group \(name) is kept") }
      output.message("atelier: deleted the feature group \(name): \(what)")
    }
    if isJSON {
      let answer: JSONValue = [
        "v": 1, "event": "feature-delete", "group": .string(name), "place": .string(place),
        "files": .integer(Int64(inventory.files)), "bytes": .integer(inventory.bytes),
        "deleted": .bool(!isDryRun),
      ]
      try output.data(answer.canonicalText() + "\n")
    }
    return ExitCode.success
  }

  // MARK: Query

  func query(_ query: String, limit: Int?, _ format: FeatureFormat) throws -> Int32 {
    let limit = limit ?? (output.size == nil ? .max : 40)
    let groups = try places.all()
    let views = FeatureViews(groups)
    return try withDatabase { database in
      let answer: [UInt8]
      do {
        answer = try database.answer(
          asked: query, views: views.script(for: query, database),
          as: format == .json ? .json : .csv)
      } catch let error as UsageError {
        throw UsageError(FeatureText.refused(error, views, places.whyNone))
      }
      if format == .table {
        try show(Table(csv: answer).text(limit: limit, width: output.width))
      } else {
        try output.data(answer)
      }
      return ExitCode.success
    }
  }
}
