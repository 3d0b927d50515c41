// The files of a folder that many machines see: whole or not there, and found also by a machine whose
// view of the folder is some seconds old. It does not know what the files mean.
import CSystem
import Content
import FileTools
import RemoteCache
import StoreFolder

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder on a file system such as NFS, whose clients remember names, absences and attributes.
///
/// Nothing is asked of a name before it may be there: a client remembers an absence, too. A file is
/// made under a name that nobody knows and gets its own by a rename, or by a link where only the first
/// may write; both are atomic on a server, whatever its clients remember.
struct SharedFolder: Sendable {
  let layout: StoreLayout

  /// So many milliseconds after it was made, every machine sees a file.
  static let staleness = 20_000

  var temporary: String { layout.temporary }

  /// Writes a file whole, whatever is at its path.
  func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o666) throws {
    try translated {
      let draft = try self.draft(bytes, mode: mode)
      try move(draft, to: path)
    }
  }

  /// Writes a file unless one is there; false where one is.
  func create(_ path: String, _ bytes: [UInt8]) throws -> Bool {
    try translated {
      let draft = try self.draft(bytes, mode: 0o666)
      defer { try? Disk.remove(draft) }
      if Disk.link(hard: path, to: draft) { return true }
      var code = cs_errno()
      if code == ENOENT {
        try Disk.makeFolders(Disk.parent(of: path))
        if Disk.link(hard: path, to: draft) { return true }
        code = cs_errno()
      }
      if code == EEXIST { return false }
      throw Disk.failure("link", path)
    }
  }

  /// Copies a file in, whole, whatever is at its path.
  func replace(_ path: String, copying source: String, mode: UInt32 = 0o444) throws {
    try translated {
      try Disk.makeFolders(temporary)
      let draft = "\(temporary)/\(RandomName.make())"
      do {
        try Disk.copy(source, to: draft, mode: mode)
        try Disk.flush(draft)
      } catch {
        try? Disk.remove(draft)
        throw error
      }
      try move(draft, to: path)
    }
  }

  /// The bytes of a small file that somebody said is there; waits until this machine sees it.
  func awaited(_ path: String, limit: Int) throws -> [UInt8]? {
    try whenSeen(path) { try Disk.read(path, atMost: limit) }
  }

  /// The bytes of a small file; nil where this machine sees none.
  func read(_ path: String, limit: Int) throws -> [UInt8]? {
    try translated { try Disk.readDocument(path, atMost: limit) }
  }

  func names(in folder: String) throws -> [String] {
    try translated { try Disk.names(in: folder) ?? [] }
  }

  func status(_ path: String) throws -> FileStatus? {
    try translated { try FileStatus(path, followingLinks: false) }
  }

  func remove(_ path: String) throws { try translated { try Disk.remove(path) } }

  /// Asks for what is known to be there until this machine sees it too, or must have.
  func whenSeen<Answer>(_ path: String, _ body: () throws -> Answer?) throws -> Answer? {
    let end = cs_monotonic() + Int64(Self.staleness) * 1_000_000
    var pause = 10
    while true {
      if let answer = try translated(body) { return answer }
      guard cs_monotonic() < end, try isListed(path) else { return nil }
      Disk.pause(milliseconds: pause)
      pause = min(500, pause * 2)
    }
  }

  /// Whether a file may be there that cannot be opened yet; a listing tells of it before that.
  private func isListed(_ path: String) throws -> Bool {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return try names(in: Disk.parent(of: path)).contains(name)
  }

  private func draft(_ bytes: [UInt8], mode: UInt32) throws -> String {
    try Disk.makeFolders(temporary)
    let draft = "\(temporary)/\(RandomName.make())"
    do {
      try Disk.write(bytes, to: draft, mode: mode)
      try Disk.flush(draft)
    } catch {
      try? Disk.remove(draft)
      throw error
    }
    return draft
  }

  private func move(_ draft: String, to path: String) throws {
    do {
      try Disk.move(draft, to: path)
    } catch {
      try? Disk.remove(draft)
      throw error
    }
  }

  /// Runs `body` with errors of the file system as those of a shared store.
  func translated<Answer>(_ body: () throws -> Answer) throws -> Answer {
    do {
      return try body()
    } catch let error as FileError {
      throw RemoteFailure(kind(of: error), "\(error)")
    }
  }

  private func kind(of error: FileError) -> RemoteFailure.Kind {
    switch error {
    case .notAFolder, .otherFileSystem: return .unusable
    case .unsuitable, .tooLarge, .changing: return .damaged
    case .system(_, _, let reason):
      let denials = [EACCES, EPERM, EROFS, ENOSPC, EDQUOT].map { String(cString: strerror($0)) }
      return denials.contains(reason) ? .denied : .unreachable
    }
  }
}
