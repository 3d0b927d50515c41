// One task as a training job: its name, its request, and what a description of it says.
import Clusters
import Content
import Jobs

/// The name of a training job: the batch, the task's number, and which attempt it is.
struct TaskJobName: Hashable, Sendable {
  let batch: String
  let index: Int
  /// 1 for the first job of the task.
  let attempt: Int

  init(batch: String, index: Int, attempt: Int) {
    self.batch = batch
    self.index = index
    self.attempt = attempt
  }

  /// As SageMaker has it.
  var text: String { "\(batch)-\(index)-\(attempt)" }

  /// Reads a name; nil for any other.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 2, let attempt = Int(parts[parts.count - 1]), attempt > 0,
      let index = Int(parts[parts.count - 2]), index >= 0
    else { return nil }
    self.init(
      batch: parts.dropLast(2).joined(separator: "-"), index: index, attempt: attempt)
  }

  /// The task as drivers name it: of one batch all first attempts are one job.
  var id: ClusterTask.ID { .init(job: "\(batch)-\(attempt)", index: index) }

  /// The name of a task; nil for one of another driver.
  init?(_ id: ClusterTask.ID) {
    guard let dash = id.job.lastIndex(of: "-"),
      let attempt = Int(id.job[id.job.index(after: dash)...]), attempt > 0
    else { return nil }
    self.init(batch: String(id.job[..<dash]), index: id.index, attempt: attempt)
  }
}

/// The request of a task.
struct TaskJobRequest {
  let settings: SageMakerSettings

  /// The parameters of `CreateTrainingJob`.
  ///
  /// Throws `ClusterFailure` where no known machine has what the task reserves.
  func parameters(
    _ name: TaskJobName, _ arguments: [String], _ resources: ClusterResources
  ) throws(ClusterFailure) -> JSONValue {
    let longest = resources.minutes.map { $0 * 60 } ?? settings.longestSeconds
    var machine: [String: JSONValue] = [
      "InstanceType": .string(try instanceType(resources)), "InstanceCount": 1,
      "VolumeSizeInGB": .integer(Int64(settings.volumeSize)),
    ]
    var stopping: [String: JSONValue] = ["MaxRuntimeInSeconds": .integer(Int64(longest))]
    if settings.isSpot {
      stopping["MaxWaitTimeInSeconds"] = .integer(Int64(longest + settings.longestWait))
    } else if settings.keepAliveSeconds > 0 {
      machine["KeepAlivePeriodInSeconds"] = .integer(Int64(settings.keepAliveSeconds))
    }
    let words = arguments + ["\(name.index)"]
    var request: [String: JSONValue] = [
      "TrainingJobName": .string(name.text),
      "AlgorithmSpecification": [
        "TrainingImage": .string(settings.image), "TrainingInputMode": "File",
        "ContainerArguments": .array(words.map { .string($0) }),
      ],
      "RoleArn": .string(settings.role),
      "OutputDataConfig": ["S3OutputPath": .string(settings.output)],
      "ResourceConfig": .object(machine), "StoppingCondition": .object(stopping),
      "Environment": [
        "ATELIER_JOB": .string(name.id.description), "ATELIER_NODE": .string(name.text),
        "ATELIER_SCRATCH": "/opt/ml", "AWS_REGION": .string(settings.region),
      ],
      "EnableManagedSpotTraining": .bool(settings.isSpot),
    ]
    if !settings.tags.isEmpty {
      request["Tags"] = .array(
        settings.tags.sorted { $0.key < $1.key }
          .map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }
    return .object(request)
  }

  func instanceType(_ resources: ClusterResources) throws(ClusterFailure) -> String {
    if let type = settings.instanceType { return type }
    let memory = Int64(resources.memory ?? 4096) << 20
    guard
      let size = InstanceSize.smallest(
        cpus: resources.cpus, memory: max(memory, 4 << 30), gpus: resources.gpus)
    else {
      throw ClusterFailure(
        .impossible,
        "no known machine has \(resources.cpus) cores, \(memory >> 20) MiB of memory and "
          + "\(resources.gpus) graphics processors; name one by [SageMaker] instance_type")
    }
    return size.name
  }
}

/// What SageMaker says of a training job.
struct TaskJobStatus {
  private let status: String
  private let secondary: String
  private let reason: String

  init(_ description: JSONValue) {
    status = description["TrainingJobStatus"]?.string ?? ""
    secondary = description["SecondaryStatus"]?.string ?? ""
    reason = description["FailureReason"]?.string ?? ""
  }

  /// The state of a task; `node` stands for the machine, which SageMaker does not name.
  func state(node: String) -> ClusterTask.State {
    switch status {
    case "InProgress", "Stopping":
      return ["Starting", "LaunchingMLInstances", "PreparingTrainingStack", "Pending"]
        .contains(secondary) ? .waiting(reason: secondary, never: false) : .running(node: node)
    default: return .ended(end, node: node)
    }
  }

  /// How the job ended.
  ///
  /// Source: `DescribeTrainingJob`, `SecondaryStatus` and `FailureReason`.
  private var end: ClusterEnd {
    switch status {
    case "Completed": return .exited
    case "Stopped":
      switch secondary {
      case "MaxRuntimeExceeded", "MaxWaitTimeExceeded": return .timeLimit
      case "Interrupted": return .nodeLost
      default: return .cancelled
      }
    default:
      if reason.contains("exit code: 137") || reason.contains("OutOfMemory") { return .outOfMemory }
      let isOfMachine = ["InternalServerError", "CapacityError", "Interrupted"].contains {
        reason.contains($0) || secondary == $0
      }
      return isOfMachine ? .nodeLost : .exited
    }
  }
}
