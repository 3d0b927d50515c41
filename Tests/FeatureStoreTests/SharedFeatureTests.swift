// Several machines over one place that is none of their folders.
import AtelierTesting
import Content
import FeatureStore
import Foundation
import LocalStores
import Publishing
import StoreFolder
import Synchronization
import Testing

/// A place in memory that several machines share; an entry belongs to whoever came first.
final class SharedPlace: Sendable {
  fileprivate let objects = Mutex<[String: [UInt8]]>([:])
  /// Done once before the next entry is published.
  fileprivate let before = Mutex<(@Sendable () throws -> Void)?>(nil)

  /// The place as a machine sees it.
  func seen(from local: LocalStore) -> any PublishTarget { Sight(place: self, local: local) }

  func beforePublishing(_ body: @escaping @Sendable () throws -> Void) {
    before.withLock { $0 = body }
  }

  subscript(path: String) -> [UInt8]? {
    get { objects.withLock { $0[path] } }
    set { objects.withLock { $0[path] = newValue } }
  }

  var paths: [String] { objects.withLock { $0.keys.sorted() } }

  private struct Sight: PublishTarget {
    let place: SharedPlace
    let local: LocalStore

    var isOnThisMachine: Bool { false }

    func dataset(bucket: String, prefix: String, name: String) -> String {
      "memory/\(bucket)/\(prefix)/\(name)"
    }

    func exports(in dataset: String, prefix: String) throws -> [String] {
      let start = dataset + "/"
      let below = place.paths.filter { $0.hasPrefix(start) }.map { $0.dropFirst(start.count) }
      return Set(below.compactMap { $0.split(separator: "/").first.map(String.init) })
        .filter { $0.hasPrefix(prefix) }.sorted()
    }

    func files(in export: String) throws -> [String: Digest] {
      let below = place.paths.filter { $0.hasPrefix(export + "/") }
      return try Dictionary(
        uniqueKeysWithValues: below.map {
          (String($0.dropFirst(export.count + 1)), try Digest.of(place[$0] ?? []))
        })
    }

    func publish(_ files: [PublishedFile], as export: String) throws -> Bool {
      try place.before.withLock { body in
        defer { body = nil }
        return body
      }?()
      guard try exports(in: export, prefix: "").isEmpty else { return false }
      for file in files { try add(file, to: export) }
      return true
    }

    func add(_ file: PublishedFile, to export: String) throws {
      place["\(export)/\(file.name)"] = try local.objects.bytes(of: file.digest)
    }

    func contains(_ file: PublishedFile, in export: String) throws -> Bool {
      try place["\(export)/\(file.name)"].map { try Digest.of($0) } == file.digest
    }

    func read(_ name: String, in export: String) throws -> [UInt8]? { place["\(export)/\(name)"] }

    func inventory(of folder: String) throws -> PublishedInventory {
      let below = place.paths.filter { $0.hasPrefix(folder + "/") }
      return PublishedInventory(
        files: below.count, bytes: below.reduce(0) { $0 + Int64(place[$1]?.count ?? 0) })
    }

    func remove(_ folder: String) throws {
      for path in place.paths where path.hasPrefix(folder + "/") { place[path] = nil }
    }

    func fetch(_ file: PublishedFile, from export: String) throws {
      guard let bytes = place["\(export)/\(file.name)"] else {
        throw StoreError.missing(digest: file.digest, store: export)
      }
      try local.withTemporaryPath { path in
        try TestFiles.write(bytes, to: path)
        try local.objects.put(file: path, digest: file.digest, size: file.size)
      }
    }
  }
}

@Suite struct SharedFeatureTests {
  let place = SharedPlace()
  let here: FeatureSpace
  let there: FeatureSpace

  init() throws {
    here = try FeatureSpace()
    there = try FeatureSpace()
  }

  private func store(_ space: FeatureSpace) -> OfflineFeatureStore {
    space.store(place.seen(from: space.local))
  }

  @Test func whatOthersIngestedIsBroughtAndHeld() throws {
    let ours = try here.batch(["2026-11-01": "a"])
    let theirs = try there.batch(["2026-11-01": "b", "2026-11-02": "c"])
    try store(here).ingest(ours)
    let group = try store(there).ingest(theirs).group
    #expect(try store(here).group("group") == group)
    #expect(try !here.local.objects.contains(theirs.files[1].digest))
    let record = try store(here).importHistory(of: group)
    #expect(try record == store(there).importHistory(of: group))
    for space in [here, there] {
      for entry in try space.local.trees.manifest(of: record).entries {
        #expect(try space.local.objects.contains(entry.digest))
      }
    }
    let third = try FeatureSpace()
    let path = try store(third).path(
      of: theirs.files[1], in: group.ingestions[1], of: group)
    #expect(try TestFiles.text(path) == "c")
  }

  @Test func twoThatWantOneNumberBothGetIn() throws {
    let first = try here.batch(["2026-11-01": "a"])
    try store(here).ingest(first)
    let ours = try here.batch(["2026-11-02": "b"])
    let theirs = try there.batch(["2026-11-02": "c"])
    let other = store(there)
    place.beforePublishing { _ = try other.ingest(theirs, into: "group", by: .ben, at: .later) }
    let (group, isNew) = try store(here).ingest(ours)
    #expect(isNew)
    #expect(group.ingestions.map(\.batch) == [first.digest, theirs.digest, ours.digest])
    #expect(try store(there).group("group") == group)
  }

  @Test func twoWithTheSameBatchAreOneIngestion() throws {
    let batch = try here.batch(["2026-11-02": "b"])
    let same = try there.batch(["2026-11-02": "b"])
    let other = store(there)
    place.beforePublishing { _ = try other.ingest(same, into: "group", by: .ben, at: .later) }
    let (group, isNew) = try store(here).ingest(batch)
    #expect(!isNew)
    #expect(group.ingestions.map(\.author) == [.ben])
  }

  @Test func twoThatWantOtherTypesOfOneFeatureAreToldSo() throws {
    let ours = try here.batch(["2026-11-02": "b"], [Feature("x", .integral)])
    let theirs = try there.batch(["2026-11-02": "c"], [Feature("x", .string)])
    let other = store(there)
    place.beforePublishing { _ = try other.ingest(theirs, into: "group", by: .ben, at: .later) }
    let error = #expect(throws: FeatureStoreError.self) { try store(here).ingest(ours) }
    #expect(error?.description.contains("'x' is Integral, and the group's is String") == true)
    #expect(try store(here).group("group")?.ingestions.count == 1)
  }

  @Test func whoIsAlwaysLateIsToldToTryLater() throws {
    let batches = try (0..<20).map { try there.batch(["2026-11-02": "text \($0)"]) }
    let other = store(there)
    let left = Mutex(batches)
    @Sendable func butIn() throws {
      guard let next = left.withLock({ $0.popLast() }) else { return }
      try other.ingest(next)
      place.beforePublishing(butIn)
    }
    place.beforePublishing(butIn)
    let ours = try here.batch(["2026-11-01": "late"])
    let error = #expect(throws: FeatureStoreError.self) { try store(here).ingest(ours) }
    #expect(error?.description.contains("others keep ingesting into") == true)
    #expect(try store(here).group("group")?.ingestion(of: ours.digest) == nil)
  }

  @Test func aLostFileOfOthersIsNamed() throws {
    let theirs = try there.batch(["2026-11-01": "a", "2026-11-02": "b"])
    let group = try store(there).ingest(theirs).group
    let paths = place.paths.filter { $0.contains("/data/") }
    place[paths[0]] = nil
    place[paths[1]] = Array("x".utf8)
    for (path, file) in zip(paths, theirs.files) {
      let error = #expect(throws: FeatureStoreError.self) {
        try store(here).path(of: file, in: group.ingestions[0], of: group)
      }
      #expect(error?.description.hasPrefix(path) == true)
    }
    #expect(throws: FeatureStoreError.self) { try store(here).importHistory(of: group) }
    // Whoever has the bytes needs no file, and puts them back.
    #expect(try store(there).importHistory(of: group) == group.historyRecord())
    #expect(try store(there).ingest(theirs).isNew)
    #expect(try store(here).importHistory(of: group) == group.historyRecord())
    #expect(try !store(there).ingest(theirs).isNew)
  }
}
