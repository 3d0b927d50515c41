// Event files for tests: simulated events exported in each format, and files written by hand.
import AtelierStep
import AtelierTesting
import DuckDB
import PropensityFormats
import Query

@testable import Source

/// A step of the tests that exports events by a COPY statement over the view `events`.
struct ExportEvents: Step {
  static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
  var file: Artifact<EventTable>
  var query: String
  var options: String
  var exported = Output<EventFile>()

  var programs: [Program] { [.duckdb] }

  func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      """
      CREATE VIEW events AS SELECT * FROM read_parquet(getvariable('file'));
      COPY (\(query)) TO (getvariable('exported')) (\(options));
      """,
      with: [
        "file": .text(try context.path(file)), "exported": .text(try context.path(exported)),
      ])
  }

  /// The CSV columns of an event.
  static let flat = """
    SELECT _id, eventType, strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%fZ') AS "timestamp",
      producedBy, eventMergeId, _acme.cmle_id AS "_acme.cmle_id", \(leaves)
    FROM events
    """

  private static let leaves = [
    "directMarketing.emailDelivered.value", "directMarketing.sends.value",
    "directMarketing.emailVisitorID", "directMarketing.hashedEmail", "directMarketing.messageID",
    "directMarketing.offerOpens.value", "directMarketing.opens.value",
    "directMarketing.clicks.value", "web.webInteraction.linkClicks.value",
    "web.webInteraction.URL", "web.webInteraction.name", "web.webInteraction.region",
    "web.webInteraction.type", "web.webPageDetails.pageViews.value", "web.webPageDetails.URL",
    "web.webPageDetails.isErrorPage", "web.webPageDetails.name", "web.webPageDetails.server",
    "web.webPageDetails.siteSection", "web.webPageDetails.viewName", "web.webReferrer.URL",
    "web.webReferrer.type",
  ].map { "\($0) AS \"\($0)\"" }.joined(separator: ", ")
}

/// The simulated events of some users.
func simulatedEvents(users: Int = 100) throws -> StepHarness.Result {
  try StepHarness.run(
    SimulateEvents(
      batch: 0, firstUser: 0, userCount: users, seed: 7, referenceDate: "2024-05-01",
      tenant: "acme"))
}

/// Imports a file.
func importEvents(_ path: String, _ format: EventFileFormat, tenant: String = "acme") throws
  -> StepHarness.Result
{
  try StepHarness.run(
    ImportEvents(file: .test, format: format, tenant: tenant), inputs: ["file": path])
}

/// Imports a text.
func importEvents(text: String, _ format: EventFileFormat, tenant: String = "acme") throws
  -> StepHarness.Result
{
  let space = try TemporarySpace()
  return try importEvents(space.write("file", text), format, tenant: tenant)
}

/// What `importEvents` says of a text that it refuses; nil if it takes it.
func refusal(of text: String, _ format: EventFileFormat, tenant: String = "acme") -> String? {
  do {
    _ = try importEvents(text: text, format, tenant: tenant)
    return nil
  } catch {
    return "\(error)"
  }
}

/// A step of the tests that writes a Parquet file of a query.
struct MakeParquet: Step {
  static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
  var file: Artifact<EventFile>
  var query: String
  var made = Output<EventFile>()

  var programs: [Program] { [.duckdb] }

  func run(in context: StepContext) throws {
    try DuckDB(in: context).run(
      "COPY (\(query)) TO (getvariable('made')) (FORMAT parquet);",
      with: ["made": .text(try context.path(made))])
  }
}
