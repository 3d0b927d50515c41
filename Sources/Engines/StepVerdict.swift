// What becomes of a step by what its answer and the cluster say: the table of ends, as a function.
import Clusters
import RemoteSteps

/// What is known of a step that was handed to a cluster.
struct StepFacts {
  var answer: StepAnswer?
  /// What the last query said of its task; nil where the cluster lists it no more.
  var state: ClusterTask.State?
  /// Seconds since its task was first seen to have ended without an answer.
  var endedFor = 0.0
  /// Seconds since anything was heard of a task that runs.
  var silentFor = 0.0
  /// How often it was tried elsewhere.
  var attempts = 0
  /// Whether it may have more memory, and does not yet.
  var canGrow = false
  /// MiB that it was given.
  var memory: Int?
}

/// What to do about a step.
enum StepVerdict: Equatable {
  case wait
  case done
  case lost
  case failed(String)
  /// No node could run it, as often as it was tried.
  case exhausted(String)
  /// Elsewhere once more: the fault was not the step's.
  case again(String, avoiding: String?)
  /// Once more with twice the memory.
  case grow
  /// The task is to be cancelled first.
  case cancel(andThen: CancelReason)

  enum CancelReason: Equatable {
    /// The settings, or what the step asks for, let it wait for ever.
    case fail(String)
    /// It was tried as often as is allowed.
    case giveUp(String)
    case again(String, avoiding: String?)
  }

  /// The verdict by the facts.
  static func of(_ facts: StepFacts, _ settings: ClusterSettings) -> StepVerdict {
    if let answer = facts.answer {
      switch answer.status {
      case .built, .hit, .second: return .done
      case .failed: return .failed(answer.text)
      case .memory:
        if facts.canGrow { return .grow }
        return .failed(needsMemory(facts, answer.node) + ": " + answer.text)
      case .lost: return .lost
      case .refused:
        return elsewhere("\(answer.node) refused it: \(answer.text)", answer.node, facts, settings)
      }
    }
    switch facts.state {
    case .waiting(let reason, true)?:
      return .cancel(
        andThen: .fail(
          "the cluster would let it wait for ever (\(reason)); check what the step asks for (time, "
            + "memory, cores) and at the limits of [Slurm] partition, account and qos"))
    case .waiting?: return .wait
    case .running(let node)?:
      guard facts.silentFor > settings.silence else { return .wait }
      let text = "\(node) gave no sign of life for \(Int(facts.silentFor)) s"
      return facts.attempts < settings.retries
        ? .cancel(andThen: .again(text, avoiding: node)) : .cancel(andThen: .giveUp(text))
    case .ended(let end, let node)?:
      if facts.endedFor < settings.patience { return .wait }
      return verdict(end, node, facts, settings)
    case nil:
      if facts.endedFor < settings.patience { return .wait }
      return verdict(.vanished, "", facts, settings)
    }
  }

  private static func verdict(
    _ end: ClusterEnd, _ node: String, _ facts: StepFacts, _ settings: ClusterSettings
  ) -> StepVerdict {
    let place = node.isEmpty ? "the cluster" : node
    switch end {
    case .exited:
      return elsewhere("its job ended on \(place) without an answer", node, facts, settings)
    case .nodeLost: return elsewhere("\(place) was lost", node, facts, settings)
    case .vanished: return elsewhere("the cluster knows no more of its job", nil, facts, settings)
    case .outOfMemory:
      if facts.canGrow { return .grow }
      return .failed(needsMemory(facts, place))
    case .timeLimit:
      return .failed("it took longer than the cluster's time limit; let its timeout ask for more")
    case .cancelled:
      return .failed("its job was cancelled on the cluster, not by this run")
    }
  }

  private static func needsMemory(_ facts: StepFacts, _ place: String) -> String {
    let memory = facts.memory.map { "\($0) MiB" } ?? "the cluster's default of memory"
    return "it needs more than \(memory) on \(place); let its limits ask for more"
  }

  private static func elsewhere(
    _ text: String, _ node: String?, _ facts: StepFacts, _ settings: ClusterSettings
  ) -> StepVerdict {
    facts.attempts < settings.retries
      ? .again(text, avoiding: node?.isEmpty == false ? node : nil)
      : .exhausted("\(text); it was tried \(facts.attempts + 1) times")
  }
}
