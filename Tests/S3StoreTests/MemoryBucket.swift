// A bucket in memory that spoils what it is told to. It knows no store.
import Content
import Foundation
import HTTP
import S3
import S3Store
import Synchronization

/// Objects in memory behind the requests of a store, counted.
final class MemoryBucket: BucketClient {
  struct Entry {
    var bytes: [UInt8]
    var etag: String
    var digest: Digest?
    var written: UnixTime? = UnixTime(seconds: 1_763_700_000)
    var group: Digest?
  }

  struct State {
    var objects: [String: Entry] = [:]
    var requests: [String] = []
    var version = 0
    /// What the next requests that begin with a text throw, in order.
    var faults: [(prefix: String, kind: S3Error.Kind)] = []
    /// Conditions are ignored.
    var ignoresConditions = false
    /// The next listing of this prefix is empty.
    var hidden: String?
    /// No digest is told.
    var forgetsDigests = false
    /// What somebody else writes right after the next HEADs, in order.
    var writesAfterHead: [(key: String, bytes: [UInt8])] = []
    /// The next write takes place and its answer is lost, so that it is sent again.
    var losesAnswer = false
  }

  let state = Mutex(State())
  /// Where requests wait for each other, if they are to.
  let crowd = Mutex<Crowd?>(nil)
  let location: S3Location

  init(bucket: String = "bucket") {
    location = S3Location(
      bucket: bucket, endpoint: ServiceURL(scheme: "http", host: "127.0.0.1", port: 1))
  }

  var requests: [String] { state.withLock { $0.requests } }
  var keys: [String] { state.withLock { $0.objects.keys.sorted() } }
  func forgetRequests() { state.withLock { $0.requests = [] } }
  subscript(key: String) -> [UInt8]? { state.withLock { $0.objects[key]?.bytes } }

  /// Replaces an object's bytes, as someone else might.
  func overwrite(_ key: String, _ bytes: [UInt8]) {
    state.withLock { state in
      state.version += 1
      state.objects[key] = Entry(bytes: bytes, etag: "\"v\(state.version)\"")
    }
  }

  /// The next listing of a prefix is one from before anything was there.
  func hideOnce(_ prefix: String) { state.withLock { $0.hidden = prefix } }

  func remove(_ key: String) { state.withLock { $0.objects[key] = nil } }

  func fail(_ prefix: String, _ kind: S3Error.Kind, times: Int = 1) {
    state.withLock { $0.faults += Array(repeating: (prefix, kind), count: times) }
  }

  private func error(_ kind: S3Error.Kind, _ operation: String, _ key: String) -> S3Error {
    S3Error(kind, operation, location, key: key, reason: "as the test wants it")
  }

  private func begin(_ operation: String, _ key: String) throws(S3Error) {
    let kind = state.withLock { state -> S3Error.Kind? in
      let request = "\(operation) \(key)"
      state.requests.append(request)
      guard let index = state.faults.firstIndex(where: { request.hasPrefix($0.prefix) }) else {
        return nil
      }
      return state.faults.remove(at: index).kind
    }
    crowd.withLock { $0 }?.join(operation, key)
    if let kind { throw error(kind, operation, key) }
  }

  private func entry(_ operation: String, _ key: String) throws(S3Error) -> Entry {
    try begin(operation, key)
    guard let entry = state.withLock({ $0.objects[key] }) else {
      throw error(.notFound, operation, key)
    }
    return entry
  }

  private func object(_ key: String, _ entry: Entry) -> S3Object {
    let forgets = state.withLock { $0.forgetsDigests }
    return S3Object(
      key: key, size: Int64(entry.bytes.count), etag: entry.etag, lastModified: entry.written,
      digest: forgets ? nil : entry.digest, group: forgets ? nil : entry.group)
  }

  var lasting: any BucketClient { self }

  func read(_ key: String, limit: Int) throws(S3Error) -> (bytes: [UInt8], object: S3Object) {
    let entry = try entry("GET", key)
    guard entry.bytes.count <= limit else {
      throw error(.tooLarge(limit: Int64(limit)), "GET", key)
    }
    return (entry.bytes, object(key, entry))
  }

  func download(
    _ key: String, file path: String, size: Int64?, expecting: Digest?
  ) throws(S3Error) -> Digest {
    let entry = try entry("GET", key)
    let count = Int64(entry.bytes.count)
    if let size, size != count {
      throw error(.wrongSize(expected: size, found: count), "GET", key)
    }
    guard let found = try? Digest.of(entry.bytes) else { throw error(.local, "GET", key) }
    if let expecting, expecting != found {
      throw error(.damaged(expected: expecting, found: found), "GET", key)
    }
    do {
      try Data(entry.bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw self.error(.file, "GET", key)
    }
    return found
  }

  func head(_ key: String) throws(S3Error) -> S3Object {
    let answer = object(key, try entry("HEAD", key))
    let write = state.withLock {
      $0.writesAfterHead.isEmpty ? nil : $0.writesAfterHead.removeFirst()
    }
    if let write { overwrite(write.key, write.bytes) }
    return answer
  }

  func write(
    _ bytes: [UInt8], key: String, condition: S3WriteCondition
  ) throws(S3Error) -> String {
    try write(bytes, key: key, condition: condition, group: nil)
  }

  private func holds(_ condition: S3WriteCondition, _ there: Entry?) -> Bool {
    switch condition {
    case .always: true
    case .absent: there == nil
    case .unchanged(let etag, _): there?.etag == etag
    }
  }

  private func write(
    _ bytes: [UInt8], key: String, condition: S3WriteCondition, group: Digest?
  ) throws(S3Error) -> String {
    try begin("PUT", key)
    let etag = state.withLock { state -> String? in
      let holds = self.holds(condition, state.objects[key])
      guard holds || state.ignoresConditions else { return nil }
      state.version += 1
      state.objects[key] = Entry(
        bytes: bytes, etag: "\"v\(state.version)\"", digest: try? Digest.of(bytes), group: group)
      defer { state.losesAnswer = false }
      return state.losesAnswer ? nil : "\"v\(state.version)\""
    }
    guard let etag else { throw error(.preconditionFailed, "PUT", key) }
    return etag
  }

  func put(
    file path: String, key: String, digest: Digest, condition: S3WriteCondition, group: Digest?
  ) throws(S3Error) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw error(.file, "PUT", key)
    }
    _ = try write([UInt8](data), key: key, condition: condition, group: group)
  }

  func list(
    _ prefix: String, delimiter: String?, after: String?
  ) throws(S3Error) -> (objects: [S3Object], folders: [String]) {
    try begin("LIST", prefix)
    let found = state.withLock { state -> [String: Entry] in
      guard state.hidden != prefix else {
        state.hidden = nil
        return [:]
      }
      return state.objects.filter { $0.key.hasPrefix(prefix) && $0.key > after ?? "" }
    }
    var objects: [S3Object] = []
    var folders: Set<String> = []
    for (key, entry) in found.sorted(by: { $0.key < $1.key }) {
      let rest = key.dropFirst(prefix.count)
      if delimiter != nil, let slash = rest.firstIndex(of: "/") {
        folders.insert(prefix + rest[...slash])
      } else {
        objects.append(object(key, entry))
      }
    }
    return (objects, folders.sorted())
  }

  func delete(_ key: String, condition: S3WriteCondition) throws(S3Error) {
    try begin("DELETE", key)
    let holds = state.withLock { self.holds(condition, $0.objects[key]) }
    guard holds else { throw error(.preconditionFailed, "DELETE", key) }
    remove(key)
  }

  func delete(_ keys: [String]) throws(S3Error) -> [S3DeleteFailure] {
    try begin("DELETEMANY", keys.first ?? "")
    for key in keys { remove(key) }
    return []
  }

  func duplicate(_ key: String, to target: String) throws(S3Error) {
    let entry = try entry("COPY", key)
    state.withLock { $0.objects[target] = entry }
  }

  /// Says that an object was written at another moment.
  func date(_ key: String, _ time: UnixTime?) {
    state.withLock { $0.objects[key]?.written = time }
  }

  func probe(key: String) throws(S3Error) -> S3Capabilities {
    try begin("PROBE", key)
    let ignores = state.withLock { $0.ignoresConditions }
    return S3Capabilities(createsOnlyOnce: !ignores, replacesOnlyKnown: !ignores, ranges: true)
  }
}
