// Tokens: fetched once for many threads, renewed in time, replaced once where they are refused.
import FileTools
import HTTP
import PlatformHarness
import Testing

@testable import AdobePlatform

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct TokenTests {
  private let space: PlatformSpace
  private let dataset: String

  init() throws {
    space = try PlatformSandbox.shared().space()
    dataset = try space.makeDataSet()
  }

  private func tokens() throws -> Int64 { try space.count("POST /ims/token") }

  @Test func manyThreadsShareOneFetch() throws {
    let catalog = Catalog(try space.platform())
    let dataset = dataset
    let found = try Parallel.map(8, width: 8, chunk: 1) { _ in try catalog.dataSet(dataset)?.name }
    #expect(found == Array(repeating: "events", count: 8))
    #expect(try tokens() == 1)
    #expect(try space.violations() == [])
  }

  @Test func aTokenIsRenewedBeforeItEnds() throws {
    let clock = TestClock()
    try space.turn(["token_seconds": 3600])
    let catalog = Catalog(try space.platform(clock))
    _ = try catalog.dataSet(dataset)
    clock.advance(3600 - 501)
    _ = try catalog.dataSet(dataset)
    #expect(try tokens() == 1)
    clock.advance(2)
    _ = try catalog.dataSet(dataset)
    #expect(try tokens() == 2)
  }

  @Test func noTokenIsUsedForMoreThan23Hours() throws {
    let clock = TestClock()
    let catalog = Catalog(try space.platform(clock))
    _ = try catalog.dataSet(dataset)
    clock.advance(23 * 3600 + 1)
    _ = try catalog.dataSet(dataset)
    #expect(try tokens() == 2)
  }

  @Test func olderCredentialsAnswerInMilliseconds() throws {
    let clock = TestClock()
    let catalog = Catalog(try space.platform(clock) { $0.tokenVersion = .v2 })
    _ = try catalog.dataSet(dataset)
    clock.advance(22 * 3600)
    _ = try catalog.dataSet(dataset)
    #expect(try space.count("POST /ims/token/v2") == 1)
  }

  @Test func aRefusedTokenIsReplacedOnce() throws {
    try space.turn(["token_calls": 2])
    let catalog = Catalog(try space.platform())
    for _ in 0..<5 { #expect(try catalog.dataSet(dataset) != nil) }
    #expect(try tokens() == 3)
  }

  @Test func aLongWaitOutlivesItsToken() throws {
    let clock = TestClock()
    try space.turn(["token_seconds": 600, "batch_polls": 40, "token_calls": 7])
    let client = try space.platform(clock)
    let file = try TemporaryFile(#"{"_id":"1"}"#)
    let batch = try Ingestion(client).loadBatch(
      name: "atelier-0123456789abcdef", dataset: dataset, file: file.path, format: .json,
      intent: IntentFile(name: "atelier-0123456789abcdef", path: file.path + ".intent"))
    #expect(batch.records == 1)
    #expect(try tokens() > 3)
    #expect(try space.count("POST /data/foundation/import/batches") == 2)
  }

  @Test func aTokenThatIsRefusedTwiceEndsTheCall() throws {
    try space.spoil([
      "match": "/dataSets", "status": 401, "times": 9,
      "body": ["error_code": "401013", "message": "Oauth token is not valid"],
    ])
    let fault = #expect(throws: PlatformFault.self) {
      _ = try Catalog(space.platform()).dataSet(dataset)
    }
    #expect(fault?.status == 401 && fault?.code == "401013")
    let text = fault?.description ?? ""
    #expect(text.contains("[Authentication] client_id"), "\(text)")
    #expect(try space.count("GET /data/foundation/catalog/dataSets") == 2)
  }

  @Test func aWrongSecretIsSaidAndNotShown() throws {
    let fault = #expect(throws: PlatformFault.self) {
      _ = try Catalog(space.platform { $0.clientSecret = .init("wr0ng-s3cret") }).dataSet(dataset)
    }
    let text = fault?.description ?? ""
    #expect(text.contains("invalid_client") && text.contains("client_secret"), "\(text)")
    #expect(!text.contains("wr0ng"), "\(text)")
    #expect(try tokens() == 1)
  }

  @Test func anotherSandboxIsRefusedWithTheAdviceAboutTheRole() throws {
    let fault = #expect(throws: PlatformFault.self) {
      _ = try Catalog(space.platform { $0.sandbox = "other" }).dataSet(dataset)
    }
    #expect(fault?.status == 403)
    #expect(fault?.description.contains("Permissions > Roles > API credentials") == true)
  }

  @Test func theTokenServersTroubleIsWaitedFor() throws {
    try space.spoil(["match": "/ims/token", "status": 503, "times": 2, "retryAfter": "3"])
    let clock = TestClock()
    #expect(try Catalog(space.platform(clock)).dataSet(dataset) != nil)
    #expect(clock.elapsed > 5.9)
    #expect(try tokens() == 3)
  }
}
