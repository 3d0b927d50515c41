// A job that evaluates segments, as the platform tells it. It sends nothing.
import AdobePlatform
import Content

/// A segment job.
package struct SegmentJob: Sendable, Hashable {
  package let id: String
  /// NEW, QUEUED, PROCESSING, CANCELLING, CANCELLED, FAILED or SUCCEEDED.
  package let status: String
  /// Milliseconds since 1970.
  package let created: Int64
  /// Profiles that qualified, by segment.
  package let reached: [String: Int64]
  package let errors: String

  /// Nil for something that is no job.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, PlatformID.isValid(id) else { return nil }
    self.id = id
    status = json["status"]?.string ?? "unknown"
    created = json["creationTime"]?.integer(in: 0...(1 << 53)) ?? 0
    let counters = json["metrics"]?["segmentedProfileCounter"]?.object ?? [:]
    reached = counters.compactMapValues { counter in
      counter.integer(in: 0...(1 << 53))
        ?? counter.number.flatMap { number in
          // The description says number.
          (0...9e15).contains(number) && number.rounded() == number ? Int64(number) : nil
        }
    }
    errors = (json["errors"]?.array ?? []).prefix(3).compactMap { error in
      let words = [error["code"]?.string, error["msg"]?.string ?? error["message"]?.string]
        .compactMap(\.self)
      return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(300))
    }.joined(separator: "; ")
  }

  package var hasSucceeded: Bool { status == "SUCCEEDED" }

  /// Whether it will never succeed.
  package var hasFailed: Bool { ["FAILED", "CANCELLED", "CANCELLING"].contains(status) }
}

/// A job that ended badly.
package struct FailedSegmentJob: Error, Hashable, Sendable, CustomStringConvertible {
  package let job: String
  package let segment: String
  package let status: String
  package let errors: String

  package var description: String {
    "segment job \(job) of the segment \(segment) ended \(status)"
      + (errors.isEmpty ? "" : ": \(errors)")
      + "; the next run starts another one: a sandbox has 2 a day"
  }
}

/// A job that reached another number of profiles than have such a score.
package struct WrongReach: Error, Hashable, Sendable, CustomStringConvertible {
  package let job: String
  package let segment: String
  package let reached: Int64?
  package let expected: Int64

  package var description: String {
    let begin =
      "segment job \(job) reached \(reached.map(String.init) ?? "an unknown number of") profiles of the "
      + "segment \(segment); expected \(expected). "
    if let reached, reached > expected {
      return begin
        + "Profile has scores of other users, too, from an earlier run: delete those batches of the scoring "
        + "data set, or give this run a data set or a segment of its own. No other job is started for these "
        + "scores; [Platform] scores = none leaves the evaluation out"
    }
    return begin
      + "Profile gets scores later than the data lake: wait "
      + "until it has them, then run again, which starts another job (a sandbox has 2 a day); check also "
      + "that schema and data set of the scores were enabled for Profile before the scores came"
  }
}
