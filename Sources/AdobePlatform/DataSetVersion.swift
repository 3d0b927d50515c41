// Which batches of a data set there are, as one small document whose digest is the version.
import Content

/// A version of a data set on the platform, or of a part of it.
///
/// Batches stay as they are once they succeeded, so the same document means the same rows for ever.
/// Organisation, sandbox and host are in it, for the rows are not.
package struct DataSetVersion: Hashable, Sendable {
  /// A batch that succeeded.
  package struct Batch: Hashable, Sendable, Comparable {
    package let id: String
    package let records: Int64

    package init(id: String, records: Int64) {
      self.id = id
      self.records = records
    }

    package static func < (a: Batch, b: Batch) -> Bool { a.id < b.id }
  }

  package let host: String
  package let organization: String
  package let sandbox: String
  /// The data set's id.
  package let dataset: String
  /// By id, each once.
  package let batches: [Batch]

  package static let mediaType = "application/vnd.atelier.dataset-version+json"
  /// More batches than a data set of a workshop has in a century; a longer document is somebody else's.
  static let mostBatches = 1_000_000

  package init(
    host: String, organization: String, sandbox: String, dataset: String, batches: [Batch]
  ) {
    self.host = host
    self.organization = organization
    self.sandbox = sandbox
    self.dataset = dataset
    self.batches = Dictionary(batches.map { ($0.id, $0) }, uniquingKeysWith: { $1 }).values.sorted()
  }

  /// A version with those batches of a data set that the settings lead to.
  package init(_ settings: PlatformSettings, dataset: String, batches: [Batch]) {
    self.init(
      host: settings.host, organization: settings.organization, sandbox: settings.sandbox,
      dataset: dataset, batches: batches)
  }

  /// Rows in all batches.
  package var records: Int64 { batches.saturatedSum { $0.records } }

  /// Whether the document is of the platform, organisation and sandbox that the settings lead to.
  package func isReachable(by settings: PlatformSettings) -> Bool {
    host == settings.host && organization == settings.organization && sandbox == settings.sandbox
  }

  /// Canonical JSON.
  package func bytes() throws -> [UInt8] {
    let batches = batches.map { batch -> JSONValue in
      ["id": .string(batch.id), "records": .integer(batch.records)]
    }
    let json: JSONValue = [
      "v": 1, "host": .string(host), "org": .string(organization), "sandbox": .string(sandbox),
      "dataset": .string(dataset), "batches": .array(batches),
    ]
    return try json.canonicalBytes()
  }

  /// Reads a document; throws `UnsoundVersion` for anything that `bytes` does not write.
  package init(parsing bytes: [UInt8]) throws {
    guard let json = try? JSONValue(parsing: bytes) else { throw UnsoundVersion("JSON") }
    guard json["v"]?.integer == 1 else { throw UnsoundVersion("\"v\": 1") }
    func text(_ name: String) throws -> String {
      guard let text = json[name]?.string, !text.isEmpty, text.utf8.count <= 1024,
        text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
      else { throw UnsoundVersion("\"\(name)\" as text") }
      return text
    }
    guard let list = json["batches"]?.array, list.count <= Self.mostBatches else {
      throw UnsoundVersion("a list \"batches\"")
    }
    let batches = try list.map { batch -> Batch in
      guard let id = batch["id"]?.string, PlatformID.isValid(id),
        let records = batch["records"]?.integer(in: 0...(1 << 53))
      else { throw UnsoundVersion("id and records of each batch") }
      return Batch(id: id, records: records)
    }
    self.init(
      host: try text("host"), organization: try text("org"), sandbox: try text("sandbox"),
      dataset: try text("dataset"), batches: batches)
    guard self.batches == batches else { throw UnsoundVersion("batches by id, each once") }
    guard try self.bytes() == bytes else { throw UnsoundVersion("canonical JSON") }
  }
}

/// A document that is no version of a data set.
package struct UnsoundVersion: Error, Hashable, CustomStringConvertible {
  package let expected: String

  init(_ expected: String) { self.expected = expected }

  package var description: String {
    "the version of a data set is damaged: expected \(expected); `atelier fsck` checks the store"
  }
}

/// The ids that the platform gives out.
package enum PlatformID {
  /// Whether a text can be an id: letters, digits, `-`, `_` and `.`, at most 128 of them.
  package static func isValid(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128 && text != "." && text != ".."
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || $0 == 45 || $0 == 95 || $0 == 46
      }
  }
}
