// Objects of any size into a file, whole or in parallel parts, hashed on the way.
import CSystem
import Content

/// What came down.
public struct S3Download: Sendable, Hashable {
  public var object: S3Object
  /// Of the bytes as they came.
  public var digest: Digest
}

extension S3Client {
  /// Copies an object into a new file; anything at the path is an error.
  ///
  /// `expecting` is the digest the bytes must have, else `damaged` is thrown; `size` is the
  /// object's where the caller knows it, which saves a small object a request for a part. Memory
  /// does not grow with the object. Larger ones come in parallel parts of one version of the
  /// object; from an endpoint that ignores ranges it comes whole. On failure no file is left.
  public func get(
    _ key: String, file path: String, size: Int64? = nil, expecting: Digest? = nil
  ) throws(S3Error) -> S3Download {
    try doing("get", key) {
      let file = try OpenFile(making: path)
      do {
        let download = try fetch(key, file, size)
        if let size, download.object.size != size {
          throw AnswerRefusal(
            kind: .wrongSize(expected: size, found: download.object.size),
            reason: "it has \(download.object.size) bytes, \(size) were expected")
        }
        if let expecting, download.digest != expecting {
          throw AnswerRefusal(
            kind: .damaged(expected: expecting, found: download.digest),
            reason: "its bytes have the digest \(download.digest), expected was \(expecting)")
        }
        return download
      } catch {
        _ = cs_unlink(path)
        throw error
      }
    }
  }

  private func fetch(_ key: String, _ file: OpenFile, _ size: Int64?) throws -> S3Download {
    if let size, size <= options.multipartThreshold { return try whole(key, file) }
    let first: FileSink
    do {
      first = try part(key, file, 0..<options.partSize, etag: nil, isFirst: true)
    } catch let fault as ServiceFault where fault.status == 416 {
      return try whole(key, file)  // An empty object has no part.
    }
    let object = try object(key, first.head)
    guard first.head["Content-Range"] != nil, object.size > first.count else {
      return try ended(first, object)
    }
    let hasher = try SHA256()
    try file.hash(0..<first.count, into: hasher)
    try rest(of: object, from: first.count, file, hasher)
    return S3Download(object: object, digest: try hasher.finish())
  }

  private func whole(_ key: String, _ file: OpenFile) throws -> S3Download {
    let sink = try service.send(request("GET", key), payload: try Digest.of([])) {
      try FileSink(descriptor: file.descriptor, path: file.path, offset: 0, hashing: true)
    }.sink
    return try ended(sink, try object(key, sink.head))
  }

  /// What a sink that took the whole object has got.
  private func ended(_ sink: FileSink, _ object: S3Object) throws -> S3Download {
    guard sink.count == object.size, let digest = sink.digest else {
      throw AnswerRefusal(
        kind: .wrongSize(expected: object.size, found: sink.count),
        reason: "\(sink.count) bytes came, the endpoint told of \(object.size)")
    }
    return S3Download(object: object, digest: digest)
  }

  /// Fetches all parts but the first; hashes them in their order while others come.
  private func rest(
    of object: S3Object, from start: Int64, _ file: OpenFile, _ hasher: borrowing SHA256
  ) throws {
    let partSize = options.partSize(of: object.size)
    @Sendable func range(_ index: Int) -> Range<Int64> {
      let begin = start + Int64(index) * partSize
      return begin..<min(begin + partSize, object.size)
    }
    let isCancelled = service.isCancelled
    let parts = Parts(count: Int((object.size - start + partSize - 1) / partSize)) {
      index, isVain in
      let client = cancelled { isCancelled() || isVain() }
      _ = try client.part(object.key, file, range(index), etag: object.etag, isFirst: false)
    }
    try parts.run(width: options.parallelism) { try file.hash(range($0), into: hasher) }
  }

  /// Fetches one part; the first may turn out to be the whole object.
  private func part(
    _ key: String, _ file: OpenFile, _ range: Range<Int64>, etag: String?, isFirst: Bool
  ) throws -> FileSink {
    var fields = [Self.rangeField(range)]
    if let etag, etag != "\"\"" { fields.append(HTTPField("If-Match", etag)) }
    let sink = try service.send(
      request("GET", key, fields: fields), payload: try Digest.of([])
    ) {
      // Only the first can be the whole, so only it is hashed here.
      try FileSink(
        descriptor: file.descriptor, path: file.path, offset: range.lowerBound,
        limit: isFirst ? .max : Int64(range.count), hashing: isFirst
      ) { head in
        if isFirst, head["Content-Range"] == nil { return }
        try Self.check(head, startsAt: range.lowerBound)
      }
    }.sink
    guard isFirst || sink.count == Int64(range.count) else {
      throw AnswerRefusal(
        kind: .wrongSize(expected: Int64(range.count), found: sink.count),
        reason: "\(sink.count) bytes of the part from \(range.lowerBound) came")
    }
    return sink
  }
}
