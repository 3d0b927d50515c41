// Calls: what is tried again, what never is, how errors are worded, and how lists are read to their end.
import Content
import HTTP
import PlatformHarness
import Testing

@testable import AdobePlatform

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct CallTests {
  private let space: PlatformSpace
  private let dataset: String
  private static let get = "GET /data/foundation/catalog/dataSets/{id}"
  private static let post = "POST /data/foundation/catalog/dataSets"

  init() throws {
    space = try PlatformSandbox.shared().space()
    dataset = try space.makeDataSet()
  }

  @Test(arguments: [429, 502, 503, 504] as [Int64])
  func aBurstIsWaitedFor(_ status: Int64) throws {
    try space.spoil(["match": .string(Self.get), "status": .integer(status), "times": 3])
    #expect(try Catalog(space.platform()).dataSet(dataset) != nil)
    #expect(try space.count(Self.get) == 4)
  }

  @Test func aServersWishToWaitIsHeeded() throws {
    try space.spoil(["match": .string(Self.get), "status": 429, "retryAfter": "17"])
    let clock = TestClock()
    #expect(try Catalog(space.platform(clock)).dataSet(dataset) != nil)
    #expect(clock.elapsed > 16.9)
  }

  @Test func aBurstWithoutEndIsGivenUp() throws {
    try space.spoil(["match": .string(Self.get), "status": 503, "times": 99])
    let fault = #expect(throws: PlatformFault.self) {
      _ = try Catalog(space.platform()).dataSet(dataset)
    }
    #expect(fault?.status == 503 && fault?.message == "spoilt by the test")
    #expect(try space.count(Self.get) == 6)
  }

  @Test func anAnswerThatIsCutIsAskedForAgain() throws {
    try space.spoil(["match": .string(Self.get), "cut": 20, "times": 2])
    #expect(try Catalog(space.platform()).dataSet(dataset) != nil)
    #expect(try space.count(Self.get) == 3)
  }

  @Test func aPostIsNeverRepeatedBlindly() throws {
    try space.spoil(["match": .string(Self.post), "status": 503, "times": 1, "effect": true])
    #expect(throws: PlatformFault.self) {
      _ = try Catalog(space.platform()).makeDataSet(name: "other", schema: "https://x/1")
    }
    #expect(try space.count(Self.post) == 1)
  }

  @Test(arguments: ["status", "drop", "cut"])
  func aPostWhoseAnswerIsLostIsLookedFor(_ kind: String) throws {
    var fault: [String: JSONValue] = ["match": .string(Self.post), "effect": true, "times": 1]
    switch kind {
    case "status": fault["status"] = 503
    case "drop": fault["drop"] = true
    default: fault["cut"] = 3
    }
    try space.spoil(.object(fault))
    let client = try space.platform()
    let catalog = Catalog(client)
    let id = try client.once {
      try catalog.dataSets(named: "other").first?.id
    } make: {
      try catalog.makeDataSet(name: "other", schema: "https://x/1")
    }
    #expect(try catalog.dataSet(id)?.name == "other")
    #expect(try space.count(Self.post) == 1)
    #expect(try space.violations() == [])
  }

  @Test func anErrorOfTheClientIsNotTriedAgain() throws {
    try space.spoil(["match": .string(Self.get), "status": 400, "times": 9])
    #expect(throws: PlatformFault.self) { _ = try Catalog(space.platform()).dataSet(dataset) }
    #expect(try space.count(Self.get) == 1)
  }

  @Test func aCancelledCallEnds() throws {
    var client = try space.platform()
    client.isCancelled = { true }
    let failure = #expect(throws: TransportFailure.self) {
      _ = try Catalog(client).dataSet(dataset)
    }
    #expect(failure?.kind == .cancelled)
  }

  @Test func whatIsNotThereIsNil() throws {
    let catalog = Catalog(try space.platform())
    #expect(try catalog.dataSet("65041e95ffffffffffffffff") == nil)
    #expect(try catalog.dataSet("../etc") == nil)
    #expect(try catalog.version(of: "65041e95ffffffffffffffff") == nil)
    #expect(try space.violations() == [])
  }

  @Test func aJSONPatchGoesWithItsOwnContentType() throws {
    let catalog = Catalog(try space.platform())
    try catalog.enableProfile(dataset: dataset)
    #expect(try catalog.dataSet(dataset)?.isProfileEnabled == true)
    #expect(try space.violations() == [])
  }

  @Test func aListIsReadToItsLastPage() throws {
    var ids: Set<String> = []
    for _ in 0..<230 { ids.insert(try space.makeBatch(dataset, records: 1)) }
    try space.makeBatch(dataset, status: "failed")
    let version = try Catalog(space.platform()).version(of: dataset)
    #expect(Set(version?.batches.map(\.id) ?? []) == ids)
    #expect(try space.count("GET /data/foundation/catalog/batches") == 3)
    #expect(try space.violations() == [])
  }

  @Test func aVersionIsTwoRequests() throws {
    try space.makeBatch(dataset, records: 7)
    let before = try Catalog(space.platform()).version(of: dataset)
    #expect(try space.calls().filter { !$0.hasPrefix("POST /ims") }.count == 2)
    #expect(before?.records == 7)
    try space.makeBatch(dataset, records: 1, status: "staging")
    #expect(try Catalog(space.platform()).version(of: dataset) == before)
    try space.makeBatch(dataset, records: 1)
    #expect(try Catalog(space.platform()).version(of: dataset) != before)
  }

  @Test func aLinkNeverLeadsTheTokenElsewhere() throws {
    let client = try space.platform()
    let link = try client.link(
      "https://evil.example/data/foundation/x?start=1%202&limit=3", from: "/p")
    #expect(link.path == "/data/foundation/x")
    #expect(link.query == [QueryItem("start", "1 2"), QueryItem("limit", "3")])
    #expect(try client.link("?start=2", from: "/p").path == "/p")
    #expect(throws: UnexpectedAnswer.self) { _ = try client.link("a b", from: "/p") }
  }
}

@Suite struct FaultTests {
  private func fault(_ status: Int, _ body: String) -> PlatformFault {
    PlatformFault(
      HTTPAnswer(head: HTTPHead(status: status), errorBody: Array(body.utf8)),
      request: "GET /data/x", now: UnixTime(seconds: 0))
  }

  @Test(arguments: [
    (
      #"{"type":"t","status":404,"title":"Not found","detail":"No data set"}"#, "t",
      "Not found: No data set"
    ),
    (
      #"{"error_code":"401013","message":"Oauth token is not valid"}"#, "401013",
      "Oauth token is not valid"
    ),
    (#"{"errors":[{"code":"7","message":"No","errorType":"x"}]}"#, "7", "No"),
    (#"{"errorCode":"F1","errorMessage":"No"}"#, "F1", "No"),
    (#"{"error":"invalid_client","error_description":"no"}"#, "invalid_client", "no"),
    ("<html>", "HTTP 500", ""), ("[]", "HTTP 500", ""), ("", "HTTP 500", ""),
  ])
  func eachShapeIsRead(_ body: String, _ code: String, _ message: String) {
    let fault = fault(500, body)
    #expect(fault.code == code && fault.message == message)
  }

  @Test func aLongAnswerIsCutAndStaysOnOneLine() {
    let text = fault(400, #"{"code":"x","message":"a\#\n\#(String(repeating: "b", count: 2000))"}"#)
      .description
    #expect(text.count < 800 && !text.contains("\n"), "\(text)")
  }
}
