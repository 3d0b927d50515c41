// What people and other tools read below the store's root: exports by name, put whole into place.
// It knows nothing of export times or of who reads.
import Content
import FileTools
import LocalStores

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

  /// The names in a data set's folder that start with a prefix, in order; none if it is absent.
  package func exports(in dataset: String, prefix: String) throws -> [String] {
    (try Disk.names(in: dataset) ?? []).filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// The files of an export and their digests, by the stat memo.
  package func files(in export: String) throws -> [String: Digest] {
    let scan = try store.trees.scanTree(export)
    return Dictionary(
      scan.manifest.entries.map { ($0.path, $0.digest) }, uniquingKeysWith: { first, _ in first })
  }

  /// Puts a whole export into place: under a hidden name first, then by one rename.
  ///
  /// Always true: the caller holds a lock on the data set. Nothing stays of one that was interrupted.
  package func publish(_ files: [PublishedFile], as export: String) throws -> Bool {
    let name = export.split(separator: "/").last.map(String.init) ?? ""
    let hidden = "\(Disk.parent(of: export))/.\(name).incomplete"
    try Disk.remove(hidden)
    do {
      for file in files {
        try Interruption.check()
        try add(file, to: hidden)
      }
    } catch let interrupted as Interrupted {
      try Disk.remove(hidden)
      throw interrupted
    }
    try Disk.move(hidden, to: export)
    return true
  }

  /// Puts one file into an export, whole when it appears.
  package func add(_ file: PublishedFile, to export: String) throws {
    let record = OutputRecord(
      digest: file.digest, size: file.size, mediaType: "application/octet-stream", kind: .file)
    try store.trees.copyOut(record, to: "\(export)/\(file.name)")
  }

  /// Copies a file of this machine, not of the store, into an export.
  package func add(copyOf path: String, named name: String, to export: String) throws {
    _ = try store.objects.importCopy(of: path, mediaType: "application/octet-stream")
    let found = try store.memo.digest(ofFile: path)
    try add((name, found.digest, found.size), to: export)
  }

  package func contains(_ file: PublishedFile, in export: String) throws -> Bool {
    let path = "\(export)/\(file.name)"
    guard try FileStatus(path, followingLinks: true)?.kind == .file else { return false }
    return try store.memo.digest(ofFile: path).digest == file.digest
  }

  package func read(_ name: String, in export: String) throws -> [UInt8]? {
    try Disk.read("\(export)/\(name)")
  }

  package func fetch(_ file: PublishedFile, from export: String) throws {
    let path = "\(export)/\(file.name)"
    guard try FileStatus(path, followingLinks: true) != nil else {
      throw StoreError.missing(digest: file.digest, store: export)
    }
    try store.objects.put(file: path, digest: file.digest, size: file.size)
  }
}
