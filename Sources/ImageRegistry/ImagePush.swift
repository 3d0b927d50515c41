// Sends an image of a layout to a registry: blobs that it lacks, then the manifest under its tag.
import CSystem
import Content
import FileTools
import HTTP
import OCI

/// A push of one image.
package struct ImagePush: Sendable {
  /// What a push has done.
  package struct Outcome: Sendable, Hashable {
    package let digest: Digest
    /// Blobs that were sent, and their bytes.
    package var sent = 0
    package var sentBytes: Int64 = 0
    /// Blobs that the registry had.
    package var present = 0
    /// Whether the tag named the image already.
    package var isUnchanged = false
  }

  /// Blobs of up to so many bytes are sent in one request.
  private static let smallSize: Int64 = 1 << 20

  package var reference: ImageReference
  package var credentials: RegistryCredentials?
  /// Over plain HTTP; refused for a host of another machine.
  package var isPlain = false
  package var transport: any HTTPTransport
  package var retries = RetryPolicy()
  package var timing = Timing.system
  package var isCancelled: @Sendable () -> Bool = { false }

  package init(
    _ reference: ImageReference, credentials: RegistryCredentials?, transport: any HTTPTransport
  ) {
    self.reference = reference
    self.credentials = credentials
    self.transport = transport
  }

  /// Where requests go.
  package func base() throws(RegistryError) -> ServiceURL {
    guard let base = reference.base(plain: isPlain) else {
      throw .badReference(text: "\(reference)", reason: "'\(reference.host)' is not a host")
    }
    guard !isPlain || base.isOnThisMachine else {
      throw .badReference(
        text: "\(reference)",
        reason: "plain HTTP is for a registry on this machine; '\(reference.host)' is another one")
    }
    return base
  }

  /// Sends what the registry lacks; `report` gets each blob before it is sent.
  ///
  /// The tag is set last, so a push that ends early changes nothing that others pull.
  ///
  /// - Throws: `RegistryError`, `ImageError` where the layout is damaged, or `TransportFailure` where it
  ///   was cancelled.
  package func run(_ layout: ImageLayout, report: (SizedDigest) -> Void) throws -> Outcome {
    let image = try layout.read()
    let client = RegistryClient(
      reference, base: try base(), credentials: credentials, transport: transport,
      retries: retries, timing: timing, isCancelled: isCancelled)
    var outcome = Outcome(digest: image.manifest.blob.digest)
    if try tagged(client) == image.manifest.blob.digest {
      outcome.present = image.blobs.count
      outcome.isUnchanged = true
      return outcome
    }
    for blob in image.blobs.map(\.blob) {
      if try has(blob, client) {
        outcome.present += 1
        continue
      }
      report(blob)
      try upload(blob, layout, client)
      outcome.sent += 1
      outcome.sentBytes += blob.size
    }
    try putManifest(image, client)
    return outcome
  }

  // ---- manifests ----

  /// The digest that the tag names now; nil where it names none.
  private func tagged(_ client: RegistryClient) throws -> Digest? {
    let answer = try client.send(
      "HEAD", try client.address("manifests/\(reference.tag)"),
      fields: [HTTPField("Accept", MediaType.manifest)])
    if answer.head.succeeded {
      return answer.head["Docker-Content-Digest"].flatMap { Digest($0) }
    }
    // A repository that is not there may be made by the first push.
    if answer.head.status == 404 { return nil }
    throw failure(answer, "the question for the tag \(reference.tag)")
  }

  private func putManifest(_ image: StoredImage, _ client: RegistryClient) throws {
    let answer = try client.send(
      "PUT", try client.address("manifests/\(reference.tag)"),
      fields: [HTTPField("Content-Type", image.manifest.mediaType)], body: .bytes(image.text))
    guard answer.head.succeeded else { throw failure(answer, "the manifest") }
    try check(answer, image.manifest.blob.digest, "the manifest")
  }

  // ---- blobs ----

  private func has(_ blob: SizedDigest, _ client: RegistryClient) throws -> Bool {
    let answer = try client.send("HEAD", try client.address("blobs/\(blob.digest)"))
    if answer.head.status == 404 { return false }
    guard answer.head.succeeded else { throw failure(answer, "the question for a layer") }
    try check(answer, blob.digest, "a layer")
    return true
  }

  /// Sends a blob; where the connection breaks, again from the start in another session.
  private func upload(
    _ blob: SizedDigest, _ layout: ImageLayout, _ client: RegistryClient
  ) throws {
    let begun = timing.elapsed()
    var attempt = 1
    while true {
      do {
        return try uploadOnce(blob, layout, client)
      } catch let error as RegistryError {
        guard let failure = error.lostUpload else { throw error }
        let verdict = retries.verdict(
          on: failure, attempt: attempt, elapsed: timing.elapsed() - begun,
          random: timing.random())
        guard case .retry(let seconds) = verdict else {
          throw error
        }
        guard timing.pause(seconds, unless: isCancelled) else {
          throw TransportFailure(.cancelled, "")
        }
        attempt += 1
      }
    }
  }

  private func uploadOnce(
    _ blob: SizedDigest, _ layout: ImageLayout, _ client: RegistryClient
  ) throws {
    let path = layout.path(of: blob.digest)
    let descriptor = cs_open_read(path)
    guard descriptor >= 0 else { throw Disk.failure("open", path) }
    defer { cs_close(descriptor) }
    // The registry would refuse other bytes after it got all of them.
    let (digest, size) = try Digest.of(descriptor: descriptor, path: path)
    guard digest == blob.digest, size == blob.size else {
      throw ImageError.damaged(path: path, reason: "its bytes have another digest")
    }
    let body = HTTPBody.file(descriptor: descriptor, offset: 0, count: size)
    let place = try begin(client)
    let type = HTTPField("Content-Type", "application/octet-stream")
    let last: WebAddress
    var rest = HTTPBody.bytes([])
    if blob.size <= Self.smallSize {
      (last, rest) = (place, body)
    } else {
      // Large bodies go before the digest, as all clients do it: some registries take no other way.
      let answer = try client.send(
        "PATCH", place, fields: [type], body: body, repeating: false)
      guard answer.head.succeeded else { throw uploadFailure(answer, "the bytes of a layer") }
      last = try location(of: answer, at: place)
    }
    let answer = try client.send(
      "PUT", try last.adding("digest", blob.digest.description), fields: [type], body: rest,
      repeating: false)
    guard answer.head.succeeded else {
      if RegistryError.code(answer.body) == "DIGEST_INVALID" {
        throw RegistryError.wrongDigest(
          what: "a layer", sent: blob.digest, answered: "received other bytes")
      }
      throw uploadFailure(answer, "the end of a layer")
    }
    try check(answer, blob.digest, "a layer")
  }

  /// Begins an upload; the address that bytes go to.
  private func begin(_ client: RegistryClient) throws -> WebAddress {
    let address = try client.address("blobs/uploads/")
    let answer = try client.send("POST", address, body: .bytes([]))
    guard answer.head.succeeded else { throw failure(answer, "the start of an upload") }
    return try location(of: answer, at: address)
  }

  private func location(
    of answer: RegistryClient.Answer, at address: WebAddress
  ) throws -> WebAddress {
    guard let text = answer.head["Location"], let place = try? address.redirected(to: text) else {
      throw RegistryError.badAnswer(
        host: reference.host, reason: "an upload without a usable Location")
    }
    guard place.base.scheme == "https" || isPlain else {
      throw RegistryError.badAnswer(
        host: reference.host, reason: "it sends an upload to plain HTTP")
    }
    return place
  }

  /// Refuses an answer that names another digest than what was sent.
  private func check(
    _ answer: RegistryClient.Answer, _ digest: Digest, _ what: String
  ) throws {
    guard let text = answer.head["Docker-Content-Digest"] else { return }
    guard Digest(text) == digest else {
      throw RegistryError.wrongDigest(
        what: what, sent: digest, answered: String(text.prefix(80).filter { $0.isASCII }))
    }
  }

  /// A refusal in the middle of an upload: the registry may have lost its session.
  private func uploadFailure(_ answer: RegistryClient.Answer, _ act: String) -> RegistryError {
    let codes = ["BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID"]
    guard let code = RegistryError.code(answer.body), codes.contains(code) else {
      return failure(answer, act)
    }
    return .lostUpload(host: reference.host, reason: "\(act): \(RegistryError.reason(answer.body))")
  }

  private func failure(_ answer: RegistryClient.Answer, _ act: String) -> RegistryError {
    let reason = RegistryError.reason(answer.body)
    let host = reference.host
    switch (answer.head.status, RegistryError.code(answer.body)) {
    case (404, "NAME_UNKNOWN"): return .noRepository(host: host, repository: reference.repository)
    case (401, _):
      guard let credentials else { return .noCredentials(host: host) }
      return .rejectedCredentials(
        host: host, source: credentials.source,
        reason: credentials.password.hidden(in: reason))
    case (403, _), (_, "DENIED"):
      return .denied(host: host, repository: reference.repository, reason: reason)
    default:
      return .refused(host: host, act: act, status: answer.head.status, reason: reason)
    }
  }
}

extension WebAddress {
  /// The address with one more item in its query.
  fileprivate func adding(_ name: String, _ value: String) throws(Problem) -> WebAddress {
    try WebAddress(
      "\(base)\(path)?" + (query.map { "\($0)&" } ?? "")
        + PercentEncoding.encode([QueryItem(name, value)]))
  }
}
