// Adds records to a feature group: an effect after an action. Its output is what the group holds then,
// so what was learnt from a group is keyed by the records that were there.
import Atelier
import AtelierStep
import Content
import Execution
import FeatureStore
import Workers

/// How far an ingestion goes.
package enum IngestionMode: Sendable {
  /// The records are added.
  case added
  /// Nothing is written to the group: its output is what it would hold with the records.
  case foreseen
  /// The group is not looked at: its output is these records alone.
  case alone
}

package struct Ingester: Sendable {
  package let environment: EngineEnvironment
  /// Of the run, for the group's log.
  package let run: String

  package init(environment: EngineEnvironment, run: String) {
    self.environment = environment
    self.run = run
  }

  /// Adds records to a group; another run that adds to the same one waits meanwhile.
  package func ingest(
    _ records: KnownArtifact, into place: FeaturePlace, _ mode: IngestionMode,
    isCancelled: @escaping () -> Bool
  ) throws -> Delivery {
    let features = environment.features(place)
    // The records are needed here whatever happens: they are part of the output.
    try environment.importExternal(records)
    try environment.fetch(records)
    let batch = try FeatureBatch(records.record, in: environment.store)
    let group: FeatureGroup
    var isNew = false
    switch mode {
    case .added:
      guard
        let lock = try environment.store.locks.wait(
          for: FeatureLock.key(of: place.group, in: features.place), isCancelled: isCancelled)
      else { throw EngineFailure("cancelled") }
      defer { lock.release() }
      (group, isNew) = try features.ingest(batch, into: place.group, by: author, at: now)
    case .foreseen:
      group = try foreseen(batch, place, features)
    case .alone:
      group = try grown(batch, nil, place, features)
    }
    let history = try features.importHistory(of: group)
    return Delivery(
      path: group.place, dataset: "\(group.place)/log",
      export: group.ingestions.last?.number ?? "", isNew: isNew,
      artifact: KnownArtifact(record: history, location: .store),
      figures: isNew ? figures(of: batch) : nil)
  }

  /// How much a batch is.
  private func figures(of batch: FeatureBatch) -> PublishedFigures {
    let layout = environment.store.layout
    return PublishedFigures(
      of: batch.files.map { ($0.size, ParquetFooter.rows(of: layout.blob($0.digest))) })
  }

  /// What an ingestion would give, where nothing may be written, and whether it would add the records;
  /// nil where those are not here.
  package func foresee(
    _ records: KnownArtifact, into place: FeaturePlace
  ) throws -> (history: KnownArtifact, isNew: Bool)? {
    let batch: FeatureBatch
    switch records.location {
    case .external(let content): batch = try FeatureBatch(folder: content.path, environment.store)
    case .store:
      guard let kept = try? FeatureBatch(records.record, in: environment.store) else { return nil }
      batch = kept
    }
    let features = environment.features(place)
    let isNew = try features.group(place.group)?.ingestion(of: batch.digest) == nil
    let group = try foreseen(batch, place, features)
    return (KnownArtifact(record: try group.historyRecord(), location: .store), isNew)
  }

  /// Whether the group still is what an ingestion left.
  package func isIngested(_ history: KnownArtifact, _ place: FeaturePlace) throws -> Bool {
    let features = environment.features(place)
    return try features.group(place.group)?.historyRecord().digest == history.record.digest
  }

  private func foreseen(
    _ batch: FeatureBatch, _ place: FeaturePlace, _ features: any FeatureStore
  ) throws -> FeatureGroup {
    let group = try features.group(place.group)
    if let group, group.ingestion(of: batch.digest) != nil { return group }
    return try grown(batch, group, place, features)
  }

  private func grown(
    _ batch: FeatureBatch, _ group: FeatureGroup?, _ place: FeaturePlace,
    _ features: any FeatureStore
  ) throws -> FeatureGroup {
    try FeatureGroup.adding(
      batch, to: group, name: place.group, place: "\(features.place)/\(place.group)", by: author,
      at: now
    ).group
  }

  private var author: Ingestion.Author { .init(run: run, host: environment.host) }

  private var now: Timestamp { Timestamp(secondsSince1970: environment.clock()) }
}
