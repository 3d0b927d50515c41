// Copies for people: whole, checked, side by side, and ended when somebody asks.
import AtelierTesting
import Content
import FileTools
import Foundation
import StoreFolder
import Synchronization
import Testing

@testable import LocalStores

@Suite struct CopyOutTests {
  private let space: Space
  private let files: [CopiedFile]
  private let target: String

  init() throws {
    space = try Space()
    let names = Dictionary(
      uniqueKeysWithValues: (0..<600).map { ("d\($0 % 7)/e/f\($0)", "content \($0)") })
    let tree = try space.store.trees.adoptTree(space.scratchTree(names), mediaType: "m")
    files = try space.store.trees.manifest(of: tree).entries.map {
      CopiedFile(name: $0.path, blob: $0.blob, isExecutable: $0.path.hasSuffix("7"))
    }
    target = space.folder("target")
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
  }

  @Test func everyFileIsACopyOfItsOwn() throws {
    try space.store.objects.copy(files, into: target)
    #expect(TestFiles.list(target).count == 600)
    for file in files {
      let path = "\(target)/\(file.name)"
      #expect(try Digest.of(TestFiles.read(path)) == file.blob.digest)
      #expect(try mode(path) & 0o200 != 0)
      #expect((try mode(path) & 0o100 != 0) == file.isExecutable)
      #expect(
        try FileIdentity(ofFile: path)?.inode
          != FileIdentity(ofFile: space.store.layout.blob(file.blob.digest))?.inode)
    }
  }

  @Test func aLargeFileIsCopiedWhole() throws {
    let bytes = [UInt8](repeating: 7, count: (20 << 20) + 3)
    let digest = try space.store.objects.put(bytes: bytes)
    let blob = SizedDigest(digest: digest, size: Int64(bytes.count))
    try space.store.objects.copy(
      [CopiedFile(name: "large", blob: blob, isExecutable: false)], into: target)
    #expect(try TestFiles.read(target + "/large") == bytes)
  }

  @Test func aBlobThatIsNotSoundIsNamed() throws {
    let lost = files[301].blob.digest
    try FileManager.default.removeItem(atPath: space.store.layout.blob(lost))
    #expect(throws: StoreError.missing(digest: lost, store: space.store.layout.root)) {
      try space.store.objects.copy(files, into: target)
    }
    let other = files[302].blob.digest
    try editInPlace(space.store.layout.blob(other), "content 0")
    #expect(throws: StoreError.self) {
      try space.store.objects.copy([files[302]], into: target)
    }
  }

  @Test func aTakenNameIsNamed() throws {
    try space.folder.write("mine", to: "target/" + files[9].name)
    let error = #expect(throws: FileError.self) {
      try space.store.objects.copy(files, into: target)
    }
    #expect("\(try #require(error))".contains("\(target)/\(files[9].name)"))
    #expect(try TestFiles.text("\(target)/\(files[9].name)") == "mine")
  }

  @Test func itEndsWhenSomebodyAsks() throws {
    let isAsked = Atomic<Bool>(false)
    #expect(throws: Interrupted.self) {
      try Interruption.heeding({ isAsked.load(ordering: .relaxed) }) {
        let progress = FileProgress(every: 0) { count in
          if count.files >= 50 { isAsked.store(true, ordering: .relaxed) }
        }
        try progress.counting { try space.store.objects.copy(files, into: target) }
      }
    }
    // Each thread ends the file in its hand.
    #expect(TestFiles.list(target).count <= 50 + 2 * Parallel.cores)
  }
}
