// The step that simulates the experience events of one batch of users. It knows the file format,
// not the process: UserSimulation draws, events.sql shapes.
import AtelierStep
import Content
import DuckDB
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Simulates the experience events of the users `firstUser ..< firstUser + userCount`.
///
/// A user's events depend on the seed and the user's number alone, so that moving the border
/// between two batches moves events, and changes none.
public struct SimulateEvents: Step {
  /// The number of the snapshot batch, for the log.
  public var batch: Int
  /// The number of the batch's first user.
  public var firstUser: Int
  /// The number of users.
  public var userCount: Int
  /// The seed of every draw.
  public var seed: Int
  /// An ISO date; the window of ten weeks starts twelve weeks before it.
  public var referenceDate: String
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The events, ordered by (timestamp, _id).
  public var events = Output<EventTable>()

  /// DuckDB, which shapes the drawn events.
  public var programs: [Program] { [.duckdb] }
  /// `events.sql`, which gives an event its columns.
  public var sql: [String: String] { SQLFile.events.named }

  /// Throws a `StepFailure` for a text that is no date `YYYY-MM-DD`.
  private static func validate(referenceDate: String) throws {
    guard CivilTime(date: referenceDate) != nil else {
      throw StepFailure(
        "the parameter 'referenceDate' is '\(referenceDate)': give a date such as 2024-05-01")
    }
  }

  /// Draws the events of each user and writes Parquet; fails for an invalid date or tenant.
  public func run(in context: StepContext) throws {
    let column = try TenantColumn(tenant)
    try Self.validate(referenceDate: referenceDate)
    let users = try UserRange(batch: batch, first: firstUser, count: userCount)
    let simulated = context.scratch("simulated.csv")
    let count = try write(users, to: simulated, in: context)
    context.log("batch \(batch): \(count) events of \(userCount) users from \(firstUser) on")
    try DuckDB(in: context).run(
      column.named(in: context.sql(SQLFile.events)),
      with: [
        "simulated": .text(simulated), "events": .text(try context.path(events)),
        "seed": .integer(Int64(seed)), "reference_date": .text(referenceDate),
        "weeks_before_reference": .integer(Int64(EventWindow.weeksBeforeReference)),
      ])
  }

  /// Writes one line `user,ordinal,eventType,microseconds,ecid` an event; returns their number.
  private func write(
    _ users: UserRange, to path: String, in context: StepContext
  ) throws -> Int {
    let simulation = UserSimulation(seed: seed)
    var text = Data()
    var count = 0
    for user in users.numbers {
      try context.checkCancellation()
      let ecid = Identity(number: user).ecid
      for (ordinal, event) in simulation.events(of: user).enumerated() {
        let line = "\(user),\(ordinal),\(event.type.behaviour.name),\(event.microseconds),\(ecid)\n"
        text.append(contentsOf: line.utf8)
        count += 1
      }
    }
    try text.write(to: URL(filePath: path))
    return count
  }
}
