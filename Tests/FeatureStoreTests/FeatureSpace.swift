// What the tests of feature stores share: a machine, batches of records, a place of its own kind.
import AtelierStep
import AtelierTesting
import Content
import FeatureStore
import Foundation
import LocalStores
import Publishing
import Synchronization

typealias Feature = FeatureDefinition.Feature

/// A machine with a local store.
///
/// What stands for Parquet is text: the store reads none of it.
final class FeatureSpace: Sendable {
  let folder: TemporaryFolder
  let local: LocalStore

  init() throws {
    folder = try TemporaryFolder()
    local = try LocalStore.open(root: folder("store"), readOnly: false)
  }

  /// The group's folder in the published area.
  func place(_ name: String) -> String { folder("store/bucket/pre/fix/features/\(name)") }

  /// The store over the published area, or over another place.
  func store(_ published: (any PublishTarget)? = nil) -> OfflineFeatureStore {
    OfflineFeatureStore(
      local: local, published: published ?? PublishedFolder(local), bucket: "bucket",
      prefix: "pre/fix")
  }

  static func definition(_ more: [Feature] = []) throws -> FeatureDefinition {
    try FeatureDefinition(
      recordIdentifier: "id", eventTime: "time",
      features: [Feature("id", .string), Feature("time", .fractional)] + more)
  }

  /// A batch with a text for each date.
  func batch(_ texts: [String: String], _ more: [Feature] = []) throws -> FeatureBatch {
    let name = "store/.atelier/work/\(UUID().uuidString)"
    let definition = try Self.definition(more).json.canonicalText()
    try folder.write(definition, to: "\(name)/group.json")
    for (date, text) in texts {
      let kind = date.count == 10 ? "date" : date.count == 7 ? "month" : "year"
      try folder.write(text, to: "\(name)/event_\(kind)=\(date)/records.parquet")
    }
    let record = try local.trees.adoptTree(
      folder(name), mediaType: FeatureRecords.mediaType)
    return try FeatureBatch(record, in: local)
  }

  /// All files below a folder of the published area with their bytes.
  func files(below folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in TestFiles.list(folder) { files[path] = try TestFiles.read("\(folder)/\(path)") }
    return files
  }
}

extension Ingestion.Author {
  static let anna = Ingestion.Author(run: "run-1", host: "anna@here")
  static let ben = Ingestion.Author(run: "run-2", host: "ben@there")
}

extension Timestamp {
  static let noon = Timestamp(milliseconds: 1_795_262_400_000)
  static let later = Timestamp(milliseconds: 1_795_262_401_234)
}

extension OfflineFeatureStore {
  /// Ingests as Anna at noon.
  @discardableResult
  func ingest(_ batch: FeatureBatch, _ name: String = "group") throws -> (
    group: FeatureGroup, isNew: Bool
  ) {
    try ingest(batch, into: name, by: .anna, at: .noon)
  }
}

/// Ends as a killed process would: the calls before the limit take place, no later one does.
final class KilledPlace: PublishTarget {
  struct Killed: Error {}

  private let base: any PublishTarget
  private let left: Mutex<Int>

  init(_ base: any PublishTarget, after calls: Int) {
    self.base = base
    left = Mutex(calls)
  }

  private func step<Answer>(_ body: () throws -> Answer) throws -> Answer {
    let lives = left.withLock { left in
      left -= 1
      return left >= 0
    }
    guard lives else { throw Killed() }
    return try body()
  }

  var isOnThisMachine: Bool { base.isOnThisMachine }

  func dataset(bucket: String, prefix: String, name: String) -> String {
    base.dataset(bucket: bucket, prefix: prefix, name: name)
  }
  func exports(in dataset: String, prefix: String) throws -> [String] {
    try step { try base.exports(in: dataset, prefix: prefix) }
  }
  func files(in export: String) throws -> [String: Digest] {
    try step { try base.files(in: export) }
  }
  func publish(_ files: [PublishedFile], as export: String) throws -> Bool {
    try step { try base.publish(files, as: export) }
  }
  func add(_ file: PublishedFile, to export: String) throws {
    try step { try base.add(file, to: export) }
  }
  func contains(_ file: PublishedFile, in export: String) throws -> Bool {
    try step { try base.contains(file, in: export) }
  }
  func read(_ name: String, in export: String) throws -> [UInt8]? {
    try step { try base.read(name, in: export) }
  }
  func fetch(_ file: PublishedFile, from export: String) throws {
    try step { try base.fetch(file, from: export) }
  }
  func inventory(of folder: String) throws -> PublishedInventory {
    try step { try base.inventory(of: folder) }
  }
  func remove(_ folder: String) throws { try step { try base.remove(folder) } }
}
