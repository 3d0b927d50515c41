// Requests without a signature: those by which one gets something to sign with.
import Content
import HTTP
import Signing

/// Sends requests that are not signed, a few times where that may help.
struct UnsignedExchange: Sendable {
  private static let limit = 1 << 20

  let transport: any HTTPTransport
  let timing: Timing
  var retries: RetryPolicy = {
    var policy = RetryPolicy()
    policy.attempts = 3
    return policy
  }()

  /// The body of a success; throws `ServiceFault` or `TransportFailure` otherwise.
  func send(
    _ request: HTTPRequest, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [UInt8] {
    let begun = timing.elapsed()
    var attempt = 1
    while true {
      let (error, verdict): (any Error, RetryPolicy.Verdict)
      do {
        let sink = MemorySink(limit: Self.limit)
        let answer = try transport.perform(request, sink: sink, isCancelled: isCancelled)
        if answer.head.succeeded { return sink.bytes }
        let fault = ServiceFault(answer, now: timing.now())
        error = fault
        verdict = retries.verdict(
          on: fault, attempt: attempt, elapsed: timing.elapsed() - begun, refreshed: true,
          random: timing.random())
      } catch let failure as TransportFailure {
        error = failure
        // Where nobody listens, nobody will in a moment.
        verdict =
          [.connect, .timeout, .resolve].contains(failure.kind)
          ? .giveUp
          : retries.verdict(
            on: failure, attempt: attempt, elapsed: timing.elapsed() - begun,
            random: timing.random())
      }
      guard case .retry(let seconds) = verdict else { throw error }
      guard timing.pause(seconds, unless: isCancelled) else {
        throw TransportFailure(.cancelled, "")
      }
      attempt += 1
    }
  }
}

/// The JSON in which containers and machines hand out credentials.
enum MetadataDocument {
  /// Reads it; nil where it is none.
  static func credentials(_ bytes: [UInt8]) -> Credentials? {
    guard let answer = try? JSONValue(parsing: bytes), let key = answer["AccessKeyId"]?.string,
      let secret = answer["SecretAccessKey"]?.string, let token = answer["Token"]?.string,
      let expiration = answer["Expiration"]?.string.flatMap({ UnixTime(iso8601: $0) })
    else { return nil }
    return Credentials(
      accessKeyID: key, secretKey: HiddenText(secret), sessionToken: HiddenText(token),
      expiration: expiration)
  }
}
