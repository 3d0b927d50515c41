// A folder of this machine as an inbox. What is done with a file it does not know.
import CSystem
import Content
import FileTools

/// A folder and those below it; symlinks are not followed.
///
/// A file counts as written when its writer has closed it and it has rested: nobody holds it open for
/// writing where the system tells (Linux), and its last change lies some time back.
package struct FolderInbox: InboxLocation {
  private let folder: String
  /// Nanoseconds.
  private let rest: Int64

  /// `settle` in seconds: how long a file must have been left alone.
  package init(_ folder: String, settle: Double) {
    self.folder = Disk.absolute(folder)
    rest = Int64(max(settle, 0) * 1e9)
  }

  package var shown: String { folder }

  package func objects() throws -> [InboxObject] {
    var found: [InboxObject] = []
    try walk("", into: &found)
    return found
  }

  private func walk(_ below: String, into found: inout [InboxObject]) throws {
    for entry in try Disk.names(in: folder + below) ?? [] {
      let path = "\(below)/\(entry)"
      guard let status = try FileStatus(folder + path, followingLinks: false) else { continue }
      let name = String(path.dropFirst())
      guard InboxObject.isComplete(name) else { continue }
      switch status.kind {
      case .folder: try walk(path, into: &found)
      case .file:
        found.append(
          InboxObject(
            name: name, version: Self.version(status.identity),
            written: Timestamp(milliseconds: status.identity.mtime / 1_000_000)))
      case .symlink, .other: continue
      }
    }
  }

  package func copy(_ object: InboxObject, to path: String) throws -> Digest? {
    let file = "\(folder)/\(object.name)"
    guard let before = try FileStatus(file, followingLinks: false), before.kind == .file,
      hasRested(before.identity), cs_has_writer(file) != 1
    else { return nil }
    try InboxObject.copy(file, to: path)
    let digest = try Self.digest(of: path)
    let after = try FileStatus(file, followingLinks: false)
    guard after?.identity == before.identity, cs_has_writer(file) != 1 else {
      try Disk.remove(path)
      return nil
    }
    return digest
  }

  /// Whether the last change lies far enough back; a time to come says nothing.
  private func hasRested(_ identity: FileIdentity) -> Bool {
    let now = cs_wall_clock()
    let last = [identity.mtime, identity.ctime].filter { $0 <= now }.max()
    return last.map { now - $0 >= rest } ?? true
  }

  private static func version(_ identity: FileIdentity) -> String {
    "\(identity.device) \(identity.inode) \(identity.size) \(identity.mtime) \(identity.ctime)"
  }

  private static func digest(of path: String) throws -> Digest {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("open", path) }
    defer { cs_close(descriptor) }
    let size = try FileStatus(descriptor: descriptor, path: path).identity.size
    return try FileHasher.hash(descriptor: descriptor, path: path, size: size).digest
  }
}
