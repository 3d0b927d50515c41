// How many calls that cost something a run may make. It sends nothing.
import Synchronization

/// Counts calls that cost licence hours or are rationed, and says each before it is sent.
package final class CallBudget: Sendable {
  /// What costs something.
  package enum Kind: String, Sendable, CaseIterable {
    /// A query that makes a table, or a question over the wire.
    case query
    /// An evaluation of a segment: a sandbox has two a day.
    case segmentJob = "segment job"
  }

  private let limits: [Kind: Int]
  private let say: @Sendable (String) -> Void
  private let spent = Mutex<[Kind: Int]>([:])

  /// `limits` are those that there are; `say` gets a line before each call.
  package init(limits: [Kind: Int] = [:], say: @escaping @Sendable (String) -> Void) {
    self.limits = limits
    self.say = say
  }

  /// Allows one more call, or throws.
  package func spend(_ kind: Kind, on what: String) throws {
    let number = spent.withLock { spent in
      spent[kind, default: 0] += 1
      return spent[kind] ?? 0
    }
    if let limit = limits[kind], number > limit {
      throw BudgetSpent(kind: kind, limit: limit, what: what)
    }
    say(
      "the platform is asked for a \(kind.rawValue) (\(number)"
        + (limits[kind].map { " of at most \($0)" } ?? "") + "): \(what)")
  }
}

/// A call that the budget does not allow.
package struct BudgetSpent: Error, CustomStringConvertible {
  let kind: CallBudget.Kind
  let limit: Int
  let what: String

  package var description: String {
    let key = kind == .query ? "most_queries" : "most_segment_jobs"
    return "\(what) was not sent: this run may make \(limit) calls of the kind '\(kind.rawValue)'; "
      + "raise [Platform] \(key) to go on where it stopped"
  }
}
