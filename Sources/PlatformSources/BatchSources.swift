// Batches of the platform's data sets as sources of a graph: which there are, and the bytes of their files.
import AdobePlatform
import Content
import LocalStores
import Names
import RemoteCache
import RemoteSources

/// Reads `aep://<data set>/<batch>/<file>` for steps of this machine.
///
/// A version is the batch, the file and its length, since a batch that succeeded never changes. Its digest
/// is that of the bytes, which come down once. `aep://<data set>/_version`, also behind a batch, is the
/// document that names the batches that are there.
package struct BatchSources: SourceObjects {
  private let local: LocalStore
  private let notes: SourceNotes
  private let batchNotes: BatchNotes
  private let observations: PlatformObservations
  private let connect: @Sendable () throws -> PlatformClient
  /// Seconds since 1970.
  private let clock: @Sendable () -> Double

  /// `local` takes the bytes, and may be open for reading only; `connect` gives the client for the first
  /// request.
  package init(
    local: LocalStore, observations: PlatformObservations,
    connect: @escaping @Sendable () throws -> PlatformClient,
    clock: @escaping @Sendable () -> Double
  ) {
    self.local = local
    self.observations = observations
    self.connect = connect
    self.clock = clock
    notes = SourceNotes(local)
    batchNotes = BatchNotes(local)
  }

  package func names(inFolder url: String) throws -> [String] {
    try translated {
      let place = try PlatformURL(url)
      let client = try connect()
      let batches = try observed(place, client)
      guard let batch = place.batch else { return batches.map { $0.id + "/" } }
      try require(batch, in: batches, place)
      let folder = place.file.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
      let inner = try files(batch, client).compactMap { file -> String? in
        guard file.shown.hasPrefix(folder) else { return nil }
        let rest = file.shown.dropFirst(folder.count)
        guard let slash = rest.firstIndex(of: "/") else { return String(rest) }
        return String(rest[...slash])
      }
      return Set(inner).sorted()
    }
  }

  package func head(_ url: String) throws -> ObjectMetadata? {
    do {
      return try translated { try metadata(Target(url, self)) }
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return nil
    }
  }

  private func metadata(_ target: Target) -> ObjectMetadata {
    ObjectMetadata(
      url: target.url, version: target.version, size: target.size, written: 0, seen: clock())
  }

  package func resolve(_ url: String) throws -> SourceObject {
    try translated {
      let target = try Target(url, self)
      if let digest = notes.digest(target.identity, target.version) {
        return SourceObject(url: url, version: target.version, digest: digest, size: target.size)
      }
      let found = try bring(target)
      try notes.add(target.identity, target.version, found.digest)
      return SourceObject(url: url, version: target.version, digest: found.digest, size: found.size)
    }
  }

  package func fetch(_ object: SourceObject) throws {
    guard try !local.objects.contains(object.digest) else { return }
    try translated {
      let target = try Target(object.url, self)
      guard target.version == object.version, try bring(target).digest == object.digest else {
        throw RemoteFailure(
          .missing, "\(object.url) changed since this run looked at it; run again")
      }
    }
  }

  package func hasMoved(_ object: SourceObject) throws -> Bool {
    try head(object.url)?.version != object.version
  }

  // MARK: What is there

  /// The batches of a data set, which must be there.
  private func observed(_ place: PlatformURL, _ client: PlatformClient) throws -> [Batch] {
    guard let batches = try observations.batches(of: place.dataset, client) else {
      throw RemoteFailure(
        .unusable,
        "there is no data set '\(place.dataset)' in the sandbox '\(client.settings.sandbox)' of "
          + "\(client.settings.organization); check the id, and [Platform] sandbox_name")
    }
    return batches
  }

  private func require(_ batch: String, in batches: [Batch], _ place: PlatformURL) throws {
    guard !batches.contains(where: { $0.id == batch }) else { return }
    throw RemoteFailure(
      .missing, "the data set '\(place.dataset)' has no batch '\(batch)' that succeeded")
  }

  /// A file and the name that it goes by here: its own, or where a batch has it twice, with its id before.
  private struct ShownFile {
    let file: BatchFile
    let shown: String
  }

  private func files(_ batch: String, _ client: PlatformClient) throws -> [ShownFile] {
    let files: [BatchFile]
    let settings = client.settings
    let place = "\(settings.organization)\n\(settings.sandbox)\n\(settings.endpoint)"
    if let noted = batchNotes.files(batch, of: place) {
      files = noted
    } else {
      files =
        try observations.files(ofBatch: batch, client)
        ?? DataAccess(client).files(ofBatch: batch)
      observations.keep(files, ofBatch: batch, client)
      try batchNotes.add(batch, of: place, files)
    }
    let counts = Dictionary(files.map { ($0.name, 1) }, uniquingKeysWith: +)
    return try files.map { file in
      guard Self.isPlain(file.name) else {
        throw RemoteFailure(
          .unusable,
          "a file of the batch \(batch) is named '\(file.name.prefix(100))'; a source's name has no "
            + "control character, and no part of it is empty, '.' or '..'")
      }
      let isTwice = counts[file.name] ?? 0 > 1
      return ShownFile(file: file, shown: isTwice ? "\(file.fileID)/\(file.name)" : file.name)
    }
  }

  /// Whether a file may have the name on any machine.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.count <= 1024
      && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      && name.split(separator: "/", omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  // MARK: Bytes

  private func bring(_ target: Target) throws -> (digest: Digest, size: Int64) {
    let store =
      local.isReadOnly ? try LocalStore.open(root: local.layout.root, readOnly: false) : local
    defer { if local.isReadOnly { try? store.close() } }
    switch target.content {
    case .version(let bytes): return (try store.objects.put(bytes: bytes), Int64(bytes.count))
    case .file(let file):
      return try store.withTemporaryPath { path in
        try DataAccess(target.client).download(file, to: path)
        let record = try store.objects.adopt(file: path, mediaType: "")
        return (record.digest, record.size)
      }
    }
  }

  /// What a URL leads to.
  private struct Target {
    enum Content {
      case file(BatchFile)
      /// The bytes of the document.
      case version([UInt8])
    }

    let url: String
    let client: PlatformClient
    let content: Content
    let version: String
    let size: Int64
    /// Distinct for each object of each sandbox of each organisation.
    let identity: String

    init(_ url: String, _ sources: BatchSources) throws {
      let place = try PlatformURL(object: url)
      client = try sources.connect()
      self.url = url
      let settings = client.settings
      identity = "\(url) of \(settings.organization) \(settings.sandbox) at \(settings.endpoint)"
      let batches = try sources.observed(place, client)
      guard let batch = place.batch, batch != PlatformURL.version else {
        (content, version, size) = try Self.document(place, batches, settings)
        return
      }
      try sources.require(batch, in: batches, place)
      guard place.file != PlatformURL.version else {
        (content, version, size) = try Self.document(
          place, batches.filter { $0.id == batch }, settings)
        return
      }
      guard let found = try sources.files(batch, client).first(where: { $0.shown == place.file })
      else {
        throw RemoteFailure(.missing, "the batch '\(batch)' has no file '\(place.file ?? "")'")
      }
      content = .file(found.file)
      version = "\(batch) \(found.file.fileID) \(found.file.name) \(found.file.length)"
      size = found.file.length
    }

    private static func document(
      _ place: PlatformURL, _ batches: [Batch], _ settings: PlatformSettings
    ) throws -> (Content, String, Int64) {
      let counted = try batches.map { batch in
        guard let records = batch.records else {
          throw RemoteFailure(
            .damaged, "Catalog tells no record count of the batch \(batch.id) of \(place)")
        }
        return DataSetVersion.Batch(id: batch.id, records: records)
      }
      let document = DataSetVersion(settings, dataset: place.dataset, batches: counted)
      let bytes = try document.bytes()
      return (.version(bytes), try Digest.of(bytes).description, Int64(bytes.count))
    }
  }
}
