// A folder that belongs to one living process. It knows nothing of what is put there.
import CSystem

/// A fresh folder with a locked file `owner` in it: whoever can lock that file knows that the
/// owner is dead and may take the folder away.
package struct OwnedFolder: ~Copyable, Sendable {
  package let path: String
  private let lock: FileLock

  /// Makes `<parent>/<name>`, or a name near it when that is taken.
  package static func make(in parent: String, name: String) throws(FileError) -> OwnedFolder {
    try Disk.makeFolders(parent)
    var attempt = 0
    while true {
      let path = "\(parent)/\(name)" + (attempt == 0 ? "" : "-\(attempt)")
      attempt += 1
      guard try Disk.makeFolder(path) else { continue }
      // A sweeper may come between the two calls and take the folder: then the next name.
      if let lock = try FileLock.attempt(path + "/owner") {
        return OwnedFolder(path: path, lock: lock)
      }
    }
  }
}

/// Folders to be removed at the end of a run: ext4 is slow to create files just after many were
/// deleted, so that renaming comes first and deleting last.
package struct Trash: Sendable {
  package let folder: String

  package init(folder: String) {
    self.folder = folder
  }
  package static let prefix = "dead-"
  /// A file without an owner is a draft of a store being opened; ns after which it is left-over.
  private static let grace: Int64 = 600_000_000_000

  /// Renames a file or folder of the same file system out of the way; absent is fine.
  package func add(_ path: String) throws(FileError) {
    guard try FileStatus(path, followingLinks: false) != nil else { return }
    try Disk.move(path, to: "\(folder)/\(Self.prefix)\(RandomName.make())")
  }

  /// Takes away what dead owners left in a folder of owned folders.
  ///
  /// What this user may not touch is left to its own user's next run.
  package func sweep(_ parent: String) throws(FileError) {
    for name in try Disk.names(in: parent) ?? [] where !name.hasPrefix(Self.prefix) {
      try? sweepOne("\(parent)/\(name)")
    }
  }

  private func sweepOne(_ path: String) throws(FileError) {
    guard let status = try FileStatus(path, followingLinks: false) else { return }
    if status.kind == .folder {
      guard let lock = try FileLock.attempt(path + "/owner") else { return }
      try add(path)
      _ = consume lock
    } else if status.identity.mtime < cs_file_clock() - Self.grace {
      try add(path)
    }
  }

  /// Removes all that was taken, also by runs that were killed before they could.
  package func empty() throws(FileError) {
    for name in try Disk.names(in: folder) ?? [] where name.hasPrefix(Self.prefix) {
      try? Disk.remove("\(folder)/\(name)")
    }
  }
}

package enum RandomName {
  /// Process number and 64 random bits: no two processes on any machine share a name.
  package static func make() -> String {
    "\(Disk.processID)-" + String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
