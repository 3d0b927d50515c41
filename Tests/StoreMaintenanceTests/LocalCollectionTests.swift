// Collecting in a folder: who is kept out, what goes, and that the rest is as it was.
import AtelierTesting
import Content
import Foundation
import StoreFolder
import Testing

@testable import FileTools
@testable import LocalStores
@testable import StoreMaintenance

@Suite struct LocalCollectionTests {
  private let space: Space

  init() throws { space = try Space() }

  private func limits() -> CollectionLimits {
    var limits = CollectionLimits(now: .now())
    limits.keepRuns = 1
    limits.maxAge = 0
    return limits
  }

  /// Reads records of the form `{"w": group, "steps": {name: key}}`.
  private static let reader: RunRoots.Reader = { id, json in
    guard let group = json["w"]?.string else { return nil }
    let steps = (json["steps"]?.object ?? [:]).compactMapValues { value in
      value.string.flatMap { Digest($0) }.map { ActionKey($0) }
    }
    return RunRoots(id: id, group: group, steps: steps, uncachedOutputs: [])
  }

  private func record(_ results: [ActionResult]) throws {
    let steps = Dictionary(
      uniqueKeysWithValues: results.enumerated().map {
        ("\($0)", JSONValue.string($1.key.description))
      })
    try space.store.runs.write(
      ["w": "w", "steps": .object(steps)], id: RunID(startedAt: .now()))
  }

  private func kept(_ name: String, _ outputs: [String: OutputRecord]) throws -> ActionResult {
    let made = try result(name, outputs: outputs)
    try space.store.actions.store(made)
    return made
  }

  /// Opens the store alone, sweeps and closes it.
  private func sweep() throws -> (plan: CollectionPlan, leftovers: Garbage) {
    try space.store.close()
    let store = try LocalStore.open(root: space.store.layout.root, readOnly: false, alone: true)
    defer { try? store.close() }
    let collection = try LocalCollection(store, limits: limits(), reading: Self.reader)
    return (collection.plan, try collection.sweep())
  }

  @Test func nobodyIsAloneBesideAWriter() throws {
    let root = space.store.layout.root
    #expect(throws: StoreError.self) {
      try LocalStore.open(root: root, readOnly: false, alone: true)
    }
    try space.store.close()
    let alone = try LocalStore.open(root: root, readOnly: false, alone: true)
    // Readers are not kept out; a writer waits, and is told so.
    _ = try LocalStore.open(root: root, readOnly: true).actions.keys()
    let writer = Monitor((isTold: false, isIn: false))
    try startThread {
      let store = try? LocalStore.open(root: root, readOnly: false) {
        writer.withLock { $0.isTold = true }
      }
      writer.withLock { $0.isIn = store != nil }
    }
    writer.wait { writer, _ in writer.isTold ? () : nil }
    #expect(!writer.withLock { $0.isIn })
    try alone.close()
    #expect(writer.wait { writer, _ in writer.isIn ? true : nil })
  }

  @Test func aTreesBlobsThatStayNeedNoSecondLook() throws {
    let shared = try space.adopt("shared")
    let folder = try space.scratchTree(["a": "shared", "b": "gone"])
    let tree = try space.store.trees.adoptTree(folder, mediaType: "m")
    let keeps = try kept("keeps", ["out": shared])
    _ = try kept("goes", ["out": tree])
    try record([keeps])
    _ = try space.store.treeFolders.folder(of: tree)
    settle()
    _ = try space.store.objects.memo.hash(space.store.layout.blob(shared.digest))
    let (plan, leftovers) = try sweep()
    #expect(plan.results.count == 1 && leftovers.trees == 1)
    #expect(TestFiles.list(space.base + "/trees").isEmpty)
    #expect(
      TestFiles.list(space.base + "/cas") == [
        "sha256/" + shared.digest.hex.prefix(2) + "/" + shared.digest.hex
      ])
    let after = try space.reopened()
    let blob = after.layout.blob(shared.digest)
    let identity = try #require(try FileIdentity(ofFile: blob))
    #expect(after.memo.vouches(for: shared.digest, of: identity))
    #expect(try after.actions.lookup(keeps.key) == keeps)
  }

  @Test func whatTheIndexRemembersIsForgottenToo() throws {
    let goes = try kept("goes", ["out": try space.adopt("x")])
    #expect(try space.store.actions.lookup(goes.key) == goes)
    _ = try sweep()
    #expect(try space.reopened().actions.lookup(goes.key) == nil)
  }

  @Test func notesLogsAndQuarantineGoWithWhatTheySpeakOf() throws {
    let keeps = try kept("keeps", ["out": try space.adopt("x")])
    try record([keeps])
    let hex = keeps.key.digest.hex
    let other = try Digest.of("other").hex
    for name in [hex, other] {
      try TestFiles.write([], to: "\(space.base)/logs/\(name.prefix(2))/\(name).log")
      try TestFiles.write([], to: "\(space.base)/remote/1/held/\(name)")
    }
    try TestFiles.write([1], to: "\(space.base)/quarantine/\(other).0")
    let (_, leftovers) = try sweep()
    #expect(leftovers.logs == 1 && leftovers.notes == 1 && leftovers.quarantined == 1)
    for folder in ["logs", "remote"] {
      #expect(TestFiles.list("\(space.base)/\(folder)").allSatisfy { $0.contains(hex) })
    }
    #expect(TestFiles.list("\(space.base)/quarantine").isEmpty)
  }

  @Test func aTagKeepsItsRun() throws {
    let old = try kept("old", ["out": try space.adopt("old")])
    try record([old])
    let first = try #require(try space.store.runs.list().first)
    // Run ids are ordered by the millisecond.
    usleep(2000)
    try record([try kept("new", ["out": try space.adopt("new")])])
    try StoreTags(space.store).set("keep-me", to: first)
    #expect(try sweep().plan.results.isEmpty)
    let store = try space.reopened()
    #expect(try StoreTags(store).all() == ["keep-me": first])
    #expect(try StoreTags(store).remove("keep-me"))
    #expect(try !StoreTags(store).remove("keep-me"))
    try store.close()
    #expect(try sweep().plan.results.map(\.key) == [old.key])
  }

  @Test(arguments: [
    ("a", true), ("v1.2_x-", true), (".a", false), ("", false), ("a/b", false),
    ("é", false),
  ])
  func namesOfTags(_ name: String, _ isValid: Bool) {
    #expect(StoreTags.isValid(name) == isValid)
  }
}
