// Blobs laid out for steps and for people. It never lets anyone write to a blob.
import Content
import FileTools
import StoreFolder
import Trees

extension TreeStore {
  /// Lays out an output at a path at which nothing is: for reading only, by symlinks to blobs.
  ///
  /// A file is one symlink, a tree a folder of symlinks; executables of a tree are copied with mode
  /// 0555, since blobs are not executable. Check the record first: links are made to what is there.
  package func materialize(_ record: OutputRecord, at path: String) throws {
    switch record.kind {
    case .file: try Disk.link(symbolic: path, to: blobs.layout.blob(record.digest))
    case .tree:
      try layOut(record, at: path) { entry, path in
        let blob = blobs.layout.blob(entry.digest)
        if entry.isExecutable {
          try Disk.copy(blob, to: path, mode: 0o555)
        } else {
          try Disk.link(symbolic: path, to: blob)
        }
      }
    }
  }

  /// Gives a copy of an output to people: by reflink where possible, never a hard link; whole when
  /// it appears, and durable then if it `flushes`.
  ///
  /// A file at the path is replaced; a tree's path must be free. On another file system than the
  /// store's, `folder`, or else the parent of the path, holds the copy until it is whole. Throws
  /// `StoreError.missing` and `.wrongDigest` for blobs that are not sound.
  package func copyOut(
    _ record: OutputRecord, to path: String, isExecutable: Bool = false,
    draftsIn folder: String? = nil, flushes: Bool = true
  ) throws {
    try requireGood(record)
    let target = Disk.absolute(path)
    let parent = Disk.parent(of: target)
    try Disk.makeFolders(parent)
    if record.kind == .tree, try FileStatus(target, followingLinks: false) != nil {
      throw FileError.unsuitable(path: target, found: "taken", expected: "a free path for a tree")
    }
    if try isOnOwnFileSystem(parent) {
      let copy = try blobs.temporary.next()
      do {
        try put(record, at: target, by: copy, isExecutable, flushes)
      } catch {
        try? Disk.remove(copy)
        throw error
      }
    } else {
      let draft = try Draft(in: folder ?? parent)
      do {
        try put(record, at: target, by: draft.path, isExecutable, flushes)
      } catch {
        draft.discard()
        throw error
      }
      draft.discard()
    }
  }

  private func put(
    _ record: OutputRecord, at target: String, by copy: String, _ isExecutable: Bool,
    _ flushes: Bool
  ) throws {
    switch record.kind {
    case .file:
      try copyBlob(record.digest, to: copy, isExecutable)
      if flushes { try Disk.flush(copy) }
    case .tree:
      try layOut(record, at: copy) { entry, path in
        try copyBlob(entry.digest, to: path, entry.isExecutable)
      }
      if flushes { try Disk.flushFileSystem(copy) }
    }
    try Disk.move(copy, to: target)
    if flushes { try Disk.flush(Disk.parent(of: target)) }
  }

  private func copyBlob(_ digest: Digest, to path: String, _ isExecutable: Bool) throws {
    let mode: UInt32 = isExecutable ? 0o777 : 0o666
    try Disk.copy(blobs.layout.blob(digest), to: path, mode: mode, masked: true)
  }

  private func isOnOwnFileSystem(_ folder: String) throws -> Bool {
    guard !blobs.isReadOnly else { return false }
    let device = try FileStatus(blobs.layout.temporary, followingLinks: true)?.identity.device
    return try device == FileStatus(folder, followingLinks: true)?.identity.device
  }

  /// Throws where an output is not whole; else the identities of a tree's files, in the order of its
  /// manifest, as far as all are known to be sound.
  @discardableResult
  func requireGood(_ record: OutputRecord) throws -> [FileIdentity] {
    let found = try examine(record)
    switch found.health {
    case .good: return found.sound
    case .missing(let digests), .quarantined(let digests):
      throw StoreError.missing(digest: digests.first ?? record.digest, store: blobs.layout.root)
    }
  }

  /// Makes a new folder with all folders of a tree in it, and each file by `make`.
  private func layOut(
    _ record: OutputRecord, at path: String, _ make: (TreeEntry, String) throws -> Void
  ) throws {
    let manifest = try manifest(of: record)
    try manifest.validate(describing: record.digest.description)
    guard try Disk.makeFolder(path) else {
      throw FileError.unsuitable(path: path, found: "taken", expected: "a free path for a tree")
    }
    var made: Set<String> = [path]
    for entry in manifest.entries {
      let target = path + "/" + entry.path
      let folder = Disk.parent(of: target)
      if made.insert(folder).inserted { try Disk.makeFolders(folder) }
      try make(entry, target)
    }
    for folder in manifest.emptyFolders { try Disk.makeFolders(path + "/" + folder) }
    for link in manifest.links {
      let target = path + "/" + link.path
      try Disk.makeFolders(Disk.parent(of: target))
      try Disk.link(symbolic: target, to: link.target)
    }
  }
}
