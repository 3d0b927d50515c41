// An open folder, by which its files are named. It knows nothing of what the files are for.
import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that is open: the system does not walk its path again for each of its files.
///
/// Names are relative paths below it. It closes itself; safe to use from any thread.
package final class FolderHandle: Sendable {
  package let descriptor: Int32
  /// As given; empty for `anywhere`.
  package let path: String

  /// Names files by absolute paths.
  package static let anywhere = FolderHandle(descriptor: Int32(cs_anywhere), path: "")

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Opens a folder; throws where there is none.
  package convenience init(_ path: String) throws(FileError) {
    let descriptor = cs_open_folder(path)
    guard descriptor >= 0 else {
      if Disk.lastErrorMeansAbsent {
        throw .unsuitable(path: path, found: "absent or no folder", expected: "a folder")
      }
      throw Disk.failure("open", path)
    }
    self.init(descriptor: descriptor, path: path)
  }

  deinit { if descriptor >= 0 { cs_close(descriptor) } }

  /// The path of a file, for people.
  package func path(of name: String) -> String { path.isEmpty ? name : path + "/" + name }

  /// What is at a name, links not followed; nil where nothing is.
  package func status(of name: String) throws(FileError) -> FileStatus? {
    var raw = cs_stat_t()
    guard cs_stat_at(descriptor, name, 0, &raw) == 0 else {
      if Disk.lastErrorMeansAbsent { return nil }
      throw Disk.failure("stat", path(of: name))
    }
    return FileStatus(raw)
  }

  /// Makes a folder and those above it; a folder that is there will do.
  package func makeFolders(_ name: String) throws(FileError) {
    if cs_mkdir_at(descriptor, name) == 0 { return }
    if cs_errno() == ENOENT, let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) {
      try makeFolders(String(name[..<slash]))
      if cs_mkdir_at(descriptor, name) == 0 { return }
    }
    guard cs_errno() == EEXIST else { throw Disk.failure("make the folder", path(of: name)) }
    var raw = cs_stat_t()
    guard cs_stat_at(descriptor, name, 1, &raw) == 0, FileStatus(raw).kind == .folder else {
      throw .notAFolder(path: path(of: name))
    }
  }

  /// Everything that is in a folder below, `""` being this one, unsorted; nil where there is no such
  /// folder.
  ///
  /// Throws `.changing` where a name is gone before it can be looked at.
  package func entries(in name: String) throws(FileError) -> [(name: String, status: FileStatus)]? {
    final class Found {
      var valid: [(name: String, status: FileStatus)] = []
      var invalid: String?
      var hasBegun = false
    }
    let found = Found()
    let result = cs_walk(
      descriptor, name.isEmpty ? "." : name, Unmanaged.passUnretained(found).toOpaque()
    ) { context, name, status in
      guard let context, let name, let status else { return 1 }
      let found = Unmanaged<Found>.fromOpaque(context).takeUnretainedValue()
      found.hasBegun = true
      if let text = String(validatingCString: name) {
        found.valid.append((text, FileStatus(status.pointee)))
      } else {
        found.invalid = String(cString: name)
      }
      return 0
    }
    let folder = name.isEmpty ? path : path(of: name)
    guard result == 0 else {
      guard Disk.lastErrorMeansAbsent else { throw Disk.failure("list", folder) }
      if found.hasBegun { throw .changing(path: folder) }
      return nil
    }
    if let name = found.invalid {
      throw .unsuitable(path: folder + "/" + name, found: "no UTF-8 name", expected: "UTF-8")
    }
    return found.valid
  }
}
