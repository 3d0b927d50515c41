// Puts an artifact where people and other tools read it: an effect after an action, not part of
// its bytes. It writes a whole export under a hidden name and renames it into place.
import Atelier
import Content
import Execution
import FileTools
import LocalStores
import Publishing
import Trees
import Workers

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
  /// How much was written; nil where nothing was.
  package let figures: PublishedFigures?

  package init(
    path: String, dataset: String, export: String, isNew: Bool, artifact: KnownArtifact,
    figures: PublishedFigures? = nil
  ) {
    self.figures = figures
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
    try place.sweep(dataset)
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
    let newest = try place.newestExport(in: dataset)
    if let newest {
      let path = "\(dataset)/\(newest)"
      switch try place.compare(files, with: path) {
      case .same:
        return Delivery(
          path: path, dataset: dataset, export: newest.description, isNew: false,
          artifact: artifact)
      case .lacks(let missing):
        try fetchAll(artifact)
        guard try place.complete(path, with: missing, of: files) else { break }
        return Delivery(
          path: path, dataset: dataset, export: newest.description, isNew: true,
          artifact: artifact, figures: figures(of: missing, artifact))
      case .different: break
      }
    }
    let seconds = environment.sourceDateEpoch ?? environment.clock()
    guard let name = ExportTime.next(after: newest, secondsSince1970: seconds) else {
      throw EngineFailure(
        "\(dataset)/\(newest?.description ?? "") has the last time that an export can have, so that "
          + "no later one can be made; rename or remove it")
    }
    try fetchAll(artifact)
    guard try place.publish(files, as: "\(dataset)/\(name)") else { return nil }
    return Delivery(
      path: "\(dataset)/\(name)", dataset: dataset, export: name.description, isNew: true,
      artifact: artifact, figures: figures(of: files, artifact))
  }

  /// How much files are; rows where every file's can be counted.
  private func figures(
    of files: [PublishedFile], _ artifact: KnownArtifact
  ) -> PublishedFigures {
    let layout = environment.store.layout
    let mediaType = artifact.record.kind == .tree ? "" : artifact.record.mediaType
    return PublishedFigures(
      of: files.map { file in
        (
          file.size,
          RowCount.rows(
            of: layout.blob(file.digest), name: file.name, mediaType: mediaType, size: file.size)
        )
      })
  }

  /// Brings all bytes into the store, from another machine or from a source of this one.
  private func fetchAll(_ artifact: KnownArtifact) throws {
    try environment.importExternal(artifact)
    try environment.fetch(artifact)
  }

  /// The newest export of a data set, or nil.
  package func newest(in dataset: String) throws -> String? {
    try environment.published.newestExport(in: dataset)?.description
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

  /// The newest export, if it holds just this artifact; nothing is written.
  package func current(_ artifact: KnownArtifact, _ publication: Publication) throws -> Delivery? {
    let dataset = environment.published.dataset(
      bucket: publication.bucket, prefix: publication.prefix, name: publication.dataset)
    guard let export = try newest(in: dataset) else { return nil }
    let delivery = Delivery(
      path: "\(dataset)/\(export)", dataset: dataset, export: export, isNew: false,
      artifact: artifact)
    return try isPublished(artifact, publication, as: delivery) ? delivery : nil
  }

  /// Why a delivery would write, found without writing; nil where the newest export holds these bytes.
  package func reason(
    toDeliver artifact: KnownArtifact, to publication: Publication
  ) throws -> String? {
    let place = environment.published
    let dataset = place.dataset(
      bucket: publication.bucket, prefix: publication.prefix, name: publication.dataset)
    guard let newest = try newest(in: dataset) else { return "there is no export yet" }
    let files = try self.files(of: artifact, publication)
    switch try place.compare(files, with: "\(dataset)/\(newest)") {
    case .same: return nil
    case .lacks(let missing): return "\(newest) lacks \(missing.count) of its files"
    case .different: return "\(newest) holds other bytes"
    }
  }

  private func files(
    of artifact: KnownArtifact, _ publication: Publication
  ) throws -> [PublishedFile] {
    guard artifact.record.kind == .tree else {
      return [
        PublishedFile(
          name: publication.fileName, digest: artifact.record.digest, size: artifact.record.size)
      ]
    }
    let manifest = try manifest(of: artifact)
    func file(_ name: String, _ entry: TreeEntry) -> PublishedFile {
      PublishedFile(
        name: name, digest: entry.digest, size: entry.size, isExecutable: entry.isExecutable)
    }
    let linked = try manifest.links.map { link in
      guard let entry = manifest.file(at: link.path) else {
        throw EngineFailure(
          "the link '\(link.path)' of the tree leads to '\(link.target)', which is no file of it; "
            + "exports have no links, so deliver a tree whose links lead to files")
      }
      return file(link.path, entry)
    }
    return manifest.entries.map { file($0.path, $0) } + linked
  }

  /// The manifest of a tree; a source of this machine is not copied for it.
  private func manifest(of artifact: KnownArtifact) throws -> TreeManifest {
    if case .external(let content) = artifact.location {
      let scan = try environment.store.trees.scanTree(content.path)
      guard scan.digest == artifact.record.digest else {
        throw FileError.changing(path: content.path)
      }
      return scan.manifest
    }
    try environment.fetch(artifact, isWhole: false)
    return try environment.store.trees.manifest(of: artifact.record)
  }
}
