// Has the platform make a table, once.
import AdobePlatform
import AtelierStep
import PlatformQueries
import QueryService

/// Makes a table of the rows of a query over the batches of some versions.
struct CreateTableAction {
  private let call: ActionCall
  private let effect: IntentFile

  init(_ call: ActionCall, _ effect: IntentFile) {
    self.call = call
    self.effect = effect
  }

  func run() throws {
    let events = try EventsTable(call)
    try events.check()
    let sql = try EventSelection.filled(
      call.text("sql"), table: events.table, batches: events.version.batches.map(\.id))
    let name = CreatedTables.table(of: effect.name)
    var tables = CreatedTables(call.services.client)
    tables.willSend = { [budget = call.budget] in
      try budget.spend(.query, on: "CREATE TABLE \($0)")
    }
    let version = try tables.createTable(as: sql, intent: effect)
    call.log("\(name): the data set \(version.dataset) with \(version.records) rows")
    try call.write(version, to: "table")
  }
}
