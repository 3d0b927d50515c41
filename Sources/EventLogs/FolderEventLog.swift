// Records as files of a folder: made under another name, and given their own by a link, which only one of
// many can get.
import CSystem
import Content
import FileTools

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of records, on this machine or one that many machines see.
package struct FolderEventLog: EventLog {
  /// Absolute.
  package let name: String

  /// The log in a folder, which is made with the first record.
  package init(_ path: String) { name = path }

  package func names(in log: String?) throws -> [String] {
    let logs = try log.map { [$0] } ?? (Disk.names(in: name) ?? []).filter { !$0.hasPrefix(".") }
    return try logs.flatMap { chain in
      try (Disk.names(in: "\(name)/\(chain)") ?? []).map { "\(chain)/\($0)" }
    }
  }

  package func read(_ record: String) throws -> [UInt8]? {
    try Disk.read("\(name)/\(record)", atMost: EventChain.largest)
  }

  package func create(_ record: String, _ bytes: [UInt8]) throws -> Bool {
    let path = "\(name)/\(record)"
    let folder = Disk.parent(of: path)
    try makeFolders(folder)
    try Draft.sweep(name)
    let draft = try Draft(in: name)
    try Disk.write(bytes, to: draft.path)
    try Disk.flush(draft.path)
    let isOurs: Bool
    if Disk.link(hard: path, to: draft.path) {
      isOurs = true
    } else if cs_errno() == EEXIST {
      isOurs = false
    } else {
      isOurs = try createLocked(path, from: draft.path)
    }
    if isOurs { try Disk.flush(folder) }
    draft.discard()
    return isOurs
  }

  /// The same on a file system without hard links, where a lock keeps others away.
  private func createLocked(_ path: String, from draft: String) throws -> Bool {
    let deadline = cs_monotonic() + 10_000_000_000
    while true {
      if let lock = try FileLock.attempt("\(name)/.lock") {
        let isFree = try FileStatus(path, followingLinks: false) == nil
        if isFree { try Disk.move(draft, to: path) }
        _ = consume lock
        return isFree
      }
      guard cs_monotonic() < deadline else {
        throw FileError.system(
          operation: "add a record to", path: name, reason: "somebody has held its lock for 10 s")
      }
      Disk.pause(milliseconds: 10)
    }
  }

  /// Makes what is missing of a folder's path, for good.
  private func makeFolders(_ folder: String) throws {
    guard try FileStatus(folder, followingLinks: true) == nil else { return }
    let parent = Disk.parent(of: folder)
    if parent != folder { try makeFolders(parent) }
    try Disk.makeFolder(folder)
    try Disk.flush(parent)
  }
}
