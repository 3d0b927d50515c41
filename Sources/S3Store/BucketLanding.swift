// A prefix of a bucket as a landing place. An object there is whole from its first moment.
import AWS
import Content
import Stores

/// The objects below `s3://bucket/prefix`.
public struct BucketLanding: LandingPlace {
  private let client: any BucketClient
  private let sources: any SourceObjects
  private let local: StoreLayout
  private let bucket: String
  private let prefix: String

  /// `sources` brings objects into the store of the layout.
  public init(
    bucket: String, prefix: String, clients: BucketClients, sources: any SourceObjects,
    local: StoreLayout
  ) throws {
    client = try clients.client(of: bucket)
    self.sources = sources
    self.local = local
    self.bucket = bucket
    self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
  }

  public var shown: String { "s3://\(bucket)/\(prefix)" }

  public func objects() throws -> [LandedObject] {
    try translated { try client.list(prefix, delimiter: nil, after: nil).objects }.compactMap {
      let name = String(decoding: $0.key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
      guard LandedObject.isComplete(name) else { return nil }
      let seconds = $0.lastModified?.seconds ?? 0
      return LandedObject(
        name: name, version: "\($0.etag) \($0.size) \(seconds)",
        written: Timestamp(milliseconds: Int64(seconds) * 1000))
    }
  }

  public func take(_ object: LandedObject, to path: String) throws -> Digest? {
    do {
      let found = try sources.look(at: shown + object.name)
      try sources.bring(found)
      try LandedObject.copy(local.blob(found.digest), to: path)
      return found.digest
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return nil
    }
  }
}
