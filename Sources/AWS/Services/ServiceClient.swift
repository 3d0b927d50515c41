// Signed requests to one service, tried again as the policy says. The thin clients stand on it.
import Content
import HTTP
import Signing

/// Sends signed requests to one service.
///
/// A value: a copy with another `isCancelled` shares connections and credentials. Every method
/// blocks and may be called from any thread.
package struct ServiceClient: Sendable {
  package var signer: Signer
  package var base: ServiceURL
  package var credentials: CredentialProvider
  package var transport: any HTTPTransport
  package var retries: RetryPolicy
  package var timing: Timing
  /// Asked often; once it is true, every call ends with `TransportFailure.Kind.cancelled`.
  package var isCancelled: @Sendable () -> Bool

  package init(
    signer: Signer, base: ServiceURL, credentials: CredentialProvider,
    transport: any HTTPTransport, retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.signer = signer
    self.base = base
    self.credentials = credentials
    self.transport = transport
    self.retries = retries
    self.timing = timing
    self.isCancelled = isCancelled
  }

  /// The name that our requests give themselves.
  static let userAgent = HTTPField("User-Agent", "atelier")

  /// A success with what its sink took, and how many attempts it needed.
  package struct Delivery<Sink: ResponseSink> {
    package let head: HTTPHead
    package let sink: Sink
    package let attempts: Int
  }

  /// Sends a request until it succeeds, must not be tried again, or patience ends.
  ///
  /// `sink` makes a fresh sink for each attempt. Throws the last `ServiceFault` (the service
  /// refused), `TransportFailure` (no answer), `CredentialError`, or what the sink threw. A sink
  /// that throws a `ServiceFault` is taken as the service's own word.
  package func send<Sink: ResponseSink>(
    _ request: HTTPRequest, payload: Digest, sink: () throws -> Sink
  ) throws -> Delivery<Sink> {
    let begun = timing.elapsed()
    var attempt = 1
    var refreshed = false
    while true {
      let used = try credentials.current(isCancelled: isCancelled)
      let (error, verdict): (any Error, RetryPolicy.Verdict)
      do {
        let fresh = try sink()
        let head = try attemptOnce(request, payload, used, fresh)
        return Delivery(head: head, sink: fresh, attempts: attempt)
      } catch let fault as ServiceFault {
        error = fault.hiding(used)
        verdict = retries.verdict(
          on: fault, attempt: attempt, elapsed: timing.elapsed() - begun, refreshed: refreshed,
          random: timing.random())
      } catch let failure as TransportFailure {
        error = failure
        verdict = retries.verdict(
          on: failure, attempt: attempt, elapsed: timing.elapsed() - begun,
          random: timing.random())
      }
      switch verdict {
      case .giveUp: throw error
      case .refresh:
        guard try credentials.replace(used, isCancelled: isCancelled) else { throw error }
        refreshed = true
      case .retry(let seconds):
        guard timing.pause(seconds, unless: isCancelled) else {
          throw TransportFailure(.cancelled, "")
        }
      }
      attempt += 1
    }
  }

  /// Signs with the present time and performs one exchange.
  private func attemptOnce(
    _ request: HTTPRequest, _ payload: Digest, _ used: Credentials, _ sink: any ResponseSink
  ) throws -> HTTPHead {
    var signed = request
    let added = try signer.fields(
      for: SignableRequest(
        method: request.method, path: request.fullPath, query: request.query,
        fields: request.fields + [HTTPField("Host", request.base.authority)],
        payload: .digest(payload)),
      with: used, at: timing.now())
    signed.fields += added + [Self.userAgent]
    let answer = try transport.perform(signed, sink: sink, isCancelled: isCancelled)
    guard answer.head.succeeded else { throw ServiceFault(answer, now: timing.now()) }
    return answer.head
  }
}
