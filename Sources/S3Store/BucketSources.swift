// Objects in buckets as sources of a graph: which version is there, and its bytes. What a step does
// with them it does not know.
import Content
import LocalStores
import Names
import RemoteCache
import RemoteSources
import S3

/// Reads `s3://bucket/key` for steps of this machine.
///
/// A version is what one HEAD tells: ETag, size and time. Its digest is that of the bytes, which come
/// down once; a note below `.atelier/sources/` keeps the two together.
package struct BucketSources: SourceObjects {
  private let local: LocalStore
  private let notes: SourceNotes
  private let clients: BucketClients
  private let seen: [String: ObjectMetadata]
  /// Seconds since 1970.
  private let clock: @Sendable () -> Double

  /// `local` takes the bytes, and may be open for reading only.
  ///
  /// `seen` are what was seen a moment ago: as long as they are fresh, they save a request each.
  package init(
    local: LocalStore, clients: BucketClients, seen: [ObjectMetadata] = [],
    clock: @escaping @Sendable () -> Double
  ) {
    self.local = local
    self.clients = clients
    self.seen = Dictionary(seen.map { ($0.url, $0) }, uniquingKeysWith: { $1 })
    self.clock = clock
    notes = SourceNotes(local)
  }

  package func names(inFolder url: String) throws -> [String] {
    let location = try translated { try S3URL(url) }
    let client = try clients.client(of: location.bucket)
    let folder = location.folder
    let listed = try translated { try client.list(folder, delimiter: "/", after: nil) }
    func below(_ key: String) -> String {
      String(decoding: key.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
    }
    // Consoles mark a folder by an empty object of its name.
    let objects = listed.objects.map { below($0.key) }.filter { !$0.isEmpty }
    let names = objects + listed.folders.map(below)
    for name in objects + listed.folders.map({ String(below($0).dropLast()) })
    where !Self.isPlain(name) {
      throw RemoteFailure(
        .unusable,
        "an object in \(url) is named '\(Self.visible(name))'; a source's name has no '/', no control "
          + "character and is not '.' or '..': rename or remove the object")
    }
    return names.sorted()
  }

  /// Whether a file may have the name on any machine.
  private static func isPlain(_ name: String) -> Bool {
    name != "." && name != ".."
      && name.unicodeScalars.allSatisfy { $0 != "/" && $0.properties.generalCategory != .control }
  }

  /// A name for a message: control characters by their numbers.
  private static func visible(_ name: String) -> String {
    name.unicodeScalars.prefix(100).map { scalar in
      scalar.properties.generalCategory == .control
        ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
  }

  package func head(_ url: String) throws -> ObjectMetadata? {
    do {
      return try head(Location(url, clients))
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return nil
    }
  }

  /// Seconds for which metadata stand for another request: as long as a run needs to begin, but not as
  /// long as it may wait for the store or for a branch.
  private static let freshness = 10.0

  private func freshMetadata(of url: String) -> ObjectMetadata? {
    seen[url].flatMap { (0..<Self.freshness).contains(clock() - $0.seen) ? $0 : nil }
  }

  /// How often an object may be replaced while it comes down.
  private static let patience = 5

  package func resolve(_ url: String) throws -> SourceObject {
    let location = try Location(url, clients)
    var object = try freshMetadata(of: url) ?? head(location)
    if let digest = notes.digest(location.identity, object.version) {
      return SourceObject(
        url: url, version: object.version, digest: digest, size: object.size)
    }
    for _ in 0..<Self.patience {
      if let record = try download(location, object) {
        // Two writes within one tick of the endpoint's clock may look alike.
        if object.written + Self.tick < clock() {
          try notes.add(location.identity, object.version, record.digest)
        }
        return SourceObject(
          url: url, version: object.version, digest: record.digest, size: record.size)
      }
      object = try head(location)
    }
    throw RemoteFailure(.refused, "\(url) is written again and again; run when it rests")
  }

  /// The bytes of a version; nil where another took its place before they were here.
  private func download(_ location: Location, _ seen: ObjectMetadata) throws -> OutputRecord? {
    do {
      let record = try download(location, size: seen.size)
      let isSame = try self.head(location).version == seen.version
      return isSame && record.size == seen.size ? record : nil
    } catch let failure as RemoteFailure where Self.mayTellOfAnother(failure) {
      guard try self.head(location).version != seen.version else { throw failure }
      return nil
    }
  }

  /// Whether a download may have failed since another version was there: one of another size, or one
  /// that came between two parts.
  private static func mayTellOfAnother(_ failure: RemoteFailure) -> Bool {
    failure.kind == .damaged || failure.kind == .taken
  }

  /// Seconds; S3 tells whole ones.
  private static let tick = 2.0

  package func fetch(_ object: SourceObject) throws {
    guard try !local.objects.contains(object.digest) else { return }
    let overwritten = RemoteFailure(
      .missing, "\(object.url) was overwritten since this run looked at it; run again")
    do {
      let found = try download(Location(object.url, clients), size: object.size)
      guard found.digest == object.digest else { throw overwritten }
    } catch let failure as RemoteFailure where Self.mayTellOfAnother(failure) {
      throw try hasMoved(object) ? overwritten : failure
    }
  }

  package func hasMoved(_ object: SourceObject) throws -> Bool {
    do {
      return try head(Location(object.url, clients)).version != object.version
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return true
    }
  }

  private func head(_ location: Location) throws -> ObjectMetadata {
    let seen = clock()
    let object: S3Object
    do {
      object = try location.client.head(location.key)
    } catch {
      // A HEAD says the same of a missing bucket as of a missing object.
      if error.kind == .notFound { try refuseMissingBucket(location) }
      throw RemoteFailure(error)
    }
    let written = object.lastModified.map { Double($0.seconds) } ?? .infinity
    return ObjectMetadata(
      url: location.url, version: "\(object.etag) \(object.size) \(written)", size: object.size,
      written: written, seen: seen)
  }

  /// Throws where the bucket itself is not there; a listing tells where it may be made.
  private func refuseMissingBucket(_ location: Location) throws {
    do {
      _ = try location.client.list(location.key, delimiter: "/", after: nil)
    } catch {
      if error.kind == .noSuchBucket { throw RemoteFailure(error) }
    }
  }

  private func download(_ location: Location, size: Int64) throws -> OutputRecord {
    let store =
      local.isReadOnly ? try LocalStore.open(root: local.layout.root, readOnly: false) : local
    defer { if local.isReadOnly { try? store.close() } }
    return try store.withTemporaryPath { path in
      _ = try translated {
        try location.client.download(location.key, file: path, size: size, expecting: nil)
      }
      return try store.objects.adopt(file: path, mediaType: "")
    }
  }

  /// Where a URL leads.
  private struct Location {
    let url: String
    let client: any BucketClient
    let key: String
    /// Distinct for each object of each endpoint.
    let identity: String

    init(_ url: String, _ clients: BucketClients) throws {
      self.url = url
      let location = try translated { try S3URL(object: url) }
      client = try clients.client(of: location.bucket)
      key = location.key
      identity = "\(url) at \(client.location.endpoint)"
    }
  }
}
