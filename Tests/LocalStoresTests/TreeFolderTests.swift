// Trees laid out once for many steps: right at each use, whatever happened to the folder.
import AtelierTesting
import Content
import Foundation
import StoreFolder
import Testing

@testable import FileTools
@testable import LocalStores

@Suite struct TreeFolderTests {
  private let space: Space
  private let tree: OutputRecord
  private static let files = [
    "a": "1", "twin": "1", "d/e/f": "22", "d/é": "333", "d/run": "#!/bin/sh\n",
  ]

  init() throws {
    space = try Space()
    let folder = try space.scratchTree(Self.files)
    chmod(folder + "/d/run", 0o755)
    tree = try space.store.trees.adoptTree(folder, mediaType: "m")
    try flush(space.store, "first")
  }

  /// As after a step: what waits for a flush of the file system is written.
  private func flush(_ store: LocalStore, _ name: String) throws {
    let queue = store.commitQueue(sync: {})
    try queue.submit(result(name)) { _ in }
    try queue.close()
  }

  private var path: String { space.store.layout.tree(tree.digest) }

  private func inode(_ path: String) throws -> UInt64? { try FileIdentity(ofFile: path)?.inode }

  private func expectWhole(_ store: LocalStore) throws {
    let folder = try store.treeFolders.folder(of: tree)
    #expect(folder == path)
    #expect(TestFiles.list(folder) == Self.files.keys.sorted())
    var inodes: Set<UInt64> = []
    var links: Set<String> = []
    for (name, text) in Self.files {
      #expect(try TestFiles.read("\(folder)/\(name)") == Array(text.utf8), "\(name)")
      let isRun = name == "d/run"
      #expect(try mode("\(folder)/\(name)") == (isRun ? 0o555 : 0o444))
      let own = try #require(try inode("\(folder)/\(name)"))
      #expect(inodes.insert(own).inserted, "\(name) shares its inode with another name")
      if own == (try inode(space.store.layout.blob(Digest.of(text)))) { links.insert(text) }
    }
    // One name of all that are no programs is a link to its blob.
    #expect(links == Set(Self.files.filter { $0.key != "d/run" }.values))
    for name in ["", "/d", "/d/e"] { #expect(try mode(folder + name) == 0o555) }
    #expect(try store.trees.check(tree) == .good)
  }

  @Test func itHoldsTheFilesAndStays() throws {
    try expectWhole(space.store)
    let before = try FileIdentity(ofFile: path)
    try expectWhole(space.store)
    settle()
    try expectWhole(space.store)
    try expectWhole(space.store)
    try flush(space.store, "second")
    try space.store.close()
    try expectWhole(space.reopened())
    #expect(try FileIdentity(ofFile: path) == before)
  }

  /// Links move the ctimes of blobs, and of the twin's twice: the memo goes along.
  @Test func noBlobIsReadAgainBecauseOfItsLinks() throws {
    settle()
    _ = try space.store.treeFolders.folder(of: tree)
    let objects = space.store.objects
    #expect(
      try objects.index.files(ofTree: tree.digest) == space.store.trees.identities(ofFilesIn: tree))
    for text in Self.files.values {
      let digest = try Digest.of(text)
      let identity = try #require(try FileIdentity(ofFile: space.store.layout.blob(digest)))
      #expect(objects.index.vouches(for: digest, of: identity))
    }
  }

  enum Damage: String, CaseIterable {
    case extraFile, extraFolder, lostFile, lostFolder, otherFile, otherCopy, otherBlob, symlink,
      mode
    case file
  }

  private func damage(_ kind: Damage) throws {
    let manager = FileManager.default
    func replace(_ name: String, _ text: String, _ mode: mode_t = 0o444) throws {
      try manager.removeItem(atPath: "\(path)/\(name)")
      try TestFiles.write(Array(text.utf8), to: "\(path)/\(name)")
      chmod("\(path)/\(name)", mode)
    }
    for name in ["", "/d", "/d/e"] { chmod(path + name, 0o755) }
    switch kind {
    case .extraFile: try TestFiles.write([1], to: path + "/d/x")
    case .extraFolder: mkdir(path + "/d/x", 0o755)
    case .lostFile: try manager.removeItem(atPath: path + "/d/e/f")
    case .lostFolder: try manager.removeItem(atPath: path + "/d")
    case .otherFile: try replace("a", "2")
    case .otherCopy: try replace("d/run", "#!/bin/no\n", 0o555)
    case .otherBlob:
      // The folder still leads to the file that was moved away.
      let blob = try space.store.layout.blob(Digest.of("22"))
      try editInPlace(blob, "2!")
      #expect(try space.store.trees.check(tree) != .good)
      _ = try space.store.objects.put(bytes: Array("22".utf8))
    case .symlink:
      try manager.moveItem(atPath: path + "/d", toPath: space.folder("elsewhere"))
      symlink(space.folder("elsewhere"), path + "/d")
    case .mode: try replace("a", "1", 0o755)
    case .file:
      try manager.removeItem(atPath: path)
      try TestFiles.write([1], to: path)
    }
    for name in ["", "/d", "/d/e"] { chmod(path + name, 0o555) }
  }

  @Test(arguments: Damage.allCases, [false, true])
  func aDamagedFolderIsMadeAgain(_ kind: Damage, _ isRemembered: Bool) throws {
    try expectWhole(space.store)
    if isRemembered {
      settle()
      _ = try space.store.treeFolders.folder(of: tree)
    }
    try damage(kind)
    try expectWhole(space.store)
    try expectWhole(space.store)
  }

  @Test func aTreeThatIsNotWholeHasNone() throws {
    let lost = try Digest.of("22")
    try FileManager.default.removeItem(atPath: space.store.layout.blob(lost))
    #expect(throws: StoreError.missing(digest: lost, store: space.store.layout.root)) {
      try space.store.treeFolders.folder(of: tree)
    }
    #expect(TestFiles.list(path) == [])
  }

  @Test func itsRemovalHarmsNoBlob() throws {
    try expectWhole(space.store)
    try FileManager.default.removeItem(atPath: path)
    #expect(try space.store.trees.check(tree) == .good)
    try expectWhole(space.store)
  }

  @Test func manyFilesAreLaidOutByTwoThreads() throws {
    let files = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("d\($0 % 7)/f\($0)", "\($0)") })
    let tree = try space.store.trees.adoptTree(space.scratchTree(files, "many"), mediaType: "m")
    let folder = try space.store.treeFolders.folder(of: tree)
    #expect(try space.store.trees.scanTree(folder).digest == tree.digest)
    #expect(try space.store.treeFolders.folder(of: tree) == folder)
  }
}
