// Which steps go into one task, and which tasks into one array. It submits nothing.
import Atelier
import AtelierStep
import Clusters
import Content
import Execution

/// A step that waits to be submitted.
struct WaitingStep {
  let action: Action
  let done: @Sendable (EndedStep) -> Void
  /// Seconds that it took before; nil where that is not known.
  let seconds: Double?
  var attempts = 0
  /// Times its own memory.
  var growth = 1
  var avoided: Set<String> = []
  /// Not before this moment.
  var after = 0.0

  /// What a task asks for that runs it, but for time.
  var resources: ClusterResources {
    let limits = action.step.limits
    return ClusterResources(
      cpus: Self.rounded(max(1, limits.cpus)),
      memory: limits.memory.map {
        Self.rounded(Int(clamping: ($0 + (1 << 20) - 1) >> 20)) * growth
      },
      gpus: limits.gpus)
  }

  /// Few classes of resources make large arrays: the next power of two.
  private static func rounded(_ value: Int) -> Int {
    var power = 1
    while power < value, power < 1 << 40 { power <<= 1 }
    return power
  }
}

/// The tasks of one array.
struct StepArray {
  let resources: ClusterResources
  let excluded: [String]
  let tasks: [[WaitingStep]]
}

enum StepGroups {
  /// Seconds for bringing inputs and taking outputs, beside each step's own limit.
  private static let staging = 120.0

  /// Puts steps of known length together, and tasks of one class into arrays.
  static func arrays(
    _ steps: [WaitingStep], groupSeconds: Double, longest: Int
  ) -> [StepArray] {
    struct Class: Hashable {
      let resources: ClusterResources
      let excluded: [String]
      let isLimited: Bool
    }
    var order: [Class] = []
    var classes: [Class: [WaitingStep]] = [:]
    for step in steps {
      // One bad node is enough to be tried elsewhere; a second time no node is.
      let excluded = step.attempts >= 1 ? step.avoided.sorted() : []
      let own = Class(
        resources: step.resources, excluded: excluded,
        isLimited: step.action.step.limits.timeout != nil)
      if classes[own] == nil { order.append(own) }
      classes[own, default: []].append(step)
    }
    return order.flatMap { own -> [StepArray] in
      let tasks = tasks(classes[own] ?? [], groupSeconds)
      return stride(from: 0, to: tasks.count, by: longest).map { start in
        let part = Array(tasks[start..<min(tasks.count, start + longest)])
        var resources = own.resources
        if own.isLimited {
          let limits = part.map { task in
            task.reduce(0) { $0 + attempts($1) * ($1.action.step.limits.timeout ?? 0) + staging }
          }
          resources.minutes = Int(((limits.max() ?? 0) / 60).rounded(.up))
        }
        return StepArray(resources: resources, excluded: own.excluded, tasks: part)
      }
    }
  }

  private static func attempts(_ step: WaitingStep) -> Double {
    Double(step.action.step.limits.retries + 1)
  }

  private static func tasks(_ steps: [WaitingStep], _ limit: Double) -> [[WaitingStep]] {
    var tasks: [[WaitingStep]] = []
    var group: [WaitingStep] = []
    var sum = 0.0
    for step in steps {
      // Nobody knows how long it takes, or it was tried before: alone.
      guard let seconds = step.seconds, step.attempts == 0 else {
        tasks.append([step])
        continue
      }
      if !group.isEmpty, sum + seconds > limit {
        tasks.append(group)
        (group, sum) = ([], 0)
      }
      group.append(step)
      sum += seconds
    }
    return group.isEmpty ? tasks : tasks + [group]
  }
}
