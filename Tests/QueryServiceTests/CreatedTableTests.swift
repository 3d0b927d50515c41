// Tables by CREATE TABLE AS against the sandbox: made once whatever breaks, and believed only when whole.
import AdobePlatform
import AtelierTesting
import Configuration
import Content
import DuckDB
import Featurize
import Foundation
import HTTP
import PlatformHarness
import PlatformQueries
import Synchronization
import Testing

@testable import QueryService

@Suite(.enabled(if: PlatformSandbox.isInstalled && WireServer.isInstalled, "\(StandIns.absence)"))
struct CreatedTableTests {
  /// Events of one test's space, two batches whose users recur.
  private struct Lake {
    let space: PlatformSpace
    let dataset: String
    let table: String
    let events: EventBatches
    let folder: TemporaryFolder
    let batches: [String]

    init(_ events: EventBatches) throws {
      self.events = events
      folder = try TemporaryFolder()
      space = try PlatformSandbox.shared().space()
      let made = try space.post("dataset", ["name": "events"])
      dataset = made["id"]?.string ?? ""
      table = made["table"]?.string ?? ""
      batches = try zip(events.files, Self.counts.get()).map { [space, dataset] file, count in
        try space.makeBatch(dataset, records: count, files: ["part-00000.parquet": file])
      }
    }

    /// Rows of each file, counted once.
    private static let counts = Result {
      try CreatedTableTests.events.get().files.map { try count($0) }
    }

    private static func count(_ file: String) throws -> Int64 {
      let text = try WireServer.run([
        "-c",
        "import duckdb, sys; print(duckdb.execute(f\"SELECT count(*) FROM '{sys.argv[1]}'\").fetchone()[0])",
        file,
      ])
      return Int64(text.filter(\.isNumber)) ?? 0
    }

    var select: String {
      get throws {
        try FeatureQuery(
          EventSelection(table: table, tenant: "acme", rows: .batches(batches)), seed: 7,
          rows: .event(gap: 0)
        ).text
      }
    }

    func intent(_ name: String = "intent") -> IntentFile {
      IntentFile(name: "atelier-0123456789abcdef", path: folder("\(name).json"))
    }

    /// Queries that made something are counted; looks are not.
    var sent: Int64 {
      get throws { try space.get("counts")["POST /data/foundation/query/queries"]?.integer ?? 0 }
    }

    func query(_ client: PlatformClient) throws -> QueryClient {
      var settings = QuerySettings()
      settings.certificates = try space.get("addresses")["wire"]?["certificate"]?.string
      return QueryClient(client, settings)
    }
  }

  fileprivate static let events = Result { try EventBatches(seed: 31, users: 60, batches: 2) }
  private let lake: Lake

  init() throws { lake = try Lake(Self.events.get()) }

  @Test func aTableIsAVersionOfADataSet() throws {
    let client = try lake.space.platform()
    let version = try CreatedTables(client).createTable(as: lake.select, intent: lake.intent())
    #expect(version.batches.count == 1 && version.records > 40 && version.dataset != lake.dataset)
    let found = try Catalog(client).dataSet(version.dataset)
    #expect(found?.name == "atelier_0123456789abcdef")
    #expect(try lake.intent().load()?.phase == "done")
    #expect(try lake.space.violations() == [])
    // What is there is found again, also without the intent: on another machine.
    #expect(
      try CreatedTables(client).createTable(as: lake.select, intent: lake.intent("other"))
        == version)
    #expect(try lake.sent == 1)
  }

  @Test("kill -9 at every call: the query is sent once", arguments: [true, false])
  func killedAnywhereItIsSentOnce(afterSending: Bool) throws {
    var ends = 0
    for last in 1...40 {
      let lake = try Lake(Self.events.get())
      let ending = EndingTransport(
        at: last, afterSending: afterSending, CurlTransport(.service()))
      do {
        _ = try CreatedTables(lake.space.platform(transport: ending)).createTable(
          as: lake.select, intent: lake.intent())
        break
      } catch is Killed {
        ends += 1
      }
      let version = try CreatedTables(lake.space.platform()).createTable(
        as: lake.select, intent: lake.intent())
      #expect(version.records > 40, "killed at call \(last)")
      #expect(try lake.sent == 1, "killed at call \(last)")
      #expect(try lake.space.violations() == [], "killed at call \(last)")
    }
    #expect(ends >= 6)
  }

  @Test("a POST that took effect and answered 503 is found by its SQL")
  func aLostAnswerIsFound() throws {
    try lake.space.spoil([
      "match": "POST /data/foundation/query/queries ", "status": 503, "effect": true,
    ])
    let version = try CreatedTables(lake.space.platform()).createTable(
      as: lake.select, intent: lake.intent())
    #expect(version.records > 40)
    #expect(try lake.sent == 1)
  }

  @Test("KILLED and TIMEOUT end the wait, too", arguments: ["FAILED", "KILLED", "TIMEOUT"])
  func aQueryThatFailsIsReported(end: String) throws {
    try lake.space.turn(["query_end": .string(end)])
    let clock = TestClock()
    let tables = CreatedTables(try lake.space.platform(clock))
    let failed = #expect(throws: FailedQuery.self) {
      try tables.createTable(as: lake.select, intent: lake.intent())
    }
    #expect(failed?.state == end && failed?.description.contains("ended by the test") == true)
    #expect(clock.elapsed < 300)
    // The next run tries again under another name; the failure is not final.
    try lake.space.turn(["query_end": "SUCCESS"])
    let version = try tables.createTable(as: lake.select, intent: lake.intent())
    #expect(
      try Catalog(tables.client).dataSet(version.dataset)?.name == "atelier_0123456789abcdef_2")
    #expect(try lake.sent == 2)
  }

  @Test("trap 0.8: SUCCESS without a data set is no success")
  func aHiddenFailureIsFound() throws {
    try lake.space.turn(["query_end": "HIDDEN"])
    let failed = #expect(throws: FailedQuery.self) {
      try CreatedTables(lake.space.platform()).createTable(as: lake.select, intent: lake.intent())
    }
    #expect(failed?.reason.contains("no data set") == true)
  }

  @Test func theServersOwnErrorIsKept() throws {
    let failed = #expect(throws: FailedQuery.self) {
      try CreatedTables(lake.space.platform()).createTable(
        as: "SELECT nothing FROM \(lake.table)", intent: lake.intent())
    }
    #expect(failed?.reason.contains("42703") == true)
  }

  @Test func whoStopsCancelsTheQuery() throws {
    try lake.space.turn(["query_polls": 1_000_000])
    let clock = TestClock()
    var client = try lake.space.platform(clock)
    client.isCancelled = { clock.elapsed > 100 }
    let error = #expect(throws: TransportFailure.self) {
      try CreatedTables(client).createTable(as: lake.select, intent: lake.intent())
    }
    #expect(error?.kind == .cancelled)
    #expect(try lake.space.count("PATCH /data/foundation/query/queries") == 1)
    #expect(try lake.intent().load()?.phase == "failed")
  }

  @Test func aQueryThatDoesNotEndIsWaitedForByTheNextRun() throws {
    try lake.space.turn(["query_polls": 1_000_000])
    #expect(throws: WaitEnded.self) {
      try CreatedTables(lake.space.platform()).createTable(as: lake.select, intent: lake.intent())
    }
    try lake.space.turn(["query_polls": 1])
    let version = try CreatedTables(lake.space.platform()).createTable(
      as: lake.select, intent: lake.intent())
    #expect(version.records > 40)
    #expect(try lake.sent == 1)
  }

  @Test("the table's query is on a later page of the list")
  func allPagesAreRead() throws {
    try lake.space.turn(["query_page": 1])
    let client = try lake.space.platform()
    let version = try CreatedTables(client).createTable(as: lake.select, intent: lake.intent())
    let other = IntentFile(name: "atelier-0123456789abcdef00", path: lake.folder("longer.json"))
    _ = try CreatedTables(client).createTable(as: lake.select, intent: other)
    #expect(
      try CreatedTables(client).createTable(as: lake.select, intent: lake.intent("again"))
        == version)
    #expect(try lake.sent == 2)
  }

  // MARK: - Over the wire

  @Test("plan 2: the self-check names the batch whose rows are not what Catalog counts")
  func theSelfCheckNamesTheBatch() throws {
    let client = try lake.space.platform()
    let query = try lake.query(client)
    let version = try #require(try Catalog(client).version(of: lake.dataset))
    try query.check(version, table: lake.table)
    let more = DataSetVersion(
      try lake.space.settings(), dataset: lake.dataset,
      batches: version.batches.enumerated().map { index, batch in
        .init(id: batch.id, records: batch.records + (index == 1 ? 1 : 0))
      })
    let differing = #expect(throws: DifferingBatch.self) {
      try query.check(more, table: lake.table)
    }
    #expect(differing?.batch == version.batches[1].id)
    // A batch that queries do not see at all.
    let gone = DataSetVersion(
      try lake.space.settings(), dataset: lake.dataset,
      batches: version.batches + [.init(id: "01ZZZ", records: 5)])
    #expect(
      #expect(throws: DifferingBatch.self) { try query.check(gone, table: lake.table) }?.found == 0)
  }

  @Test func theWireTakesTheTokenOfTheAPI() throws {
    let client = try lake.space.platform()
    let rows = try lake.query(client).rows(
      of: Exploration.statistics(
        EventSelection(table: lake.table, tenant: "acme", rows: .batches(lake.batches))
      ).query, columns: ["rows", "users"])
    #expect(Int64(rows[0][0] ?? "") == (try Catalog(client).version(of: lake.dataset)?.records))
    // The token is in no message of the wire: it was the password only.
    let token = try client.tokens.current().secret.reveal()
    let messages = try #require(try lake.space.get("state")["other"]?["wire"]?.canonicalText())
    #expect(messages.contains("count(*)") && !messages.contains(token))
  }

  @Test("the token is renewed between two questions: a session lives no longer than its token")
  func aTokenThatExpiresIsRenewed() throws {
    try lake.space.turn(["token_seconds": 3600])
    let clock = TestClock()
    let client = try lake.space.platform(clock)
    let query = try lake.query(client)
    let one = "SELECT 1 AS one"
    _ = try query.rows(of: one, columns: ["one"])
    clock.advance(3500)
    try lake.space.turn(["clock": 4000])
    #expect(try query.rows(of: one, columns: ["one"]) == [["1"]])
  }

  @Test func settingsAreChecked() throws {
    func settings(_ values: [String: String]) throws -> QuerySettings {
      try QuerySettings(Configuration(document: nil, overrides: values, environment: [:]))
    }
    #expect(try settings([:]).tls == .verifyFull)
    #expect(try settings(["Platform.query_tls": "require"]).tls == .require)
    for word in ["disable", "allow", "prefer", "verify-ca"] {
      #expect(throws: ConfigurationError.self, "\(word)") {
        try settings(["Platform.query_tls": word])
      }
    }
    let named = try settings(["Platform.query_host": "localhost:5432", "Platform.query_ca": "/a"])
    #expect(named.address?.host == "localhost" && named.address?.port == 5432)
    #expect(named.certificates == "/a")
    for place in ["localhost", ":80", "a:0", "a:99999", "a b:80"] {
      #expect(throws: ConfigurationError.self, "\(place)") {
        try settings(["Platform.query_host": place])
      }
    }
  }
}
