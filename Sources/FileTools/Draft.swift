// A file or folder that is not whole yet, in a folder of people's own. It knows nothing of its bytes.
import CSystem

/// A path for something unfinished, in a hidden folder that the next sweep removes when this process
/// was killed.
package struct Draft: ~Copyable {
  private let folder: OwnedFolder

  /// A path at which nothing is, on the file system of the folder.
  package var path: String { folder.path + "/draft" }

  package init(in parent: String) throws(FileError) {
    folder = try OwnedFolder.make(in: parent, name: Self.prefix + RandomName.make() + Self.suffix)
  }

  /// Removes the draft, unless it was moved, and its folder.
  package consuming func discard() { try? Disk.remove(folder.path) }

  private static let prefix = ".atelier-"
  private static let suffix = ".tmp"
  /// ns after which a draft without an owner, as the first edition made them, is left over.
  private static let grace: Int64 = 600_000_000_000

  /// Whether a relative path is that of a draft or of something in it.
  package static func holds(_ path: String) -> Bool {
    path.split(separator: "/").contains { isDraft($0) }
  }

  private static func isDraft(_ name: some StringProtocol) -> Bool {
    name.hasPrefix(prefix) && (name.hasSuffix(suffix) || name.contains(suffix + "-"))
  }

  /// Removes what killed processes left in a folder; what this user may not touch stays.
  package static func sweep(_ parent: String) throws(FileError) {
    for name in try Disk.names(in: parent) ?? [] where isDraft(name) {
      try? sweepOne("\(parent)/\(name)")
    }
  }

  private static func sweepOne(_ path: String) throws(FileError) {
    guard let status = try FileStatus(path, followingLinks: false) else { return }
    if status.kind == .folder {
      guard let lock = try FileLock.attempt(path + "/owner") else { return }
      try Disk.remove(path)
      _ = consume lock
    } else if status.identity.mtime < cs_file_clock() - grace {
      try Disk.remove(path)
    }
  }
}
