// Single objects in single requests.
import AWS
import Content
import HTTP
import Signing

extension S3Client {
  /// Writes bytes under a key; the tag of the new object.
  @discardableResult
  package func put(
    _ bytes: [UInt8], key: String, condition: S3WriteCondition = .always,
    contentType: String = "application/octet-stream"
  ) throws(S3Error) -> String {
    try doing("put", key) {
      let digest = try Digest.of(bytes)
      return try put(.bytes(bytes), key, digest, condition, contentType, group: nil)
    }
  }

  /// Writes a body in one piece; the tag of the new object.
  func put(
    _ body: HTTPBody, _ key: String, _ digest: Digest, _ condition: S3WriteCondition,
    _ contentType: String, group: Digest?
  ) throws -> String {
    let notes = S3Checksum.note(digest) + S3Checksum.note(group: group)
    let answer = try send(payload: digest) { withChecksums in
      request(
        "PUT", key,
        fields: [HTTPField("Content-Type", contentType)]
          + S3Checksum.fields(digest, sent: withChecksums) + notes + condition.fields,
        body: body)
    } sink: {
      MemorySink(limit: 1 << 20)
    }
    return S3ETag.quoted(answer.head["ETag"] ?? "")
  }

  /// The bytes of a small object, or a part of one.
  ///
  /// `range` is in bytes and must not be empty; one that begins beyond the end is an error, one
  /// that ends there is cut. Throws `rangeIgnored` where the endpoint gives all of it instead.
  package func get(
    _ key: String, range: Range<Int64>? = nil, limit: Int = 16 << 20
  ) throws(S3Error) -> (bytes: [UInt8], object: S3Object) {
    try doing("get", key) {
      let fields = range.map { [Self.rangeField($0)] } ?? []
      let answer = try exchange(request("GET", key, fields: fields), limit: limit)
      if let range { try Self.check(answer.head, startsAt: range.lowerBound) }
      let bytes = answer.sink.bytes
      return (bytes, try object(key, answer.head, count: range == nil ? Int64(bytes.count) : nil))
    }
  }

  static func rangeField(_ range: Range<Int64>) -> HTTPField {
    HTTPField("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
  }

  /// Refuses an answer that is not the part that was asked for.
  ///
  /// The field tells, not the status: `rclone serve s3` answers parts with 200.
  static func check(_ head: HTTPHead, startsAt start: Int64) throws {
    guard let range = head["Content-Range"] else {
      throw AnswerRefusal(kind: .rangeIgnored, reason: "a part was asked for, all of it came")
    }
    guard range.hasPrefix("bytes \(start)-") else {
      throw AnswerRefusal.malformed("the part '\(range)' came, asked for was that from \(start)")
    }
  }

  /// What S3 knows of an object; throws `notFound` where there is none.
  package func head(_ key: String) throws(S3Error) -> S3Object {
    try doing("look up", key) {
      let fields =
        dialect.sendsChecksums ? [HTTPField("x-amz-checksum-mode", "ENABLED")] : []
      do {
        return try object(key, try exchange(request("HEAD", key, fields: fields)).head)
      } catch let fault as ServiceFault
        where (300..<500).contains(fault.status) && ![404, 412].contains(fault.status)
      {
        // An answer without a body cannot say why.
        return try object(key, try headOfGet(key))
      } catch is AnswerRefusal {
        return try object(key, try headOfGet(key))
      }
    }
  }

  /// What a GET tells before its bytes, of which none is taken.
  private func headOfGet(_ key: String) throws -> HTTPHead {
    func head(_ fields: [HTTPField]) throws -> HTTPHead {
      do {
        return try service.send(
          request("GET", key, fields: fields), payload: try Digest.of([])
        ) { HeadSink() }.head
      } catch let seen as HeadSink.Seen {
        return seen.head
      }
    }
    do {
      return try head([Self.rangeField(0..<1)])
    } catch let fault as ServiceFault where fault.status == 416 {
      // An empty object has no first byte.
      return try head([])
    }
  }

  /// Removes an object; one that is not there is fine.
  ///
  /// With a condition, only if the object is still the one that it names.
  package func delete(
    _ key: String, condition: S3WriteCondition = .always
  ) throws(S3Error) {
    try doing("delete", key) {
      _ = try exchange(request("DELETE", key, fields: condition.fields))
    }
  }

  /// Copies an object of up to 5 GiB within the bucket, without its bytes coming here.
  ///
  /// `condition` is on the target. Throws `notFound` where there is no source.
  @discardableResult
  package func copy(
    _ source: String, to key: String, condition: S3WriteCondition = .always
  ) throws(S3Error) -> String {
    try doing("copy to", key) {
      let path = PercentEncoding.encode("/\(location.bucket)/\(source)", keepingSlashes: true)
      let request = request(
        "PUT", key, fields: [HTTPField("x-amz-copy-source", path)] + condition.fields)
      let answer = try service.send(request, payload: try Digest.of([])) { LateErrorSink() }
      return S3ETag.quoted(try answer.sink.root().text(of: "ETag") ?? "")
    }
  }

  /// Whether the bucket is there and these credentials may see it.
  package func bucketExists() throws(S3Error) -> Bool {
    do {
      try doing("look up", nil) { _ = try exchange(request("HEAD", nil)) }
      return true
    } catch {
      if error.kind == .notFound || error.kind == .noSuchBucket { return false }
      throw error
    }
  }

  /// A URL that lets its holder get or put one object for some seconds, without credentials.
  package func presigned(_ method: String, _ key: String, seconds: Int) throws(S3Error) -> String {
    try doing("presign", key) {
      var request = request(method, key)
      request.query = try service.signer.query(
        for: SignableRequest(
          method: method, path: request.fullPath,
          fields: [HTTPField("Host", request.base.authority)], payload: .unsigned),
        with: try service.credentials.current(isCancelled: service.isCancelled),
        at: service.timing.now(), seconds: seconds)
      return request.url
    }
  }
}

/// Ends an exchange as soon as the head of a success is there.
private final class HeadSink: ResponseSink {
  struct Seen: Error { let head: HTTPHead }

  func begin(_ head: HTTPHead) throws { throw Seen(head: head) }
  func take(_ bytes: UnsafeRawBufferPointer) throws {}
  func finish() throws {}
}

/// Takes an answer in XML whose status of success may hide a failure.
///
/// S3 begins to answer long operations before it knows their end.
final class LateErrorSink: ResponseSink {
  private let memory = MemorySink(limit: 1 << 20)

  func begin(_ head: HTTPHead) throws {}
  func take(_ bytes: UnsafeRawBufferPointer) throws { try memory.take(bytes) }

  func finish() throws {
    let fault = ServiceFault(
      HTTPAnswer(head: HTTPHead(status: 500), errorBody: memory.bytes),
      now: UnixTime(seconds: 0))
    if try root().name == "Error" { throw fault }
  }

  func root() throws -> XMLTree { try XMLTree(parsing: memory.bytes) }
}
