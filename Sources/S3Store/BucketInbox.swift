// A prefix of a bucket as an inbox. An object there is whole from its first moment.
import Content
import Inbox
import LocalStores
import Names
import RemoteCache
import RemoteSources

/// The objects below `s3://bucket/prefix`.
package struct BucketInbox: InboxLocation {
  private let client: any BucketClient
  private let sources: any SourceObjects
  private let local: LocalStore
  private let location: S3URL

  /// `sources` brings objects into the store.
  package init(
    at location: S3URL, clients: BucketClients, sources: any SourceObjects, local: LocalStore
  ) throws {
    client = try clients.client(of: location.bucket)
    self.sources = sources
    self.local = local
    self.location = S3URL(bucket: location.bucket, key: location.folder)
  }

  package var shown: String { location.description }

  package func objects() throws -> [InboxObject] {
    try translated { try client.list(location.key, delimiter: nil, after: nil).objects }.compactMap
    {
      let name = String(decoding: $0.key.utf8.dropFirst(location.key.utf8.count), as: UTF8.self)
      guard InboxObject.isComplete(name) else { return nil }
      let seconds = $0.lastModified?.seconds ?? 0
      return InboxObject(
        name: name, version: "\($0.etag) \($0.size) \(seconds)",
        written: Timestamp(milliseconds: Int64(seconds) * 1000))
    }
  }

  package func copy(_ object: InboxObject, to path: String) throws -> Digest? {
    do {
      let found = try sources.resolve(location.below(object.name).description)
      try sources.fetch(found)
      // The store may have been cleaned in between.
      guard try local.objects.contains(found.digest) else { return nil }
      try InboxObject.copy(local.layout.blob(found.digest), to: path)
      return found.digest
    } catch let failure as RemoteFailure where failure.kind == .missing {
      return nil
    }
  }
}
