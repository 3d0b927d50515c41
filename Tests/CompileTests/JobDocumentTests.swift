// What a job reads is what was compiled: request and plan come back, and nothing else is taken.
import Atelier
import AtelierStep
import Compile
import Content
import Names
import Plans
import Testing

@testable import JobRuns

@Suite struct JobDocumentTests {
  private func plan() throws -> Plan {
    try makePlan("one", "two") { p in
      let made = p.add("one.make", Make()).numbers
      p.add("two.open", Make(from: [made]))
    }
  }

  private func read(_ document: JSONValue, as name: String? = nil) throws -> RequestedJob {
    let bytes = try document.canonicalBytes()
    let file = try name ?? Digest.of(bytes).hex
    return try RequestedJob(bytes: bytes, from: S3URL(bucket: "b", key: "p/\(file).json"))
  }

  @Test func aRequestComesBack() throws {
    let job = try #require(try CompiledMachine(plan(), grain: .stage, settings).jobs.first)
    let read = try read(job.request.document)
    #expect(read.name == "one" && read.nodes == ["one.make"])
    #expect(read.plan == (try plan()).digest && read.bucket == settings.bucket)
    #expect(read.code.keys.sorted() == ["Test.Make"])
    #expect(job.request.key.hasSuffix("/\(job.request.digest.hex).json"))
    let error = #expect(throws: JobRefusal.self) {
      try self.read(job.request.document, as: String(repeating: "0", count: 64))
    }
    #expect(error?.description.contains("holds other bytes than its name says") == true)
  }

  @Test(arguments: ["plan", "planKey", "workshop", "job", "nodes", "decisions", "store", "region"])
  func aRequestWithoutAMemberIsRefused(_ member: String) throws {
    let job = try #require(try CompiledMachine(plan(), grain: .stage, settings).jobs.first)
    var members = job.request.document.object ?? [:]
    members[member] = nil
    #expect(throws: JobRefusal.self) { try read(.object(members)) }
  }

  private static let unusable: [(String, JSONValue)] = [
    ("nodes", []), ("nodes", [5]),
    ("files", ["../../pwned": ["node": "one.make", "file": "x"]]),
    ("files", ["": ["node": "one.make", "file": "x"]]),
  ]

  @Test(arguments: unusable)
  func aRequestForNothingOrForAnotherFolderIsRefused(_ member: String, _ value: JSONValue) throws {
    let job = try #require(try CompiledMachine(plan(), grain: .stage, settings).jobs.first)
    var members = job.request.document.object ?? [:]
    members[member] = value
    #expect(throws: JobRefusal.self) { try read(.object(members)) }
  }

  @Test func aPlanComesBackAndNamesWhatDiffers() throws {
    let plan = try plan()
    let read = try PlanDocument(bytes: plan.document.canonicalBytes())
    #expect(read.digest == plan.digest && read.nodes == ["one.make", "two.open"])
    #expect(try read.difference(from: plan) == nil)
    let other = try makePlan("one", "two") { p in
      let made = p.add("one.make", Make(), limits: StepLimits(retries: 3)).numbers
      p.add("two.open", Make(from: [made]))
    }
    let difference = try #require(try read.difference(from: other))
    #expect(difference.path == "nodes.one.make.step.limits.retries")
    #expect(difference.description == "nodes.one.make.step.limits.retries: 0 -> 3")
  }

  @Test func noOtherDocumentIsAPlan() throws {
    let plan = try plan()
    var members = plan.document.object ?? [:]
    members["workshop"] = "other"
    #expect(throws: PlanDocumentError.self) {
      try PlanDocument(bytes: JSONValue.object(members).canonicalBytes())
    }
    let bytes = try plan.document.canonicalBytes()
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: PlanDocumentError.self) { try PlanDocument(bytes: Array(bytes[..<count])) }
    }
  }

  @Test func aMessageIsCutAtAWholeCharacter() {
    let cut = JobFolder.cut(String(repeating: "é", count: 600) + "x")
    #expect(cut.count == 1024 && String(bytes: cut, encoding: .utf8)?.count == 512)
  }
}
