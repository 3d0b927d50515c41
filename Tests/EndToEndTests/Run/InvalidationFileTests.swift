// Real events from files: what was touched, moved or re-written as the same runs nothing.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct InvalidationFileTests {
  /// Events as files of JSON lines, and a store in which they were run once, for all tests.
  private static let imported = Result {
    let space = try Space.afterRun().space
    try space.exportEvents(to: space.root + "/parquet", batches: 2)
    let events = try TemporaryFolder()
    for batch in 0..<2 {
      try space.duckdb(
        "COPY (SELECT * FROM '\(space.root)/parquet/batch-\(batch).parquet') "
          + "TO '\(events("batch-\(batch).jsonl"))' (FORMAT json)")
    }
    try imports(events, into: space)
    let before = try space.run()
    #expect(before.built.count == before.steps.count)
    #expect(before.steps["week1.profiles.0"] == nil)
    return (events: events, store: try WarmStore(of: space, after: before))
  }

  /// Puts events into the project, and a store of its own beside it.
  private static func imports(_ events: TemporaryFolder, into space: Space) throws {
    try FileManager.default.copyItem(atPath: events.path, toPath: space.project + "/events")
    space.store = space.root + "/imported"
    space.settings["Atelier.events"] = "events"
  }

  /// A space whose events are files of JSON lines inside its project, run once.
  private func imported() throws -> (space: Space, before: RunReport) {
    let (events, store) = try Self.imported.get()
    let space = try Space()
    try Self.imports(events, into: space)
    try store.copy(to: space)
    return (space, store.report)
  }

  private func times(_ path: String) throws -> [FileAttributeKey: Any] {
    try FileManager.default.attributesOfItem(atPath: path)
      .filter { $0.key == .modificationDate }
  }

  @Test func realEventsGiveTheFeaturesOfTheSimulatedOnes() throws {
    let space = try Space.afterRun().space
    try space.exportEvents(to: space.root + "/parquet", batches: 2)
    let simulated = try space.run(["week2"])
    let real = try space.run(["week2"], ["Atelier.events": space.root + "/parquet"])
    for batch in 0..<2 {
      let part = "week2.features.\(batch).part"
      #expect(real.digest(part) == simulated.digest(part))
    }
  }

  @Test func touchedCopiedAndMovedFilesRunNothing() throws {
    let (space, before) = try imported()
    let file = space.project + "/events/batch-0.jsonl"
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: file)
    try space.expectHits(like: before)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    try FileManager.default.removeItem(atPath: file)
    try bytes.write(to: URL(fileURLWithPath: file))
    try space.expectHits(like: before, options: ["--verbose", "--jobs", "1"])
    let moved = space.root + "/elsewhere"
    try FileManager.default.moveItem(atPath: space.project, toPath: moved)
    space.project = moved
    try space.expectHits(like: before)
    space.environment = ["TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "USER": "somebody-else"]
    try space.expectHits(like: before)
  }

  @Test func anEditThatKeepsNameSizeAndTimeIsSeen() throws {
    let (space, before) = try imported()
    let file = space.project + "/events/batch-1.jsonl"
    let kept = try times(file)
    let old = try String(contentsOfFile: file, encoding: .utf8)
    let new = old.replacingOccurrences(of: "web.formFilledOut", with: "web.formFilledOuT")
    #expect(new != old && new.utf8.count == old.utf8.count)
    try overwrite(file, new)
    try FileManager.default.setAttributes(kept, ofItemAtPath: file)
    let foretold = try space.explain()["week1.events.1"]
    #expect(foretold?.fields == ["inputs.file"])
    let after = try space.expect(
      Change(direct: ["week1.events.1": foretold?.reasons ?? []]), after: before)
    #expect(after.steps["week1.events.0"]?.status == "hit")
    #expect(after.steps["week2.features.0"]?.status == "hit")
    #expect(after.steps["week2.features.1"]?.status == "built")
    #expect(after.steps["week1.funnel"]?.fields == ["inputs.events.1"])
    try overwrite(file, old)
    try FileManager.default.setAttributes(kept, ofItemAtPath: file)
    try space.expectHits(like: before)
  }

  @Test func otherBytesWithTheSameRowsRunTheImportAndNothingAfterIt() throws {
    let (space, before) = try imported()
    let file = space.project + "/events/batch-0.jsonl"
    let old = try String(contentsOfFile: file, encoding: .utf8)
    try overwrite(
      file, old.split(separator: "\n").map { "{ " + $0.dropFirst() + " \n" }.joined())
    let foretold = try space.explain()["week1.events.0"]
    #expect(foretold?.fields == ["inputs.file"])
    let after = try space.expect(
      Change(direct: ["week1.events.0": foretold?.reasons ?? []]), after: before)
    #expect(after.built == ["week1.events.0"])
    #expect(after.digests == before.digests)
  }

  @Test func oneMoreFileLeavesTheOldBatchesAlone() throws {
    let (space, before) = try imported()
    let folder = space.project + "/events"
    // Another tenant's users would clash; the third batch's users get names of their own.
    let first = try String(contentsOfFile: "\(folder)/batch-0.jsonl", encoding: .utf8)
    var number = 0
    let lines = first.split(separator: "\n").map { line -> String in
      number += 1
      return line.replacingOccurrences(
        of: #""cmle_id":""#, with: #""cmle_id":"third-"#
      )
      .replacingOccurrences(of: #""_id":""#, with: #""_id":"third-\#(number)-"#)
    }
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: "\(folder)/batch-2.jsonl", atomically: true, encoding: .utf8)
    let after = try space.expect(Change(direct: ["week1.events.2": []]), after: before)
    for name in ["week1.events.0", "week1.events.1", "week2.features.0", "week2.features.1"] {
      #expect(after.steps[name]?.status == "hit", "\(name)")
    }
    try FileManager.default.removeItem(atPath: "\(folder)/batch-2.jsonl")
    try space.expectHits(like: before)
  }

  @Test func oneMoreFileIsSeenByARunThatRemembers() throws {
    let (space, _) = try imported()
    for _ in 0..<3 {
      Thread.sleep(forTimeInterval: 0.05)  // file times have ticks
      #expect(try space.atelier(["run", "week1.events"]).err.contains("2 cached, 0 ran"))
    }
    let folder = space.project + "/events"
    try FileManager.default.copyItem(
      atPath: "\(folder)/batch-0.jsonl", toPath: "\(folder)/batch-2.jsonl")
    // The same bytes as the first file's, so that its import is a hit, too.
    #expect(try space.atelier(["run", "week1.events"]).err.contains("3 cached, 0 ran"))
  }

  /// Writes over a file's bytes and keeps its inode.
  private func overwrite(_ path: String, _ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }
}
