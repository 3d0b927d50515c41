// Feature groups as Parquet files and a log, in a folder or a bucket. Who reads them it does not know.
import AtelierStep
import Content
import FileTools
import LocalStores
import Publishing
import StoreFolder

/// The feature groups below a prefix.
///
///     features/<group>/data/event_date=<YYYY-MM-DD>/<batch digest>.parquet
///                           event_month=<YYYY-MM>, event_year=<YYYY>: of a batch of many days
///     features/<group>/log/<8 digits>/ingestion.json
///
/// A batch counts when its entry is in the log, which is written last and at once: what a killed run
/// left without an entry is nothing, and the same batch completes it. Files are added; none is replaced but
/// a damaged one, by the bytes that the log names.
package struct OfflineFeatureStore: FeatureStore {
  private let local: LocalStore
  private let published: any PublishTarget
  private let bucket: String
  private let prefix: String
  package let place: String

  /// `local` holds the blobs of batches to be ingested; it may be open for reading only, and then
  /// takes no batch and no history.
  package init(
    local: LocalStore, published: any PublishTarget, bucket: String, prefix: String
  ) {
    self.local = local
    self.published = published
    self.bucket = bucket
    self.prefix = prefix
    place = published.dataset(bucket: bucket, prefix: prefix, name: Self.folder)
  }

  package var isOnThisMachine: Bool { published.isOnThisMachine }

  private static let folder = "features"
  private static let entry = "ingestion.json"

  package func groups() throws -> [String] {
    try published.exports(in: place, prefix: "").filter { name in
      try (try? FeatureDefinition.checkGroup(name)) != nil && !entries(of: folder(name)).isEmpty
    }
  }

  /// The names in a log; a hidden one is what a killed run left of an entry.
  private func entries(of folder: String) throws -> [String] {
    try published.exports(in: folder + "/log", prefix: "").filter { !$0.hasPrefix(".") }
  }

  private func folder(_ name: String) -> String { "\(place)/\(name)" }

  // MARK: Reading

  package func group(_ name: String) throws -> FeatureGroup? {
    guard (try? FeatureDefinition.checkGroup(name)) != nil else { return nil }
    let folder = folder(name)
    let names = try entries(of: folder)
    let ingestions = try Parallel.map(names.count, width: 8, chunk: 1) { index in
      try ingestion(names[index], index + 1, of: folder)
    }
    try check(ingestions, of: folder)
    return FeatureGroup(name: name, place: folder, ingestions: ingestions)
  }

  private func ingestion(_ name: String, _ sequence: Int, of folder: String) throws -> Ingestion {
    let path = "\(folder)/log/\(name)"
    guard name == Ingestion.number(sequence) else {
      throw FeatureStoreError(
        "\(path): expected the entry \(Ingestion.number(sequence)) of the log there; put back what was "
          + "removed from it, or take away what was added by hand",
        isDamage: true)
    }
    guard let bytes = try published.read(Self.entry, in: path),
      let ingestion = Ingestion(bytes, sequence: sequence)
    else {
      throw FeatureStoreError(
        "\(path)/\(Self.entry) is no entry of a feature group's log; put back the file that was there",
        isDamage: true)
    }
    return ingestion
  }

  /// Each entry must be one that the entries before it allow: all else was written by hand.
  private func check(_ ingestions: [Ingestion], of folder: String) throws {
    var seen: Set<Digest> = []
    for (position, ingestion) in ingestions.enumerated() {
      let last = position > 0 ? ingestions[position - 1].definition : ingestion.definition
      guard seen.insert(ingestion.batch).inserted,
        (try? last.evolved(by: ingestion.definition)) == ingestion.definition
      else {
        throw FeatureStoreError(
          "\(folder)/log/\(ingestion.number)/\(Self.entry) does not follow from the entries before it; "
            + "put back the file that was there", isDamage: true)
      }
    }
  }

  // MARK: Ingesting

  /// How often somebody else may ingest at the same moment.
  private static let patience = 8

  package func ingest(
    _ batch: FeatureBatch, into name: String, by author: Ingestion.Author, at time: Timestamp
  ) throws -> (group: FeatureGroup, isNew: Bool) {
    try FeatureDefinition.checkGroup(name)
    for _ in 0..<Self.patience {
      let group = try group(name)
      if let group, let known = group.ingestion(of: batch.digest) {
        return (group, isNew: try complete(known, of: group))
      }
      if group == nil { try checkViews(of: name) }
      let (grown, next) = try FeatureGroup.adding(
        batch, to: group, name: name, place: folder(name), by: author, at: time)
      let bytes = try next.bytes
      let entry = try local.objects.put(bytes: bytes)
      for file in batch.files {
        try published.add(exported(file, of: next), to: data(file, of: folder(name)))
      }
      let isOurs = try published.publish(
        [PublishedFile(name: Self.entry, digest: entry, size: Int64(bytes.count))],
        as: "\(folder(name))/log/\(next.number)")
      if isOurs { return (grown, isNew: true) }
    }
    throw FeatureStoreError("others keep ingesting into \(folder(name)); run again later")
  }

  /// Refuses a new group of which a view would have the name of another group's.
  private func checkViews(of name: String) throws {
    let views = FeatureViewNames(of: name)
    for other in try groups() where other != name {
      guard let shared = views.shared(with: FeatureViewNames(of: other)) else { continue }
      throw FeatureStoreError(
        "a feature group '\(name)' cannot be made in \(place): in SQL '\(shared)' would be its name and "
          + "that of the group '\(other)'; choose another name, or delete that group by `atelier features "
          + "delete \(other)`")
    }
  }

  // MARK: Deleting

  package func inventory(of name: String) throws -> PublishedInventory {
    try FeatureDefinition.checkGroup(name)
    return try published.inventory(of: folder(name))
  }

  /// The newest entry of the log goes first: what a kill leaves is the group as it was before.
  package func delete(_ name: String) throws {
    try FeatureDefinition.checkGroup(name)
    for entry in try entries(of: folder(name)).sorted(by: >) {
      try published.remove("\(folder(name))/log/\(entry)")
    }
    try published.remove(folder(name))
  }

  /// Puts back files of a batch that are gone or damaged; whether there were any.
  private func complete(_ ingestion: Ingestion, of group: FeatureGroup) throws -> Bool {
    let files = ingestion.files
    let mended = try Parallel.map(files.count, width: 8, chunk: 1) { position in
      let file = exported(files[position], of: ingestion)
      let folder = data(files[position], of: group.place)
      guard try !published.contains(file, in: folder) else { return false }
      try published.add(file, to: folder)
      return true
    }
    return mended.contains(true)
  }

  // MARK: Files

  /// A file as it lies in its day's folder.
  private func exported(_ file: FeatureBatch.File, of ingestion: Ingestion) -> PublishedFile {
    PublishedFile(
      name: "\(ingestion.batch.hex).parquet", digest: file.digest, size: file.size)
  }

  private func data(_ file: FeatureBatch.File, of folder: String) -> String {
    "\(folder)/data/\(FeatureBatch.folder(file.date))"
  }

  package func path(
    of file: FeatureBatch.File, in ingestion: Ingestion, of group: FeatureGroup
  ) throws -> String {
    guard published.isOnThisMachine else {
      try fetch(file, in: ingestion, of: group)
      return local.layout.blob(file.digest)
    }
    let folder = data(file, of: group.place)
    let exported = exported(file, of: ingestion)
    let path = "\(folder)/\(exported.name)"
    guard try published.contains(exported, in: folder) else { throw lost(path) }
    return path
  }

  private func fetch(
    _ file: FeatureBatch.File, in ingestion: Ingestion, of group: FeatureGroup
  ) throws {
    guard try !local.objects.contains(file.digest) else { return }
    let folder = data(file, of: group.place)
    let exported = exported(file, of: ingestion)
    do {
      try published.fetch(exported, from: folder)
    } catch StoreError.wrongDigest, StoreError.missing {
      throw lost("\(folder)/\(exported.name)")
    }
  }

  private func lost(_ path: String) -> FeatureStoreError {
    FeatureStoreError(
      "\(path) is gone or is not what was ingested; the log vouches for other bytes: put the file "
        + "back, or run the workshop again with the input that it came from",
      isDamage: true)
  }

  package func importHistory(of group: FeatureGroup) throws -> OutputRecord {
    for ingestion in group.ingestions {
      for file in ingestion.files { try fetch(file, in: ingestion, of: group) }
    }
    let (manifest, definition) = try group.history()
    _ = try local.objects.put(bytes: definition)
    _ = try local.objects.put(bytes: manifest.bytes)
    return try group.historyRecord()
  }
}
