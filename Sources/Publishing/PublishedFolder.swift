// What people and other tools read below the store's root: exports by name, put whole into place.
// It knows nothing of export times or of who reads.
import Content
import FileTools
import LocalStores
import StoreFolder
import Trees

/// The published area of a local store: plain folders and files beside `.atelier`.
package struct PublishedFolder: PublishTarget {
  private let store: LocalStore

  package init(_ store: LocalStore) { self.store = store }

  /// The folder below which everything is published.
  package var root: String { store.layout.root }

  package var isOnThisMachine: Bool { true }

  /// The folder of a data set, absolute.
  package func dataset(bucket: String, prefix: String, name: String) -> String {
    [root, bucket, prefix, name].filter { !$0.isEmpty }.joined(separator: "/")
  }

  /// The names of folders in a data set's folder that start with a prefix, in order; none if it is
  /// absent.
  package func exports(in dataset: String, prefix: String) throws -> [String] {
    try (Disk.names(in: dataset) ?? []).filter { name in
      try name.hasPrefix(prefix)
        && FileStatus("\(dataset)/\(name)", followingLinks: true)?.kind == .folder
    }.sorted()
  }

  /// The files of an export and their digests, by the stat memo.
  package func files(in export: String) throws -> [String: Digest] {
    Dictionary(
      try entries(of: export).map { ($0.path, $0.digest) }, uniquingKeysWith: { first, _ in first })
  }

  package func executables(in export: String) throws -> Set<String>? {
    Set(try entries(of: export).filter(\.isExecutable).map(\.path))
  }

  private func entries(of export: String) throws -> [TreeEntry] {
    try store.trees.scanTree(export).manifest.entries.filter { !Draft.holds($0.path) }
  }

  /// Puts a whole export into place: under a hidden name first, then by one rename.
  ///
  /// Always true: the caller holds a lock on the data set. Files are copied side by side, and flushed by
  /// one call for the whole file system. Nothing stays of one that failed or was interrupted.
  package func publish(_ files: [PublishedFile], as export: String) throws -> Bool {
    let dataset = Disk.parent(of: export)
    let hidden = "\(dataset)/\(Self.hidden(String(export.dropFirst(dataset.utf8.count + 1))))"
    try Disk.remove(hidden)
    guard try FileStatus(export, followingLinks: false) == nil else {
      throw FileError.unsuitable(
        path: export, found: "taken", expected: "a free name for an export; move it away")
    }
    do {
      try Disk.makeFolders(hidden)
      try store.objects.copy(files.map(\.copied), into: hidden)
      try Disk.flushFileSystem(hidden)
    } catch {
      try? Disk.remove(hidden)
      throw error
    }
    try Disk.move(hidden, to: export)
    try Disk.flush(dataset)
    return true
  }

  /// The name of an export that is not whole yet.
  private static func hidden(_ name: String) -> String { ".\(name).incomplete" }

  /// Removes exports that killed deliveries left unfinished, and drafts of files.
  package func sweep(_ dataset: String) throws {
    for name in try Disk.names(in: dataset) ?? [] {
      let export = name.dropFirst().prefix { $0 != "." }
      guard name == Self.hidden(String(export)), ExportTime(export) != nil else { continue }
      try Disk.remove("\(dataset)/\(name)")
    }
    try Draft.sweep(dataset)
    if let newest = try newestExport(in: dataset) { try Draft.sweep("\(dataset)/\(newest)") }
  }

  /// Puts several files into an export: whole when they appear, and flushed together before that.
  package func complete(
    _ export: String, with missing: [PublishedFile], of files: [PublishedFile]
  ) throws -> Bool {
    let draft = try Draft(in: Disk.parent(of: export))
    do {
      try Disk.makeFolder(draft.path)
      try store.objects.copy(missing.map(\.copied), into: draft.path)
      try Disk.flushFileSystem(draft.path)
      var folders = FlushList()
      for file in missing {
        try folders.move("\(draft.path)/\(file.name)", to: "\(export)/\(file.name)")
      }
      try folders.flush()
    } catch {
      draft.discard()
      throw error
    }
    draft.discard()
    return true
  }

  /// Puts one file into an export, whole when it appears.
  package func add(_ file: PublishedFile, to export: String) throws {
    let record = OutputRecord(
      digest: file.digest, size: file.size, mediaType: "application/octet-stream", kind: .file)
    try store.trees.copyOut(
      record, to: "\(export)/\(file.name)", isExecutable: file.isExecutable,
      draftsIn: Disk.parent(of: export))
  }

  package func contains(_ file: PublishedFile, in export: String) throws -> Bool {
    let path = "\(export)/\(file.name)"
    guard try FileStatus(path, followingLinks: true)?.kind == .file else { return false }
    return try store.memo.digest(ofFile: path).digest == file.digest
  }

  package func read(_ name: String, in export: String) throws -> [UInt8]? {
    try Disk.read("\(export)/\(name)", atMost: ByteLimit.result)
  }

  package func inventory(of folder: String) throws -> PublishedInventory {
    var sum = PublishedInventory()
    for name in try Disk.names(in: folder) ?? [] {
      let path = "\(folder)/\(name)"
      guard let status = try FileStatus(path, followingLinks: false) else { continue }
      if status.kind == .folder {
        let below = try inventory(of: path)
        sum.files += below.files
        sum.bytes += below.bytes
      } else {
        sum.files += 1
        sum.bytes += status.identity.size
      }
    }
    return sum
  }

  package func remove(_ folder: String) throws {
    try Disk.remove(folder)
    if try FileStatus(Disk.parent(of: folder), followingLinks: true) != nil {
      try Disk.flush(Disk.parent(of: folder))
    }
  }

  package func fetch(_ file: PublishedFile, from export: String) throws {
    let path = "\(export)/\(file.name)"
    guard try FileStatus(path, followingLinks: true) != nil else {
      throw StoreError.missing(digest: file.digest, store: export)
    }
    try store.objects.put(file: path, digest: file.digest, size: file.size)
  }
}

extension PublishedFile {
  /// As the store copies it.
  fileprivate var copied: CopiedFile {
    CopiedFile(
      name: name, blob: SizedDigest(digest: digest, size: size), isExecutable: isExecutable)
  }
}
