// Files of a bucket into a data set by a flow that runs once, against the sandbox.
import AtelierTesting
import Content
import Foundation
import HTTP
import PlatformHarness
import Testing

@testable import AdobePlatform
@testable import DataFlows

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct ImportTests {
  /// A data set for scores and a file of them in the bucket.
  private struct Scores {
    let lake: FlowLake
    let dataset: String
    let file = "lake-bucket/cmle/ingress/scores/exportTime=20260101000000/part-00000.csv"

    init(_ text: String = "userId,prediction\nu1,0.25\nu2,0.5\nu3,0.75\n") throws {
      lake = try FlowLake()
      dataset = try lake.space.makeDataSet("scores")
      let path = lake.space.folder + "/s3/" + file
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func load(_ client: PlatformClient, file: String? = nil) throws -> DataSetVersion {
      let flows = ImportFlows(client)
      let connection = try flows.deploy(lake.place, lake.storageKeys)
      let target = ImportFlows.Target(
        dataset: dataset, schema: "https://ns.adobe.com/acme/schemas/scores",
        mapping: ["prediction": "_acme.propensity", "userId": "_acme.cmle_id"])
      return try flows.load(
        file: file ?? self.file, records: 3, into: target, connection: connection,
        intent: lake.intent)
    }
  }

  private let scores: Scores

  init() throws { scores = try Scores() }

  @Test func aFileBecomesABatch() throws {
    let version = try scores.load(try scores.lake.space.platform())
    #expect(version.dataset == scores.dataset && version.batches.map(\.records) == [3])
    #expect(try scores.lake.space.violations() == [])
    // Once more: nothing is made.
    #expect(try scores.load(try scores.lake.space.platform()) == version)
    #expect(try scores.lake.makings() == [1, 1, 1, 1])
  }

  @Test("runs without data are listed, too")
  func emptyRunsAreNoEnd() throws {
    try scores.lake.space.turn(["empty_runs": true, "run_polls": 3])
    #expect(try scores.load(try scores.lake.space.platform()).records == 3)
  }

  @Test("week 4, 10: the flow's transformation is named Mapping and it runs once")
  func theFlowIsOfTheFormThatRuns() throws {
    _ = try scores.load(try scores.lake.space.platform())
    let state = try scores.lake.space.get("state")
    let flow = try #require(state["other"]?["flows"]?.object?.values.first)
    #expect(flow["transformations"]?.array?.first?["name"] == "Mapping")
    #expect(flow["scheduleParams"]?["frequency"] == "once")
    #expect(flow["scheduleParams"]?["interval"] == nil)
  }

  @Test("kill -9 at every call: one flow, one batch", arguments: [true, false])
  func killedAnywhereItIsLoadedOnce(afterSending: Bool) throws {
    var ends = 0
    for last in 1...60 {
      let scores = try Scores()
      let ending = EndingTransport(
        at: last, afterSending: afterSending, CurlTransport(.service()))
      do {
        _ = try scores.load(try scores.lake.space.platform(transport: ending))
        break
      } catch is Killed {
        ends += 1
      }
      let version = try scores.load(try scores.lake.space.platform())
      #expect(version.batches.count == 1, "killed at call \(last)")
      #expect(try scores.lake.makings() == [1, 1, 1, 1], "killed at call \(last)")
      let batches = try scores.lake.space.get("state")["batches"]?.object?.values.filter {
        $0["relatedObjects"]?.array?.first?["id"]?.string == scores.dataset
      }
      #expect(batches?.count == 1, "killed at call \(last)")
    }
    #expect(ends >= 14)
  }

  @Test func aFailedRunIsReportedAndTriedAgainUnderAnotherName() throws {
    let gone = "lake-bucket/none.csv"
    let failed = #expect(throws: FailedFlowRun.self) {
      try scores.load(try scores.lake.space.platform(), file: gone)
    }
    #expect(failed?.description.contains("there is no file /lake-bucket/none.csv") == true)
    #expect(try scores.load(try scores.lake.space.platform()).records == 3)
    #expect(try scores.lake.makings() == [1, 2, 2, 2])
  }

  @Test func anotherNumberOfRecordsIsReported() throws {
    let short = try Scores("userId,prediction\nu1,0.25\n")
    let failed = #expect(throws: FailedFlowRun.self) {
      try short.load(try short.lake.space.platform())
    }
    #expect(failed?.what == "wrote 1 records; expected 3")
  }
}
