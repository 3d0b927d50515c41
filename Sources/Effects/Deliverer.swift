// Puts an artifact where people and other tools read it: an effect after an action, not part of
// its bytes. It writes a whole export under a hidden name and renames it into place.
import Atelier
import Content
import Execution
import Publishing

/// What a delivery found or made.
package struct Delivery: Sendable {
  /// The export's folder, absolute, or that of a feature group.
  package let path: String
  /// The folder that holds all exports of the data set, or a feature group's log.
  package let dataset: String
  /// The newest export's name, for example `exportTime=20240701120000`, or the log's newest entry.
  package let export: String
  /// False where the newest export already held these bytes.
  package let isNew: Bool
  /// The output: what was delivered, or all that the group holds.
  package let artifact: KnownArtifact

  package init(path: String, dataset: String, export: String, isNew: Bool, artifact: KnownArtifact)
  {
    self.path = path
    self.dataset = dataset
    self.export = export
    self.isNew = isNew
    self.artifact = artifact
  }
}

/// Delivers artifacts into the published place of a store.
package struct Deliverer: Sendable {
  package let environment: EngineEnvironment

  package init(environment: EngineEnvironment) {
    self.environment = environment
  }

  /// Delivers an artifact; another run that delivers to the same place waits meanwhile.
  package func deliver(
    _ artifact: KnownArtifact, to publication: Publication, isCancelled: @escaping () -> Bool
  ) throws -> Delivery {
    let store = environment.store
    let place = environment.published
    let dataset = place.dataset(
      bucket: publication.bucket, prefix: publication.prefix, name: publication.dataset)
    guard
      let lock = try store.locks.wait(
        for: ActionKey(try Digest.of("delivery:" + dataset)), isCancelled: isCancelled)
    else { throw EngineFailure("cancelled") }
    defer { lock.release() }
    try environment.importExternal(artifact)
    let files = try self.files(of: artifact, publication)
    for _ in 0..<Self.patience {
      if let delivery = try deliver(files, of: artifact, to: dataset) { return delivery }
    }
    throw EngineFailure("others keep publishing in \(dataset); run again later")
  }

  /// How often somebody else may publish at the same second.
  private static let patience = 8

  /// nil when somebody else has just taken the export's name.
  private func deliver(
    _ files: [PublishedFile], of artifact: KnownArtifact, to dataset: String
  ) throws -> Delivery? {
    let place = environment.published
    let exports = try place.exports(in: dataset, prefix: ExportTime.prefix)
    if let newest = exports.last {
      let path = "\(dataset)/\(newest)"
      switch try place.compare(files, with: path) {
      case .same:
        return Delivery(
          path: path, dataset: dataset, export: newest, isNew: false, artifact: artifact)
      case .lacks(let missing):
        try fetch(artifact, isWhole: true)
        guard try place.complete(path, with: missing, of: files) else { break }
        return Delivery(
          path: path, dataset: dataset, export: newest, isNew: true, artifact: artifact)
      case .different: break
      }
    }
    let name = ExportTime.next(
      after: exports.last, seconds: environment.sourceDateEpoch ?? environment.clock())
    try fetch(artifact, isWhole: true)
    guard try place.publish(files, as: "\(dataset)/\(name)") else { return nil }
    return Delivery(
      path: "\(dataset)/\(name)", dataset: dataset, export: name, isNew: true, artifact: artifact)
  }

  /// Fetches what another machine made: the list of files, or all of it where it is to be written.
  private func fetch(_ artifact: KnownArtifact, isWhole: Bool) throws {
    try environment.fetch(artifact, isWhole: isWhole)
  }

  /// The newest export of a data set, or nil.
  package func newest(in dataset: String) throws -> String? {
    try environment.published.exports(in: dataset, prefix: ExportTime.prefix).last
  }

  /// Whether the newest export is the one that was found, with nothing but this artifact in it.
  package func isPublished(
    _ artifact: KnownArtifact, _ publication: Publication, as delivery: Delivery
  ) throws -> Bool {
    guard try newest(in: delivery.dataset) == delivery.export else { return false }
    try environment.importExternal(artifact)
    let files = try files(of: artifact, publication)
    if case .same = try environment.published.compare(files, with: delivery.path) {
      return true
    }
    return false
  }

  /// Why a delivery would write, found without writing; nil where the newest export holds these bytes.
  package func reason(
    toDeliver artifact: KnownArtifact, to publication: Publication
  ) throws -> String? {
    let place = environment.published
    let dataset = place.dataset(
      bucket: publication.bucket, prefix: publication.prefix, name: publication.dataset)
    guard let newest = try newest(in: dataset) else { return "there is no export yet" }
    let files: [PublishedFile]
    if case .external(let content) = artifact.location, artifact.record.kind == .tree {
      files = try environment.store.trees.scanTree(content.path).manifest.entries.map {
        ($0.path, $0.digest, $0.size)
      }
    } else {
      files = try self.files(of: artifact, publication)
    }
    switch try place.compare(files, with: "\(dataset)/\(newest)") {
    case .same: return nil
    case .lacks(let missing): return "\(newest) lacks \(missing.count) of its files"
    case .different: return "\(newest) holds other bytes"
    }
  }

  /// An artifact's files, of what is in the store or is one file elsewhere.
  private func files(
    of artifact: KnownArtifact, _ publication: Publication
  ) throws -> [PublishedFile] {
    guard artifact.record.kind == .tree else {
      return [(publication.fileName, artifact.record.digest, artifact.record.size)]
    }
    try fetch(artifact, isWhole: false)
    return try environment.store.trees.manifest(of: artifact.record).entries.map {
      ($0.path, $0.digest, $0.size)
    }
  }
}
