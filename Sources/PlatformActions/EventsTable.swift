// The table and the batches that a query reads, and whether the rows are those that Catalog counted.
import AdobePlatform
import AtelierStep
import PlatformQueries
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
    try call.checked.once(version) { try compare() }
  }

  private func compare() throws {
    let ids = version.batches.map(\.id)
    let selection = try EventSelection(table: table, tenant: "t", rows: .batches(ids))
    var found: [String: Int64] = [:]
    for row in try call.services.queries.rows(
      of: ObservationQuery.records(selection), columns: ["batch", "records"],
      most: ids.count + 1)
    {
      guard let id = row[0], let count = row[1].flatMap({ Int64($0) }) else { continue }
      found[id] = count
    }
    for batch in version.batches where found[batch.id] ?? 0 != batch.records {
      throw StepFailure(
        "batch \(batch.id) of \(table) has \(found[batch.id] ?? 0) rows in Query Service and "
          + "\(batch.records) in Catalog, so nothing was computed; it may not be there yet (run again in "
          + "some minutes), or its rows were stored under another id")
    }
  }
}
