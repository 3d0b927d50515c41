// A tree of paths as a tar archive: the same bytes for the same tree, whoever writes it and when.
import CSystem
import Content
import FileTools

/// Writes tar archives whose bytes depend on paths, contents and modes alone.
struct TarWriter {
  private let draft: BlobDraft

  private init(_ draft: BlobDraft) { self.draft = draft }

  /// Writes an archive; throws `FileError` where a file cannot be read or changes meanwhile.
  static func write(_ tree: LayerTree, to draft: BlobDraft) throws {
    let writer = TarWriter(draft)
    for (path, entry) in tree.sorted { try writer.write(path, entry) }
    // Two empty blocks are the end.
    try draft.write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
  }

  private func write(_ path: String, _ entry: LayerTree.Entry) throws {
    func head(_ kind: TarHeader.Kind, size: UInt64 = 0, target: String = "") throws {
      try draft.write(
        TarHeader.bytes(path: path, kind: kind, mode: entry.mode, size: size, target: target))
    }
    switch entry.content {
    case .folder: try head(.folder)
    case .link(let target): try head(.link, target: target)
    case .bytes(let bytes):
      try head(.file, size: UInt64(bytes.count))
      try draft.write(bytes)
      try draft.write(TarHeader.padding(after: UInt64(bytes.count)))
    case .file(let source):
      let descriptor = cs_open_read(source)
      guard descriptor >= 0 else { throw Disk.failure("open", source) }
      defer { cs_close(descriptor) }
      let status = try FileStatus(descriptor: descriptor, path: source)
      guard status.kind == .file else {
        throw FileError.unsuitable(path: source, found: status.name, expected: "a file")
      }
      let size = status.identity.size
      try head(.file, size: UInt64(size))
      try copy(descriptor, source, size)
      try draft.write(TarHeader.padding(after: UInt64(size)))
    }
  }

  /// Copies exactly so many bytes, which must be all that the file has.
  private func copy(_ descriptor: Int32, _ source: String, _ size: Int64) throws {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { block.deallocate() }
    var total: Int64 = 0
    while true {
      try Interruption.check()
      let count = cs_read(descriptor, block.baseAddress, block.count)
      if count < 0 { throw Disk.failure("read", source) }
      if count == 0 { break }
      total += Int64(count)
      guard total <= size else { throw FileError.changing(path: source) }
      try draft.write(UnsafeRawBufferPointer(rebasing: block[0..<count]))
    }
    guard total == size else { throw FileError.changing(path: source) }
  }
}
