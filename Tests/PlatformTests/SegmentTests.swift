// Segments against the sandbox: one job, counted against what should be there.
import AtelierTesting
import Content
import Foundation
import HTTP
import PlatformHarness
import Testing

@testable import AdobePlatform
@testable import Segments

@Suite(.enabled(if: PlatformSandbox.isInstalled, "\(PlatformSandbox.absence)"))
struct SegmentTests {
  /// Scores in a data set that feeds Profile.
  private struct Profiles {
    let space: PlatformSpace
    let folder: TemporaryFolder
    let dataset: String

    init(enabled: Bool = true) throws {
      space = try PlatformSandbox.shared().space()
      folder = try TemporaryFolder()
      dataset = try space.makeDataSet("scores")
      if enabled { try Catalog(try space.platform()).enableProfile(dataset: dataset) }
      // 0.0, 0.1 ... 0.9: seven of them from 0.2 to 0.8.
      let file = try FlowLake.file("scores.parquet")
      try space.makeBatch(dataset, records: 10, files: ["part-00000.parquet": file])
    }

    var intent: IntentFile {
      IntentFile(name: "atelier-0123456789abcdef", path: folder("intent.json"))
    }

    static let wish = SegmentDefinition(
      name: "likely subscribers", description: "by propensity",
      rule: SegmentDefinition.rule(tenant: "acme", from: 0.2, to: 0.8))

    func evaluate(_ client: PlatformClient, expected: Int64 = 7) throws -> SegmentJob {
      let service = SegmentService(client)
      return try service.evaluate(
        segment: try service.ensure(Self.wish), expected: expected, intent: intent)
    }
  }

  private static let jobs = "POST /data/core/ups/segment/jobs"
  private let profiles: Profiles

  init() throws { profiles = try Profiles() }

  private func jobs(_ space: PlatformSpace) throws -> Int64 {
    try space.get("counts")[Self.jobs]?.integer ?? 0
  }

  @Test func aSegmentIsMadeAndEvaluatedOnce() throws {
    let job = try profiles.evaluate(try profiles.space.platform())
    #expect(job.reached.values.first == 7)
    #expect(try profiles.evaluate(try profiles.space.platform()).id == job.id)
    #expect(try jobs(profiles.space) == 1)
    #expect(try profiles.space.count("POST /data/core/ups/segment/definitions") == 1)
    #expect(try profiles.space.violations() == [])
  }

  @Test func theRuleIsThatOfTheNotebooks() {
    #expect(
      SegmentDefinition.rule(tenant: "acme", from: 0.2, to: 0.93)
        == "_acme.propensity >= 0.2 and _acme.propensity <= 0.93")
  }

  @Test func aSegmentOfTheNameWithAnotherRuleIsReported() throws {
    let service = SegmentService(try profiles.space.platform())
    let id = try service.ensure(Profiles.wish)
    let other = SegmentDefinition(
      name: Profiles.wish.name, description: "",
      rule: SegmentDefinition.rule(
        tenant: "acme", from: 0.3, to: 0.8))
    let differing = #expect(throws: DifferingSegment.self) { try service.ensure(other) }
    #expect(differing?.id == id && differing?.member == "expression.value")
  }

  @Test("a definition on a later page is found, not made again")
  func allPagesAreRead() throws {
    try profiles.space.turn(["segment_page": 2])
    let service = SegmentService(try profiles.space.platform())
    for number in 0..<5 {
      _ = try service.ensure(
        SegmentDefinition(name: "s\(number)", description: "", rule: Profiles.wish.rule))
    }
    _ = try service.ensure(
      SegmentDefinition(name: "s4", description: "", rule: Profiles.wish.rule))
    #expect(try profiles.space.count("POST /data/core/ups/segment/definitions") == 5)
  }

  @Test("kill -9 at every call: one job", arguments: [true, false])
  func killedAnywhereTheJobIsAskedForOnce(afterSending: Bool) throws {
    var ends = 0
    for last in 1...40 {
      let profiles = try Profiles()
      let ending = EndingTransport(
        at: last, afterSending: afterSending, CurlTransport(.service()))
      do {
        _ = try profiles.evaluate(try profiles.space.platform(transport: ending))
        break
      } catch is Killed {
        ends += 1
      }
      let job = try profiles.evaluate(try profiles.space.platform())
      #expect(job.reached.values.first == 7, "killed at call \(last)")
      #expect(try jobs(profiles.space) == 1, "killed at call \(last)")
      #expect(
        try profiles.space.count("POST /data/core/ups/segment/definitions") == 1,
        "killed at call \(last)")
    }
    #expect(ends >= 6)
  }

  @Test(arguments: [
    "POST /data/core/ups/segment/jobs ", "POST /data/core/ups/segment/definitions ",
  ])
  func aLostAnswerIsFound(call: String) throws {
    try profiles.space.spoil(["match": .string(call), "status": 503, "effect": true])
    #expect(try profiles.evaluate(try profiles.space.platform()).reached.values.first == 7)
    #expect(try jobs(profiles.space) == 1)
  }

  @Test("trap 0.5: two jobs a day; a third is refused in the platform's words")
  func twoJobsADay() throws {
    let client = try profiles.space.platform()
    for _ in 0..<2 {
      #expect(throws: WrongReach.self) { try profiles.evaluate(client, expected: 8) }
    }
    let fault = #expect(throws: PlatformFault.self) { try profiles.evaluate(client, expected: 8) }
    #expect(fault?.message.contains("used up") == true)
    try profiles.space.turn(["clock": 86_400])
    #expect(throws: WrongReach.self) { try profiles.evaluate(client, expected: 8) }
  }

  @Test("week 5, 6: CANCELLED ends the wait, too", arguments: ["FAILED", "CANCELLED"])
  func aJobThatEndsBadlyIsReported(end: String) throws {
    try profiles.space.turn(["job_end": .string(end)])
    let clock = TestClock()
    let failed = #expect(throws: FailedSegmentJob.self) {
      try profiles.evaluate(try profiles.space.platform(clock))
    }
    #expect(failed?.status == end && clock.elapsed < 300)
    try profiles.space.turn(["job_end": "SUCCEEDED"])
    #expect(try profiles.evaluate(try profiles.space.platform()).reached.values.first == 7)
  }

  @Test("Profile lags behind the lake: a job too early is an error that says both numbers")
  func aJobBeforeTheProfilesIsReported() throws {
    try profiles.space.turn(["profile_lag": 3])
    let wrong = #expect(throws: WrongReach.self) {
      try profiles.evaluate(try profiles.space.platform())
    }
    #expect(wrong?.reached == 0 && wrong?.expected == 7)
    #expect(wrong?.description.contains("later than the data lake") == true)
  }

  @Test("Profile is waited for before a job is spent")
  func profilesAreWaitedFor() throws {
    try profiles.space.turn(["profile_lag": 3])
    let clock = TestClock()
    let client = try profiles.space.platform(clock)
    let sample = [
      ProfileWatch.Score(user: "u0", value: 0), ProfileWatch.Score(user: "u9", value: 0.9),
    ]
    try ProfileWatch(client).wait(for: sample, tenant: "acme")
    #expect(clock.elapsed > 0)
    #expect(try profiles.evaluate(client).reached.values.first == 7)
    #expect(try jobs(profiles.space) == 1)
    #expect(try profiles.space.violations() == [])
    // One that never comes ends the wait, and no job is asked for.
    let ended = #expect(throws: WaitEnded.self) {
      try ProfileWatch(client).wait(for: [.init(user: "u1", value: 0.11)], tenant: "acme")
    }
    #expect(ended?.state == "1 of 1 profiles without their score")
  }

  @Test("a data set that was not enabled for Profile reaches nobody")
  func aDataSetWithoutProfileReachesNobody() throws {
    let none = try Profiles(enabled: false)
    let wrong = #expect(throws: WrongReach.self) { try none.evaluate(try none.space.platform()) }
    #expect(wrong?.reached == 0 && wrong?.description.contains("enabled for Profile") == true)
  }

  @Test("kill -9 at every call: one export of members")
  func membersAreExportedOnce() throws {
    for last in 1...20 {
      let profiles = try Profiles()
      let members = try profiles.space.makeDataSet("members")
      func run(_ client: PlatformClient) throws -> String {
        try MemberExport(client).run(
          segment: "s1", fields: ["_acme.cmle_id"], into: members, intent: profiles.intent)
      }
      let ending = EndingTransport(at: last, afterSending: true, CurlTransport(.service()))
      do {
        _ = try run(try profiles.space.platform(transport: ending))
        #expect(last > 4)
        #expect(try profiles.space.violations() == [])
        break
      } catch is Killed {}
      #expect(try run(try profiles.space.platform()) == "100")
      #expect(try profiles.space.get("counts")["POST /data/core/ups/export/jobs"]?.integer == 1)
    }
  }
}
