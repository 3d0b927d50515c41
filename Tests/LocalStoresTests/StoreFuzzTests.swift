// Mutated manifests and results: no crash, and what is accepted is canonical and safe to lay out.
import AtelierTesting
import Content
import StoreFolder
import Testing
import Trees

@testable import LocalStores

@Suite struct StoreFuzzTests {
  private static func corpus() throws -> [[UInt8]] {
    let digest = try Digest.of("x")
    func manifest(_ paths: [String]) throws -> [UInt8] {
      try TreeManifest(
        paths.map { TreeEntry(path: $0, digest: digest, size: 7, isExecutable: $0 == "b") },
        describing: "a test"
      ).bytes
    }
    return [
      try manifest([]), try manifest(["a"]), try manifest(["a/b/c", "a/d", "b", "e\"\\\u{1}"]),
      try manifest(["é/ü", "Straße", "\u{65E5}\u{672C}"]),
    ]
  }

  @Test func mutatedManifests() throws {
    let corpus = try Self.corpus()
    let digest = try Digest.of("x")
    let found = try FuzzBudget("tree manifests", count: 20_000).run(
      corpus: corpus,
      words: [
        "..", "../", "/", "./", "//", "A", "a", "\\u0000", "\\u002e", "\u{301}",
        "999999999999999999", ",", "{", "}", "true", "false",
      ]
    ) { bytes in
      let manifest: TreeManifest
      do {
        manifest = try TreeManifest(parsing: bytes, digest: digest)
      } catch {
        guard "\(error)".utf8.count < 1000 else { throw BrokenProperty("a message without end") }
        return false
      }
      guard manifest.bytes == bytes else { throw BrokenProperty("not the canonical bytes") }
      guard manifest.totalSize >= 0 else { throw BrokenProperty("a negative size") }
      for entry in manifest.entries {
        let names = entry.path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        let isUnsafe = names.contains { name in
          name.isEmpty || name.elementsEqual("..".utf8) || name.elementsEqual(".".utf8)
            || name.contains(0)
        }
        guard !isUnsafe else { throw BrokenProperty("the path '\(entry.path)'") }
      }
      try? manifest.validate(describing: "a test")
      return true
    }
    #expect(found.accepted > corpus.count && found.refused > 1000, "\(found)")
  }

  @Test func mutatedResults() throws {
    let document = KeyDocument(
      family: "F", step: "S", code: SharedPart(["a": "c"]), build: SharedPart([:]),
      platform: "any",
      outputs: ["out": OutputShape(mediaType: "text/plain", isTree: false, fileName: "out.txt")])
    let bytes = try document.canonicalBytes()
    let key = try KeyDocument.key(of: bytes)
    let honest = ActionResult(
      key: key, document: bytes, outputs: ["out": try record("x")],
      startedAt: Timestamp(milliseconds: 0), seconds: 1, host: "h")
    let file = try honest.fileBytes()
    #expect(ActionResult(fileBytes: file, key: key) == honest)
    let found = try FuzzBudget("action results", count: 10_000).run(
      corpus: [file],
      words: ["\"out\"", "../x", "sha256:", "\"tree\"", "{", "}", "\"", ":", "-1", "1e400"]
    ) { bytes in
      guard let read = ActionResult(fileBytes: bytes, key: key) else { return false }
      guard read.outputs.keys.elementsEqual(["out"]), read.outputs["out"]?.kind == .file,
        read.document == honest.document, read.outputs["out"]?.size ?? -1 >= 0
      else { throw BrokenProperty("a result that does not fit its document") }
      return true
    }
    #expect(found.accepted > 1 && found.refused > 1000, "\(found)")
  }

  /// Sound bytes of a tree that no disk should hold: it is refused before anything is made.
  @Test(arguments: [
    ["Name", "name"], ["a", "a/b"], ["d/x", "D/y"], ["../x"], ["/x"], ["a/../../x"], ["x", "x"],
    ["a/.", "b"],
  ])
  func aTreeThatLeadsElsewhere(_ paths: [String]) throws {
    let space = try Space()
    let blob = try space.adopt("bytes")
    let entries = paths.map { path in
      #"{"digest":"\#(blob.digest)","executable":false,"path":"\#(path)","size":5}"#
    }
    let manifest = "[" + entries.joined(separator: ",") + "]"
    let own = try space.adopt(manifest)
    let tree = OutputRecord(
      digest: own.digest, size: own.size, mediaType: "text/plain", kind: .tree)
    let target = space.folder("outside/tree")
    try space.folder.write("theirs", to: "outside/theirs")
    let before = TestFiles.list(space.folder.path)
    #expect(throws: TreeError.self) { try space.store.trees.materialize(tree, at: target) }
    let refusal = #expect(throws: (any Error).self) {
      try space.store.trees.copyOut(tree, to: target)
    }
    #expect(refusal is StoreError || refusal is TreeError)
    #expect(throws: TreeError.self) { try space.store.treeFolders.folder(of: tree) }
    let new = Set(TestFiles.list(space.folder.path)).subtracting(before)
    // The index, and the temporary folder's mark of its owner.
    #expect(
      new.allSatisfy {
        $0.hasPrefix("store/.atelier/index.sqlite")
          || $0.hasPrefix("store/.atelier/tmp/") && $0.hasSuffix("/owner")
      }, "\(new)")
  }

  /// Sums of sizes that a manifest claims do not overflow.
  @Test func aManifestThatClaimsMoreThanThereCanBe() throws {
    let digest = try Digest.of("x")
    let entries = (0..<20).map {
      TreeEntry(
        path: "f\($0)", digest: digest, size: 999_999_999_999_999_999, isExecutable: false)
    }
    let bytes = try TreeManifest(entries, describing: "a test").bytes
    #expect(try TreeManifest(parsing: bytes, digest: digest).totalSize == .max)
  }

  /// A result names what its document declares, or it is none.
  @Test(arguments: [
    ["../x": "file"], ["out": "tree"], [:], ["out": "file", "../x": "file"], ["Out": "file"],
  ])
  func aResultWithOtherOutputsThanDeclared(_ outputs: [String: String]) throws {
    let document = KeyDocument(
      family: "F", step: "S", code: SharedPart(["a": "c"]), build: SharedPart([:]),
      platform: "any",
      outputs: ["out": OutputShape(mediaType: "text/plain", isTree: false, fileName: "out.txt")])
    let bytes = try document.canonicalBytes()
    let digest = try Digest.of("x")
    let lie = ActionResult(
      key: try KeyDocument.key(of: bytes), document: bytes,
      outputs: outputs.mapValues {
        OutputRecord(
          digest: digest, size: 1, mediaType: "text/plain", kind: $0 == "tree" ? .tree : .file)
      }, startedAt: Timestamp(milliseconds: 0), seconds: 1, host: "h")
    #expect(ActionResult(fileBytes: try lie.fileBytes(), key: lie.key) == nil)
  }

  /// Names of runs sort after those that are there, also when the clock was set back.
  @Test func runsSortAfterThoseOfAClockThatWasAhead() throws {
    let space = try Space()
    let ahead = Timestamp(milliseconds: 4_000_000_000_123)
    let now = Timestamp(milliseconds: 1_763_725_734_123)
    let first = try space.store.runs.nextID(now: ahead)
    #expect(first.startedAt == ahead)
    try space.store.runs.write(["v": 1], id: first)
    let second = try space.store.runs.nextID(now: now)
    #expect(second > first && second.startedAt?.milliseconds == ahead.milliseconds + 1)
    try space.store.runs.write(["v": 1], id: second)
    #expect(try space.store.runs.list().first == second)
    #expect(try Space().store.runs.nextID(now: now).startedAt == now)
    // After the last moment that has a name it is the clock again.
    let last = try #require(RunID("99991231T235959.999-000000000000"))
    try space.store.runs.write(["v": 1], id: last)
    #expect(try space.store.runs.nextID(now: now).startedAt == now)
  }
}
