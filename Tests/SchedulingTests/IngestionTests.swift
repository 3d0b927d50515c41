// Ingestions: the same records count once, what uses a group runs again when it has grown, and a run
// that may not write leaves the group as it is.
import Atelier
import AtelierStep
import AtelierTesting
import Execution
import Foundation
import Testing

@Suite struct IngestionTests {
  private let lab: Laboratory
  private var group: String { lab.root + "/bucket/pre/features/notes" }
  private let one = ["2026-01-01": "one"]
  private let two = ["2026-01-01": "two", "2026-01-02": "later"]

  init() throws { lab = try Laboratory() }

  private func graph(_ texts: [String: String], more: [String] = []) throws -> Graph {
    try lab.graph { p in
      let note = p.add("a.note", Note(texts, more: more))
      let history = p.ingest(
        "a.in", note.records, into: FeaturePlace(bucket: "bucket", prefix: "pre", group: "notes"))
      p.add("b.recall", Recall(history: history, journal: lab.journal))
    }
  }

  /// The files below the group's folder, with their bytes.
  private func files() throws -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: group)?.compactMap { $0 as? String } ?? []
    let files = try names.map { ($0, "\(group)/\($0)") }
      .filter {
        try FileManager.default.attributesOfItem(atPath: $1)[.type] as? FileAttributeType
          == .typeRegular
      }
      .map { ($0, try Data(contentsOf: URL(fileURLWithPath: $1))) }
    return Dictionary(uniqueKeysWithValues: files)
  }

  @Test func theSameRecordsCountOnce() throws {
    let first = try lab.run(graph(one))
    #expect(first.statuses == ["a.note": .built, "a.in": .delivered, "b.recall": .built])
    #expect(first.report("a.in")?.message == group)
    #expect(
      try lab.text(first, "b.recall") == "00000001/event_date=2026-01-01/records.parquet: one")
    let before = try files()
    #expect(before.count == 2)
    let second = try lab.run(graph(one))
    #expect(second.statuses == ["a.note": .hit, "a.in": .unchanged, "b.recall": .hit])
    #expect(try files() == before)
  }

  @Test func aGrownGroupRunsWhatUsesItAndSaysWhy() throws {
    try lab.run(graph(one))
    let before = try files()
    let second = try lab.run(graph(two))
    #expect(second.statuses == ["a.note": .built, "a.in": .delivered, "b.recall": .built])
    #expect(second.explanations["b.recall"]?.changes.map(\.field) == ["inputs.history"])
    #expect(
      try lab.text(second, "b.recall") == """
        00000001/event_date=2026-01-01/records.parquet: one
        00000002/event_date=2026-01-01/records.parquet: two
        00000002/event_date=2026-01-02/records.parquet: later
        """)
    let after = try files()
    #expect(after.count == 5)
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    // The first records again: they are there, and the group is what the second run left.
    let third = try lab.run(graph(one))
    #expect(third.statuses == ["a.note": .hit, "a.in": .unchanged, "b.recall": .hit])
    #expect(third.report("b.recall")?.key == second.report("b.recall")?.key)
    #expect(try files() == after)
  }

  @Test func aCheckSeesTheRecordsAlone() throws {
    let alone = try lab.run(graph(one))
    try lab.run(graph(two))
    let before = try files()
    let check = try lab.run(graph(one), options: RunOptions(jobs: 1, delivers: false))
    #expect(check.statuses == ["a.note": .hit, "a.in": .unchanged, "b.recall": .hit])
    #expect(check.report("b.recall")?.key == alone.report("b.recall")?.key)
    let other = try lab.run(
      graph(["2026-01-03": "three"]), options: RunOptions(jobs: 1, delivers: false))
    #expect(
      try lab.text(other, "b.recall") == "00000001/event_date=2026-01-03/records.parquet: three")
    #expect(try files() == before)
  }

  @Test func aRunThatMayNotWriteForeseesTheGroup() throws {
    try lab.run(graph(one))
    let before = try files()
    let foreseen = try lab.run(graph(two), options: RunOptions(jobs: 1, cache: .ro))
    #expect(foreseen.report("a.in")?.message == "not delivered: --cache ro")
    #expect(try files() == before)
    let run = try lab.run(graph(two))
    #expect(run.report("b.recall")?.key == foreseen.report("b.recall")?.key)
  }

  @Test func statusKnowsWhatTheGroupWouldHold() throws {
    try lab.run(graph(one))
    #expect(
      try lab.status(graph(one)).mapValues(\.state.word) == [
        "a.note": "current", "a.in": "follows", "b.recall": "current",
      ])
    #expect(try lab.status(graph(two))["b.recall"]?.state.word == "waits for a.in")
    // The step alone, so that the group lacks what is there already.
    try lab.run(graph(two), ["a.note"])
    let due = try lab.status(graph(two))
    #expect(due["a.in"]?.state.word == "will ingest")
    #expect(due["b.recall"]?.state.word == "will run: changed")
    let foreseen = due["b.recall"]?.key
    #expect(try lab.run(graph(two)).report("b.recall")?.key == foreseen)
  }

  @Test func recordsMayBeASource_F17() throws {
    let note = try lab.run(graph(one), ["a.note"])
    let records = try #require(note.report("a.note")?.outputs["records"])
    let folder = lab.space.path + "/records"
    try lab.with { try $0.store.trees.copyOut(records, to: folder) }
    let graph = try lab.graph { p in
      let source: Artifact<FeatureRecords> = p.source("a.records", path: folder)
      let history = p.ingest(
        "a.in", source, into: FeaturePlace(bucket: "bucket", prefix: "pre", group: "notes"))
      p.add("b.recall", Recall(history: history, journal: lab.journal))
    }
    let before = try lab.status(graph)
    #expect(before["a.in"]?.state.word == "will ingest")
    #expect(before["b.recall"]?.state.word == "will run: firstRun")
    let run = try lab.run(graph)
    #expect(run.statuses == ["a.records": .source, "a.in": .delivered, "b.recall": .built])
    #expect(run.report("b.recall")?.key == before["b.recall"]?.key)
    #expect(
      try lab.status(graph).mapValues(\.state.word) == [
        "a.records": "source", "a.in": "follows", "b.recall": "current",
      ])
  }

  @Test func anEvolvedDefinitionIsTakenAndAPoorerOneRefused() throws {
    try lab.run(graph(one))
    try lab.run(graph(two, more: ["place"]))
    let before = try files()
    let poorer = try lab.run(graph(["2026-01-03": "three"]))
    #expect(poorer.statuses == ["a.note": .built, "a.in": .failed, "b.recall": .skipped])
    let message = try #require(poorer.report("a.in")?.message)
    #expect(message.contains("the feature 'place' is missing"), "\(message)")
    #expect(message.contains(group), "\(message)")
    #expect(try files() == before)
    // What is there already may come again, however the group has grown.
    #expect(try lab.run(graph(one)).statuses["a.in"] == .unchanged)
  }

  @Test func aLostFileIsPutBackAndABrokenLogIsRefused() throws {
    try lab.run(graph(one))
    let before = try files()
    let name = try #require(before.keys.first { $0.hasSuffix(".parquet") })
    try FileManager.default.removeItem(atPath: "\(group)/\(name)")
    #expect(try lab.run(graph(one)).statuses["a.in"] == .delivered)
    #expect(try files() == before)
    let entry = "\(group)/log/00000001/ingestion.json"
    try FileManager.default.removeItem(atPath: entry)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: entry))
    let broken = try lab.run(graph(two))
    #expect(broken.statuses["a.in"] == .failed)
    #expect(broken.report("a.in")?.message?.contains(entry) == true)
  }

  @Test func twoIngestionsIntoOneGroupAreNoGraph() throws {
    let place = FeaturePlace(bucket: "bucket", prefix: "pre", group: "notes")
    #expect(throws: WiringError.self) {
      try lab.graph { p in
        let note = p.add("a.note", Note(one))
        p.ingest("a.in", note.records, into: place)
        p.ingest("a.again", note.records, into: place)
      }
    }
    #expect(throws: WiringError.self) {
      try lab.graph { p in
        let note = p.add("a.note", Note(one))
        p.ingest(
          "a.in", note.records, into: FeaturePlace(bucket: "b", prefix: "", group: "no_group"))
      }
    }
  }

  /// What equal runs were remembered by does not hide that the group has grown meanwhile.
  @Test func runsAtTheSameTimeAllCount() async throws {
    let graphs = try (0..<6).map { try graph(["2026-02-0\($0 + 1)": "\($0)"]) }
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for graph in graphs { tasks.addTask { try self.lab.run(graph) } }
      try await tasks.waitForAll()
    }
    #expect(try files().keys.filter { $0.hasSuffix(".json") }.count == 6)
    #expect(try files().keys.filter { $0.hasSuffix(".parquet") }.count == 6)
    let last = try lab.run(graph(["2026-02-01": "0"]))
    #expect(try lab.text(last, "b.recall")?.split(separator: "\n").count == 6)
  }
}
