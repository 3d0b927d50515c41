// Exports and imports by Flow Service against the sandbox: started once, believed only when complete.
import AtelierTesting
import Configuration
import Content
import Foundation
import HTTP
import PlatformHarness
import Subprocess
import Testing

@testable import AdobePlatform
@testable import DataFlows

/// Rows of one test's space, and what exports of them need.
struct FlowLake {
  static let keys = (
    access: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  )

  let space: PlatformSpace
  let dataset: String
  let folder: TemporaryFolder
  let place = StoragePlace(bucket: "lake-bucket", prefix: "cmle/egress/")
  let name = "atelier-0123456789abcdef"

  /// Ten rows, and ten scores from 0 to 0.9, made once: a process each time would cost seconds.
  private static let files = Result { () throws -> TemporaryFolder in
    let folder = try TemporaryFolder()
    try run(
      """
      COPY (SELECT i FROM range(10) t(i)) TO '\(folder("rows.parquet"))' (FORMAT parquet);
      COPY (SELECT {'cmle_id': 'u' || i, 'propensity': i / 10} AS _acme FROM range(10) t(i))
      TO '\(folder("scores.parquet"))' (FORMAT parquet);
      """)
    return folder
  }

  /// The path of `rows.parquet` or `scores.parquet`.
  static func file(_ name: String) throws -> String { try files.get()(name) }

  init() throws {
    space = try PlatformSandbox.shared().space()
    folder = try TemporaryFolder()
    dataset = try space.makeDataSet("atelier_table")
    try space.makeBatch(
      dataset, records: 10, files: ["part-00000.parquet": try Self.file("rows.parquet")])
  }

  var storageKeys: StorageKeys {
    get throws {
      try StorageKeys(accessKey: Secret(Self.keys.access), secretKey: Secret(Self.keys.secret))
    }
  }

  var intent: IntentFile { IntentFile(name: name, path: folder("intent.json")) }

  /// Runs statements of DuckDB.
  private static func run(_ sql: String) throws {
    let captured = try capture(
      Command(
        executable: StandIns.python,
        arguments: ["-c", "import duckdb, sys; duckdb.execute(sys.argv[1])", sql]), timeout: 60)
    guard captured.exit.succeeded else { throw BrokenProperty(captured.errorText) }
  }

  /// Deploys, makes the flow and runs it.
  func export(_ client: PlatformClient, records: Int64 = 10) throws -> FlowRun {
    let flows = ExportFlows(client)
    let target = try flows.deploy(place, storageKeys)
    let flow = try flows.flow(of: dataset, to: target)
    return try flows.export(dataset: dataset, flow: flow, records: records, intent: intent)
  }

  /// The keys below the bucket's folder.
  func objects() throws -> [String] {
    let root = space.folder + "/s3/" + place.bucket
    guard let names = FileManager.default.enumerator(atPath: root) else { return [] }
    return names.compactMap { $0 as? String }.filter { $0.contains("part-") }.sorted()
  }

  static let adhoc = "POST /data/core/activation/disflowprovider/adhocrun"
  static let made = FlowKind.allCases.map { "POST \(FlowService.path($0))" }

  /// How often things of each kind were made.
  func makings() throws -> [Int64] {
    let counts = try space.get("counts")
    return Self.made.map { counts[$0]?.integer ?? 0 }
  }
}

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct ExportTests {
  private let lake: FlowLake

  init() throws { lake = try FlowLake() }

  private func newest(_ run: FlowRun) throws -> ExportedFiles? {
    ExportedFiles.newest(
      of: lake.dataset, below: lake.place, keys: try lake.objects(), files: run.files ?? 0,
      sinceMilliseconds: run.started ?? 0)
  }

  @Test func aDataSetIsExportedOnce() throws {
    let run = try lake.export(try lake.space.platform())
    #expect(run.hasSucceeded && run.outputRecords == 10 && run.files == 1)
    let files = try newest(run)
    #expect(files?.keys.count == 1 && files?.time.count == 14)
    #expect(files?.keys.first?.hasPrefix("cmle/egress/\(lake.dataset)/exportTime=") == true)
    #expect(try lake.space.violations() == [])
    // Again, also without the intent: nothing is made, the run is adopted.
    #expect(try lake.export(try lake.space.platform()).id == run.id)
    try lake.intent.remove()
    #expect(try lake.export(try lake.space.platform()).id == run.id)
    #expect(try lake.makings() == [1, 1, 1, 1])
    #expect(try lake.space.count(FlowLake.adhoc) == 1)
  }

  @Test("trap 8.5: a run that is not ready is asked for again every minute, 15 minutes at most")
  func notReadyIsAState() throws {
    try lake.space.turn(["adhoc_not_ready": 3])
    let clock = TestClock()
    #expect(try lake.export(try lake.space.platform(clock)).hasSucceeded)
    #expect(try lake.space.count(FlowLake.adhoc) == 4)
    #expect(clock.elapsed >= 180)
    let late = try FlowLake()
    try late.space.turn(["adhoc_not_ready": 1000])
    let ended = #expect(throws: WaitEnded.self) { try late.export(try late.space.platform()) }
    #expect(ended?.state == "not ready")
    #expect((15...16).contains(try late.space.count(FlowLake.adhoc)))
  }

  @Test("a run that somebody else started is adopted")
  func anExistingRunIsAdopted() throws {
    try lake.space.turn(["adhoc_exists": true])
    #expect(try lake.export(try lake.space.platform()).hasSucceeded)
    #expect(try lake.space.count(FlowLake.adhoc) == 1)
  }

  @Test("week 2, 17: a failed run is not done; the next run starts another")
  func aFailedRunIsReported() throws {
    try lake.space.turn(["run_end": "failed"])
    let failed = #expect(throws: FailedFlowRun.self) { try lake.export(try lake.space.platform()) }
    #expect(failed?.description.contains("ended by the test") == true)
    try lake.space.turn(["run_end": "success"])
    #expect(try lake.export(try lake.space.platform()).hasSucceeded)
    #expect(try lake.space.count(FlowLake.adhoc) == 2)
  }

  @Test func anExportThatLeavesRowsOutIsReported() throws {
    try lake.space.turn(["run_lost": 1])
    let failed = #expect(throws: FailedFlowRun.self) { try lake.export(try lake.space.platform()) }
    #expect(failed?.what == "wrote 9 records; expected 10")
  }

  @Test("kill -9 at every call: nothing is made twice", arguments: [true, false])
  func killedAnywhereItIsStartedOnce(afterSending: Bool) throws {
    var ends = 0
    for last in 1...60 {
      let lake = try FlowLake()
      let ending = EndingTransport(
        at: last, afterSending: afterSending, CurlTransport(.service()))
      do {
        _ = try lake.export(try lake.space.platform(transport: ending))
        break
      } catch is Killed {
        ends += 1
      }
      #expect(try lake.export(try lake.space.platform()).outputRecords == 10, "at call \(last)")
      #expect(try lake.makings() == [1, 1, 1, 1], "at call \(last)")
      #expect(try lake.space.count(FlowLake.adhoc) == 1, "at call \(last)")
      #expect(try lake.space.violations() == [], "at call \(last)")
    }
    #expect(ends >= 12)
  }

  @Test("a POST that took effect and answered 503 is found by name", arguments: 0..<5)
  func aLostAnswerIsFound(call: Int) throws {
    let match = call < 4 ? FlowLake.made[call] : FlowLake.adhoc
    try lake.space.spoil(["match": .string(match + " "), "status": 503, "effect": true])
    #expect(try lake.export(try lake.space.platform()).outputRecords == 10)
    #expect(try lake.makings() == [1, 1, 1, 1])
    #expect(try lake.space.count(FlowLake.adhoc) == 1)
  }

  @Test("trap 8.6: a flow of our name that is bound to another data set is reported")
  func aFlowOfAnotherDataSetIsReported() throws {
    _ = try lake.export(try lake.space.platform())
    let client = try lake.space.platform()
    let other = try lake.space.makeDataSet("other")
    let service = FlowService(client)
    let source = "atelier-export-\(lake.dataset)"
    let differing = #expect(throws: DifferingFlowItem.self) {
      try service.ensure(
        .source, source,
        [
          "connectionSpec": ["id": "23598e46-f560-407b-88d5-ea6207e49db0", "version": "1.0"],
          "data": ["format": "parquet"],
          "params": ["datasets": [["dataSetId": .string(other)]]],
        ])
    }
    #expect(differing?.member == "params.datasets[0].dataSetId")
    #expect(differing?.found == lake.dataset && differing?.expected == other)
    // And a target in another bucket.
    let flows = ExportFlows(client)
    let place = StoragePlace(bucket: "another", prefix: "")
    #expect(
      #expect(throws: DifferingFlowItem.self) { try flows.deploy(place, try lake.storageKeys) }?
        .member == "params.bucketName")
  }

  @Test("trap 0.7: a flow has an end; one without, or that has ended, is reported")
  func aFlowThatEndsIsReported() throws {
    let run = try lake.export(try lake.space.platform())
    let client = try lake.space.platform()
    let flow = try #require(try FlowService(client).item(.flow, run.flow))
    let now = client.timing.now().seconds
    #expect(flow.json["scheduleParams"]?["endTime"]?.integer ?? 0 > now + 300 * 86_400)
    let old = try FlowLake()
    try old.space.turn(["flow_end": false])
    let differing = #expect(throws: DifferingFlowItem.self) {
      try old.export(try old.space.platform())
    }
    #expect(differing?.member == "scheduleParams.endTime")
    #expect(try old.space.count(FlowLake.adhoc) == 0)
  }

  @Test func aDisabledFlowIsEnabledFirst() throws {
    _ = try lake.export(try lake.space.platform())
    try lake.space.post(
      "flow",
      [
        "name": .string("atelier-export-\(lake.dataset)"), "members": ["state": "disabled"],
      ])
    try lake.intent.remove()
    #expect(try lake.export(try lake.space.platform()).hasSucceeded)
    #expect(try lake.space.count("POST \(FlowService.path(.flow))/{id}/action") == 1)
    #expect(try lake.space.violations() == [])
  }

  @Test(
    "week 3: several parts, 12 and 14 digits, another exporter beside", arguments: [12, 14])
  func theFilesOfTheRunAreFound(digits: Int64) throws {
    try lake.space.turn([
      "export_parts": 3, "export_digits": .integer(digits), "second_exporter": true,
    ])
    let run = try lake.export(try lake.space.platform())
    let all = try lake.objects()
    let files = try newest(run)
    #expect(all.count == 7 && files?.keys.count == 3)
    #expect(files?.time.count == Int(digits))
    // The export of a former time is none.
    #expect(
      ExportedFiles.newest(
        of: lake.dataset, below: lake.place, keys: all, files: 3,
        sinceMilliseconds: (run.started ?? 0) + 86_400_000) == nil)
  }

  @Test func namesThatAreNoExportAreLeftAlone() {
    let place = StoragePlace(bucket: "b", prefix: "/p/")
    let keys = [
      "p/d/exportTime=20230919232925/part-0", "p/d/exportTime=20230919232925/_SUCCESS",
      "p/d/exportTime=20230231000000/part-0", "p/d/exportTime=2023091923292/part-0",
      "p/d/exportTime=20239919232925/part-0", "p/d/exportTime=latest/part-0",
      "p/other/exportTime=20240919232925/part-0", "p/d/exportTime=20240919232925",
    ]
    let found = ExportedFiles.newest(
      of: "d", below: place, keys: keys, files: 1, sinceMilliseconds: 0)
    #expect(found == ExportedFiles(time: "20230919232925", keys: [keys[0]]))
    #expect(
      ExportedFiles.newest(of: "d", below: place, keys: keys, files: 2, sinceMilliseconds: 0)
        == nil)
  }

  @Test("the keys of S3 are in no state, intent or error")
  func keysAreHidden() throws {
    _ = try lake.export(try lake.space.platform())
    let state = try lake.space.get("state").canonicalText()
    let intent = try String(contentsOfFile: lake.intent.path, encoding: .utf8)
    #expect(!state.contains(FlowLake.keys.secret) && !intent.contains(FlowLake.keys.secret))
    // A server that repeats the key in its refusal.
    let fresh = try FlowLake()
    try fresh.space.spoil([
      "match": "POST /data/foundation/flowservice/connections ", "status": 400,
      "body": [
        "errorCode": "X", "errorMessage": .string("bad key \(FlowLake.keys.secret)"),
      ],
    ])
    let text = failure { try fresh.export(try fresh.space.platform()) } ?? ""
    #expect(text.contains("bad key <secret>") && !text.contains(FlowLake.keys.secret))
    for (access, secret) in [("short", FlowLake.keys.secret), (FlowLake.keys.access, "short")] {
      let text = failure {
        try StorageKeys(accessKey: Secret(access), secretKey: Secret(secret))
      }
      #expect(text?.contains("expected") == true && text?.contains("short") == false)
    }
  }
}
