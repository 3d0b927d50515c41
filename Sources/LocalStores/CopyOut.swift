// Copies of many blobs for people, made side by side. It knows nothing of who reads them.
import CSystem
import Content
import FileTools
import StoreFolder

/// A file to be copied out of the store.
package struct CopiedFile: Sendable {
  /// Relative to the folder that gets it.
  package let name: String
  package let blob: SizedDigest
  package let isExecutable: Bool

  package init(name: String, blob: SizedDigest, isExecutable: Bool) {
    self.name = name
    self.blob = blob
    self.isExecutable = isExecutable
  }
}

extension ContentStore {
  /// Copies blobs into a folder that nobody reads yet, by reflink where possible, never as a hard link.
  ///
  /// Folders below are made, and nothing is flushed. Each blob is checked first; throws `StoreError.missing` for one that is not sound, and `FileError`
  /// where a name is taken. What was copied before a throw stays.
  package func copy(_ files: [CopiedFile], into folder: String) throws {
    let handle = try FolderHandle(folder)
    var made: Set<Substring> = []
    for file in files {
      guard let slash = file.name.utf8.lastIndex(of: UInt8(ascii: "/")) else { continue }
      let parent = file.name[..<slash]
      if made.insert(parent).inserted { try handle.makeFolders(String(parent)) }
    }
    let bytes = files.saturatedSum(\.blob.size)
    FileProgress.current?.begin(files: files.count, bytes: bytes)
    _ = try Parallel.map(
      files.count, chunk: Parallel.chunk(files: files.count, bytes: bytes)
    ) { index in
      try Interruption.check()
      try copy(files[index], into: handle)
      FileProgress.current?.add(files: 1)
    }
  }

  private func copy(_ file: CopiedFile, into folder: FolderHandle) throws {
    guard try health(of: file.blob.digest, size: file.blob.size) == .good else {
      throw StoreError.missing(digest: file.blob.digest, store: layout.root)
    }
    let blob = try OpenFile(layout.blob(file.blob.digest), in: .anywhere, following: false)
    let mode: UInt32 = file.isExecutable ? 0o777 : 0o666
    let descriptor = cs_create_at(folder.descriptor, file.name, mode)
    guard descriptor >= 0 else { throw Disk.failure("make", folder.path(of: file.name)) }
    let copy = OpenFile(descriptor: descriptor, name: file.name, folder: folder)
    if reflinks.mayWork {
      if cs_clone_into(blob.descriptor, descriptor) == 0 {
        FileProgress.current?.add(bytes: file.blob.size)
        return
      }
      reflinks.noteFailure()
    }
    try blob.write(to: copy)
  }
}

extension OpenFile {
  /// Bytes that one call of the system copies: between two of them somebody may ask to stop.
  private static let block = 8 << 20

  /// Writes the rest of this file to another one.
  func write(to copy: OpenFile) throws {
    while true {
      try Interruption.check()
      let count = cs_copy_block(descriptor, copy.descriptor, Self.block)
      if count == 0 { return }
      guard count > 0 else { throw Disk.failure("copy to \(copy.path) the file", path) }
      FileProgress.current?.add(bytes: Int64(count))
    }
  }
}
