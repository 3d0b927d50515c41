// Ingestion: a group only grows, the same batch counts once, and a killed one is nothing.
import AtelierStep
import AtelierTesting
import FeatureStore
import Foundation
import Publishing
import Testing

@Suite struct IngestionTests {
  let space: FeatureSpace
  let store: OfflineFeatureStore

  init() throws {
    space = try FeatureSpace()
    store = space.store()
  }

  @Test func theFirstBatchMakesTheGroup() throws {
    #expect(try store.groups() == [])
    #expect(try store.group("group") == nil)
    let batch = try space.batch(["2026-11-02": "b", "2026-11-01": "a"])
    let (group, isNew) = try store.ingest(batch)
    #expect(isNew)
    #expect(try store.groups() == ["group"])
    #expect(try store.group("group") == group)
    #expect(group.version == 1)
    #expect(group.place == space.place("group"))
    #expect(group.ingestions.map(\.number) == ["00000001"])
    #expect(group.ingestions[0].files.map(\.date) == ["2026-11-01", "2026-11-02"])
    #expect(
      TestFiles.list(space.place("group")) == [
        "data/event_date=2026-11-01/\(batch.digest.hex).parquet",
        "data/event_date=2026-11-02/\(batch.digest.hex).parquet",
        "log/00000001/ingestion.json",
      ])
    let path = try store.path(of: batch.files[1], in: group.ingestions[0], of: group)
    #expect(try TestFiles.text(path) == "b")
  }

  @Test func theSameBatchAddsNothing() throws {
    let first = try space.batch(["2026-11-01": "a"])
    let second = try space.batch(["2026-11-01": "b"])
    try store.ingest(first)
    let two = try store.ingest(second).group
    let files = try space.files(below: space.place("group"))
    for batch in [first, second, first] {
      let (group, isNew) = try store.ingest(batch, into: "group", by: .ben, at: .later)
      #expect(!isNew)
      #expect(group == two)
    }
    #expect(try space.files(below: space.place("group")) == files)
    // The same texts under another definition are another batch.
    #expect(try store.ingest(space.batch(["2026-11-01": "b"], [Feature("x", .string)])).isNew)
  }

  @Test func aBatchWithoutRecordsIsAnIngestion() throws {
    let group = try store.ingest(space.batch([:])).group
    #expect(group.ingestions.count == 1)
    #expect(group.ingestions[0].files == [])
    #expect(try store.group("group") == group)
    #expect(try space.local.trees.manifest(of: store.importHistory(of: group)).entries.count == 1)
  }

  @Test func theHistoryDependsOnRecordsAndTheirOrderAlone() throws {
    let batches = try (1...3).map { try space.batch(["2026-11-0\($0)": "text \($0)"]) }
    for batch in batches { try store.ingest(batch, "one") }
    for batch in batches { _ = try store.ingest(batch, into: "two", by: .ben, at: .later) }
    for batch in batches.reversed() { try store.ingest(batch, "reversed") }
    let records = try store.groups().map { name in
      try #require(try store.group(name)).historyRecord()
    }
    #expect(try store.groups() == ["one", "reversed", "two"])
    #expect(records[0] == records[2])
    #expect(records[0] != records[1])
    let held = try store.importHistory(of: #require(try store.group("two")))
    #expect(held == records[0])
    #expect(
      try space.local.trees.manifest(of: held).entries.map(\.path) == [
        "batches/00000001/event_date=2026-11-01/records.parquet",
        "batches/00000002/event_date=2026-11-02/records.parquet",
        "batches/00000003/event_date=2026-11-03/records.parquet",
        "group.json",
      ])
  }

  @Test func aDefinitionThatDoesNotFitChangesNothing() throws {
    try store.ingest(space.batch(["2026-11-01": "a"], [Feature("x", .integral)]))
    let files = try space.files(below: space.place("group"))
    for features in [[], [Feature("x", .string)], [Feature("y", .integral)]] {
      let batch = try space.batch(["2026-11-02": "b"], features)
      let error = #expect(throws: FeatureStoreError.self) { try store.ingest(batch) }
      #expect(error?.description.contains(space.place("group")) == true)
      #expect(error?.description.contains("'x' is") == true)
    }
    #expect(try space.files(below: space.place("group")) == files)
    // A new feature is a new version.
    let wider = try space.batch(
      ["2026-11-02": "b"], [Feature("y", .string), Feature("x", .integral)])
    let group = try store.ingest(wider).group
    #expect(group.version == 2)
    #expect(group.definition.features.map(\.name) == ["id", "time", "x", "y"])
    #expect(try store.group("group") == group)
  }

  @Test(arguments: 0..<12)
  func filesThatAreThereNeverChange(_ seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    var features: [Feature] = []
    var known: [FeatureBatch] = []
    for step in 0..<10 {
      let before = try space.files(below: space.place("group"))
      if Int.random(in: 0..<4, using: &random) == 0 {
        features.append(Feature("f\(step)", .integral))
      }
      var texts: [String: String] = [:]
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        texts["2026-11-0\(Int.random(in: 1...4, using: &random))"] =
          "text \(Int.random(in: 0...5, using: &random))"
      }
      let isRepeat = Bool.random(using: &random)
      let batch = isRepeat ? known.randomElement(using: &random) : nil
      let next = try batch ?? space.batch(texts, features)
      let isKnown = known.contains(next)
      let (group, isNew) = try store.ingest(next)
      #expect(isNew == !isKnown)
      if !isKnown { known.append(next) }
      #expect(group.ingestions.map(\.batch) == known.map(\.digest))
      let after = try space.files(below: space.place("group"))
      #expect(before.allSatisfy { after[$0.key] == $0.value })
      #expect(isNew || after.count == before.count)
    }
  }

  @Test func aKillAnywhereLeavesTheBatchOutOrIn() throws {
    let first = try space.batch(["2026-11-01": "a"])
    let second = try space.batch(["2026-11-01": "b", "2026-11-02": "c"])
    var kills = 0
    for calls in 0... {
      let name = "group-\(calls)"
      try store.ingest(first, name)
      do {
        try space.store(KilledPlace(PublishedFolder(space.local), after: calls)).ingest(
          second, name)
        break
      } catch is KilledPlace.Killed {
        kills += 1
      }
      let left = try #require(try store.group(name))
      #expect(
        [[first.digest], [first.digest, second.digest]].contains(left.ingestions.map(\.batch)))
      let group = try store.ingest(second, name).group
      #expect(group.ingestions.map(\.batch) == [first.digest, second.digest])
      for ingestion in group.ingestions {
        for file in ingestion.files { _ = try store.path(of: file, in: ingestion, of: group) }
      }
      #expect(try store.group(name) == group)
    }
    #expect(kills >= 4)
  }

  @Test func aHalfWrittenEntryIsNoEntry() throws {
    let first = try space.batch(["2026-11-01": "a"])
    // A killed first ingestion: no entry is there yet, only what was being written of one.
    try TestFiles.write(
      Array("{".utf8), to: "\(space.place("group"))/log/.00000001.incomplete/ingestion.json")
    #expect(try store.groups() == [])
    #expect(try store.group("group") == nil)
    #expect(try store.ingest(first).isNew)
    try TestFiles.write(
      Array("{".utf8), to: "\(space.place("group"))/log/.00000002.incomplete/ingestion.json")
    #expect(try store.group("group")?.ingestions.count == 1)
    #expect(try store.ingest(space.batch(["2026-11-01": "b"])).group.ingestions.count == 2)
  }

  @Test func whatIsNoGroupIsLeftAlone() throws {
    try store.ingest(space.batch(["2026-11-01": "a"]))
    try TestFiles.write([], to: space.place("notes"))
    try TestFiles.write([], to: space.place("README.md"))
    try TestFiles.write([], to: space.place("other/data/file"))
    try TestFiles.write([], to: space.place(".hidden/log/00000001/ingestion.json"))
    #expect(try store.groups() == ["group"])
    for name in ["notes", "other", ".hidden", "../features/group", "", "-a", "a_b"] {
      #expect(try store.group(name) == nil)
    }
    for name in ["", "-a", "a-", "a_b", "ä", "a/b", String(repeating: "a", count: 65)] {
      let error = #expect(throws: StepFailure.self) {
        try store.ingest(space.batch([:]), name)
      }
      #expect(error.map { "\($0)" }?.contains("'\(name)' is no name of a feature group") == true)
    }
  }

  @Test func aTreeOfAnotherFormIsRefused() throws {
    func batch(_ files: [String: String]) throws -> FeatureBatch {
      let name = "store/.atelier/work/\(UUID().uuidString)"
      for (path, text) in files { try space.folder.write(text, to: "\(name)/\(path)") }
      let record = try space.local.trees.adoptTree(
        space.folder(name), mediaType: FeatureRecords.mediaType)
      return try FeatureBatch(record, in: space.local)
    }
    let definition = try FeatureSpace.definition().json.canonicalText()
    #expect(try batch(["group.json": definition]).files == [])
    for path in [
      "records.parquet", "event_date=2026-11-1/records.parquet", "event_date=2026-11-01/part.csv",
      "event_date=2026-11-01/more/records.parquet",
    ] {
      let error = #expect(throws: FeatureStoreError.self) {
        try batch(["group.json": definition, path: "x"])
      }
      #expect(error?.description.contains("'\(path)'") == true)
    }
    let error = #expect(throws: FeatureStoreError.self) {
      try batch(["event_date=2026-11-01/records.parquet": "x"])
    }
    #expect(error?.description.contains("lacks group.json") == true)
    #expect(throws: (any Error).self) { try batch(["group.json": "{}"]) }
    #expect(throws: (any Error).self) { try batch(["group.json": "no json"]) }
  }
}
