// Objects of any size into a file, whole or in parallel parts, hashed on the way.
import CSystem
import Content
import HTTP

/// What came down.
package struct S3Download: Sendable, Hashable {
  package var object: S3Object
  /// Of the bytes as they came.
  package var digest: Digest
}

extension S3Client {
  /// Copies an object into a new file; anything at the path is an error.
  ///
  /// `expecting` is the digest the bytes must have, else `damaged` is thrown; `size` is the
  /// object's where the caller knows it, else `wrongSize` is thrown. Memory does not grow with the
  /// object. It begins to come in one stream; where that is slow, the rest comes in parallel parts
  /// of the same version of the object. On failure no file is left.
  package func get(
    _ key: String, file path: String, size: Int64? = nil, expecting: Digest? = nil
  ) throws(S3Error) -> S3Download {
    try doing("get", key) {
      let file = try OpenFile(making: path)
      do {
        let download = try S3Downloader(client: self).fetch(key, file, size: size)
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
}

/// One download: in one stream, and where that is slow the rest in parallel parts.
struct S3Downloader: Sendable {
  let client: S3Client

  func fetch(_ key: String, _ file: OpenFile, size: Int64?) throws -> S3Download {
    guard client.options.ranges else { return try whole(key, file, size: size) }
    var sink: FrontSink?
    do {
      let front = try client.service.send(client.request("GET", key), payload: try Digest.of([])) {
        let fresh = try FrontSink(
          file, client.options, limit: size ?? .max, elapsed: client.service.timing.elapsed
        ) { head in
          try Self.check(head, tells: size)
        }
        sink = fresh
        return fresh
      }.sink.file
      return try ended(front, try client.object(key, front.head, count: front.count))
    } catch is FrontSink.PartsAreFaster {
      guard let front = sink?.file else { return try whole(key, file, size: size) }
      do {
        return try rest(of: try client.object(key, front.head), after: front, file)
      } catch let refusal as AnswerRefusal where refusal.kind == .rangeIgnored {
        return try whole(key, file, size: size)
      }
    }
  }

  /// Refuses an answer of another size before any byte is taken, and one of unknown size where
  /// nobody knows it: it might not end before the disk is full.
  private static func check(_ head: HTTPHead, tells size: Int64?) throws {
    guard let told = head["Content-Length"].flatMap({ Int64($0) }), told >= 0 else {
      if size != nil { return }
      throw AnswerRefusal.malformed("the answer does not tell the object's size")
    }
    if let size, told != size {
      throw AnswerRefusal(
        kind: .wrongSize(expected: size, found: told),
        reason: "it has \(told) bytes, \(size) were expected")
    }
  }

  private func whole(_ key: String, _ file: OpenFile, size: Int64?) throws -> S3Download {
    let sink = try client.service.send(client.request("GET", key), payload: try Digest.of([])) {
      try FileSink(
        descriptor: file.descriptor, path: file.path, offset: 0, limit: size ?? .max, hashing: true
      ) { head in
        try Self.check(head, tells: size)
      }
    }.sink
    return try ended(sink, try client.object(key, sink.head, count: sink.count))
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

  /// Fetches what comes after `front` in parts; hashes them in their order while others come.
  private func rest(
    of object: S3Object, after front: FileSink, _ file: OpenFile
  ) throws -> S3Download {
    let partSize = client.options.partSize(of: object.size)
    let start = front.count
    @Sendable func range(_ index: Int) -> Range<Int64> {
      let begin = start + Int64(index) * partSize
      return begin..<min(begin + partSize, object.size)
    }
    let isCancelled = client.service.isCancelled
    let parts = Parts(count: Int((object.size - start + partSize - 1) / partSize)) {
      index, isVain in
      let downloader = S3Downloader(client: client.cancelled { isCancelled() || isVain() })
      try downloader.part(of: object, range(index), file)
    }
    try parts.run(width: client.options.parallelism) { index in
      try file.read(range(index)) { front.hash($0) }
    }
    try front.finish()
    guard let digest = front.digest else { throw HashError.libcrypto }
    return S3Download(object: object, digest: digest)
  }

  private func part(of object: S3Object, _ range: Range<Int64>, _ file: OpenFile) throws {
    var fields = [S3Client.rangeField(range)]
    if object.etag != "\"\"" { fields.append(HTTPField("If-Match", object.etag)) }
    let count = Int64(range.count)
    let sink = try client.service.send(
      client.request("GET", object.key, fields: fields), payload: try Digest.of([])
    ) {
      try FileSink(
        descriptor: file.descriptor, path: file.path, offset: range.lowerBound, limit: count,
        hashing: false
      ) { head in
        try S3Client.check(head, startsAt: range.lowerBound)
      }
    }.sink
    guard sink.count == count else {
      throw AnswerRefusal(
        kind: .wrongSize(expected: count, found: sink.count),
        reason: "\(sink.count) bytes of the part from \(range.lowerBound) came")
    }
  }
}
