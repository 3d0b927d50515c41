// Two machines that make different bytes of one key: the one that was later publishes nothing of its own.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultConflictTests {
  @Test(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  func b15ARunThatLosesAConflictPublishesOnlyWhatCounts() throws {
    let step = SharedProject.step("one.a", [], "sleep 1000; echo a > $out")
    let project = try SharedProject([step])
    let one = try project.start("a")
    try ProcessTable.endSleep(of: 1000, in: project.space.folder.path)
    let first = try one.wait()
    try #require(first.code == 0, "\(first.err)")
    let key = try #require(first.step("one.a")?["key"]?.string.flatMap { Digest($0) })
    let object = "team/project/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
    // What another machine made of the same key, as if its upload came while ours still works.
    let theirs = Array("theirs\n".utf8)
    let digest = try Digest.of(theirs)
    var json = try JSONValue(parsing: project.client.get(object).bytes).object ?? [:]
    var out = json["outputs"]?["out"]?.object ?? [:]
    out["digest"] = .string(digest.description)
    out["size"] = .integer(Int64(theirs.count))
    json["outputs"] = ["out": .object(out)]
    try project.client.put(theirs, key: project.blobKey(digest))
    _ = try project.client.delete(project.keys(".atelier/ac/"))

    // Nobody has published to this place yet.
    try project.space.setGraph([
      step,
      [
        "name": "two.published", "deliver": "one.a",
        "dataset": .string("conflict-\(UUID().uuidString)"),
      ],
    ])
    let running = try project.start("b")
    // The bucket has been asked when the step runs.
    try ProcessTable.wait(for: "sleep", in: project.space.folder.path)
    try project.client.put(JSONValue.object(json).canonicalBytes(), key: object)
    try ProcessTable.endSleep(of: 1000, in: project.space.folder.path)
    let second = try running.wait(seconds: 120)
    #expect(second.code == 4, "\(second.out)\(second.err)")
    let delivered = second.events.filter {
      $0["event"] == "delivery" && $0["status"] == "delivered"
    }
    #expect(delivered.count == 1, "\(second.out)")
    let digests = delivered.compactMap { $0["outputs"]?["delivered"]?["digest"]?.string }
    #expect(digests == [digest.description], "\(second.out)")
  }
}
