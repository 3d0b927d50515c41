// What a refusal of a service means for another attempt.
import HTTP

extension RetryPolicy {
  /// The verdict on an answer that is no success.
  ///
  /// `attempt` counts from 1, `elapsed` is seconds since the first began, and `refreshed` tells
  /// whether other credentials were fetched before.
  func verdict(
    on fault: ServiceFault, attempt: Int, elapsed: Double, refreshed: Bool, random: Double
  ) -> Verdict {
    if fault.meansExpiredCredentials { return refreshed ? .giveUp : .refresh }
    guard fault.isTransient else { return .giveUp }
    return pause(attempt, elapsed, random, asked: fault.retryAfter)
  }
}
