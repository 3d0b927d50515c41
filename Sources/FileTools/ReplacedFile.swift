// Replaces a file as a whole and for good. It knows nothing of what the file is for.
import CSystem

/// A file whose readers see all of the old bytes or all of the new ones, also after a crash.
///
/// The new bytes are written beside the file, in a draft `.NAME.atelier-new` that is locked while it
/// is written. A draft that a killed writer left is used by the next one, so that none is ever left
/// for good, and two writers at once wait for each other.
package struct ReplacedFile: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  private var draft: String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return "\(folder).\(path[folder.endIndex...]).atelier-new"
  }

  /// Replaces the bytes; a new file gets the mode, less the process's mask, a file that is there
  /// keeps its own.
  ///
  /// Throws `FileError` for the path as given, and then the old file is there, unchanged.
  package func write(_ bytes: [UInt8], mode: UInt32 = 0o666) throws(FileError) {
    let kept = try FileStatus(path, followingLinks: true)?.mode
    let descriptor = try openDraft(mode: kept ?? mode)
    defer { cs_close(descriptor) }
    guard cs_truncate(descriptor) == 0, kept.map({ cs_set_mode(descriptor, $0) == 0 }) ?? true,
      cs_write_all(descriptor, bytes, bytes.count) == 0, cs_fsync(descriptor) == 0,
      cs_rename(draft, path) == 0
    else {
      let failure = Disk.failure("write", path)
      _ = cs_unlink(draft)
      throw failure
    }
    // The bytes are in place; a folder that may be written to and not read cannot be flushed alone.
    try? Disk.flush(Disk.parent(of: path))
  }

  /// The draft, open and locked.
  ///
  /// It is a regular file of one name: a link that somebody put there is refused by the system or
  /// replaced here.
  private func openDraft(mode: UInt32) throws(FileError) -> Int32 {
    while true {
      let descriptor = cs_open_draft(draft, mode)
      guard descriptor >= 0 else { throw Disk.failure("write", path) }
      var isHeld = false
      defer { if !isHeld { cs_close(descriptor) } }
      // A file system without locks leaves two writers at once to the order of their renames.
      _ = cs_flock(descriptor, 1, 0)
      let held = try FileStatus(descriptor: descriptor, path: draft)
      guard let named = try FileStatus(draft, followingLinks: false),
        named.identity.inode == held.identity.inode, named.identity.device == held.identity.device
      else { continue }
      guard held.kind == .file else {
        throw .unsuitable(path: draft, found: held.name, expected: "a file or nothing")
      }
      guard held.links == 1 else {
        _ = cs_unlink(draft)
        continue
      }
      isHeld = true
      return descriptor
    }
  }
}
