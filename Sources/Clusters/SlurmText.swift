// What Slurm's programs print, read as text: its JSON of 22.05 ignores filters and exit codes. It starts
// no program.

/// Reads lines of squeue, sacct and scontrol.
enum SlurmText {
  /// The format of a line of squeue.
  static let format = "%F|%K|%T|%r|%N|%j"

  /// A line of squeue in that format; nil for one that is none.
  static func task(_ line: Substring) -> ClusterTask? {
    let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard fields.count >= 6 else { return nil }
    let id = ClusterTask.ID(job: fields[0], index: Int(fields[1]) ?? 0)
    return ClusterTask(
      id: id, batch: fields[5...].joined(separator: "|"),
      state: state(fields[2], reason: fields[3], node: fields[4]))
  }

  static func state(_ word: String, reason: String, node: String) -> ClusterTask.State {
    switch word {
    case "PENDING", "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT", "REQUEUE_FED":
      return .waiting(reason: reason, never: isNever(reason))
    case "RUNNING", "COMPLETING", "CONFIGURING", "STAGE_OUT", "SIGNALING", "STOPPED", "SUSPENDED",
      "RESIZING":
      return .running(node: node)
    default: return .ended(end(word), node: node)
    }
  }

  /// How a task ended by the name of its state; of accounting, also `CANCELLED by 0`.
  static func end(_ word: String) -> ClusterEnd {
    switch word.prefix(while: { $0 != " " && $0 != "+" }) {
    case "COMPLETED", "FAILED": .exited
    case "OUT_OF_MEMORY": .outOfMemory
    case "TIMEOUT", "DEADLINE": .timeLimit
    case "NODE_FAIL", "BOOT_FAIL", "PREEMPTED", "REVOKED": .nodeLost
    case "CANCELLED": .cancelled
    default: .vanished
    }
  }

  /// Reasons for which a task waits for ever.
  private static func isNever(_ reason: String) -> Bool {
    [
      "DependencyNeverSatisfied", "PartitionConfig", "PartitionTimeLimit", "PartitionNodeLimit",
      "BadConstraints", "AccountNotAllowed", "QOSNotAllowed", "InvalidAccount", "InvalidQOS",
      "AssociationTimeLimit", "QOSMaxWallDurationPerJobLimit", "QOSMaxMemoryPerJob",
      "QOSMaxCpuPerJobLimit", "JobHeldAdmin", "JobHeldUser", "JobLaunchFailure",
      "launch_failed_requeued_held",
    ].contains(reason.split(separator: " ").first.map(String.init) ?? reason)
  }

  /// MaxArraySize in what `scontrol show config` prints: one more than the largest number of a task.
  static func longestArray(_ text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix("MaxArraySize") {
      return line.split(separator: "=").last.flatMap { Int($0.filter(\.isNumber)) }
    }
    return nil
  }

  /// What kind of refusal sbatch prints.
  static func kind(_ text: String) -> ClusterFailure.Kind {
    let lower = text.lowercased()
    let unknown = [
      "timed out", "unable to contact", "connection refused", "zero bytes", "communication",
      "slurm_persist_conn", "slow response", "backup controller",
    ]
    if unknown.contains(where: lower.contains) { return .unknown }
    let busy = ["limit", "queue is full", "try again", "temporarily", "resource temporarily"]
    let never = ["time limit", "memory specification", "node configuration"]
    if never.contains(where: lower.contains) { return .impossible }
    return busy.contains(where: lower.contains) ? .busy : .impossible
  }

  /// The setting that a refusal is about.
  static func setting(_ text: String) -> String? {
    let lower = text.lowercased()
    if lower.contains("partition") { return "[Slurm] partition" }
    if lower.contains("account") { return "[Slurm] account" }
    if lower.contains("qos") { return "[Slurm] qos" }
    if lower.contains("feature") || lower.contains("constraint") { return "[Slurm] constraint" }
    if lower.contains("node configuration") || lower.contains("memory") {
      return "the memory or cores that the step asks for"
    }
    if lower.contains("time limit") { return "the time limit of the step" }
    if lower.contains("option") || lower.contains("argument") { return "[Slurm] arguments" }
    return nil
  }
}
