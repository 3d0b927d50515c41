// What the file system says of a file without reading it. It knows nothing of digests.
import CSystem

/// What tells one version of a file from another: a changed file differs in at least one field.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
  /// Bytes.
  package let size: Int64
  /// Last change of the bytes, ns since the epoch.
  package let mtime: Int64
  /// Last change of the bytes, the mode, the name or the links, ns since the epoch.
  package let ctime: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, mtime: Int64, ctime: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.mtime = mtime
    self.ctime = ctime
  }

  /// The identity of the file at a path now, following symlinks; nil where there is none.
  package init?(ofFile path: String) throws(FileError) {
    guard let status = try FileStatus(path, followingLinks: true) else { return nil }
    self = status.identity
  }

  /// Whether a change made at or after `clock` must show: both times lie clearly before it.
  ///
  /// A time of the future was set by hand, and a change would bring it back.
  package func isSettled(at clock: Int64) -> Bool { settling(at: clock) == 0 }

  /// How long to wait until the identity is settled, ns; 0 when it is.
  package func settling(at clock: Int64) -> Int64 {
    let changed = max(ctime, mtime > clock ? .min : mtime)
    return max(0, changed + FileGrain.slack(changed) - clock)
  }
}

/// An identity with the kind and mode of the file.
package struct FileStatus: Sendable {
  package enum Kind { case file, folder, symlink, other }

  package let identity: FileIdentity
  package let kind: Kind
  package let isExecutable: Bool
  package let mode: UInt32
  package let links: UInt32

  /// nil where nothing is at the path.
  package init?(_ path: String, followingLinks: Bool) throws(FileError) {
    var raw = cs_stat_t()
    guard cs_stat(path, followingLinks ? 1 : 0, &raw) == 0 else {
      if Disk.lastErrorMeansAbsent { return nil }
      throw Disk.failure("stat", path)
    }
    self.init(raw)
  }

  package init(descriptor: Int32, path: String) throws(FileError) {
    var raw = cs_stat_t()
    guard cs_fstat(descriptor, &raw) == 0 else { throw Disk.failure("stat", path) }
    self.init(raw)
  }

  package init(_ raw: cs_stat_t) {
    identity = FileIdentity(
      device: raw.device, inode: raw.inode, size: raw.size, mtime: raw.mtime, ctime: raw.ctime)
    kind =
      switch UInt8(bitPattern: raw.kind) {
      case UInt8(ascii: "f"): .file
      case UInt8(ascii: "d"): .folder
      case UInt8(ascii: "l"): .symlink
      default: .other
      }
    isExecutable = raw.mode & 0o100 != 0
    mode = raw.mode
    links = raw.links
  }

  package var name: String {
    switch kind {
    case .file: "a file"
    case .folder: "a folder"
    case .symlink: "a symlink"
    case .other: "neither file nor folder"
    }
  }
}
