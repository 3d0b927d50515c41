// Inputs laid out for a step: regular files and real folders that are the same in every store.
import CSystem
import Content
import FileTools
import Synchronization
import Trees

/// Lays out inputs of one step.
///
/// A file is a reflink of its blob where the file system has such, else a hard link, else a copy;
/// each name has an inode of its own, since archive programs write the second name of one inode as a
/// link. Files have the mode 0444, or 0555 when they may be executed, folders 0555, and all the mtime
/// of blobs.
package struct InputLayout: ~Copyable {
  private let trees: TreeStore
  private let mayLink: Bool
  /// The one link of each blob.
  package private(set) var linked: [Digest: String] = [:]

  /// A layout of hard links only where `mayLink`: who owns the folder could else change blobs.
  package init(_ trees: TreeStore, mayLink: Bool = true) {
    self.trees = trees
    self.mayLink = mayLink
  }

  /// Lays out an output at a path at which nothing is.
  ///
  /// Check the record first.
  package mutating func add(_ record: OutputRecord, at path: String) throws {
    guard record.kind == .tree else {
      return try add(record.digest, isExecutable: false, at: path)
    }
    let manifest = try trees.manifest(of: record)
    try manifest.validate(describing: record.digest.description)
    let folders = try Self.makeFolders(of: manifest, at: path)
    for entry in manifest.entries {
      try add(entry.digest, isExecutable: entry.isExecutable, at: path + "/" + entry.path)
    }
    try Self.seal(folders)
  }

  /// Makes the folders of a tree, with its links in them; their paths, each before those within it.
  private static func makeFolders(of manifest: TreeManifest, at path: String) throws -> [String] {
    let folders = TreeFolder(manifest, at: path).folders.map { path + $0.suffix }
    for folder in folders { try Disk.makeFolder(folder) }
    for link in manifest.links { try make(link, below: path) }
    return folders
  }

  /// From the innermost: what is made in a folder moves its time.
  private static func seal(_ folders: [String]) throws {
    for folder in folders.reversed() { try seal(folder) }
  }

  private mutating func add(_ digest: Digest, isExecutable: Bool, at path: String) throws {
    let blobs = trees.blobs
    let blob = blobs.layout.blob(digest)
    let mode: UInt32 = isExecutable ? 0o555 : 0o444
    if blobs.reflinks.mayWork {
      if cs_clone(blob, path, mode, ContentStore.frozenMtime) == 0 { return }
      blobs.reflinks.failed()
    }
    if mayLink, !isExecutable, linked[digest] == nil,
      try blobs.links.link(digest, at: path, blobs)
    {
      // A step may have changed the mode of an earlier link.
      if try FileStatus(path, followingLinks: false)?.mode == mode {
        linked[digest] = path
        return
      }
      try blobs.links.unlink(digest, at: path, blobs)
    }
    try Self.copy(blob, to: path, mode)
  }

  private static func copy(_ file: String, to path: String, _ mode: UInt32) throws {
    try Disk.copy(file, to: path, mode: 0o600)
    guard cs_seal_path(path, mode, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make read-only", path)
    }
  }

  /// Copies a source that is in no store.
  package mutating func add(sourceAt source: String, isTree: Bool, at path: String) throws {
    guard isTree else { return try Self.copy(source, to: path, 0o444) }
    let scan = try trees.scanTree(source)
    let folders = try Self.makeFolders(of: scan.manifest, at: path)
    for (name, onDisk) in scan.names {
      let isExecutable = try FileStatus("\(source)/\(onDisk)", followingLinks: true)?.isExecutable
      try Self.copy(
        "\(source)/\(onDisk)", to: "\(path)/\(name)", isExecutable == true ? 0o555 : 0o444)
    }
    try Self.seal(folders)
  }

  private static func make(_ link: TreeLink, below folder: String) throws {
    let path = folder + "/" + link.path
    guard cs_link_sealed(link.target, path, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make the symlink", path)
    }
  }

  /// Gives a folder that is filled its mode and time.
  package static func seal(_ folder: String) throws {
    guard cs_seal_path(folder, 0o555, ContentStore.frozenMtime) == 0 else {
      throw Disk.failure("make read-only", folder)
    }
  }
}

/// Whether a store's file system has reflinks: found out by the first file.
package final class Reflinks: Sendable {
  private let works = Atomic<Bool>(true)

  init() {}

  var mayWork: Bool { works.load(ordering: .relaxed) }
  func failed() { works.store(false, ordering: .relaxed) }
}
