// `atelier list runs`: runs beside each other, with the settings that differ and the key numbers.
import CommandLine
import Content
import KeyNumbers
import Planning
import Project
import Terminal

struct ListRuns: Verb {
  let name = "runs"
  let summary = "recorded runs, newest first, of all workshops or of the one that -w names"
  let details = """
    A table for each workshop: how each run ended, how many steps it holds and how many of them ran, the
    settings that are not the same in all runs shown, and the key numbers that the workshop declares.
    """
  let examples = [
    Example("atelier list runs -w propensity", "settings that differ, and key numbers"),
    Example("atelier list runs --json", "one object per run"),
  ]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, context)
    let store = try session.store(readOnly: true)
    let catalogue = RunCatalogue(
      store: store, shared: try session.remote(store, RemoteUse())?.shared,
      workshop: session.workshop.name)
    var rows: [RunRow] = []
    var unreadable = 0
    for id in try catalogue.names() {
      guard let record = try catalogue.read(id) else {
        unreadable += 1
        continue
      }
      if call.workshop == nil || record.workshop == call.workshop { rows.append(RunRow(record)) }
    }
    if unreadable > 0 {
      context.output.message(
        "note: \(Text.count(unreadable, "run record")) cannot be read; `atelier store fsck` names what "
          + "is damaged")
    }
    let tables = RunTable.tables(rows)
    if call[json] {
      let differing = Dictionary(
        uniqueKeysWithValues: tables.map { ($0.workshop, $0.settings) })
      for row in rows {
        try context.output.data(row.json(differing[row.workshop] ?? []).canonicalText() + "\n")
      }
    } else {
      let texts = tables.map { $0.text(width: context.output.width) }
      try context.output.data(texts.joined(separator: "\n"))
    }
    return ExitCode.success
  }
}

/// One run of the list.
private struct RunRow {
  let workshop: String
  let series: String
  let run: String
  let status: String
  let startedAt: String
  let steps: Int
  let built: Int
  let settings: [String: String]
  let results: KeyResults

  init(_ record: RunRecord) {
    workshop = record.workshop
    series = record.series
    run = record.id
    status = record.status
    startedAt = record.startedAt
    let nodes = record.json["steps"]?.object ?? [:]
    steps = nodes.count
    built = nodes.values.count { $0["status"]?.string == "built" }
    settings = (record.json["settings"]?.object ?? [:]).compactMapValues { $0["value"]?.string }
    results = record.keyResults
  }

  /// Numbers as numbers; `differing` are the settings that are not the same in all runs.
  func json(_ differing: [String]) -> JSONValue {
    var fields: [String: JSONValue] = [
      "v": 1, "event": "recorded-run", "run": .string(run), "workshop": .string(series),
      "status": .string(status), "started": .string(startedAt), "steps": .integer(Int64(steps)),
      "built": .integer(Int64(built)),
      "settings": .object(
        settings.filter { differing.contains($0.key) }.mapValues { .string($0) }),
    ]
    fields.merge(results.recorded) { $1 }
    return .object(fields)
  }
}

/// The runs of one workshop.
private struct RunTable {
  let workshop: String
  /// The settings that are not the same in all runs, by name.
  let settings: [String]
  private let rows: [RunRow]

  /// In the order of their newest runs.
  static func tables(_ rows: [RunRow]) -> [RunTable] {
    var order: [String] = []
    let groups = Dictionary(grouping: rows, by: \.workshop)
    for row in rows where !order.contains(row.workshop) { order.append(row.workshop) }
    return order.map { RunTable($0, groups[$0] ?? []) }
  }

  private init(_ workshop: String, _ rows: [RunRow]) {
    self.workshop = workshop
    self.rows = rows
    // What a run did not record is of another version of the program, and no choice of the user.
    var values: [String: Set<String>] = [:]
    for row in rows {
      for (name, value) in row.settings { values[name, default: []].insert(value) }
    }
    settings = values.filter { $0.value.count > 1 }.keys.sorted()
  }

  /// Its table with a head line; numbers stand in columns of their own.
  func text(width: Int?) -> String {
    var names: [String] = []
    for row in rows {
      for number in row.results.numbers where !names.contains(number.name) {
        names.append(number.name)
      }
    }
    var subjects: [String] = []
    for row in rows {
      for verdict in row.results.verdicts where !subjects.contains(verdict.subject) {
        subjects.append(verdict.subject)
      }
    }
    let head = ["run", "workshop", "status", "steps", "ran"]
    // What was found comes before what was set: a narrow terminal leaves out the last columns.
    let columns = head + names + subjects + settings + ["started"]
    let cells = rows.map { row in
      [row.run, row.series, row.status, "\(row.steps)", "\(row.built)"]
        + names.map { row.results.number($0)?.text ?? "" }
        + subjects.map { subject in
          row.results.verdicts.first { $0.subject == subject }?.word ?? ""
        } + settings.map { row.settings[$0] ?? "" } + [row.startedAt]
    }
    // Records of a shared store are written by others.
    return Table(
      columns: columns.map(DisplayText.clean), rows: cells.map { $0.map(DisplayText.clean) }
    ).text(limit: rows.count, width: width)
  }
}
