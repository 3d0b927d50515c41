// Tokens of the platform: kept in memory, renewed in time, one fetch at a time.
import Configuration
import Content
import HTTP
import Synchronization

/// A token and when it ends; it is shown nowhere.
package struct AccessToken: Sendable {
  /// What requests carry.
  package let secret: Secret
  /// When another is to be fetched.
  package let renewal: UnixTime
  /// Tells tokens apart without their text.
  let number: Int
}

/// Hands out tokens to any thread.
package final class AccessTokens: Sendable {
  /// A token is renewed after so many seconds at the latest.
  static let longestLife: Int64 = 23 * 3600
  /// It is renewed so many seconds before its end.
  static let margin: Int64 = 500

  private struct State {
    var token: AccessToken?
    var fetches = 0
  }

  private let settings: PlatformSettings
  private let transport: any HTTPTransport
  private let retries: RetryPolicy
  private let timing: Timing
  private let state = Mutex(State())

  package init(
    _ settings: PlatformSettings, transport: any HTTPTransport,
    retries: RetryPolicy = RetryPolicy(), timing: Timing = .system
  ) {
    self.settings = settings
    self.transport = transport
    self.retries = retries
    self.timing = timing
  }

  /// A token that is valid for some minutes yet; other threads wait while one fetches.
  package func current(
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> AccessToken {
    try state.withLock { state in
      if let kept = state.token, timing.now() < kept.renewal { return kept }
      return try renewed(&state, isCancelled)
    }
  }

  /// Another token since the platform refused this one.
  ///
  /// Where another thread fetched one meanwhile, nothing is fetched.
  package func replacing(
    _ refused: AccessToken, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> AccessToken {
    try state.withLock { state in
      if let kept = state.token, kept.number != refused.number { return kept }
      return try renewed(&state, isCancelled)
    }
  }

  private func renewed(
    _ state: inout State, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> AccessToken {
    state.token = nil
    let (secret, seconds) = try fetch(isCancelled)
    state.fetches += 1
    let life = seconds > 2 * Self.margin ? seconds - Self.margin : seconds / 2
    let token = AccessToken(
      secret: secret, renewal: timing.now() + min(life, Self.longestLife), number: state.fetches)
    state.token = token
    return token
  }

  private var request: HTTPRequest {
    let form = [
      QueryItem("grant_type", "client_credentials"), QueryItem("client_id", settings.clientID),
      QueryItem("client_secret", settings.clientSecret.reveal()),
      QueryItem("scope", settings.scopes),
    ]
    // In the body: servers log queries.
    return HTTPRequest(
      "POST", settings.tokenEndpoint, path: "/ims/token/\(settings.tokenVersion.rawValue)",
      fields: [
        HTTPField("Content-Type", "application/x-www-form-urlencoded"),
        HTTPField("Accept", "application/json"), HTTPField("User-Agent", "atelier"),
      ], body: .bytes(Array(PercentEncoding.encode(form).utf8)))
  }

  /// A token and its life in seconds; asking twice gives two tokens, so a failure is tried again.
  private func fetch(_ isCancelled: @escaping @Sendable () -> Bool) throws -> (Secret, Int64) {
    let request = request
    let shown = "POST \(settings.tokenEndpoint)\(request.path)"
    let attempts = Attempts(retries: retries, timing: timing, isCancelled: isCancelled)
    let bytes = try attempts.run { _ in
      let sink = MemorySink(limit: 1 << 20)
      let answer = try transport.perform(request, sink: sink, isCancelled: isCancelled)
      guard answer.head.succeeded else {
        throw PlatformFault(answer, request: shown, now: timing.now())
          .hiding([settings.clientSecret.reveal()])
      }
      return sink.bytes
    }
    guard let json = try? JSONValue(parsing: bytes), let token = json["access_token"]?.string,
      !token.isEmpty, token.utf8.count <= 1 << 16,
      token.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
    else { throw UnexpectedAnswer(shown, expected: "access_token") }
    // Older credentials answer in milliseconds.
    let life = json["expires_in"]?.integer(in: 1...(1 << 40)) ?? 3600
    return (Secret(token), life > 10_000_000 ? max(life / 1000, 1) : life)
  }
}
