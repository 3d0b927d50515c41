// The users of a batch, checked. It knows nothing of what is simulated for them.
import AtelierStep

/// The numbers of a batch's users.
struct UserRange {
  let numbers: Range<Int>

  /// Throws unless there is a user and none has a negative number.
  init(batch: Int, first: Int, count: Int) throws {
    guard count > 0, first >= 0, first <= Int.max - count else {
      throw StepFailure(
        "batch \(batch) has \(count) users from \(first) on: give at least one user, "
          + "numbered from 0")
    }
    numbers = first..<(first + count)
  }
}
