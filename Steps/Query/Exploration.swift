// Runs one query over the events of all batches. It knows no particular query.
import AtelierStep
import DuckDB
import PropensityFormats

/// A query with the variables `events` (a list of files) and `output` (the CSV file to write).
struct Exploration {
  private let context: StepContext

  init(in context: StepContext) { self.context = context }

  /// Runs the query; further variables may be given.
  func run<Table>(
    _ sql: String, over events: [Artifact<EventTable>], into table: Output<Table>,
    with values: [String: SQLValue] = [:]
  ) throws {
    guard !events.isEmpty else {
      throw StepFailure("the input 'events' is empty: give the events of at least one batch")
    }
    var values = values
    values["events"] = .list(try events.map { .text(try context.path($0)) })
    values["output"] = .text(try context.path(table))
    try DuckDB(in: context).run(sql, with: values)
  }
}
