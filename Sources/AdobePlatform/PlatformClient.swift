// Requests to Adobe's platform with its envelope, a token and attempts. The services stand on it.
import Content
import FileTools
import HTTP

/// One call, without host and credentials.
package struct PlatformRequest: Sendable {
  package var method: String
  /// Encoded, such as `/data/foundation/catalog/dataSets`.
  package var path: String
  package var query: [QueryItem] = []
  package var accept = "application/json"
  /// Nil: nothing is sent along.
  package var contentType: String?
  package var body = HTTPBody.none
  package var fields: [HTTPField] = []
  /// Whether doing it twice is as good as once.
  ///
  /// A call that may not be repeated is tried once: whoever makes it looks first (`once`).
  package var isRepeatable: Bool

  package init(
    _ method: String, _ path: String, query: [QueryItem] = [], isRepeatable: Bool? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.isRepeatable = isRepeatable ?? ["GET", "HEAD", "PUT"].contains(method)
  }

  /// The call in messages.
  package var shown: String { "\(method) \(path)" }
}

/// Sends requests to the platform for one organisation, sandbox and credential.
///
/// A value: a copy with another `isCancelled` shares connections and tokens. Every method blocks and
/// may be called from any thread. What is thrown is a `PlatformFault`, a `TransportFailure`, an
/// `UnexpectedAnswer`, or what a sink threw.
package struct PlatformClient: Sendable {
  package let settings: PlatformSettings
  package let tokens: AccessTokens
  package var transport: any HTTPTransport
  package var retries: RetryPolicy
  package var timing: Timing
  /// Asked often; once it is true, every call ends with `TransportFailure.Kind.cancelled`.
  package var isCancelled: @Sendable () -> Bool

  package init(
    _ settings: PlatformSettings, transport: any HTTPTransport = CurlTransport(.service()),
    retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.settings = settings
    self.transport = transport
    self.retries = retries
    self.timing = timing
    self.isCancelled = isCancelled
    tokens = AccessTokens(settings, transport: transport, retries: retries, timing: timing)
  }

  /// Answers in memory are never larger.
  package static let answerLimit = 16 << 20

  /// Sends a request and gives the head of its success; `sink` makes a fresh sink for each attempt.
  @discardableResult
  package func send(
    _ request: PlatformRequest, sink: () throws -> any ResponseSink
  ) throws -> HTTPHead {
    let attempts = Attempts(
      retries: request.isRepeatable ? retries : .never, timing: timing, isCancelled: isCancelled)
    return try attempts.run { _ in try withToken { try exchange(request, $0, sink()) } }
  }

  /// One exchange, and another with a new token where the platform refuses the old one: it did nothing.
  private func withToken(_ body: (AccessToken) throws -> HTTPHead) throws -> HTTPHead {
    let token = try tokens.current(isCancelled: isCancelled)
    do {
      return try body(token)
    } catch {
      guard let fault = error as? PlatformFault, fault.status == 401 else { throw error }
      return try body(tokens.replacing(token, isCancelled: isCancelled))
    }
  }

  private func exchange(
    _ request: PlatformRequest, _ token: AccessToken, _ sink: any ResponseSink
  ) throws -> HTTPHead {
    let secret = token.secret.reveal()
    var sent = HTTPRequest(
      request.method, settings.endpoint, path: request.path, query: request.query,
      body: request.body)
    sent.mustNotRepeat = !request.isRepeatable
    sent.fields =
      [
        HTTPField("Authorization", "Bearer \(secret)"), HTTPField("x-api-key", settings.clientID),
        HTTPField("x-gw-ims-org-id", settings.organization),
        HTTPField("x-sandbox-name", settings.sandbox),
        HTTPField("x-request-id", RandomName.make()), HTTPField("Accept", request.accept),
        HTTPField("User-Agent", "atelier"),
      ] + (request.contentType.map { [HTTPField("Content-Type", $0)] } ?? []) + request.fields
    let answer = try transport.perform(sent, sink: sink, isCancelled: isCancelled)
    guard answer.head.succeeded else {
      throw PlatformFault(answer, request: request.shown, now: timing.now())
        .hiding([secret, settings.clientSecret.reveal()])
    }
    return answer.head
  }
}
