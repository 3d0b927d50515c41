// Credentials that are kept until shortly before they expire; one fetch at a time.
import HTTP
import Signing
import Synchronization

/// Where credentials come from.
package protocol CredentialSource: Sendable {
  /// Fetches credentials; blocks. Throws `CredentialError`.
  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials
}

/// Credentials that are given and never change.
package struct FixedCredentials: CredentialSource {
  private let credentials: Credentials
  package init(_ credentials: Credentials) { self.credentials = credentials }
  package func fetch(isCancelled: @escaping @Sendable () -> Bool) -> Credentials { credentials }
}

/// Hands out credentials to any thread, and fetches new ones in time.
package final class CredentialProvider: Sendable {
  /// Seconds before the end at which new ones are fetched.
  static let margin: Int64 = 300
  /// Seconds until the next try after a fetch failed while the old ones were still valid.
  static let patience: Int64 = 30

  private struct State {
    var credentials: Credentials?
    var notBefore: UnixTime?
  }

  private let source: any CredentialSource
  private let now: @Sendable () -> UnixTime
  private let state = Mutex(State())

  package init(_ source: any CredentialSource, now: @escaping @Sendable () -> UnixTime) {
    self.source = source
    self.now = now
  }

  /// Credentials that are valid for some minutes yet.
  ///
  /// Where none can be fetched, the old ones serve for as long as they are valid.
  package func current(
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> Credentials {
    try state.withLock { state in
      let time = now()
      if let kept = state.credentials {
        guard let end = kept.expiration, end < time + Self.margin else { return kept }
        if end > time, let notBefore = state.notBefore, time < notBefore { return kept }
      }
      do {
        let fetched = try source.fetch(isCancelled: isCancelled)
        // A source may hold on to those that end soon; it is not asked at each request.
        let endsSoon = fetched.expiration.map { $0 < time + Self.margin } ?? false
        state = State(
          credentials: fetched, notBefore: endsSoon ? time + Self.patience : nil)
        return fetched
      } catch {
        guard let kept = state.credentials, let end = kept.expiration, end > time else {
          throw error
        }
        state.notBefore = time + Self.patience
        return kept
      }
    }
  }

  /// Fetches anew because a service called these expired; false when there are no others.
  ///
  /// Where another thread did so meanwhile, nothing is fetched.
  func replace(
    _ refused: Credentials, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    try state.withLock { state in
      if let kept = state.credentials, kept != refused { return true }
      let fetched = try source.fetch(isCancelled: isCancelled)
      state = State(credentials: fetched)
      return fetched != refused
    }
  }
}
