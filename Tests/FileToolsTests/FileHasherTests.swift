// Files that are read ahead of their hashing: the same bytes, in order, to their end.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import FileTools
@testable import LocalStores

@Suite struct FileHasherTests {
  struct Enough: Error {}

  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder("file")
  }

  private func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
  }

  private func hash(
    _ size: Int, _ sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> (digest: Digest, size: Int64) {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    return try FileHasher.hash(
      descriptor: descriptor, path: path, size: Int64(size), sink: sink)
  }

  /// Below and at the size from which files are read ahead, at the blocks' ends, and well above.
  @Test(arguments: [0, 1, 4096, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, 20_000_003])
  func aFileIsHashedWhole(_ count: Int) throws {
    let bytes = bytes(count)
    try TestFiles.write(bytes, to: path)
    var seen: [UInt8] = []
    let found = try hash(count) { seen += $0 }
    #expect(found.size == Int64(count))
    #expect(try found.digest == Digest.of(bytes))
    #expect(seen == bytes)
  }

  @Test(arguments: [1, 5, 40]) func aSinkThatThrowsEndsTheReading(_ block: Int) throws {
    try TestFiles.write(bytes(12 << 20), to: path)
    var calls = 0
    #expect(throws: Enough.self) {
      try hash(12 << 20) { _ in
        calls += 1
        if calls == block { throw Enough() }
      }
    }
    #expect(calls == block)
  }

  @Test func aFileThatShrankOrGrewShowsInItsSize() throws {
    let bytes = bytes(9 << 20)
    try TestFiles.write(bytes, to: path)
    #expect(try hash(20 << 20) { _ in }.size == Int64(bytes.count))
    #expect(try hash(8 << 20) { _ in }.size == Int64(bytes.count))
  }

  @Test func whatCannotBeReadIsNamed() throws {
    path.withCString { _ = mkdir($0, 0o755) }
    for size in [10, 100 << 20] {
      let error = #expect(throws: FileError.self) { try hash(size) { _ in } }
      guard case .system("read", path, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
