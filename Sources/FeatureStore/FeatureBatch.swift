// What one ingestion brings: the files of a tree of records, and what they mean.
import AtelierStep
import Content
import FileTools
import LocalStores
import Trees

/// The records of one ingestion.
package struct FeatureBatch: Hashable, Sendable {
  /// The records of one day, or of a batch of many days those of a month or a year.
  package struct File: Hashable, Sendable {
    /// The day of the event time in UTC, `YYYY-MM-DD`, the month, `YYYY-MM`, or the year, `YYYY`.
    package let date: String
    package let digest: Digest
    /// Bytes.
    package let size: Int64

    package init(date: String, digest: Digest, size: Int64) {
      self.date = date
      self.digest = digest
      self.size = size
    }

    var json: JSONValue {
      ["date": .string(date), "digest": .string(digest.description), "size": .integer(size)]
    }

    init?(json: JSONValue) {
      guard let date = json["date"]?.string, FeatureBatch.isDate(date),
        let digest = json["digest"]?.string.flatMap({ Digest($0) }),
        let size = json["size"]?.integer, size >= 0
      else { return nil }
      self.init(date: date, digest: digest, size: size)
    }
  }

  /// The digest of the tree: the same records are the same batch, whenever they come.
  package let digest: Digest
  package let definition: FeatureDefinition
  /// By date, ascending.
  package let files: [File]

  package init(digest: Digest, definition: FeatureDefinition, files: [File]) {
    self.digest = digest
    self.definition = definition
    self.files = files.sorted { $0.date < $1.date }
  }

  /// The name of the definition in a tree of records or of a history.
  static let definitionName = "group.json"
  private static let file = "/records.parquet"

  /// The folder of a day, month or year.
  static func folder(_ date: String) -> String {
    let kind = date.utf8.count == 10 ? "date" : date.utf8.count == 7 ? "month" : "year"
    return "event_\(kind)=\(date)"
  }

  /// Reads a tree that has the form of `FeatureRecords`; `store` holds its manifest and definition.
  package init(_ record: OutputRecord, in store: LocalStore) throws {
    try self.init(record.digest, store.trees.manifest(of: record)) {
      try store.objects.bytes(of: $0.digest)
    }
  }

  /// Reads a folder of that form, of which nothing has to be in `store`.
  package init(folder: String, _ store: LocalStore) throws {
    let scan = try store.trees.scanTree(folder)
    try self.init(scan.digest, scan.manifest) { definition in
      let path = "\(folder)/\(definition.path)"
      guard let bytes = try Disk.read(path) else { throw FileError.changing(path: path) }
      return bytes
    }
  }

  private init(
    _ digest: Digest, _ manifest: TreeManifest, bytes: (TreeEntry) throws -> [UInt8]
  ) throws {
    let entries = manifest.entries
    guard let definition = entries.first(where: { $0.path == Self.definitionName }) else {
      throw FeatureStoreError("a tree of records lacks \(Self.definitionName)")
    }
    self.init(
      digest: digest,
      definition: try FeatureDefinition(json: JSONValue(parsing: bytes(definition))),
      files: try entries.filter { $0.path != Self.definitionName }.map { entry in
        guard let date = Self.date(of: entry.path) else {
          throw FeatureStoreError(
            "a tree of records holds '\(entry.path)'; expected files "
              + "event_date=<YYYY-MM-DD>\(Self.file), event_month=<YYYY-MM>\(Self.file) or "
              + "event_year=<YYYY>\(Self.file)")
        }
        return File(date: date, digest: entry.digest, size: entry.size)
      })
  }

  /// The path of a day's file in a tree of records.
  static func path(_ date: String) -> String { folder(date) + file }

  private static func date(of path: String) -> String? {
    guard let sign = path.firstIndex(of: "="), path.hasSuffix(file) else { return nil }
    let date = String(path[path.index(after: sign)...].dropLast(file.count))
    return isDate(date) && path == self.path(date) ? date : nil
  }

  private static func isDate(_ text: String) -> Bool {
    let shape = text.utf8.map { (0x30...0x39).contains($0) ? UInt8(ascii: "0") : $0 }
    return ["0000-00-00", "0000-00", "0000"].contains { shape == Array($0.utf8) }
  }
}
