// Outputs laid out for steps and for people.
import AtelierTesting
import Content
import Foundation
import StoreFolder
import Testing
import Trees

@testable import FileTools
@testable import LocalStores

@Suite struct MaterializationTests {
  private let space: Space
  private let tree: OutputRecord
  private let file: OutputRecord

  init() throws {
    space = try Space()
    file = try space.adopt("file")
    let folder = try space.scratchTree(["a": "1", "d/run": "#!/bin/sh\n"])
    chmod(folder + "/d/run", 0o755)
    tree = try space.store.trees.adoptTree(folder, mediaType: "m")
  }

  @Test func aFileIsASymlinkToItsBlob() throws {
    let path = space.folder("input")
    try space.store.trees.materialize(file, at: path)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: path)
        == space.store.layout.blob(file.digest))
    #expect(try space.store.trees.check(file) == .good)
  }

  @Test func aTreeIsAFolderOfSymlinks() throws {
    let path = space.folder("input")
    try space.store.trees.materialize(tree, at: path)
    #expect(TestFiles.list(path) == ["a", "d/run"])
    #expect(try TestFiles.text(path + "/a") == "1")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: path + "/a")
        == space.store.layout.blob(Digest.of("1")))
    #expect(try mode(path + "/d/run") == 0o555)
    #expect(throws: FileError.self) { try space.store.trees.materialize(tree, at: path) }
  }

  @Test func anExportIsACopyThatCanBeWritten() throws {
    let path = space.folder("out/deep/file.txt")
    try space.store.trees.copyOut(file, to: path)
    #expect(try mode(path) == 0o644)
    try editInPlace(path, "changed", keepingMtime: false)
    #expect(try space.store.trees.check(file) == .good)
    try space.store.trees.copyOut(file, to: path)
    #expect(try TestFiles.text(path) == "file")
    #expect(TestFiles.list(space.folder("out")) == ["deep/file.txt"])
  }

  @Test func anExportedTreeKeepsItsModes() throws {
    let path = space.folder("out/tree")
    try space.store.trees.copyOut(tree, to: path)
    #expect(TestFiles.list(path) == ["a", "d/run"])
    #expect(try mode(path + "/a") == 0o644)
    #expect(try mode(path + "/d/run") == 0o755)
    #expect(
      throws: FileError.unsuitable(path: path, found: "taken", expected: "a free path for a tree")
    ) { try space.store.trees.copyOut(tree, to: path) }
    #expect(try space.store.trees.scanTree(path).digest == tree.digest)
  }

  @Test func damageIsNeverExported() throws {
    settle()
    try editInPlace(space.store.layout.blob(file.digest), "elif")
    let path = space.folder("out/file.txt")
    #expect(throws: StoreError.missing(digest: file.digest, store: space.store.layout.root)) {
      try space.store.trees.copyOut(file, to: path)
    }
    #expect(TestFiles.list(space.folder("out")) == [])
  }

  @Test func aReadOnlyStoreExportsToo() throws {
    let reader = try space.reopened(readOnly: true)
    try reader.trees.copyOut(tree, to: space.folder("out/tree"))
    try reader.trees.copyOut(file, to: space.folder("out/file"))
    #expect(TestFiles.list(space.folder("out")) == ["file", "tree/a", "tree/d/run"])
  }

  @Test func aTreeWhoseNamesClashIsNotLaidOut() throws {
    let x = try Digest.of("1")
    let text =
      #"[{"digest":"\#(x)","executable":false,"path":"A","size":1},"#
      + #"{"digest":"\#(x)","executable":false,"path":"a","size":1}]"#
    let digest = try space.store.objects.put(bytes: Array(text.utf8))
    let record = OutputRecord(
      digest: digest, size: Int64(text.utf8.count), mediaType: "m", kind: .tree)
    #expect(throws: TreeError.self) {
      try space.store.trees.materialize(record, at: space.folder("input"))
    }
    #expect(!FileManager.default.fileExists(atPath: space.folder("input")))
  }
}
