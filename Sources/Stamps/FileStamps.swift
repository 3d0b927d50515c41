// What files looked like when something was found in them. It does not know what was found.
import CSystem
import Content
import FileIndex
import FileTools
import LocalStores
import StoreFolder

/// Files and folders that must all be as they were for something remembered to hold.
package struct FileStamps: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package let path: String
    let isFolder: Bool
    package let identity: FileIdentity
  }

  /// More blobs than this are not worth remembering: checking them reads a file of 72 bytes each.
  static let mostBlobs = 200_000
  static let rowSize = 72

  package private(set) var files: [File] = []
  /// Rows as `cs_same_blobs` takes them.
  package private(set) var blobs: [UInt8] = []

  var blobCount: Int { blobs.count / Self.rowSize }

  package mutating func add(_ file: File) { files.append(file) }

  package mutating func add(blob digest: Digest, _ identity: FileIdentity) {
    blobs += digest.bytes
    withUnsafeBytes(
      of: (identity.device, identity.inode, identity.size, identity.mtime, identity.ctime)
    ) { blobs += $0 }
  }

  /// Whether every file, folder and blob is what it was.
  package func areUnchanged(in layout: StoreLayout) -> Bool {
    for file in files {
      guard let status = try? FileStatus(file.path, followingLinks: true),
        status.identity == file.identity, status.kind == (file.isFolder ? .folder : .file)
      else { return false }
    }
    let folder = cs_open_read(layout.algorithm)
    guard folder >= 0 else { return false }
    defer { cs_close(folder) }
    return blobs.withUnsafeBufferPointer {
      cs_same_blobs(folder, $0.baseAddress, blobCount) == blobCount
    }
  }
}

extension FileStamps {
  package func write(to row: inout RowWriter) {
    row.add(Int64(files.count))
    for file in files {
      row.add(file.path)
      row.add(file.isFolder ? 1 : 0)
      row.add(file.identity)
    }
    row.add(blobs)
  }

  package init?(row: inout RowReader) {
    guard let count = row.integer() else { return nil }
    for _ in 0..<max(0, count) {
      guard let path = row.text(), let kind = row.integer(), let identity = row.identity() else {
        return nil
      }
      files.append(File(path: path, isFolder: kind == 1, identity: identity))
    }
    guard let blobs = row.bytes(), blobs.count.isMultiple(of: Self.rowSize) else { return nil }
    self.blobs = blobs
  }
}

extension RowWriter {
  fileprivate mutating func add(_ identity: FileIdentity) {
    add(Int64(bitPattern: identity.device))
    add(Int64(bitPattern: identity.inode))
    add(identity.size)
    add(identity.mtime)
    add(identity.ctime)
  }
}

extension RowReader {
  fileprivate mutating func identity() -> FileIdentity? {
    guard let device = integer(), let inode = integer(), let size = integer(),
      let mtime = integer(), let ctime = integer()
    else { return nil }
    return FileIdentity(
      device: UInt64(bitPattern: device), inode: UInt64(bitPattern: inode), size: size,
      mtime: mtime, ctime: ctime)
  }
}
