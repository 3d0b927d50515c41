// The beginning and the end of groups: names that SQL would take for another one, and deletion.
import AtelierStep
import AtelierTesting
import FeatureStore
import Foundation
import Publishing
import Testing

@Suite struct FeatureDeletionTests {
  let space: FeatureSpace
  let store: OfflineFeatureStore

  init() throws {
    space = try FeatureSpace()
    store = space.store()
  }

  @Test(
    "data D2: a group whose name would mean another one in SQL is not made",
    arguments: [
      ("sales", "sales-latest", "sales_latest"), ("sales", "sales-at", "sales_at"),
      ("sales-latest", "sales", "sales_latest"), ("abc", "ABC", "ABC"), ("a-b", "A-B", "A_B"),
    ])
  func collidingNames(first: String, second: String, name: String) throws {
    try store.ingest(space.batch(["2026-11-01": "a"]), first)
    let files = try space.files(below: space.place(""))
    let error = #expect(throws: FeatureStoreError.self) {
      try store.ingest(space.batch(["2026-11-01": "b"]), second)
    }
    #expect(
      error?.description.contains(
        "a feature group '\(second)' cannot be made in") == true
        && error?.description.contains(
          "in SQL '\(name)' would be its name and that of the group '\(first)'") == true
    )
    #expect(try space.files(below: space.place("")) == files)
    // The group itself takes more, and other names are free.
    #expect(try store.ingest(space.batch(["2026-11-02": "c"]), first).isNew)
    for other in ["sales2", "sale", "latest", "at"] {
      #expect(try store.ingest(space.batch(["2026-11-01": "d"]), other).isNew)
    }
    // Once the other one is gone, the name is free.
    try store.delete(first)
    #expect(try store.ingest(space.batch(["2026-11-01": "b"]), second).isNew)
  }

  @Test("steps 2, 004: a deleted group leaves nothing, and its name can be used again")
  func deletion() throws {
    for number in 1...3 {
      try store.ingest(space.batch(["2026-11-0\(number)": "text \(number)", "2026-12": "x"]))
    }
    try store.ingest(space.batch(["2026-11-01": "a"]), "other")
    let inventory = try store.inventory(of: "group")
    #expect(inventory.files == 9 && inventory.bytes > 30)
    let others = try space.files(below: space.place("other"))
    try store.delete("group")
    #expect(try store.groups() == ["other"])
    #expect(try store.group("group") == nil)
    #expect(!FileManager.default.fileExists(atPath: space.place("group")))
    #expect(try store.inventory(of: "group") == PublishedInventory())
    #expect(try space.files(below: space.place("other")) == others)
    try store.delete("group")
    // With other features, since nothing of the old definition is left.
    let again = try store.ingest(space.batch(["2026-11-01": "b"], [Feature("new", .string)]))
    #expect(again.isNew && again.group.ingestions.count == 1)
    for name in ["", "..", "../store", "a/b", "a_b"] {
      #expect(throws: StepFailure.self) { try store.delete(name) }
      #expect(throws: StepFailure.self) { try store.inventory(of: name) }
    }
  }

  @Test(
    "steps 2, 004: a kill anywhere leaves a group of fewer ingestions, and the next call goes on")
  func killedDeletion() throws {
    let batches = try (1...3).map { try space.batch(["2026-11-0\($0)": "text \($0)"]) }
    var kills = 0
    for calls in 0... {
      let name = "group\(calls)"
      for batch in batches { try store.ingest(batch, name) }
      do {
        try space.store(KilledPlace(PublishedFolder(space.local), after: calls)).delete(name)
        break
      } catch is KilledPlace.Killed {
        kills += 1
      }
      let left = try store.group(name)?.ingestions.map(\.batch) ?? []
      #expect(left == Array(batches.map(\.digest).prefix(left.count)))
      try store.delete(name)
      #expect(try store.inventory(of: name).files == 0)
    }
    #expect(kills >= 4)
  }

  @Test("steps 2, 004: a damaged group can be deleted")
  func damaged() throws {
    try store.ingest(space.batch(["2026-11-01": "a"]))
    try TestFiles.write([], to: "\(space.place("group"))/log/00000001/ingestion.json")
    #expect(throws: FeatureStoreError.self) { try store.group("group") }
    #expect(try store.inventory(of: "group").files == 2)
    try store.delete("group")
    #expect(try store.group("group") == nil)
  }

  @Test("data D16: a batch by months or years is one file each, and lies beside those by day")
  func longSpans() throws {
    let batch = try space.batch(["2026-11": "a", "2026-12": "b"])
    try store.ingest(space.batch(["2026-11-01": "c"]))
    let group = try store.ingest(batch).group
    try store.ingest(space.batch(["1999": "d"]))
    #expect(
      TestFiles.list(space.place("group") + "/data").map { $0.split(separator: "/")[0] } == [
        "event_date=2026-11-01", "event_month=2026-11", "event_month=2026-12", "event_year=1999",
      ])
    #expect(
      try TestFiles.text(store.path(of: batch.files[1], in: group.ingestions[1], of: group)) == "b")
    #expect(
      try store.group("group")?.ingestions.map { $0.files.map(\.date) } == [
        ["2026-11-01"], ["2026-11", "2026-12"], ["1999"],
      ])
  }
}
