// Trees laid out as folders of hard links, once for all steps that read them. A link makes no new
// file, and a folder that stays need not be deleted: both take ext4 longer than the step itself.
import CSystem
import Content
import FileIndex
import FileTools

extension DirectoryStore {
  /// A folder with a tree's files, for reading only; it lies beside the blobs and stays.
  ///
  /// Each use makes sure that its names still lead to the blobs, and to nothing else; look at the
  /// blobs themselves by `check`, before and after. Executables are copies, since blobs are not.
  /// Throws `StoreError.missing` for a tree that is not whole.
  public func folder(of record: OutputRecord) throws -> String {
    try requireWritable()
    let tree = TreeFolder(try manifest(of: record), at: layout.tree(record.digest))
    if try isSound(tree, record) { return tree.path }
    try tree.manifest.validate(describing: record.digest.description)
    try putAway(tree.path)
    let draft = try temporary.next()
    let identities = try layOut(tree, record, at: draft)
    do {
      try Disk.move(draft, to: tree.path)
      Disk.protect(tree.path)
    } catch {
      // Another process was quicker; what it made will do.
      guard try isSound(tree, record) else { throw error }
    }
    if let identities { try remember(identities, of: record, tree) }
    return tree.path
  }

  /// Moves a folder that cannot be used to where the end of the run deletes it.
  package func putAway(_ path: String) throws {
    guard try FileStatus(path, followingLinks: false) != nil else { return }
    Disk.unprotect(path)
    try Disk.move(path, to: try temporary.next())
  }

  /// The blobs' new identities, where they are known to be sound and only the links are new.
  private func layOut(
    _ tree: TreeFolder, _ record: OutputRecord, at draft: String
  ) throws -> [FileIdentity]? {
    let entries = tree.manifest.entries
    let isVouched = try vouchesForFiles(of: record)
    for folder in tree.folders { try Disk.makeFolder(draft + folder.suffix) }
    let linked = try Parallel.map(entries.count) { index -> FileIdentity? in
      let entry = entries[index]
      let blob = layout.blob(entry.digest)
      let before = try FileStatus(blob, followingLinks: false)?.identity
      try place(entry, at: draft + "/" + entry.path)
      let after = try FileStatus(blob, followingLinks: false)?.identity
      guard let before, let after, after.isLinked(before) else { return nil }
      return after
    }
    for folder in tree.folders.dropFirst() { Disk.protect(draft + folder.suffix) }
    let identities = linked.compactMap(\.self)
    return isVouched && identities.count == entries.count ? identities : nil
  }

  private func place(_ entry: TreeEntry, at path: String) throws {
    let blob = layout.blob(entry.digest)
    if !entry.isExecutable, Disk.link(hard: path, to: blob) { return }
    try Disk.copy(blob, to: path, mode: entry.isExecutable ? 0o555 : 0o444)
  }

  /// Whether all blobs are known to be sound, each under the identity that it has now.
  private func vouchesForFiles(of record: OutputRecord) throws -> Bool {
    switch try check(record) {
    case .good: break
    case .missing(let digests), .quarantined(let digests):
      throw StoreError.missing(digest: digests.first ?? record.digest, store: layout.root)
    }
    guard let known = index.files(ofTree: record.digest) else { return false }
    return try identities(ofFilesIn: record) == known
  }

  /// Our own links have moved the blobs' ctimes: the memo goes along.
  private func remember(
    _ identities: [FileIdentity], of record: OutputRecord, _ tree: TreeFolder
  ) throws {
    var files = try TreeIdentities()
    // A blob that the tree holds twice was linked again after it was looked at.
    var last: [Digest: FileIdentity] = [:]
    for (entry, identity) in zip(tree.manifest.entries, identities) {
      if let other = last[entry.digest], other.ctime > identity.ctime { continue }
      last[entry.digest] = identity
    }
    for (entry, identity) in zip(tree.manifest.entries, identities) {
      files.add(last[entry.digest])
      guard last[entry.digest] == identity else { continue }
      index.remember(MemoRow(identity: identity, digest: entry.digest, path: ""), afterSync: true)
    }
    if let files = try files.finish() { index.remember(tree: record.digest, files: files) }
  }

  // MARK: Looking

  /// Whether the folder holds the tree's files, linked to the blobs as they are now, and no more.
  private func isSound(_ tree: TreeFolder, _ record: OutputRecord) throws -> Bool {
    let clock = cs_file_clock()
    guard let folders = try tree.identities(), let blobs = try identities(ofFilesIn: record) else {
      return false
    }
    var seen = try TreeIdentities()
    for folder in folders { seen.add(folder) }
    let row = try Digest.of("folder:\(record.digest):\(Digest(bytes: blobs)?.hex ?? "")")
    let known = try seen.finish()
    if let known, index.files(ofTree: row) == known { return true }
    guard try tree.hasNoOtherNames() else { return false }
    let entries = tree.manifest.entries
    let links = try Parallel.map(entries.count) { try isSound(entries[$0], at: tree.path) }
    guard !links.contains(nil) else { return false }
    // Nothing that changes from now on may look the same, and a copy's bytes show in no folder.
    if let known, !links.contains(false), folders.allSatisfy({ $0.isSettled(at: clock) }) {
      index.remember(tree: row, files: known)
    }
    return true
  }

  /// Whether the folder of a tree holds what its name says, by a look at each file that trusts no
  /// row; nil where the tree's manifest is not here.
  package func isFolderSound(of digest: Digest) throws -> Bool? {
    let record = OutputRecord(digest: digest, size: 0, mediaType: "", kind: .tree)
    guard let manifest = try? manifest(of: record) else { return nil }
    let tree = TreeFolder(manifest, at: layout.tree(digest))
    guard try tree.identities() != nil, try tree.hasNoOtherNames() else { return false }
    return try manifest.entries.allSatisfy { entry in
      let path = tree.path + "/" + entry.path
      let blob = try FileStatus(layout.blob(entry.digest), followingLinks: false)?.identity
      guard let status = try FileStatus(path, followingLinks: false), status.kind == .file,
        status.isExecutable == entry.isExecutable
      else { return false }
      // A link is the blob itself, whose bytes are looked at as such.
      if status.identity == blob { return true }
      return try memo.hash(path).digest == entry.digest
    }
  }

  /// True for a link to the entry's blob, false for a sound copy of it, nil for anything else.
  private func isSound(_ entry: TreeEntry, at folder: String) throws -> Bool? {
    let path = folder + "/" + entry.path
    guard let status = try FileStatus(path, followingLinks: false), status.kind == .file,
      status.isExecutable == entry.isExecutable
    else { return nil }
    let blob = try FileStatus(layout.blob(entry.digest), followingLinks: false)?.identity
    if status.identity == blob { return true }
    guard status.identity.size == entry.size else { return nil }
    return try memo.digest(of: path, status: status).digest == entry.digest ? false : nil
  }
}

extension FileIdentity {
  /// Whether nothing but links can have come since.
  package func isLinked(_ before: FileIdentity) -> Bool {
    device == before.device && inode == before.inode && size == before.size
      && mtime == before.mtime
  }
}

/// The folders that a tree's files need.
private struct TreeFolder {
  struct Folder {
    /// Empty for the tree's own folder, else a slash and the relative path.
    let suffix: String
    /// Files and folders right in it.
    var names = 0
  }

  let manifest: TreeManifest
  let path: String
  /// Each before those within it.
  private(set) var folders = [Folder(suffix: "")]

  init(_ manifest: TreeManifest, at path: String) {
    self.manifest = manifest
    self.path = path
    var positions = ["": 0]
    var last = (suffix: "", position: 0)
    for entry in manifest.entries {
      let suffix = Self.parent(of: "/" + entry.path)
      if suffix != last.suffix { last = (suffix, add(suffix, &positions)) }
      folders[last.position].names += 1
    }
  }

  /// The position of a folder, added with those above it when it is new.
  private mutating func add(_ suffix: String, _ positions: inout [String: Int]) -> Int {
    var missing: [String] = []
    var suffix = suffix
    var position = positions[suffix]
    while position == nil {
      missing.append(suffix)
      suffix = Self.parent(of: suffix)
      position = positions[suffix]
    }
    var above = position ?? 0
    for suffix in missing.reversed() {
      folders[above].names += 1
      above = folders.count
      positions[suffix] = above
      folders.append(Folder(suffix: suffix))
    }
    return above
  }

  /// By UTF-8, and before the last slash, which every suffix but the empty one has.
  private static func parent(of suffix: String) -> String {
    suffix.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(suffix[..<$0]) } ?? ""
  }

  /// The identities of all folders; nil where one is missing.
  func identities() throws -> [FileIdentity]? {
    var identities: [FileIdentity] = []
    for folder in folders {
      guard let status = try FileStatus(path + folder.suffix, followingLinks: false),
        status.kind == .folder
      else { return nil }
      identities.append(status.identity)
    }
    return identities
  }

  /// Whether each folder has as many names as the tree has in it.
  func hasNoOtherNames() throws -> Bool {
    for folder in folders {
      guard try Disk.names(in: path + folder.suffix)?.count == folder.names else { return false }
    }
    return true
  }
}
