// Asks Query Service, and leaves the answer as text.
import AdobePlatform
import AtelierStep
import PlatformQueries
import QueryService

/// Asks one question over the batches of some versions.
struct AskAction {
  private let call: ActionCall

  init(_ call: ActionCall) { self.call = call }

  func run() throws {
    let events = try EventsTable(call)
    try events.check()
    let question = try call.text("question")
    let sql = try EventSelection.filled(
      call.text("sql"), table: events.table, batches: events.version.batches.map(\.id))
    try call.budget.spend(.query, on: "SELECT for \(question)")
    let rows = try call.services.queries.select(
      sql, columns: call.texts("columns"), into: call.output("answer"))
    call.log("\(question): \(rows) rows")
  }
}
