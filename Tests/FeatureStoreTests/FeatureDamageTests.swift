// What was removed or altered by hand: found, named, and put back where the bytes are there.
import AtelierStep
import AtelierTesting
import FeatureStore
import Foundation
import LocalStores
import Publishing
import StoreFolder
import Testing

@Suite struct FeatureDamageTests {
  let space: FeatureSpace
  let store: OfflineFeatureStore
  let batches: [FeatureBatch]
  let group: FeatureGroup

  init() throws {
    let space = try FeatureSpace()
    self.space = space
    store = space.store()
    batches = try (1...3).map {
      try space.batch(["2026-11-01": "a\($0)", "2026-11-02": "b\($0)"])
    }
    for batch in batches { try store.ingest(batch) }
    group = try #require(try store.group("group"))
  }

  private func path(_ number: Int, _ file: Int) throws -> String {
    try store.path(
      of: group.ingestions[number].files[file], in: group.ingestions[number], of: group)
  }

  private func entry(_ number: Int) -> String {
    "\(space.place("group"))/log/0000000\(number)/ingestion.json"
  }

  /// What is said when the group is read.
  private func refusal() -> String? {
    do {
      _ = try store.group("group")
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func aFileThatIsGoneOrAnotherOneIsNamed() throws {
    let gone = try path(1, 0)
    let altered = try path(2, 1)
    try FileManager.default.removeItem(atPath: gone)
    try TestFiles.write(Array("other".utf8), to: altered)
    for (number, file, expected) in [(1, 0, gone), (2, 1, altered)] {
      let error = #expect(throws: FeatureStoreError.self) { try path(number, file) }
      #expect(error?.description.contains(expected) == true)
    }
    _ = try path(1, 1)
  }

  @Test func theSameBatchPutsFilesBack() throws {
    let gone = try path(1, 0)
    let altered = try path(1, 1)
    let files = try space.files(below: space.place("group"))
    try FileManager.default.removeItem(atPath: gone)
    try TestFiles.write(Array("other".utf8), to: altered)
    let (mended, isNew) = try store.ingest(batches[1], into: "group", by: .ben, at: .later)
    #expect(isNew)
    #expect(mended == group)
    #expect(try space.files(below: space.place("group")) == files)
    #expect(try !store.ingest(batches[1]).isNew)
  }

  @Test func anEntryThatIsGoneIsNamed() throws {
    let folder = (entry(2) as NSString).deletingLastPathComponent
    try FileManager.default.removeItem(atPath: folder)
    #expect(refusal()?.contains("expected the entry 00000002") == true)
    #expect(throws: FeatureStoreError.self) { try store.ingest(space.batch([:])) }
    // Without its last entry a group is one that never had it.
    try FileManager.default.removeItem(
      atPath: (entry(3) as NSString).deletingLastPathComponent)
    #expect(try store.group("group")?.ingestions.count == 1)
  }

  @Test(arguments: ["notes.txt/a", "00000004x/ingestion.json", "0000004/ingestion.json"])
  func whatIsNoEntryOfTheLogIsNamed(_ name: String) throws {
    try TestFiles.write([], to: "\(space.place("group"))/log/\(name)")
    let found = try #require(name.split(separator: "/").first)
    #expect(
      refusal()?.contains("log/\(found)") == true || refusal()?.contains("log/0000000") == true)
    #expect(refusal()?.contains("take away what was added by hand") == true)
  }

  @Test func aDamagedEntryIsNamed() throws {
    let good = try TestFiles.text(entry(2))
    let alterations: [(String, String)] = [
      ("\"v\":1", "\"v\":2"), ("sha256:", "sha1:"), ("2026-11-01", "yesterday"),
      ("\"Fractional\"", "\"Float\""), ("anna@here\"", "anna@here"), ("\"run\"", "\"ran\""),
      ("\"size\":2", "\"size\":-2"),
    ]
    for (old, new) in alterations {
      let text = good.replacingOccurrences(of: old, with: new)
      #expect(text != good)
      try TestFiles.write(Array(text.utf8), to: entry(2))
      #expect(refusal()?.contains(entry(2)) == true, "\(old)")
    }
    try FileManager.default.removeItem(atPath: entry(2))
    #expect(refusal()?.contains(entry(2)) == true)
    try TestFiles.write(Array(good.utf8), to: entry(2))
    #expect(try store.group("group") == group)
  }

  @Test func anEntryThatTheOthersDoNotAllowIsNamed() throws {
    let good = try TestFiles.text(entry(2))
    // The first batch a second time.
    try TestFiles.write(TestFiles.read(entry(1)), to: entry(2))
    #expect(refusal()?.contains("\(entry(2)) does not follow") == true)
    // A feature more, which the third entry has not.
    let more = #"{"FeatureName":"x","FeatureType":"String"},"#
    let start = "\"FeatureDefinitions\":["
    try TestFiles.write(
      Array(good.replacingOccurrences(of: start, with: start + more).utf8), to: entry(2))
    #expect(refusal()?.contains("does not follow") == true)
    // A feature of another type.
    try TestFiles.write(
      Array(
        good.replacingOccurrences(
          of: #""id","FeatureType":"String""#, with: #""id","FeatureType":"Integral""#
        ).utf8), to: entry(2))
    #expect(refusal()?.contains("\(entry(2)) does not follow") == true)
  }

  @Test func aStoreOpenForReadingAnswersAndTakesNothing() throws {
    let local = try LocalStore.open(root: space.local.layout.root, readOnly: true)
    let reading = OfflineFeatureStore(
      local: local, published: PublishedFolder(local), bucket: "bucket", prefix: "pre/fix")
    #expect(try reading.groups() == ["group"])
    let found = try #require(try reading.group("group"))
    #expect(found == group)
    let path = try reading.path(
      of: found.ingestions[0].files[0], in: found.ingestions[0], of: found)
    #expect(try TestFiles.text(path) == "a1")
    let files = try space.files(below: space.place("group"))
    let batch = try space.batch(["2026-11-03": "new"])
    #expect(throws: StoreError.readOnly(path: local.layout.root)) { try reading.ingest(batch) }
    #expect(try space.files(below: space.place("group")) == files)
    // An absent store is an empty one.
    let none = try LocalStore.open(root: space.folder("none"), readOnly: true)
    let empty = OfflineFeatureStore(
      local: none, published: PublishedFolder(none), bucket: "bucket", prefix: "pre/fix")
    #expect(try empty.groups() == [])
    #expect(try empty.group("group") == nil)
  }
}
