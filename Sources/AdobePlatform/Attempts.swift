// Tries again what may succeed a little later, by the policy. It knows nothing of what is tried.
import HTTP

/// One call with all its attempts.
struct Attempts {
  let retries: RetryPolicy
  let timing: Timing
  let isCancelled: @Sendable () -> Bool

  /// Runs `body` with the number of the attempt, from 1, until it succeeds or is not to be tried again.
  func run<Answer>(_ body: (Int) throws -> Answer) throws -> Answer {
    let begun = timing.elapsed()
    var attempt = 1
    while true {
      let failure: any Error
      do {
        return try body(attempt)
      } catch {
        failure = error
      }
      guard case .retry(let seconds) = verdict(failure, attempt, timing.elapsed() - begun) else {
        throw failure
      }
      guard timing.pause(seconds, unless: isCancelled) else {
        throw TransportFailure(.cancelled, "")
      }
      attempt += 1
    }
  }

  private func verdict(
    _ failure: any Error, _ attempt: Int, _ elapsed: Double
  ) -> RetryPolicy.Verdict {
    switch failure {
    case let fault as PlatformFault where fault.isTransient:
      retries.pause(attempt, elapsed, timing.random(), asked: fault.retryAfter)
    case let failure as TransportFailure:
      retries.verdict(
        on: failure, attempt: attempt, elapsed: elapsed, random: timing.random())
    default: .giveUp
    }
  }
}
