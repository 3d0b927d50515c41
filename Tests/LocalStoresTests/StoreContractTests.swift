// What the content store and the action cache promise whoever uses them.
import AtelierTesting
import Content
import LocalStores
import StoreFolder
import Testing

@Suite struct StoreContractTests {
  @Test func givesBackWhatWasPut() throws {
    let space = try Space()
    let store = space.store
    for text in ["", "a", String(repeating: "0123456789abcdef", count: 200_000)] {
      let path = try space.folder.write(text, to: "input")
      let digest = try Digest.of(text)
      #expect(try !store.objects.contains(digest))
      try store.objects.put(file: path, digest: digest, size: Int64(text.utf8.count))
      try store.objects.put(file: path, digest: digest, size: Int64(text.utf8.count))
      #expect(try store.objects.contains(digest))
      #expect(try store.objects.bytes(of: digest) == Array(text.utf8))
      #expect(try TestFiles.text(path) == text)
    }
  }

  @Test func refusesOtherBytes() throws {
    let space = try Space()
    let store = space.store
    let path = try space.folder.write("one", to: "input")
    let expected = try Digest.of("two")
    #expect(
      throws: StoreError.wrongDigest(path: path, expected: expected, found: try Digest.of("one"))
    ) { try store.objects.put(file: path, digest: expected, size: 3) }
    #expect(try !store.objects.contains(expected))
    #expect(try !store.objects.contains(Digest.of("one")))
  }

  @Test func namesWhatIsMissing() throws {
    let space = try Space()
    let store = space.store
    let digests = try ["a", "b", "c"].map { try Digest.of($0) }
    try store.objects.put(file: space.folder.write("b", to: "b"), digest: digests[1], size: 1)
    #expect(
      try store.objects.missing(from: [digests[2], digests[1], digests[0], digests[2]])
        == [digests[2], digests[0]])
    let error = #expect(throws: StoreError.self) { try store.objects.bytes(of: digests[0]) }
    guard case .missing(digests[0], _) = error else {
      Issue.record("\(String(describing: error)) is not about what is missing")
      return
    }
  }

  @Test func remembersResults() throws {
    let space = try Space()
    let store = space.store
    let first = try result("a", outputs: ["part": try record("x"), "log": try record("y")])
    #expect(try store.actions.lookup(first.key) == nil)
    try store.actions.store(first)
    #expect(try store.actions.lookup(first.key) == first)
    let second = try result("a", outputs: ["part": try record("z")])
    try store.actions.store(second)
    #expect(try store.actions.lookup(first.key) == second)
    #expect(try store.actions.lookup(result("b").key) == nil)
  }

  @Test func refusesADocumentOfAnotherKey() throws {
    let space = try Space()
    let store = space.store
    let good = try result("a")
    let bad = ActionResult(
      key: try result("b").key, document: good.document, outputs: [:], startedAt: good.startedAt,
      seconds: 0, host: "h")
    #expect(
      throws: InvalidResult(
        key: bad.key, reason: "its key document has another digest")
    ) { try store.actions.store(bad) }
    #expect(try store.actions.lookup(bad.key) == nil)
  }
}
