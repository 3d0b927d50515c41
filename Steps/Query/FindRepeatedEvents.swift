// The step that finds events of a set whose _id came before. It knows nothing else of an event.
import AtelierStep
import Content
import DuckDB
import PropensityFormats

/// Finds the events whose `_id` is that of an earlier one, in the order of batches and lines.
///
/// Without `drops` the step fails where there is one, and names both places.
public struct FindRepeatedEvents: Step {
  /// The events of all batches.
  public var events: [Artifact<EventTable>]
  /// Where the events stand in their files.
  public var lines: [Artifact<EventLines>]
  /// Whether repeated events are to be dropped and so are no fault.
  public var drops: Bool
  /// What the user calls the files.
  @Unkeyed public var names: [String]
  /// The events to drop.
  public var repeated = Output<RepeatedEvents>()

  /// Finds repeated events; `lines` and `names` are in the order of `events`.
  public init(
    events: [Artifact<EventTable>], lines: [Artifact<EventLines>], drops: Bool, names: [String]
  ) {
    self.events = events
    self.lines = lines
    self.drops = drops
    self.names = names
  }

  /// DuckDB, which compares the ids of all batches.
  public var programs: [Program] { [.duckdb] }
  /// `repeated_events.sql`, which writes them and names the first one.
  public var sql: [String: String] { SQLFile.repeatedEvents.named }

  /// Writes the repeated events; without `drops` fails when there is one.
  public func run(in context: StepContext) throws {
    let places = try zip(events, lines).enumerated().map { batch, pair in
      "(\(batch)::BIGINT, \(SQLValue.text(try context.path(pair.0)).literal), "
        + "\(SQLValue.text(try context.path(pair.1)).literal))"
    }
    guard !places.isEmpty, lines.count == events.count else {
      throw StepFailure("the input 'events' needs at least one batch, each with its lines")
    }
    let batches = """
      CREATE TEMP TABLE batches AS
      SELECT * FROM (VALUES \(places.joined(separator: ", "))) AS batches(batch, events, lines);

      """
    let answer = try DuckDB(in: context).rows(
      batches + (try context.sql(SQLFile.repeatedEvents)),
      with: [
        "events": .list(try events.map { .text(try context.path($0)) }),
        "lines": .list(try lines.map { .text(try context.path($0)) }),
        "repeated": .text(try context.path(repeated)),
      ])
    guard let found = answer.first else { return }
    try refuse(found)
    context.log(
      "\(found["rows"]?.integer ?? 0) events, \(found["count"]?.integer ?? 0) of them repeated")
  }

  private func refuse(_ found: JSONValue) throws {
    guard found["rows"] != 0 else {
      throw StepFailure("none of the files has an event: \(names.joined(separator: ", "))")
    }
    guard !drops, let id = found["_id"]?.string else { return }
    throw StepFailure(
      "\(place(found, "first")) and \(place(found, "second")): both have the _id '\(id)'; give each event "
        + "an id of its own, or set [Atelier] duplicates = drop to keep the first")
  }

  /// `a.csv, line 3`.
  private func place(_ found: JSONValue, _ which: String) -> String {
    let batch = Int(found["\(which)Batch"]?.integer ?? 0)
    let name = names.indices.contains(batch) ? names[batch] : "batch \(batch)"
    let unit = name.lowercased().hasSuffix(".parquet") ? "row" : "line"
    return "\(name), \(unit) \(found["\(which)Line"]?.integer ?? 0)"
  }
}
