// The states that a compiled machine has behind a job, as what they mean for the job.
import Compile

/// Joins a job's state with those that only its failure leads to.
enum JobStates {
  /// The states without those behind a job that failed; the job has their status.
  ///
  /// While the machine decides whether to wait for a machine, the job is running; where the wait is given
  /// up, its failure ended the execution.
  static func joined(_ states: [StateProgress]) -> [StateProgress] {
    let names = Set(states.map(\.name))
    var joined: [StateProgress] = []
    var followers: [String: [StateProgress]] = [:]
    for state in states {
      if let job = JobTask.job(ofSupport: state.name), names.contains(job) {
        followers[job, default: []].append(state)
      } else {
        joined.append(state)
      }
    }
    return joined.map { state in
      // A job that is tried again says itself how it stands.
      guard state.status == .caught, let behind = followers[state.name] else { return state }
      var state = state
      if let last = behind.first(where: { $0.status == .failed || $0.status == .stopped }) {
        (state.status, state.ended) = (last.status, last.ended)
      } else {
        (state.status, state.ended) = (.running, nil)
      }
      return state
    }
  }
}
