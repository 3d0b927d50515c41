// A selection whose table and batches are known only when the query is sent. It sends nothing.
import AtelierStep

extension EventSelection {
  /// The table's name in a template.
  public static let placeholderTable = "atelier_events"
  private static let placeholderBatch = "atelier-batches"

  /// The rows of batches that a query is sent over, to be filled in by `filled`.
  public static func placeholder(tenant: String, bucket: Bucket? = nil) throws -> EventSelection {
    try EventSelection(
      table: placeholderTable, tenant: tenant, rows: .batches([placeholderBatch]), bucket: bucket)
  }

  /// A template with a table and the ids of batches in place.
  ///
  /// Throws a `StepFailure` for what cannot stand in SQL, and for a text that is no such template.
  public static func filled(
    _ template: String, table: String, batches: [String]
  ) throws -> String {
    // Names and ids are checked as those of any selection.
    _ = try EventSelection(table: table, tenant: "t", rows: .batches(batches))
    let place = "'\(placeholderBatch)'"
    guard template.contains(place), template.contains(placeholderTable) else {
      throw StepFailure("the query names neither the events' table nor their batches")
    }
    let list = Set(batches).sorted().map { "'\($0)'" }.joined(separator: ", ")
    return template.replacing(place, with: list).replacing(placeholderTable, with: table)
  }
}
