// What is known of a step that a task of a cluster is to run. It asks nobody.
import Clusters
import RemoteCache

/// A step with its task, as it was seen so far; moments are seconds of a clock that only goes forward.
struct OpenStep {
  let step: WaitingStep
  let task: ClusterTask.ID
  let batch: String
  /// MiB that it was given; nil for the cluster's default.
  let memory: Int?
  /// When its task was first seen to have ended, or not to be listed.
  private(set) var ended: Double?
  /// When it was first seen to run, or was last heard of.
  private(set) var heard: Double?
  private(set) var node = ""
  private var lease = ""

  init(step: WaitingStep, task: ClusterTask.ID, batch: String, memory: Int?) {
    self.step = step
    self.task = task
    self.batch = batch
    self.memory = memory
  }

  /// Notes what a query said of its task, nil where it is not listed; whether it runs somewhere else
  /// than before.
  mutating func see(_ state: ClusterTask.State?, now: Double) -> Bool {
    switch state {
    case .running(let node)?:
      ended = nil
      heard = heard ?? now
      guard self.node != node else { return false }
      self.node = node
      return true
    case .waiting?:
      // Also after it ran: the cluster starts it again by itself.
      (ended, heard) = (nil, nil)
    case .ended(_, let node)?:
      if self.node.isEmpty { self.node = node }
      ended = ended ?? now
    case nil: ended = ended ?? now
    }
    return false
  }

  /// Notes a lease of its task: one that was renewed is a sign of life.
  mutating func hear(_ sign: RemoteLease, now: Double) {
    guard sign.tag != lease else { return }
    lease = sign.tag
    heard = now
  }

  /// All that is known but for an answer.
  func facts(_ state: ClusterTask.State?, now: Double) -> StepFacts {
    StepFacts(
      state: state, endedFor: ended.map { now - $0 } ?? 0, silentFor: heard.map { now - $0 } ?? 0,
      attempts: step.attempts, canGrow: step.action.step.limits.mayGrow && step.growth == 1,
      memory: memory)
  }
}
