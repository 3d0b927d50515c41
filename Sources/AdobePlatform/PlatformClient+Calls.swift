// The forms of calls: JSON, JSON Patch, files, what happens once, and what is waited for.
import CSystem
import Content
import FileTools
import HTTP

extension PlatformClient {
  /// The JSON of an answer; an empty answer is an empty object.
  package func json(_ request: PlatformRequest) throws -> JSONValue {
    let bytes = try bytes(request)
    guard !bytes.isEmpty else { return .object([:]) }
    guard let value = try? JSONValue(parsing: bytes) else {
      throw UnexpectedAnswer(request.shown, expected: "JSON")
    }
    return value
  }

  /// The bytes of a small answer.
  package func bytes(_ request: PlatformRequest) throws -> [UInt8] {
    var sink = MemorySink(limit: Self.answerLimit)
    try send(request) {
      sink = MemorySink(limit: Self.answerLimit)
      return sink
    }
    return sink.bytes
  }

  /// The JSON at a path.
  package func get(
    _ path: String, _ query: [QueryItem] = [], accept: String = "application/json"
  ) throws -> JSONValue {
    var request = PlatformRequest("GET", path, query: query)
    request.accept = accept
    return try json(request)
  }

  /// The JSON at a path, nil where nothing is there.
  package func find(
    _ path: String, _ query: [QueryItem] = [], accept: String = "application/json"
  ) throws -> JSONValue? {
    do {
      return try get(path, query, accept: accept)
    } catch {
      guard let fault = error as? PlatformFault, fault.status == 404 else { throw error }
      return nil
    }
  }

  /// Sends JSON; tried once unless repeating it does no harm.
  @discardableResult
  package func post(
    _ path: String, _ query: [QueryItem] = [], _ body: JSONValue? = nil,
    accept: String = "application/json", isRepeatable: Bool = false
  ) throws -> JSONValue {
    var request = PlatformRequest("POST", path, query: query, isRepeatable: isRepeatable)
    request.accept = accept
    request.contentType = "application/json"
    if let body { request.body = .bytes(try body.canonicalBytes()) }
    return try json(request)
  }

  /// Changes parts of a document by operations of JSON Patch.
  ///
  /// Catalog takes them only as `application/json-patch+json`, the Schema Registry as
  /// `application/json`. An operation that sets a value may be repeated.
  @discardableResult
  package func patch(
    _ path: String, _ operations: [JSONPatch],
    contentType: String = "application/json-patch+json", accept: String = "application/json",
    ifMatch etag: String? = nil
  ) throws -> JSONValue {
    var request = PlatformRequest("PATCH", path, isRepeatable: etag == nil)
    request.accept = accept
    request.contentType = contentType
    request.body = .bytes(try JSONValue.array(operations.map(\.json)).canonicalBytes())
    if let etag { request.fields.append(HTTPField("If-Match", etag)) }
    return try json(request)
  }

  /// Removes what is at a path; false where nothing was.
  @discardableResult
  package func delete(_ path: String) throws -> Bool {
    do {
      _ = try bytes(PlatformRequest("DELETE", path, isRepeatable: true))
      return true
    } catch {
      guard let fault = error as? PlatformFault, fault.status == 404 else { throw error }
      return false
    }
  }

  /// Does what must happen once, also when its answer is lost: looks for it before each attempt.
  ///
  /// `make` is a single call that must not be repeated blindly; `look` finds what an earlier attempt, or
  /// an earlier process, has made.
  package func once<Made>(look: () throws -> Made?, make: () throws -> Made) throws -> Made {
    let attempts = Attempts(retries: retries, timing: timing, isCancelled: isCancelled)
    return try attempts.run { _ in
      if let found = try look() { return found }
      return try make()
    }
  }

  /// Looks until there is an answer; throws `WaitEnded` where none comes in time.
  ///
  /// `look` gives the answer or, for the message, the present state.
  package func wait<Answer>(
    for what: String, pollSeconds: Double? = nil, minutes: Double? = nil,
    _ look: () throws -> WaitStep<Answer>
  ) throws -> Answer {
    let begun = timing.elapsed()
    let limit = minutes ?? settings.waitMinutes
    while true {
      switch try look() {
      case .done(let answer): return answer
      case .waiting(let state):
        let pause = pollSeconds ?? settings.pollSeconds
        guard timing.elapsed() - begun + pause <= limit * 60 else {
          throw WaitEnded(what, state: state, minutes: limit)
        }
        guard timing.pause(pause, unless: isCancelled) else {
          throw TransportFailure(.cancelled, "")
        }
      }
    }
  }

  /// Sends a part of a file.
  func upload(
    _ request: PlatformRequest, file: String, offset: Int64 = 0, count: Int64? = nil
  ) throws -> JSONValue {
    let descriptor = cs_open_read(file)
    guard descriptor >= 0 else { throw Disk.failure("open", file) }
    defer { cs_close(descriptor) }
    let size = try FileStatus(descriptor: descriptor, path: file).identity.size
    guard offset >= 0, offset <= size else { throw FileError.changing(path: file) }
    var request = request
    request.contentType = "application/octet-stream"
    request.body = .file(
      descriptor: descriptor, offset: offset, count: min(count ?? size, size - offset))
    return try json(request)
  }
}

/// What a look at something that changes found.
package enum WaitStep<Answer> {
  case done(Answer)
  /// Not there yet; the state in the service's word.
  case waiting(String)
}

/// An operation of JSON Patch.
package struct JSONPatch: Sendable, Hashable {
  package var operation: String
  package var path: String
  package var value: JSONValue

  package init(_ operation: String, _ path: String, _ value: JSONValue) {
    self.operation = operation
    self.path = path
    self.value = value
  }

  var json: JSONValue {
    ["op": .string(operation), "path": .string(path), "value": value]
  }
}
