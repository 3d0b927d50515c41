// Endpoints that ignore or refuse conditions on writes, or compare tags in their own way: nothing is
// lost, mixed or stuck (store faults 1 to 4; D11, D12).
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

@Suite(.programs, .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
struct BucketConditionTests {
  /// Each way to lack conditions.
  private static let lacking = ["ignore", "501", "400", "405", "409", "304"]

  private static func graph(_ dataset: String) -> [JSONValue] {
    SharedProject.chain + [
      ["name": "two.export", "deliver": "one.c", "dataset": .string(dataset)]
    ]
  }

  @Test("Store 4: an endpoint without conditions works and says so once", arguments: lacking)
  func withoutConditions(_ kind: String) throws {
    let dataset = "d\(UInt32.random(in: .min ... .max))"
    let project = try StrictProject(kind, Self.graph(dataset))
    let first = try project.run("a")
    #expect(first.code == 0, "\(first.err)\(first.out)")
    #expect(delivery(in: first) == "delivered")
    #expect(first.notices.count == 1, "\(first.notices)")
    #expect(first.notices.first?.contains("without conditions") == true, "\(first.notices)")
    let second = try project.run("b")
    #expect(second.code == 0, "\(second.err)\(second.out)")
    #expect(second.fromRemote == ["one.a", "one.b", "one.c"])
    #expect(delivery(in: second) == "unchanged", "\(second.out)")
    let again = try project.run("a")
    #expect(again.code == 0 && again.notices.isEmpty, "\(again.notices)")
    // No claim stays.
    var listing = try project.client("bucket").list(prefix: "exports/\(dataset)/")
    let keys = try listing.all().map(\.key)
    #expect(keys.count == 1 && !keys.contains { $0.contains(".claims") }, "\(keys)")
  }

  /// What became of the delivery.
  private func delivery(in run: EndedProgram) -> String? {
    run.events.first { $0["event"] == "delivery" }?["status"]?.string
  }

  /// Conditions hold, but for tags that are compared in one spelling, or never.
  @Test("Store 3 and D11: what a killed run left stops nobody", arguments: ["quoted", "tags"])
  func aLeaseLeftBehind(_ kind: String) throws {
    let held = try TemporaryFolder()
    let project = try StrictProject(
      kind, [["name": "one.a", "held": .string(held.path)]])
    let first = try project.start("a", ["run", "--json"])
    try waitUntil("the first run asks for a lease") {
      try project.requests().contains { $0.hasPrefix("PUT team/project/.atelier/leases/") }
        || kind == "tags" && project.requests().count > 6
    }
    first.signal(SIGKILL)
    _ = try first.wait(seconds: 60)
    try held.write("go\n", to: "one.a")
    let again = try project.run("a")
    #expect(again.code == 0, "\(again.err)\(again.out)")
    #expect(again.statuses["one.a"] == "built")
    #expect(try project.requests().count < 60)
    let second = try project.run("b")
    #expect(second.fromRemote == ["one.a"], "\(second.out)")
  }

  @Test(
    "Store 3: a garbage result is replaced, also where If-Match lies",
    arguments: ["quoted", "tags", "501", "plain"])
  func aGarbageResult(_ kind: String) throws {
    let project = try StrictProject(kind, SharedProject.chain)
    let first = try project.run("a")
    try #require(first.code == 0, "\(first.err)")
    let key = project.resultKey(try first.key(of: "one.b"))
    try project.client().put(Array("garbage".utf8), key: key)
    let second = try project.run("b")
    #expect(second.code == 0, "\(second.err)\(second.out)")
    #expect(second.statuses["one.b"] == "built")
    #expect(!second.notices.contains { $0.contains("others keep writing") }, "\(second.notices)")
    let third = try project.run("c")
    #expect(third.fromRemote == ["one.a", "one.b", "one.c"], "\(third.out)")
  }

  @Test("Store 3: an ability that is lost after the probe costs no hang")
  func conditionsThatEnd() throws {
    let project = try StrictProject("tags", SharedProject.chain)
    // As a probe of old would have noted it.
    let first = try project.run("a")
    try #require(first.code == 0, "\(first.err)")
    let folder = project.store("a") + "/.atelier/remote"
    let note = try #require(TestFiles.list(folder).first { $0.hasSuffix("abilities.json") })
    let wrong: JSONValue = [
      "v": 2, "createsOnlyOnce": true, "replacesOnlyKnown": true, "comparesBareTags": false,
      "ranges": true,
    ]
    try TestFiles.write(try wrong.canonicalBytes(), to: "\(folder)/\(note)")
    try project.space.setGraph([SharedProject.step("one.x", [], "echo x > $out")])
    let plan = try project.run("b", "--dry-run")
    #expect(plan.code == 3, "\(plan.err)")
    let again = try project.run("a")
    #expect(again.code == 0 && again.statuses["one.x"] == "built", "\(again.err)\(again.out)")
    #expect(try project.requests().count < 100)
  }
}
