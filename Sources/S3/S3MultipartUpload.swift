// Files of any size, in one piece or in parallel parts.
import AWS
import Content
import HTTP
import Synchronization

extension S3Client {
  /// S3 takes no larger file in one piece: 5 GiB.
  private static let largestPut: Int64 = 5 << 30

  /// Writes a file's bytes under a key; the tag of the new object.
  ///
  /// `digest` is that of the file where the caller knows it, which saves a reading; it must be
  /// right, for S3 compares. `group` names what the object is a part of. The file is read by position and must not change meanwhile. Memory
  /// does not grow with the file. Above `options.multipartThreshold` the file goes up in parallel
  /// parts, which are given up on failure and cancellation.
  @discardableResult
  package func put(
    file path: String, key: String, digest: Digest? = nil, condition: S3WriteCondition = .always,
    contentType: String = "application/octet-stream", group: Digest? = nil
  ) throws(S3Error) -> String {
    try doing("put", key) {
      let file = try OpenFile(reading: path)
      let size = try file.size()
      if size > min(options.multipartThreshold, Self.largestPut) {
        return try S3MultipartUpload(client: self, file: file, size: size)
          .send(key, digest, condition, contentType, group: group)
      }
      let digest = try digest ?? file.digest(0..<size)
      let body = HTTPBody.file(descriptor: file.descriptor, offset: 0, count: size)
      return try put(body, key, digest, condition, contentType, group: group)
    }
  }
}

/// One upload in parallel parts, which are given up on failure and cancellation.
struct S3MultipartUpload: Sendable {
  var client: S3Client
  let file: OpenFile
  let size: Int64

  /// Sends the file; the tag of the new object.
  func send(
    _ key: String, _ digest: Digest?, _ condition: S3WriteCondition, _ contentType: String,
    group: Digest?
  ) throws -> String {
    let upload = try begin(key, digest, contentType, group: group)
    do {
      return try complete(upload, try sendParts(upload), condition)
    } catch {
      // What is left of it costs money until someone gives it up; a cancelled run does so too.
      var patient = client.cancelled { false }
      patient.service.retries.attempts = min(2, client.service.retries.attempts)
      try? patient.abort(upload)
      throw error
    }
  }

  private func begin(
    _ key: String, _ digest: Digest?, _ contentType: String, group: Digest?
  ) throws -> S3PendingUpload {
    var fields = [HTTPField("Content-Type", contentType)] + S3Checksum.note(group: group)
    if let digest { fields += S3Checksum.note(digest) }
    let answer = try client.send(payload: try Digest.of([])) { withChecksums in
      client.request(
        "POST", key, query: [QueryItem("uploads")],
        fields: fields
          + (withChecksums ? [HTTPField("x-amz-checksum-algorithm", "SHA256")] : []))
    } sink: {
      MemorySink(limit: ServiceClient.answerLimit)
    }
    let root = try XMLTree(parsing: answer.sink.bytes)
    guard let id = root.text(of: "UploadId"), !id.isEmpty else {
      throw AnswerRefusal.malformed("the answer has no UploadId")
    }
    return S3PendingUpload(key: key, uploadID: id)
  }

  /// A part that S3 has.
  private struct SentPart {
    let etag: String
    let digest: Digest
  }

  private func sendParts(_ upload: S3PendingUpload) throws -> [SentPart] {
    let partSize = client.options.partSize(of: size)
    let count = Int((size + partSize - 1) / partSize)
    let sent = Mutex<[Int: SentPart]>([:])
    let isCancelled = client.service.isCancelled
    let parts = Parts(count: count) { index, isVain in
      let start = Int64(index) * partSize
      let range = start..<min(start + partSize, size)
      var transfer = self
      transfer.client = client.cancelled { isCancelled() || isVain() }
      let part = try transfer.sendPart(range, upload, number: index + 1)
      sent.withLock { $0[index] = part }
    }
    try parts.run(width: client.options.parallelism)
    return sent.withLock { sent in (0..<count).compactMap { sent[$0] } }
  }

  private func sendPart(
    _ range: Range<Int64>, _ upload: S3PendingUpload, number: Int
  ) throws -> SentPart {
    let digest = try file.digest(range)
    let answer = try client.send(payload: digest) { withChecksums in
      client.request(
        "PUT", upload.key,
        query: [
          QueryItem("partNumber", String(number)), QueryItem("uploadId", upload.uploadID),
        ],
        fields: S3Checksum.fields(digest, sent: withChecksums),
        body: .file(
          descriptor: file.descriptor, offset: range.lowerBound, count: Int64(range.count)))
    } sink: {
      MemorySink(limit: 1 << 20)
    }
    guard let etag = answer.head["ETag"] else {
      throw AnswerRefusal.malformed("the answer to part \(number) has no ETag")
    }
    return SentPart(etag: S3ETag.quoted(etag), digest: digest)
  }

  private func complete(
    _ upload: S3PendingUpload, _ parts: [SentPart], _ condition: S3WriteCondition
  ) throws -> String {
    guard client.dialect.sendsPartChecksums else {
      return try complete(upload, parts, condition, withChecksums: false)
    }
    do {
      return try complete(upload, parts, condition, withChecksums: true)
    } catch let fault as ServiceFault where S3Dialect.mayConcernOptions(fault) {
      // The parts are there: the list of them is sent once more, not the file.
      let etag = try complete(upload, parts, condition, withChecksums: false)
      client.dialect.omitPartChecksums()
      return etag
    }
  }

  private func complete(
    _ upload: S3PendingUpload, _ parts: [SentPart], _ condition: S3WriteCondition,
    withChecksums: Bool
  ) throws -> String {
    let list = parts.enumerated().map { index, part in
      let checksum =
        withChecksums ? "<ChecksumSHA256>\(part.digest.bytes.base64)</ChecksumSHA256>" : ""
      return "<Part><PartNumber>\(index + 1)</PartNumber>"
        + "<ETag>\(XMLText.escaped(part.etag))</ETag>\(checksum)</Part>"
    }
    let body = Array(
      ("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + list.joined() + "</CompleteMultipartUpload>").utf8)
    let request = client.request(
      "POST", upload.key, query: [QueryItem("uploadId", upload.uploadID)],
      fields: [HTTPField("Content-Type", "application/xml")] + condition.fields,
      body: .bytes(body))
    do {
      let answer = try client.service.send(request, payload: try Digest.of(body)) {
        LateErrorSink()
      }
      return S3ETag.quoted(try answer.sink.root().text(of: "ETag") ?? "")
    } catch let fault as ServiceFault where S3Error.kind(of: fault) == .notFound {
      // An earlier attempt may have succeeded though its answer was lost.
      let object = try? client.head(upload.key)
      guard let object, object.size == size, object.etag.hasSuffix("-\(parts.count)\"") else {
        throw fault
      }
      return object.etag
    }
  }
}
