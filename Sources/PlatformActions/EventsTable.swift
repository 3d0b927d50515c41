// The table and the batches that a query reads, and whether the rows are those that Catalog counted.
import AdobePlatform
import AtelierStep
import QueryService

/// The events that a call's versions name.
struct EventsTable {
  let version: DataSetVersion
  /// The table's name in Query Service.
  let table: String
  private let call: ActionCall

  /// Looks the data set up; throws where it is gone or has no table.
  init(_ call: ActionCall) throws {
    self.call = call
    version = try call.joined("versions")
    guard let dataset = try call.services.catalog.dataSet(version.dataset) else {
      throw StepFailure(
        "the data set \(version.dataset) is gone from the platform; run again to load it anew")
    }
    guard let table = dataset.table else {
      throw StepFailure(
        "the data set \(version.dataset) has no table in Query Service (adobe/pqs/table); its schema may "
          + "be new: run again in some minutes")
    }
    self.table = table
  }

  /// Throws unless each batch has in the table as many rows as Catalog says.
  ///
  /// That Catalog's id of a batch stands in its rows is Adobe's word for a batch as it was sent, and not
  /// for one that was merged; this turns the assumption into a message.
  func check() throws {
    try call.checked.once(version) {
      try call.budget.spend(.query, on: "SELECT that counts the rows of \(table) by batch")
      try call.services.queries.check(version, table: table)
    }
  }
}
