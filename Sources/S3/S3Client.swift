// The client of one bucket: what all operations share.
import AWS
import Content
import HTTP
import Signing

/// Sizes and numbers of transfers.
package struct S3Options: Sendable, Hashable {
  /// Larger files go up in parts: bytes.
  package var multipartThreshold: Int64 = 32 << 20
  /// The size of a part in bytes, at least 5 MiB; it grows so that 10,000 parts suffice.
  package var partSize: Int64 = 16 << 20
  /// How many parts of one object travel at a time.
  package var parallelism = 6
  /// Whether downloads may go on in parts; false where the endpoint has no ranges.
  package var ranges = true
  /// After each so many bytes of a download, it is decided whether parts would be faster.
  package var rangeCheck: Int64 = 32 << 20
  /// What is left comes in parallel parts when it would take longer than so many seconds else.
  package var rangeSeconds = 4.0

  package init() {}

  /// What suits an endpoint.
  ///
  /// On this machine no distance is to be made up for by parallel parts, and one request sends a file
  /// whose digest is known without reading it once more for each part.
  package init(for endpoint: ServiceURL) {
    if endpoint.isOnThisMachine { multipartThreshold = 1 << 30 }
  }

  /// The size of the parts of an object.
  func partSize(of size: Int64) -> Int64 {
    let least = (size + 9_999) / 10_000
    let mebibyte: Int64 = 1 << 20
    return max(partSize, (least + mebibyte - 1) / mebibyte * mebibyte)
  }
}

/// When a write shall take place.
package enum S3WriteCondition: Sendable, Hashable {
  case always
  /// Only if there is no such key: `If-None-Match: *`.
  case absent
  /// Only if the object is still this one: `If-Match`; the tag with its quotes, as S3 gave it.
  ///
  /// Some endpoints compare it only `bare`, without the quotes.
  case unchanged(etag: String, bare: Bool = false)

  var fields: [HTTPField] {
    switch self {
    case .always: []
    case .absent: [HTTPField("If-None-Match", "*")]
    case .unchanged(let etag, let isBare):
      [HTTPField("If-Match", isBare ? S3ETag.bare(etag) : S3ETag.quoted(etag))]
    }
  }
}

/// An object's tag: it names a version of the object, and is no digest.
enum S3ETag {
  /// With its quotes, which some endpoints leave out.
  static func quoted(_ tag: String) -> String {
    tag.hasPrefix("\"") || tag.hasPrefix("W/") || tag == "*" ? tag : "\"\(tag)\""
  }

  static func bare(_ tag: String) -> String {
    tag.utf8.count > 1 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
      ? String(tag.dropFirst().dropLast()) : tag
  }
}

/// What S3 tells of an object.
package struct S3Object: Sendable, Hashable {
  package var key: String
  /// Bytes.
  package var size: Int64
  /// With its quotes; empty where the endpoint gives none.
  package var etag: String
  package var lastModified: UnixTime?
  /// Our digest, where we wrote the object or S3 knows it.
  package var digest: Digest?
  /// What the writer said that it is a part of.
  package var group: Digest?

  /// What an object may have: 5 TiB at AWS, a thousand times that anywhere.
  static let sizes: ClosedRange<Int64> = 0...(5 << 50)

  package init(
    key: String, size: Int64, etag: String, lastModified: UnixTime? = nil, digest: Digest? = nil,
    group: Digest? = nil
  ) {
    self.key = key
    self.size = size
    self.etag = etag
    self.lastModified = lastModified
    self.digest = digest
    self.group = group
  }
}

/// A client of one bucket.
///
/// A value whose copies share connections and credentials. Every method blocks, may be called from
/// any thread, tries again by itself as the policy of `service` says, and throws `S3Error`.
/// A condition on a write that is tried again after a lost answer may fail because the first
/// attempt had succeeded: who gets `preconditionFailed` compares the object before it concludes.
package struct S3Client: Sendable {
  package let location: S3Location
  package var options: S3Options
  /// Signing, credentials, retries, the clock and the cancellation.
  package var service: ServiceClient
  let dialect: S3Dialect

  /// A client of a bucket with every part given.
  package init(
    location: S3Location, region: String, credentials: CredentialProvider,
    transport: any HTTPTransport, options: S3Options = S3Options(),
    retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    dialect: S3Dialect = S3Dialect()
  ) {
    self.location = location
    self.options = options
    self.dialect = dialect
    service = ServiceClient(
      signer: Signer(
        region: region, service: "s3", pathRule: .verbatim, sendsPayloadHash: true),
      base: location.base, credentials: credentials, transport: transport, retries: retries,
      timing: timing)
  }

  /// A client of a bucket as the user's surroundings say, over libcurl.
  ///
  /// Without `options` those that suit the endpoint; `credentials` are other ones than those of the
  /// settings. Opens and sends nothing yet. Throws `CredentialError`.
  package init(
    bucket: String, settings: AWSSettings, http: HTTPSettings = HTTPSettings(),
    options: S3Options? = nil, retries: RetryPolicy = RetryPolicy(),
    timing: Timing = .system, credentials: CredentialProvider? = nil
  ) throws(CredentialError) {
    let region = try settings.region(for: "s3")
    let endpoint = try settings.base(of: "s3", host: "s3", region)
    let transport = CurlTransport(try settings.http(http))
    let provider: CredentialProvider
    if let credentials {
      provider = credentials
    } else {
      provider = try settings.credentials(transport: transport, timing: timing)
    }
    self.init(
      location: S3Location(
        bucket: bucket, endpoint: endpoint,
        addressing: settings.addressingStyle.flatMap { S3Addressing(rawValue: $0) }),
      region: region,
      credentials: provider, transport: transport, options: options ?? S3Options(for: endpoint),
      retries: retries, timing: timing,
      dialect: S3Dialect(sendsChecksums: try settings.sendsOptionalChecksums()))
  }

  /// The same client whose calls end when `isCancelled` says so.
  package func cancelled(by isCancelled: @escaping @Sendable () -> Bool) -> S3Client {
    var copy = self
    copy.service.isCancelled = isCancelled
    return copy
  }

  // ---- what the operations share ----

  func request(
    _ method: String, _ key: String?, query: [QueryItem] = [], fields: [HTTPField] = [],
    body: HTTPBody = .none
  ) -> HTTPRequest {
    HTTPRequest(
      method, location.base, path: location.path(key), query: query, fields: fields, body: body)
  }

  /// Runs an operation whose errors shall name it and its key.
  func doing<Answer>(
    _ operation: String, _ key: String?, _ body: () throws -> Answer
  ) throws(S3Error) -> Answer {
    do {
      return try body()
    } catch {
      throw S3Error(error, operation, location, key: key)
    }
  }

  /// Sends a request that may carry checksums; where an endpoint refuses it for that, once more
  /// without them, and then never with them again.
  func send<Sink: ResponseSink>(
    payload: Digest, _ request: (_ withChecksums: Bool) -> HTTPRequest, sink: () throws -> Sink
  ) throws -> ServiceClient.Delivery<Sink> {
    guard dialect.sendsChecksums else {
      return try service.send(request(false), payload: payload, sink: sink)
    }
    do {
      return try service.send(request(true), payload: payload, sink: sink)
    } catch let fault as ServiceFault where S3Dialect.mayConcernOptions(fault) {
      do {
        let answer = try service.send(request(false), payload: payload, sink: sink)
        dialect.omitChecksums()
        return answer
      } catch let second as ServiceFault {
        // Refused for what it asks, no longer for how.
        if second.status == 412 { dialect.omitChecksums() }
        throw second
      }
    }
  }

  /// Sends a request without a body or with one in memory, and takes the answer into memory.
  func exchange(
    _ request: HTTPRequest, limit: Int = ServiceClient.answerLimit
  ) throws -> ServiceClient.Delivery<MemorySink> {
    let bytes: [UInt8] = if case .bytes(let bytes) = request.body { bytes } else { [] }
    return try service.send(request, payload: try Digest.of(bytes)) { MemorySink(limit: limit) }
  }

  /// The same for an answer in XML.
  func exchangeXML(_ request: HTTPRequest) throws -> XMLTree {
    try XMLTree(parsing: try exchange(request).sink.bytes)
  }

  /// What the head of an answer tells of the object; `count` is how many bytes came with it, where
  /// all of them did.
  func object(_ key: String, _ head: HTTPHead, count: Int64? = nil) throws -> S3Object {
    let total = head["Content-Range"].flatMap { $0.split(separator: "/").last }
    let told = (total ?? head["Content-Length"]?[...]).flatMap { Int64($0) }
    guard let size = told ?? count else {
      throw AnswerRefusal.malformed("the answer does not tell the object's size")
    }
    guard S3Object.sizes.contains(size) else {
      throw AnswerRefusal.malformed("an object of \(size) bytes; S3 has none of that size")
    }
    return S3Object(
      key: key, size: size, etag: S3ETag.quoted(head["ETag"] ?? ""),
      lastModified: head["Last-Modified"].flatMap { UnixTime(httpDate: $0) },
      digest: S3Checksum.digest(head), group: S3Checksum.group(head))
  }
}
