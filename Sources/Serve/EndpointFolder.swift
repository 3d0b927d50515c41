// The endpoints of a store: their documents, their models, and who serves them.
import CSystem
import Content
import FileTools

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder of endpoints, `.atelier/endpoints` of a store.
///
/// ```
/// <name>.json            the endpoint's document, replaced as a whole
/// <name>.lock            held by the server that serves it
/// <name>.server.json     what that server said last
/// models/<hex>           the bytes of the models that documents name
/// ```
/// Models are kept here besides the store, so that an endpoint can be served again whatever `gc`
/// has removed.
package struct EndpointFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package func documentPath(_ name: String) -> String { "\(path)/\(name).json" }
  private func serverPath(_ name: String) -> String { "\(path)/\(name).server.json" }
  private func modelPath(_ model: Digest) -> String { "\(path)/models/\(model.hex)" }

  /// Whether a text can be an endpoint's name: SageMaker's rule, with no dot in it.
  package static func isName(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "-") || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
      } && text.utf8.first != UInt8(ascii: "-") && text.utf8.last != UInt8(ascii: "-")
  }

  /// The endpoint's document; nil when there is no such endpoint.
  package func document(_ name: String) throws -> EndpointDocument? {
    let path = documentPath(name)
    return try read(path).map { try EndpointDocument(parsing: $0, path: path) }
  }

  /// Keeps a model and then lets the document name it; models that it no longer names go.
  package func update(_ document: EndpointDocument, model bytes: [UInt8]) throws {
    let before = try? self.document(document.endpoint)
    if try read(modelPath(document.model)).map({ try Digest.of($0) }) != document.model {
      try replace(modelPath(document.model), with: bytes)
    }
    try replace(documentPath(document.endpoint), with: document.bytes())
    guard let before else { return }
    for old in [before.model, before.previous].compactMap({ $0 }) where !(try names(old)) {
      _ = cs_unlink(modelPath(old))
    }
  }

  /// Whether some document names a model.
  private func names(_ model: Digest) throws -> Bool {
    for name in try endpoints() {
      let document = try? self.document(name)
      if document?.model == model || document?.previous == model { return true }
    }
    return false
  }

  /// The names of all endpoints, sorted.
  package func endpoints() throws -> [String] {
    final class Names { var all: [String] = [] }
    let names = Names()
    _ = cs_list(path, Unmanaged.passUnretained(names).toOpaque()) { context, name in
      guard let context, let name else { return 1 }
      Unmanaged<Names>.fromOpaque(context).takeUnretainedValue().all.append(String(cString: name))
      return 0
    }
    return names.all.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".server.json") }
      .map { String($0.dropLast(5)) }.filter(Self.isName).sorted()
  }

  /// The bytes of the model that a document names; they may be damaged.
  package func model(_ document: EndpointDocument) throws -> [UInt8] {
    guard let bytes = try read(modelPath(document.model)) else {
      throw EndpointFailure(
        "the model \(document.model) of the endpoint \(document.endpoint) is not at "
          + modelPath(document.model), mayPass: true)
    }
    return bytes
  }

  // MARK: - Who serves it

  /// The right to serve an endpoint, until it is dropped or the process ends.
  package struct Claim: ~Copyable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Lets others serve it.
    package consuming func release() {}

    deinit {
      cs_unlock(descriptor)
      cs_close(descriptor)
    }
  }

  /// nil when another process serves it.
  package func claim(_ name: String) throws -> Claim? {
    try makeFolder(path)
    let lock = "\(path)/\(name).lock"
    let descriptor = cs_open_lock(lock)
    guard descriptor >= 0 else { throw failure("open the lock file", lock) }
    if cs_flock(descriptor, 0, 0) == 0 { return Claim(descriptor) }
    let isHeld = cs_errno() == EWOULDBLOCK
    let problem = failure("lock", lock)
    cs_close(descriptor)
    if isHeld { return nil }
    throw problem
  }

  /// Whether a process serves it; nothing is made.
  package func isServed(_ name: String) -> Bool {
    let descriptor = cs_open_read("\(path)/\(name).lock")
    guard descriptor >= 0 else { return false }
    defer { cs_close(descriptor) }
    guard cs_flock(descriptor, 0, 1) == 0 else { return true }
    cs_unlock(descriptor)
    return false
  }

  /// What a server says of itself.
  package struct ServerNote: Hashable, Sendable {
    package var process: Int32
    package var url: String
    /// The model that it serves.
    package var model: Digest
    /// The model of the document that it did not take, and why.
    package var refused: Digest?
    package var reason: String?

    /// What this process says, unless told otherwise.
    package init(
      process: Int32 = getpid(), url: String, model: Digest, refused: Digest? = nil,
      reason: String? = nil
    ) {
      self.process = process
      self.url = url
      self.model = model
      self.refused = refused
      self.reason = reason
    }
  }

  /// Writes what the server of an endpoint says.
  package func note(_ note: ServerNote, of name: String) throws {
    var fields: [String: JSONValue] = [
      "v": 1, "pid": .integer(Int64(note.process)), "url": .string(note.url),
      "model": .string(note.model.description),
    ]
    if let refused = note.refused { fields["refused"] = .string(refused.description) }
    if let reason = note.reason { fields["reason"] = .string(reason) }
    try replace(
      serverPath(name), with: JSONValue.object(fields).canonicalBytes() + [UInt8(ascii: "\n")])
  }

  /// What the server of an endpoint said last, also of one that has ended; nil: nothing.
  package func note(of name: String) -> ServerNote? {
    guard let bytes = try? read(serverPath(name)),
      let fields = (try? JSONValue(parsing: bytes))?.object, let pid = fields["pid"]?.integer,
      let model = fields["model"]?.string.flatMap({ Digest($0) })
    else { return nil }
    return ServerNote(
      process: Int32(truncatingIfNeeded: pid), url: fields["url"]?.string ?? "", model: model,
      refused: fields["refused"]?.string.flatMap { Digest($0) }, reason: fields["reason"]?.string)
  }

  /// The server of an endpoint has ended.
  package func removeNote(of name: String) { _ = cs_unlink(serverPath(name)) }

  // MARK: - Files

  private func failure(_ operation: String, _ path: String) -> EndpointFailure {
    EndpointFailure(
      "cannot \(operation) \(path): \(String(cString: cs_error()))", mayPass: true)
  }

  private func makeFolder(_ folder: String) throws {
    if mkdir(folder, 0o777) == 0 || cs_errno() == EEXIST { return }
    guard cs_errno() == ENOENT, let slash = folder.lastIndex(of: "/"), slash > folder.startIndex
    else { throw failure("make the folder", folder) }
    try makeFolder(String(folder[..<slash]))
    guard mkdir(folder, 0o777) == 0 || cs_errno() == EEXIST else {
      throw failure("make the folder", folder)
    }
  }

  /// The bytes of a file; nil where there is none.
  private func read(_ path: String) throws -> [UInt8]? {
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else {
      if cs_errno() == ENOENT { return nil }
      throw failure("read", path)
    }
    defer { cs_close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = cs_read(descriptor, &block, block.count)
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { return bytes }
      bytes += block[0..<count]
    }
  }

  /// Replaces a file as a whole: readers see the old bytes or the new ones, also after a crash.
  private func replace(_ target: String, with bytes: [UInt8]) throws {
    try makeFolder(String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]))
    do {
      try ReplacedFile(target).write(bytes)
    } catch {
      throw EndpointFailure("\(error)", mayPass: true)
    }
  }
}
