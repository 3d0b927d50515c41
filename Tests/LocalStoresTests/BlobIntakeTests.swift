// Files and trees on their way into the store: each byte read once, and nothing half of those that change,
// are interrupted or find no room.
import AtelierTesting
import Content
import FileTools
import Foundation
import Synchronization
import Testing

@testable import LocalStores

@Suite struct BlobIntakeTests {
  private let space: Space

  init() throws { space = try Space() }

  /// Above the size from which files are read ahead.
  private static let large = (9 << 20) + 12_345

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
  }

  private func outside(_ bytes: [UInt8], _ name: String = "outside") throws -> String {
    let path = space.folder(name)
    try TestFiles.write(bytes, to: path)
    return path
  }

  private var blobs: [String] { TestFiles.list("\(space.base)/cas") }

  /// What lies in this process's folder of temporary files, but its lock.
  private var drafts: [String] {
    TestFiles.list("\(space.base)/tmp").filter { !$0.hasSuffix("/owner") }
  }

  private func expectWholeBlobs(_ store: LocalStore) throws {
    for name in TestFiles.list("\(store.layout.base)/cas") {
      let bytes = try TestFiles.read("\(store.layout.base)/cas/\(name)")
      #expect(name.hasSuffix("/" + (try Digest.of(bytes).hex)))
    }
  }

  /// The bytes that were hashed by some work.
  private func hashed(_ work: () throws -> Void) rethrows -> Int64 {
    let bytes = Mutex((sum: Int64(0), last: Int64(0)))
    let progress = FileProgress(every: 0) { count in
      bytes.withLock {
        // A count that falls begins another part of the work.
        if count.bytes < $0.last { $0.sum += $0.last }
        $0.last = count.bytes
      }
    }
    try progress.counting(work)
    return bytes.withLock { $0.sum + $0.last }
  }

  @Test(arguments: [0, 1, 4096, 70_000, large]) func aCopyIsReadOnceAndRight(
    _ count: Int
  ) throws {
    let bytes = Self.bytes(count)
    let path = try outside(bytes)
    let before = try FileIdentity(ofFile: path)
    var record: OutputRecord?
    let read = try hashed { record = try space.store.objects.importCopy(of: path, mediaType: "m") }
    #expect(read == Int64(count))
    let found = try #require(record)
    #expect(try found.digest == Digest.of(bytes))
    #expect(try space.store.objects.bytes(of: found.digest) == bytes)
    #expect(try FileIdentity(ofFile: path) == before)
    #expect(try mode(space.store.layout.blob(found.digest)) == 0o444)
    #expect(drafts == [])
    // What was just stored is not read again.
    var health: BlobHealth?
    let again = try hashed { health = try space.store.trees.check(found) }
    #expect(health == .good && again == 0)
  }

  @Test func aTreeIsReadOnce() throws {
    let files = Dictionary(
      uniqueKeysWithValues: (0..<700).map { ("d\($0 % 9)/f\($0)", "content \($0)") })
    let size = files.values.reduce(0) { $0 + $1.utf8.count }
    let folder = try space.scratchTree(files)
    var record: OutputRecord?
    let read = try hashed { record = try space.store.trees.adoptTree(folder, mediaType: "m") }
    let tree = try #require(record)
    // Of the manifest the file is hashed as well.
    #expect(read == Int64(size) + tree.size)
    var health: BlobHealth?
    let again = try hashed { health = try space.store.trees.check(tree) }
    #expect(health == .good && again == tree.size)
    let entries = try space.store.trees.manifest(of: tree).entries
    #expect(entries.map(\.path) == files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    for entry in entries { #expect(try entry.digest == Digest.of(files[entry.path] ?? "")) }
    try expectWholeBlobs(space.store)
  }

  @Test func manyNamesOfOneContentAreOneBlob() throws {
    let files = Dictionary(uniqueKeysWithValues: (0..<900).map { ("d\($0 % 5)/f\($0)", "same") })
    let tree = try space.store.trees.adoptTree(space.scratchTree(files), mediaType: "m")
    // Beside the manifest.
    #expect(blobs.count == 2)
    #expect(try space.store.trees.check(tree) == .good)
    #expect(try space.store.trees.manifest(of: tree).entries.count == 900)
  }

  @Test func oddNamesStayWhatTheyAre() throws {
    let names = [
      "a b", "quote\"", "back\\slash", "new\nline", "-rf", "e\u{301}",
      String(repeating: "x", count: 250),
      "\u{1F980}", ".hidden", "d/.../f",
    ]
    let files = Dictionary(uniqueKeysWithValues: names.map { ("odd/" + $0, "of \($0)") })
    for (name, text) in files { try space.folder.write(text, to: "in/" + name) }
    let tree = try space.store.trees.importTree(space.folder("in"), mediaType: "m")
    let entries = try space.store.trees.manifest(of: tree).entries
    #expect(entries.count == names.count)
    let folder = try space.store.treeFolders.folder(of: tree)
    for entry in entries {
      let bytes = try TestFiles.read("\(folder)/\(entry.path)")
      #expect(try Digest.of(bytes) == entry.digest)
    }
    try space.store.objects.copy(
      entries.map { CopiedFile(name: $0.path, blob: $0.blob, isExecutable: false) },
      into: folderOfItsOwn("out"))
    #expect(try space.store.trees.scanTree(space.folder("out")).digest == tree.digest)
  }

  private func folderOfItsOwn(_ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: space.folder(name), withIntermediateDirectories: false)
    return space.folder(name)
  }

  @Test func aSparseFileIsWhatItReadsAs() throws {
    let path = space.folder("sparse")
    try TestFiles.write([1, 2, 3], to: path)
    truncate(path, 12 << 20)
    let record = try space.store.objects.importCopy(of: path, mediaType: "m")
    var bytes = [UInt8](repeating: 0, count: 12 << 20)
    bytes.replaceSubrange(0..<3, with: [1, 2, 3])
    #expect(try record.digest == Digest.of(bytes))
    #expect(record.size == 12 << 20)
  }

  @Test func aFileWithAnotherNameIsCopied() throws {
    let path = try space.scratch("linked")
    let other = space.folder("store/.atelier/work/scratch/other")
    link(path, other)
    let record = try space.store.objects.adopt(file: path, mediaType: "m")
    // Who has the other name may still write; the blob does not change.
    try editInPlace(other, "edited", keepingMtime: false)
    #expect(try space.store.objects.bytes(of: record.digest) == Array("linked".utf8))
  }

  // MARK: Faults

  /// Does something at the first block that is hashed.
  private func atFirstBlock(_ action: @escaping @Sendable () -> Void, _ work: () throws -> Void)
    rethrows
  {
    let isDone = Atomic<Bool>(false)
    let progress = FileProgress(every: 0) { count in
      guard count.bytes > 0, !isDone.exchange(true, ordering: .relaxed) else { return }
      action()
    }
    try progress.counting(work)
  }

  @Test(arguments: [100, large]) func aFileThatChangesMeanwhileIsNotTaken(_ count: Int) throws {
    let path = try outside(Self.bytes(count))
    #expect(throws: FileError.changing(path: path)) {
      try atFirstBlock({
        let file = open(path, O_WRONLY | O_APPEND)
        write(file, "x", 1)
        close(file)
      }) { _ = try space.store.objects.importCopy(of: path, mediaType: "m") }
    }
    #expect(blobs == [] && drafts == [])
    let draft = try space.scratch(String(repeating: "y", count: count))
    #expect(throws: FileError.changing(path: draft)) {
      try atFirstBlock({
        chmod(draft, 0o644)
        let file = open(draft, O_WRONLY | O_APPEND)
        write(file, "x", 1)
        close(file)
      }) { _ = try space.store.objects.adopt(file: draft, mediaType: "m") }
    }
    #expect(blobs == [])
  }

  @Test func aCopyOfALargeFileEndsWhenSomebodyAsks() throws {
    let path = try outside(Self.bytes(40 << 20))
    let isAsked = Atomic<Bool>(false)
    let read = Mutex(Int64(0))
    #expect(throws: Interrupted.self) {
      try Interruption.heeding({ isAsked.load(ordering: .relaxed) }) {
        let progress = FileProgress(every: 0) { count in
          read.withLock { $0 = count.bytes }
          isAsked.store(true, ordering: .relaxed)
        }
        try progress.counting {
          _ = try space.store.objects.importCopy(of: path, mediaType: "m")
        }
      }
    }
    #expect(read.withLock { $0 } < 4 << 20)
    #expect(blobs == [] && drafts == [])
  }

  @Test func anInterruptedTreeLeavesWholeBlobsAndCanBeTakenAgain() throws {
    let files = Dictionary(
      uniqueKeysWithValues: (0..<2000).map { ("d\($0 % 9)/f\($0)", "content \($0)") })
    for (path, text) in files { try space.folder.write(text, to: "in/" + path) }
    let isAsked = Atomic<Bool>(false)
    #expect(throws: Interrupted.self) {
      try Interruption.heeding({ isAsked.load(ordering: .relaxed) }) {
        let progress = FileProgress(every: 0) { count in
          if count.files >= 300 { isAsked.store(true, ordering: .relaxed) }
        }
        try progress.counting {
          _ = try space.store.trees.importTree(space.folder("in"), mediaType: "m")
        }
      }
    }
    #expect(blobs.count >= 300 && blobs.count < 2000)
    #expect(drafts == [])
    try expectWholeBlobs(space.store)
    let tree = try space.store.trees.importTree(space.folder("in"), mediaType: "m")
    #expect(try space.store.trees.check(tree) == .good)
    #expect(try space.store.trees.scanTree(space.folder("in")).digest == tree.digest)
  }

  @Test(.enabled(if: geteuid() != 0, "root reads every file"))
  func aFileThatCannotBeReadIsNamed() throws {
    for number in 0..<400 { try space.folder.write("\(number)", to: "in/f\(number)") }
    let path = space.folder("in/f77")
    chmod(path, 0)
    let error = #expect(throws: FileError.self) {
      try space.store.trees.importTree(space.folder("in"), mediaType: "m")
    }
    guard case .system("open", path, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// A file system of 8 MiB, where this user may make one.
  private static let canMount: Bool = geteuid() == 0 && access("/bin/mount", X_OK) == 0

  @Test(.enabled(if: canMount, "needs a file system of its own"), arguments: [false, true])
  func whereThereIsNoRoomNothingStays(isTree: Bool) throws {
    let place = try folderOfItsOwn("small")
    func run(_ words: String...) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: words[0])
      process.arguments = Array(words.dropFirst())
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    guard try run("/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place) == 0 else { return }
    defer { _ = try? run("/bin/umount", "-l", place) }
    let store = try LocalStore.open(root: place + "/store", readOnly: false)
    if isTree {
      for number in 0..<600 {
        try space.folder.write(String(repeating: "\(number) ", count: 8000), to: "in/f\(number)")
      }
    }
    let path = try isTree ? space.folder("in") : outside(Self.bytes(20 << 20))
    let error = #expect(throws: FileError.self) {
      if isTree {
        _ = try store.trees.importTree(path, mediaType: "m")
      } else {
        _ = try store.objects.importCopy(of: path, mediaType: "m")
      }
    }
    #expect("\(try #require(error))".contains("No space left on device"))
    let drafts = TestFiles.list("\(store.layout.base)/tmp").filter { !$0.hasSuffix("/owner") }
    #expect(drafts == [])
    try expectWholeBlobs(store)
    try store.close()
  }
}
