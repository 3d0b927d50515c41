// Opening a store: what is refused, what is written, what is swept.
import AtelierTesting
import Content
import Foundation
import StoreFolder
import Testing

@testable import FileTools
@testable import LocalStores

@Suite struct OpeningTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refuses(_ root: String, readOnly: Bool = false, _ error: StoreError) {
    #expect(throws: error) { try LocalStore.open(root: root, readOnly: readOnly) }
  }

  @Test func aNewStoreHasVersionAndTag() throws {
    let store = try LocalStore.open(root: folder("a/b"), readOnly: false)
    #expect(try TestFiles.text(store.layout.base + "/version") == "1\n")
    let tag = try TestFiles.text(store.layout.base + "/CACHEDIR.TAG")
    #expect(tag.hasPrefix("Signature: 8a477f597d28d172789f06886806bc55\n"))
    #expect(
      TestFiles.list(store.layout.root) == [
        ".atelier/CACHEDIR.TAG", ".atelier/use.lock", ".atelier/version",
      ])
    _ = try LocalStore.open(root: folder("a/b"), readOnly: false)
  }

  @Test func aFileIsNoRoot() throws {
    let file = try folder.write("x", to: "file")
    for readOnly in [true, false] {
      refuses(file, readOnly: readOnly, .notAFolder(path: file))
      refuses(file + "/sub", readOnly: readOnly, .notAFolder(path: file))
    }
    try folder.write("x", to: "root/.atelier")
    refuses(folder("root"), .notAFolder(path: folder("root/.atelier")))
  }

  @Test func aDanglingSymlinkIsNoRoot() throws {
    let link = folder("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
    refuses(link, .notAFolder(path: link))
  }

  @Test func aFolderThatNobodyMayWriteIsRefused() throws {
    let root = folder("root")
    mkdir(root, 0o755)
    chmod(root, 0o555)
    defer { chmod(root, 0o755) }
    for path in [root, root + "/below"] {
      refuses(path, .notWritable(path: root, reason: "its mode lets nobody write"))
    }
    #expect(TestFiles.list(root) == [])
    _ = try LocalStore.open(root: root, readOnly: true)
  }

  @Test func aFolderWhereNoFileCanBeMadeIsRefused() throws {
    // Holds for root too: nobody makes files in /proc.
    let error = #expect(throws: StoreError.self) {
      try LocalStore.open(root: "/proc/self", readOnly: false)
    }
    guard case .notWritable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: ["2\n", "\n", "one", "1.5"]) func anotherLayoutIsRefused(_ text: String) throws {
    let file = try folder.write(text, to: "root/.atelier/version")
    let found = text.split(separator: "\n").first.map(String.init) ?? ""
    for readOnly in [true, false] {
      refuses(
        folder("root"), readOnly: readOnly, .layout(path: file, found: found, expected: "1"))
    }
    #expect(TestFiles.list(folder("root")) == [".atelier/version"])
  }

  @Test func anAbsentRootIsAnEmptyStoreForReading() throws {
    let store = try LocalStore.open(root: folder("none"), readOnly: true)
    #expect(try store.actions.lookup(result("a").key) == nil)
    #expect(try store.actions.keys() == [])
    #expect(try store.runs.list() == [])
    #expect(try store.trees.check(record("x")) == .missing([record("x").digest]))
    let file = try folder.write("x", to: "file")
    #expect(try store.memo.digest(ofFile: file).digest == record("x").digest)
    #expect(throws: StoreError.readOnly(path: folder("none"))) {
      try store.actions.store(result("a"))
    }
    #expect(throws: StoreError.readOnly(path: folder("none"))) {
      try store.runs.write([], id: RunID(startedAt: .now()))
    }
    try store.close()
    #expect(TestFiles.list(folder.path) == ["file"])
  }

  @Test func readingLeavesEveryByteAlone() throws {
    let space = try Space()
    let stored = try result("a", outputs: ["part": space.adopt("x")])
    let queue = space.store.commitQueue(sync: {})
    queue.submit(stored) { _ in }
    try queue.close()
    try space.store.close()
    func snapshot() throws -> [String: FileIdentity?] {
      try Dictionary(
        uniqueKeysWithValues: TestFiles.list(space.base).map {
          ($0, try FileIdentity(ofFile: "\(space.base)/\($0)"))
        })
    }
    let before = try snapshot()
    let reader = try space.reopened(readOnly: true)
    #expect(try reader.actions.lookup(stored.key) == stored)
    #expect(reader.memo.index.action(stored.key) != nil)
    #expect(try reader.trees.check(#require(stored.outputs["part"])) == .good)
    try reader.close()
    #expect(try snapshot() == before)
  }

  @Test func aRelativeRootIsMadeAbsolute() {
    #expect(StoreLayout(root: "/a/b/").root == "/a/b")
    #expect(StoreLayout(root: "x").root == FileManager.default.currentDirectoryPath + "/x")
    #expect(StoreLayout(root: ".").root == FileManager.default.currentDirectoryPath)
  }

  @Test func whatDeadRunsLeftIsSwept() throws {
    let space = try Space()
    try space.folder.write("x", to: "store/.atelier/work/dead/owner")
    try space.folder.write("x", to: "store/.atelier/work/dead/d/file")
    try space.folder.write("x", to: "store/.atelier/tmp/1-abc/half")
    chmod("\(space.base)/work/dead/d", 0o555)
    let living = try space.store.workspace(run: RunID(startedAt: Timestamp(milliseconds: 0)))
    let step = try living.makeFolder("step")
    try TestFiles.write([1], to: step + "/file")
    let other = try space.reopened()
    #expect(TestFiles.list("\(space.base)/work").allSatisfy { $0.hasPrefix("19700101T000000.000") })
    #expect(try TestFiles.read(step + "/file") == [1])
    try other.close()
    #expect(TestFiles.list("\(space.base)/tmp") == [])
    try living.discard()
    #expect(TestFiles.list("\(space.base)/work") == [])
    try space.store.close()
    #expect(TestFiles.list("\(space.base)/tmp") == [])
  }

  @Test func aKilledCloseIsFinishedByTheNext() throws {
    let space = try Space()
    try space.folder.write("x", to: "store/.atelier/tmp/dead-1-x/file")
    try space.reopened().close()
    #expect(TestFiles.list("\(space.base)/tmp") == [])
  }

  @Test func aWorkspaceKeepsItsNames() throws {
    let space = try Space()
    let work = try space.store.workspace(run: RunID(startedAt: Timestamp(milliseconds: 0)))
    let path = try work.makeFolder("step")
    #expect(path == work.path + "/step")
    #expect(
      throws: FileError.unsuitable(
        path: path, found: "a folder already", expected: "a name not used yet")
    ) { try work.makeFolder("step") }
  }

  @Test func manyOpenAtOnce() async throws {
    let root = folder("root")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          let store = try LocalStore.open(root: root, readOnly: false)
          _ = try store.objects.put(bytes: Array("\(number)".utf8))
          try store.actions.store(result("\(number)"))
          try store.close()
        }
      }
      try await group.waitForAll()
    }
    let store = try LocalStore.open(root: root, readOnly: true)
    #expect(try store.actions.keys() == (0..<8).map { try result("\($0)").key }.sorted())
    for number in 0..<8 { #expect(try store.objects.contains(Digest.of("\(number)"))) }
  }
}
