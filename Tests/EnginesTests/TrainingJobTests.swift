// What SageMaker says of training jobs, and what it is asked for a task.
import Clusters
import Content
import Testing

@testable import AWSClusters

@Suite struct TrainingJobTests {
  private static let settings = SageMakerSettings(
    image: "registry/atelier:1", role: "arn:aws:iam::123456789012:role/jobs",
    output: "s3://bucket/prefix/jobs/training", region: "eu-west-1", tags: ["CostCenter": "7"])

  @Test func namesOfJobsComeBack() throws {
    let name = TaskJobName(batch: "atelier-0123abcd-0123456789ab", index: 7, attempt: 2)
    #expect(name.text == "atelier-0123abcd-0123456789ab-7-2")
    #expect(TaskJobName(name.text) == name)
    #expect(TaskJobName(name.id) == name)
    // Of the longest array, with many attempts, SageMaker takes 63 characters.
    let long = TaskJobName(batch: name.batch, index: 99_999, attempt: 99_999)
    #expect(long.text.count <= 63)
    for other in ["", "atelier", "atelier-x", "a-b-0", "a--1-1x", "a-b-c-d"] {
      #expect(TaskJobName(other) == nil, "\(other)")
    }
  }

  @Test(arguments: [
    ("InProgress", "Starting", "", ClusterTask.State.waiting(reason: "Starting", never: false)),
    ("InProgress", "Pending", "", .waiting(reason: "Pending", never: false)),
    ("InProgress", "Training", "", .running(node: "n")),
    ("Stopping", "Stopping", "", .running(node: "n")),
    ("Completed", "Completed", "", .ended(.exited, node: "n")),
    ("Failed", "Failed", "AlgorithmError: x, exit code: 75", .ended(.exited, node: "n")),
    ("Failed", "Failed", "AlgorithmError: , exit code: 137", .ended(.outOfMemory, node: "n")),
    ("Failed", "Failed", "InternalServerError: we lost it", .ended(.nodeLost, node: "n")),
    ("Failed", "Failed", "CapacityError: none there", .ended(.nodeLost, node: "n")),
    ("Stopped", "Interrupted", "", .ended(.nodeLost, node: "n")),
    ("Stopped", "MaxRuntimeExceeded", "", .ended(.timeLimit, node: "n")),
    ("Stopped", "MaxWaitTimeExceeded", "", .ended(.timeLimit, node: "n")),
    ("Stopped", "Stopped", "", .ended(.cancelled, node: "n")),
  ])
  func aDescriptionIsAState(
    _ status: String, _ secondary: String, _ reason: String, _ state: ClusterTask.State
  ) {
    let facts: JSONValue = [
      "TrainingJobStatus": .string(status), "SecondaryStatus": .string(secondary),
      "FailureReason": .string(reason),
    ]
    #expect(TaskJobStatus(facts).state(node: "n") == state)
  }

  @Test func aRequestHasWhatTheStepReserves() throws {
    let name = TaskJobName(batch: "atelier-0123abcd-list", index: 3, attempt: 1)
    let resources = ClusterResources(cpus: 8, memory: 20 << 10, minutes: 30)
    var settings = Self.settings
    settings.keepAliveSeconds = 600
    let warm = try TaskJobRequest(settings: settings)
      .parameters(name, ["step", "s3://bucket/prefix", name.batch], resources)
    #expect(
      warm["AlgorithmSpecification"]?["ContainerArguments"]
        == ["step", "s3://bucket/prefix", "atelier-0123abcd-list", "3"])
    #expect(warm["ResourceConfig"]?["InstanceType"] == "ml.m5.2xlarge")
    #expect(warm["ResourceConfig"]?["KeepAlivePeriodInSeconds"] == 600)
    #expect(warm["StoppingCondition"] == ["MaxRuntimeInSeconds": 1800])
    #expect(warm["Environment"]?["ATELIER_JOB"] == "atelier-0123abcd-list-1_3")
    #expect(warm["Tags"] == [["Key": "CostCenter", "Value": "7"]])
    settings.keepAliveSeconds = 0
    settings.isSpot = true
    settings.longestWait = 600
    let spot = try TaskJobRequest(settings: settings).parameters(name, [], resources)
    #expect(spot["EnableManagedSpotTraining"] == true)
    #expect(
      spot["StoppingCondition"] == ["MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 2400])
    #expect(spot["ResourceConfig"]?["KeepAlivePeriodInSeconds"] == nil)
    let error = #expect(throws: ClusterFailure.self) {
      try TaskJobRequest(settings: Self.settings)
        .parameters(name, [], ClusterResources(cpus: 1000))
    }
    #expect(error?.kind == .impossible)
    #expect(error?.description.contains("[SageMaker] instance_type") == true)
  }
}
