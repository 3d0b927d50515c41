// What a feature group holds at a moment: its ingestions in their order. A value; it reads nothing.
import AtelierStep
import Content
import Trees

/// One ingestion of a group.
package struct Ingestion: Hashable, Sendable {
  /// From 1, without gaps.
  package let sequence: Int
  /// The digest of the tree of records that came.
  package let batch: Digest
  /// The group's definition from this ingestion on.
  package let definition: FeatureDefinition
  package let files: [FeatureBatch.File]
  package let author: Author
  /// When it was done; for people, and part of no result.
  package let time: Timestamp

  /// Who ingested; for people, and part of no result.
  package struct Author: Hashable, Sendable {
    /// The run.
    package let run: String
    /// `user@host`.
    package let host: String

    package init(run: String, host: String) {
      self.run = run
      self.host = host
    }
  }

  package init(
    sequence: Int, batch: Digest, definition: FeatureDefinition, files: [FeatureBatch.File],
    author: Author, time: Timestamp
  ) {
    self.sequence = sequence
    self.batch = batch
    self.definition = definition
    self.files = files
    self.author = author
    self.time = time
  }

  /// Eight digits, as in the names of the log's entries.
  package var number: String { Self.number(sequence) }

  static func number(_ sequence: Int) -> String {
    let digits = String(sequence)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// The entry of the log.
  var bytes: [UInt8] {
    get throws {
      let entry: JSONValue = [
        "v": 1, "batch": .string(batch.description), "definition": definition.json,
        "files": .array(files.map(\.json)), "run": .string(author.run),
        "host": .string(author.host), "time": .string(time.iso8601),
      ]
      return try entry.canonicalBytes()
    }
  }

  /// Reads an entry of the log; nil for anything else.
  init?(_ bytes: [UInt8], sequence: Int) {
    guard let json = try? JSONValue(parsing: bytes), json["v"] == 1,
      let batch = json["batch"]?.string.flatMap({ Digest($0) }),
      let definition = json["definition"].flatMap({ try? FeatureDefinition(json: $0) }),
      let files = json["files"]?.array,
      let time = json["time"]?.string.flatMap({ Timestamp(iso8601: $0) }),
      let run = json["run"]?.string, let host = json["host"]?.string
    else { return nil }
    let parsed = files.compactMap(FeatureBatch.File.init(json:))
    guard parsed.count == files.count else { return nil }
    self.init(
      sequence: sequence, batch: batch, definition: definition, files: parsed,
      author: Author(run: run, host: host), time: time)
  }
}

/// A feature group as it is at a moment.
package struct FeatureGroup: Hashable, Sendable {
  package let name: String
  /// The path or URL of its folder.
  package let place: String
  /// In their order; never empty.
  package let ingestions: [Ingestion]
  /// The newest definition; it has every feature that there ever was.
  package let definition: FeatureDefinition

  /// A group of its ingestions; nil where there are none.
  init?(name: String, place: String, ingestions: [Ingestion]) {
    guard let last = ingestions.last else { return nil }
    self.init(name: name, place: place, ingestions: ingestions, definition: last.definition)
  }

  private init(
    name: String, place: String, ingestions: [Ingestion], definition: FeatureDefinition
  ) {
    self.name = name
    self.place = place
    self.ingestions = ingestions
    self.definition = definition
  }

  /// How often the definition changed, plus one.
  package var version: Int {
    1 + zip(ingestions, ingestions.dropFirst()).count { $0.definition != $1.definition }
  }

  /// The ingestion of the same records.
  package func ingestion(of batch: Digest) -> Ingestion? {
    ingestions.first { $0.batch == batch }
  }

  /// A group with one more ingestion, its first one where `group` is nil; nothing is written.
  ///
  /// Throws `FeatureStoreError` where the batch changes more of the definition than new features.
  package static func adding(
    _ batch: FeatureBatch, to group: FeatureGroup?, name: String, place: String,
    by author: Ingestion.Author, at time: Timestamp
  ) throws -> (group: FeatureGroup, ingestion: Ingestion) {
    let definition: FeatureDefinition
    do {
      definition = try group?.definition.evolved(by: batch.definition) ?? batch.definition
    } catch let failure as StepFailure {
      throw FeatureStoreError(
        "the records do not fit the feature group \(name) in \(place): \(failure)")
    }
    let past = group?.ingestions ?? []
    let next = Ingestion(
      sequence: past.count + 1, batch: batch.digest, definition: definition, files: batch.files,
      author: author, time: time)
    let grown = FeatureGroup(
      name: name, place: place, ingestions: past + [next], definition: definition)
    return (grown, next)
  }

  /// The group as a tree in the form of `FeatureHistory`, with the bytes of its definition.
  ///
  /// It depends on the records and their order alone: not on who ingested, when, or under which name.
  func history() throws -> (manifest: TreeManifest, definition: [UInt8]) {
    let bytes = try definition.json.canonicalBytes()
    var entries = [
      TreeEntry(
        path: FeatureBatch.definitionName, digest: try Digest.of(bytes), size: Int64(bytes.count),
        isExecutable: false)
    ]
    for ingestion in ingestions {
      for file in ingestion.files {
        entries.append(
          TreeEntry(
            path: "batches/\(ingestion.number)/\(FeatureBatch.path(file.date))",
            digest: file.digest, size: file.size, isExecutable: false))
      }
    }
    return (try TreeManifest(entries, describing: place), bytes)
  }

  /// The record of that tree, of which nothing is written.
  package func historyRecord() throws -> OutputRecord {
    let bytes = try history().manifest.bytes
    return OutputRecord(
      digest: try Digest.of(bytes), size: Int64(bytes.count),
      mediaType: FeatureHistory.mediaType, kind: .tree)
  }
}
