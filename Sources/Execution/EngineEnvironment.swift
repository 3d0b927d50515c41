// What the engine needs of its surroundings, handed in by the CLI or a test.
import Atelier
import AtelierStep
import Content
import FeatureStore
import FileTools
import LocalStores
import Programs
import Publishing
import RemoteCache
import RemoteSources
import StoreFolder
import Workers

/// The surroundings of a run: store, programs, places, and the clock.
package struct EngineEnvironment: Sendable {
  package let store: LocalStore
  /// The store that is shared with other machines, if there is one.
  package let shared: SharedStore?
  /// Where deliveries go.
  package let published: any PublishTarget
  /// The feature groups below a place.
  package let features: @Sendable (FeaturePlace) -> any FeatureStore
  /// Where sources that are named by URL come from.
  package let sources: any SourceObjects
  /// The platform on which some steps act.
  package let platform: any StepPlatform
  /// What a plan says of the bytes of sources, by the node's name; empty where a run looks at them itself.
  package let planned: [String: PlannedSource]
  package let programs: ProgramTable
  /// The folder from which relative source paths start, absolute.
  package let projectRoot: String
  /// The program that is started as `atelier worker`, absolute.
  package let workerPath: String
  package let catalogue: StepCatalogue
  /// Who runs this on which machine, `user@host`, for records only.
  package let host: String
  /// Seconds since 1970, for records and exportTime only, never for a key.
  package let clock: @Sendable () -> Double
  /// Seconds since 1970 that exportTime is to use instead of the clock (SOURCE_DATE_EPOCH).
  package let sourceDateEpoch: Double?
  /// Variables that every worker gets beside the fixed ones (proxies, GLIBC_TUNABLES).
  package let passedEnvironment: [String: String]
  /// The configuration values behind the graph, for records only; no secret is among them.
  package let settings: JSONValue
  /// Whom a run is charged to, such as `project` and `CostCenter`, for records only.
  package let labels: [String: String]
  /// Bytes of an attempt that its log keeps.
  package let logLimit: Int
  /// The store in which the logs of steps lie: this machine's own, or one that many see.
  package let logs: StoreLayout

  package init(
    store: LocalStore, shared: SharedStore? = nil, published: (any PublishTarget)? = nil,
    features: (@Sendable (FeaturePlace) -> any FeatureStore)? = nil,
    sources: (any SourceObjects)? = nil, platform: any StepPlatform = NoPlatform(),
    planned: [String: PlannedSource] = [:],
    programs: ProgramTable, projectRoot: String,
    workerPath: String,
    catalogue: StepCatalogue, host: String, clock: @escaping @Sendable () -> Double,
    sourceDateEpoch: Double? = nil, passedEnvironment: [String: String] = [:],
    settings: JSONValue = [:], labels: [String: String] = [:], logLimit: Int = 64 << 20,
    logs: StoreLayout? = nil
  ) {
    self.store = store
    self.shared = shared
    let published = published ?? PublishedFolder(store)
    self.published = published
    self.features =
      features ?? { place in
        OfflineFeatureStore(
          local: store, published: published, bucket: place.bucket, prefix: place.prefix)
      }
    self.sources = sources ?? NoSourceObjects()
    self.platform = platform
    self.planned = planned
    self.programs = programs
    self.projectRoot = projectRoot
    self.workerPath = workerPath
    self.catalogue = catalogue
    self.host = host
    self.clock = clock
    self.sourceDateEpoch = sourceDateEpoch
    self.passedEnvironment = passedEnvironment
    self.settings = settings
    self.labels = labels
    self.logLimit = logLimit
    self.logs = logs ?? store.layout
  }
}

/// Stands where nobody gave a way to objects elsewhere.
private struct NoSourceObjects: SourceObjects {
  private func refuse(_ url: String) -> RemoteFailure {
    RemoteFailure(.unusable, "\(url): this program reads sources of this machine only")
  }

  func names(inFolder url: String) throws -> [String] { throw refuse(url) }
  func head(_ url: String) throws -> ObjectMetadata? { throw refuse(url) }
  func resolve(_ url: String) throws -> SourceObject { throw refuse(url) }
  func fetch(_ object: SourceObject) throws { throw refuse(object.url) }
  func hasMoved(_ object: SourceObject) throws -> Bool { throw refuse(object.url) }
}

extension EngineEnvironment {
  /// Makes sure that an artifact's bytes are on this machine, wherever they come from.
  ///
  /// Unless `isWhole`, a tree's manifest will do. Throws `LostBlobs` where they cannot be had, and
  /// `RemoteFailure` for an object that is another one by now.
  package func fetch(_ artifact: KnownArtifact, isWhole: Bool = true) throws {
    if case .external = artifact.location { return }
    if let origin = artifact.origin { return try sources.fetch(origin) }
    try fetch(artifact.record, isWhole: isWhole)
  }

  /// Takes what is outside of the store into it; what is there already is not copied.
  ///
  /// Throws `FileError.changing` where it is no longer what was hashed.
  package func importExternal(_ artifact: KnownArtifact) throws {
    guard case .external(let content) = artifact.location else { return }
    let record = content.record
    if case .good = try store.trees.check(record) { return }
    let found =
      record.kind == .tree
      ? try store.trees.importTree(content.path, mediaType: record.mediaType)
      : try store.objects.importCopy(of: content.path, mediaType: record.mediaType)
    guard found.digest == record.digest else { throw FileError.changing(path: content.path) }
  }

  /// The bytes of an artifact of at most so many, from here or the shared store; nil where they are not to be
  /// had.
  package func bytes(of digest: Digest, atMost limit: Int64) -> [UInt8]? {
    store.bytes(of: digest, atMost: limit, fetchingFrom: shared)
  }

  /// Makes sure that an output's blobs are on this machine; throws `LostBlobs` where they cannot be.
  ///
  /// Unless `isWhole`, a tree's manifest will do.
  package func fetch(_ record: OutputRecord, isWhole: Bool = true) throws {
    guard let shared else { return }
    do {
      try shared.fetch(record, isWhole: isWhole)
    } catch let failure as RemoteFailure where failure.kind != .cancelled {
      throw LostBlobs(digests: [record.digest], reason: "\(failure)")
    }
  }
}

/// Outputs that a result names and nobody can give: who made them has to run again.
package struct LostBlobs: Error, CustomStringConvertible {
  /// Of the outputs, not of the files within a tree.
  package let digests: Set<Digest>
  package let reason: String

  package init(digests: Set<Digest>, reason: String) {
    self.digests = digests
    self.reason = reason
  }

  package var description: String {
    "the bytes of an input are lost (\(reason)); run again to make them anew"
  }
}
