// The joint between publishing and what people and other tools read. It knows no format.
import Content

/// A file of an export.
package struct PublishedFile: Hashable, Sendable {
  /// Relative to the export's folder.
  package let name: String
  package let digest: Digest
  /// Bytes.
  package let size: Int64
  package let isExecutable: Bool

  package init(name: String, digest: Digest, size: Int64, isExecutable: Bool = false) {
    self.name = name
    self.digest = digest
    self.size = size
    self.isExecutable = isExecutable
  }
}

/// What an export has of the files that are to be published.
package enum ExportComparison {
  /// Them and nothing else.
  case same
  case different
  /// A part of them, left by a run that was to publish all of them.
  case lacks([PublishedFile])
}

/// Keeps exports: `<data set>/<export>/<file>`.
package protocol PublishTarget: Sendable {
  /// Whether it is plain folders of this machine.
  var isOnThisMachine: Bool { get }

  /// The path or URL of a data set.
  func dataset(bucket: String, prefix: String, name: String) -> String

  /// The names of folders in a data set that start with a prefix, in order; none if it is absent.
  func exports(in dataset: String, prefix: String) throws -> [String]

  /// The files of an export and their digests.
  func files(in export: String) throws -> [String: Digest]

  /// What an export has of some files.
  func compare(_ files: [PublishedFile], with export: String) throws -> ExportComparison

  /// Puts what an export lacks of some files into it; false when somebody else has written there.
  func complete(
    _ export: String, with missing: [PublishedFile], of files: [PublishedFile]
  ) throws -> Bool

  /// The names of those files of an export that may be executed; nil where a target does not know.
  func executables(in export: String) throws -> Set<String>?

  /// Removes what killed deliveries left in a data set; the caller holds its lock.
  func sweep(_ dataset: String) throws

  /// Makes an export; false when somebody else has just made one of that name.
  func publish(_ files: [PublishedFile], as export: String) throws -> Bool

  /// Puts one file into an export, whole when it appears.
  func add(_ file: PublishedFile, to export: String) throws

  /// Whether an export has that very file; false where it is gone or is another one.
  func contains(_ file: PublishedFile, in export: String) throws -> Bool

  /// The bytes of a small file of an export; nil if there is none.
  func read(_ name: String, in export: String) throws -> [UInt8]?

  /// How many files lie below a folder, and their bytes; none where it is not there.
  func inventory(of folder: String) throws -> PublishedInventory

  /// Removes a folder with all that is in it; nothing happens where it is not there.
  func remove(_ folder: String) throws

  /// Brings a file of an export into the store of this machine.
  ///
  /// Throws `StoreError.missing` or `.wrongDigest` where it is gone or is another one.
  func fetch(_ file: PublishedFile, from export: String) throws
}

extension PublishTarget {
  package func compare(
    _ files: [PublishedFile], with export: String
  ) throws -> ExportComparison {
    ExportComparison(
      of: files, with: try self.files(in: export), executables: try executables(in: export))
  }

  package func complete(
    _ export: String, with missing: [PublishedFile], of files: [PublishedFile]
  ) throws -> Bool {
    for file in missing { try add(file, to: export) }
    return true
  }

  package func executables(in export: String) throws -> Set<String>? { nil }

  package func sweep(_ dataset: String) throws {}

  /// The newest export of a data set; names that are no times are ignored.
  package func newestExport(in dataset: String) throws -> ExportTime? {
    ExportTime.newest(among: try exports(in: dataset, prefix: ExportTime.prefix))
  }
}

extension ExportComparison {
  /// Compares by the digests of the files that are there, and by their executable bits where the
  /// place knows such.
  package init(
    of files: [PublishedFile], with present: [String: Digest], executables: Set<String>? = nil
  ) {
    let expected = Dictionary(
      files.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
    guard present.allSatisfy({ expected[$0.key] == $0.value }) else {
      self = .different
      return
    }
    let missing = files.filter { file in
      present[file.name] == nil
        || executables.map { $0.contains(file.name) != file.isExecutable } ?? false
    }
    self = missing.isEmpty ? .same : .lacks(missing)
  }
}

/// What lies below a published folder.
package struct PublishedInventory: Hashable, Sendable {
  package var files = 0
  package var bytes: Int64 = 0

  package init(files: Int = 0, bytes: Int64 = 0) {
    self.files = files
    self.bytes = bytes
  }
}
