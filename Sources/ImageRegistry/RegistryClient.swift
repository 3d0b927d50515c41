// Requests to one repository of a registry, with the authorization that it asks for, tried again
// where that may help. It knows nothing of layouts.
import Content
import HTTP
import Signing
import Synchronization

/// A client of one repository, by the registry API (version 2).
///
/// Used from one thread.
final class RegistryClient {
  private static let answerLimit = 4 << 20

  let reference: ImageReference
  private let base: ServiceURL
  private let credentials: RegistryCredentials?
  private let transport: any HTTPTransport
  private let retries: RetryPolicy
  private let timing: Timing
  private let isCancelled: @Sendable () -> Bool
  /// The value of the field Authorization that the registry accepts now.
  private var authorization: HiddenText?

  init(
    _ reference: ImageReference, base: ServiceURL, credentials: RegistryCredentials?,
    transport: any HTTPTransport, retries: RetryPolicy, timing: Timing,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.reference = reference
    self.base = base
    self.credentials = credentials
    self.transport = transport
    self.retries = retries
    self.timing = timing
    self.isCancelled = isCancelled
  }

  /// An answer with its body, whatever its status.
  struct Answer {
    let head: HTTPHead
    let body: [UInt8]
  }

  /// The address of something in the repository, such as `manifests/latest`.
  func address(_ path: String) throws(RegistryError) -> WebAddress {
    let text = "\(base)/v2/\(reference.repository)/\(path)"
    do {
      return try WebAddress(text)
    } catch {
      throw .badReference(text: "\(reference)", reason: "it makes no URL")
    }
  }

  /// Sends a request, with a fresh token once where it is refused, and again where it may succeed
  /// later and may be sent twice.
  ///
  /// - Throws: `RegistryError`; a refusal by status is an answer.
  func send(
    _ method: String, _ address: WebAddress, fields: [HTTPField] = [], body: HTTPBody = .none,
    repeating: Bool = true
  ) throws -> Answer {
    let retries = repeating ? retries : .never
    let begun = timing.elapsed()
    var attempt = 1
    var hasAsked = false
    while true {
      let verdict: RetryPolicy.Verdict
      let answer: Result<Answer, TransportFailure>
      do {
        answer = .success(try exchange(method, address, fields, body, authorized: true))
      } catch let failure as TransportFailure {
        answer = .failure(failure)
      }
      let elapsed = timing.elapsed() - begun
      switch answer {
      case .success(let answer) where answer.head.status == 401 && !hasAsked:
        hasAsked = true
        try authorize(answer)
        continue
      case .success(let answer) where Self.isTransient(answer.head.status):
        verdict = retries.pause(
          attempt, elapsed, timing.random(), asked: answer.head.retryAfter(now: timing.now()))
      case .success(let answer): return answer
      case .failure(let failure):
        verdict = retries.verdict(
          on: failure, attempt: attempt, elapsed: elapsed, random: timing.random())
      }
      guard case .retry(let seconds) = verdict else {
        switch answer {
        case .success(let answer): return answer
        case .failure(let failure):
          if failure.kind == .cancelled { throw failure }
          throw RegistryError.unreachable(host: address.base.authority, failure: failure)
        }
      }
      guard timing.pause(seconds, unless: isCancelled) else {
        throw TransportFailure(.cancelled, "")
      }
      attempt += 1
    }
  }

  /// One exchange; credentials go to the registry's own host alone.
  private func exchange(
    _ method: String, _ address: WebAddress, _ fields: [HTTPField], _ body: HTTPBody,
    authorized: Bool
  ) throws -> Answer {
    let sink = MemorySink(limit: Self.answerLimit)
    var fields = fields + [HTTPField("User-Agent", "atelier")]
    if authorized, address.base == base, let authorization {
      fields.append(HTTPField("Authorization", authorization.reveal()))
    }
    let answer = try transport.perform(
      HTTPRequest(
        method, address.base, path: address.requestTarget, fields: fields, body: body),
      sink: sink, isCancelled: isCancelled)
    return Answer(
      head: answer.head, body: answer.head.succeeded ? sink.bytes : answer.errorBody)
  }

  private static func isTransient(_ status: Int) -> Bool {
    [408, 425, 429, 500, 502, 503, 504].contains(status)
  }

  // ---- authorization ----

  /// Does what a refusal asks for; throws where it cannot be done, or was of no use.
  private func authorize(_ refusal: Answer) throws {
    let fields = refusal.head.fields.filter { $0.name.lowercased() == "www-authenticate" }
    guard let challenge = fields.lazy.compactMap({ RegistryChallenge($0.value) }).first else {
      throw RegistryError.badAnswer(
        host: reference.host, reason: "401 without Basic or Bearer in WWW-Authenticate")
    }
    switch challenge {
    case .basic:
      guard let credentials else { throw RegistryError.noCredentials(host: reference.host) }
      let value = credentials.basic
      guard authorization?.reveal() != value else {
        throw rejected(RegistryError.reason(refusal.body))
      }
      authorization = HiddenText(value)
    case .bearer(let realm, let service, let scope):
      authorization = HiddenText("Bearer " + (try token(realm, service, scope)))
    }
  }

  func rejected(_ reason: String) -> RegistryError {
    guard let credentials else { return .noCredentials(host: reference.host) }
    return .rejectedCredentials(
      host: reference.host, source: credentials.source,
      reason: credentials.password.hidden(in: reason))
  }

  /// A token for pushing, from the server that the registry names.
  private func token(_ realm: String, _ service: String?, _ scope: String?) throws -> String {
    let address: WebAddress
    do {
      address = try WebAddress(realm)
    } catch {
      throw RegistryError.badAnswer(
        host: reference.host, reason: "it sends for tokens to what is no web address")
    }
    guard address.base.scheme == "https" || base.scheme == "http" else {
      throw RegistryError.badAnswer(
        host: reference.host,
        reason: "it sends for tokens to \(address), where a password would be sent unencrypted")
    }
    // What this client is going to do, whatever the refused request was.
    let own = "repository:\(reference.repository):pull,push"
    var query = [QueryItem("scope", scope.flatMap { $0.contains("push") ? $0 : nil } ?? own)]
    if let service { query.append(QueryItem("service", service)) }
    var fields = [HTTPField("User-Agent", "atelier")]
    if let credentials { fields.append(HTTPField("Authorization", credentials.basic)) }
    let sink = MemorySink(limit: Self.answerLimit)
    let separator = address.query == nil ? "?" : "&"
    let answer: HTTPAnswer
    do {
      answer = try transport.perform(
        HTTPRequest(
          "GET", address.base,
          path: address.requestTarget + separator + PercentEncoding.encode(query), fields: fields),
        sink: sink, isCancelled: isCancelled)
    } catch let failure as TransportFailure where failure.kind != .cancelled {
      throw RegistryError.unreachable(host: address.base.authority, failure: failure)
    }
    if [400, 401, 403].contains(answer.head.status) {
      throw rejected(RegistryError.reason(answer.errorBody))
    }
    guard answer.head.succeeded, let value = try? JSONValue(parsing: sink.bytes),
      let token = value["token"]?.string ?? value["access_token"]?.string, !token.isEmpty
    else {
      throw RegistryError.badAnswer(
        host: address.base.authority, reason: "\(answer.head.status) and no token")
    }
    return token
  }
}

extension WebAddress {
  /// The path with the query, as a request has it.
  var requestTarget: String { query.map { "\(path)?\($0)" } ?? path }
}
