// The contract of ObjectStore and ActionCache, for every store that has it.
import AtelierTesting
import Content
import LocalStores
import Testing

/// The stores under test: the one in a folder and the double that stands for it.
enum StoreKind: CaseIterable {
  case folder, memory, counting

  func make(_ space: Space) -> any ObjectStore & ActionCache {
    switch self {
    case .folder: FolderPair(objects: space.store.objects, actions: space.store.actions)
    case .memory: MemoryStore()
    case .counting: CountingStore(MemoryStore())
    }
  }
}

/// Both halves of a local store as one value.
private struct FolderPair: ObjectStore, ActionCache {
  let objects: DirectoryStore
  let actions: DirectoryActionCache
  func contains(_ digest: Digest) throws -> Bool { try objects.contains(digest) }
  func put(file path: String, digest: Digest, size: Int64) throws {
    try objects.put(file: path, digest: digest, size: size)
  }
  func read(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    try objects.read(digest, into: sink)
  }
  func lookup(_ key: ActionKey) throws -> ActionResult? { try actions.lookup(key) }
  func store(_ result: ActionResult) throws { try actions.store(result) }
}

@Suite struct ObjectStoreTests {
  @Test(arguments: StoreKind.allCases) func givesBackWhatWasPut(_ kind: StoreKind) throws {
    let space = try Space()
    let store = kind.make(space)
    for text in ["", "a", String(repeating: "0123456789abcdef", count: 200_000)] {
      let path = try space.folder.write(text, to: "input")
      let digest = try Digest.of(text)
      #expect(try !store.contains(digest))
      try store.put(file: path, digest: digest, size: Int64(text.utf8.count))
      try store.put(file: path, digest: digest, size: Int64(text.utf8.count))
      #expect(try store.contains(digest))
      #expect(try store.bytes(of: digest) == Array(text.utf8))
      #expect(try TestFiles.text(path) == text)
    }
  }

  @Test(arguments: StoreKind.allCases) func refusesOtherBytes(_ kind: StoreKind) throws {
    let space = try Space()
    let store = kind.make(space)
    let path = try space.folder.write("one", to: "input")
    let expected = try Digest.of("two")
    #expect(
      throws: StoreError.wrongDigest(path: path, expected: expected, found: try Digest.of("one"))
    ) { try store.put(file: path, digest: expected, size: 3) }
    #expect(try !store.contains(expected))
    #expect(try !store.contains(Digest.of("one")))
  }

  @Test(arguments: StoreKind.allCases) func namesWhatIsMissing(_ kind: StoreKind) throws {
    let space = try Space()
    let store = kind.make(space)
    let digests = try ["a", "b", "c"].map { try Digest.of($0) }
    try store.put(file: space.folder.write("b", to: "b"), digest: digests[1], size: 1)
    #expect(
      try store.missing(from: [digests[2], digests[1], digests[0], digests[2]])
        == [digests[2], digests[0]])
    let error = #expect(throws: StoreError.self) { try store.bytes(of: digests[0]) }
    guard case .missing(digests[0], _) = error else {
      Issue.record("\(String(describing: error)) is not about what is missing")
      return
    }
  }

  @Test(arguments: StoreKind.allCases) func remembersResults(_ kind: StoreKind) throws {
    let space = try Space()
    let store = kind.make(space)
    let first = try result("a", outputs: ["part": try record("x"), "log": try record("y")])
    #expect(try store.lookup(first.key) == nil)
    try store.store(first)
    #expect(try store.lookup(first.key) == first)
    let second = try result("a", outputs: ["part": try record("z")])
    try store.store(second)
    #expect(try store.lookup(first.key) == second)
    #expect(try store.lookup(result("b").key) == nil)
  }

  @Test(arguments: StoreKind.allCases) func refusesADocumentOfAnotherKey(_ kind: StoreKind) throws {
    let store = kind.make(try Space())
    let good = try result("a")
    let bad = ActionResult(
      key: try result("b").key, document: good.document, outputs: [:], startedAt: good.startedAt,
      seconds: 0, host: "h")
    #expect(
      throws: InvalidResult(
        key: bad.key, reason: "its key document has another digest")
    ) { try store.store(bad) }
    #expect(try store.lookup(bad.key) == nil)
  }

  @Test func doublesCountAndFail() throws {
    let space = try Space()
    let counting = CountingStore(MemoryStore())
    let failing = FailingStore(counting, failing: [.put])
    let path = try space.folder.write("a", to: "a")
    let digest = try Digest.of("a")
    #expect(throws: InducedFailure(call: .put)) {
      try failing.put(file: path, digest: digest, size: 1)
    }
    failing.fail([.read, .lookup])
    try failing.put(file: path, digest: digest, size: 1)
    #expect(throws: InducedFailure(call: .read)) { try failing.bytes(of: digest) }
    #expect(try failing.missing(from: [digest]) == [])
    #expect(counting.counts == [.put: 1, .missing: 1])
  }
}
