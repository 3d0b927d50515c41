// How long steps took in earlier runs, for estimates only: nothing here decides what runs.
import LocalStores

/// Times of steps, read from run records.
package enum RecordedTimes {
  /// The records looked at, newest first: a step that none of them holds has no recorded time.
  package static let reach = 8

  /// Seconds by step, each from the newest run of the workshop in which the step succeeded.
  ///
  /// A hit is recorded with the seconds that its result took when it was made.
  package static func seconds(
    of steps: [String], workshop: String, in runs: RunStore
  ) -> [String: Double] {
    var times: [String: Double] = [:]
    var missing = steps
    var read = 0
    for id in (try? runs.list()) ?? [] {
      if missing.isEmpty || read == reach { break }
      guard let json = try? runs.read(id), let record = RunRecord(json: json),
        record.series == workshop
      else { continue }
      read += 1
      missing.removeAll { name in
        guard let step = record.step(name), step.status == "built" || step.status == "hit" else {
          return false
        }
        times[name] = step.seconds
        return true
      }
    }
    return times
  }
}
