// Requests to SageMaker: what is written, and what is refused before anybody asks.
import Content
import Jobs
import ServiceNames
import Testing

@Suite struct RequestTests {
  private static let role = "arn:aws:iam::123456789012:role/jobs"

  static let processing = ProcessingJob(
    name: "retail-train-0123456789ab", image: "1234.dkr.ecr.eu-central-1.amazonaws.com/atelier:2",
    arguments: ["job", "s3://b/r.json"], role: .text(role), instanceType: "ml.m5.large",
    volumeSize: 30, longestSeconds: 3600,
    outputs: [
      .init(
        name: "decisions", place: .joined(["s3://b/decisions", .executionName], separator: "/"))
    ], tags: ["a": "b"])

  static let training = TrainingJob(
    name: "churn-train-0123456789ab", image: .parameter("Image"),
    hyperparameters: ["max_depth": "5"],
    channels: [.init(name: "train", place: "s3://b/train", contentType: "text/csv")],
    output: "s3://b/model", role: .text(role), instanceType: "ml.c5.xlarge", volumeSize: 50,
    longestSeconds: 3600)

  @Test func aRequestIsTheSameInBothForms() throws {
    let machine = Self.processing.request.payload
    #expect(machine["ProcessingJobName"] != nil)
    let step = Self.processing.stepArguments.pipelineJSON
    #expect(step["ProcessingJobName"] == nil)
    #expect(step["AppSpecification"]?["ContainerArguments"] == ["job", "s3://b/r.json"])
    let place = step["ProcessingOutputConfig"]?["Outputs"]?.array?.first?["S3Output"]?["S3Uri"]
    #expect(
      place == [
        "Std:Join": [
          "On": "/", "Values": ["s3://b/decisions", ["Get": "Execution.PipelineExecutionId"]],
        ]
      ])
    #expect(
      Self.training.stepArguments.pipelineJSON["AlgorithmSpecification"]?["TrainingImage"]
        == ["Get": "Parameters.Image"])
    #expect(RequestOperation.createProcessingJob.problems(in: Self.processing.request) == [])
    #expect(RequestOperation.createTrainingJob.problems(in: Self.training.request) == [])
    #expect(
      RequestOperation.createTrainingJob.problems(
        in: Self.training.stepArguments, isNamed: false) == [])
  }

  private static func changed(
    _ request: RequestValue, _ path: [String], to value: RequestValue?
  ) -> RequestValue {
    guard case .object(var members) = request, let name = path.first else { return request }
    members[name] =
      path.count == 1
      ? value : members[name].map { changed($0, Array(path.dropFirst()), to: value) }
    return .object(members)
  }

  @Test(
    arguments: [
      (
        ["HyperParameters", "max_depth"], .integer(5), "HyperParameters.max_depth: expected a text"
      ),
      (["HyperParameters", "max_depth"], .bool(true), "expected a text"),
      (
        ["ResourceConfig", "InstanceType"], "c5.xlarge",
        "ResourceConfig.InstanceType: expected a machine such as ml.m5.large, found 'c5.xlarge'"
      ),
      (["ResourceConfig", "InstanceType"], "ml.c5", "found 'ml.c5'"),
      (["ResourceConfig", "InstanceCount"], 0, "expected at least 1, found 0"),
      (["ResourceConfig", "VolumeSizeInGB"], 20_000, "expected 1 to 16384"),
      (["StoppingCondition", "MaxRuntimeInSeconds"], 0, "expected 1 to 2419200"),
      (["OutputDataConfig", "S3OutputPath"], "/model", "expected s3://bucket/..., found '/model'"),
      (["RoleArn"], "jobs", "expected arn:<partition>:iam::<account>:role/<name>, found 'jobs'"),
      (["RoleArn"], nil, "CreateTrainingJob lacks RoleArn"),
      (["AlgorithmSpecification"], nil, "CreateTrainingJob lacks AlgorithmSpecification"),
      (["AlgorithmSpecification", "TrainingImage"], "", "expected an image of a registry"),
      (["TrainingJobName"], nil, "CreateTrainingJob lacks TrainingJobName"),
      (["TrainingJobName"], 7, "TrainingJobName: expected a text"),
      (
        ["TrainingJobName"], .text(String(repeating: "a", count: 64)),
        "expected at most 63 letters, digits and '-'"
      ),
      (["TrainingJobName"], "a_b", "found 'a_b' (3)"),
      (["TrainingJobName"], "-ab", "found '-ab'"),
      (
        ["TrainingJobName"], .fresh(String(repeating: "a", count: 55)),
        "expected at most 54 letters, digits and '-' before what tells attempts apart"
      ),
      (
        ["InputDataConfig"],
        [
          ["ChannelName": "train"], ["ChannelName": "train"],
        ], "two channels have one name"
      ),
      (
        ["Tags"],
        .list((0..<51).map { ["Key": .text("k\($0)"), "Value": "v"] }), "expected at most 50"
      ),
    ] as [([String], RequestValue?, String)])
  func aBrokenTrainingIsNamed(
    _ path: [String], _ value: RequestValue?, _ said: String
  ) throws {
    let broken = Self.changed(Self.training.request, path, to: value)
    let problems = RequestOperation.createTrainingJob.problems(in: broken)
    #expect(problems.count == 1 && problems[0].contains(said), "\(problems)")
  }

  @Test func aBrokenProcessingIsNamed() {
    let long = RequestValue.text(String(repeating: "x", count: 257))
    let broken = Self.changed(
      Self.processing.request, ["AppSpecification", "ContainerArguments"],
      to: ["job", long])
    #expect(
      RequestOperation.createProcessingJob.problems(in: broken)
        == [
          "AppSpecification.ContainerArguments: expected at most 256 characters each, found 257"
        ])
    #expect(
      RequestOperation.createProcessingJob.problems(in: "text")
        == ["the request is no object; expected members by name"])
    // A pipeline names its jobs itself.
    #expect(
      RequestOperation.createProcessingJob.problems(
        in: Self.processing.request, isNamed: false)
        == ["ProcessingJobName is given, but a pipeline names its jobs itself"])
  }

  @Test func namesOfJobsAreShortAndNeverMeet() {
    let digest = String(repeating: "0123456789abcdef", count: 4)
    let long = JobName.stem([String(repeating: "retail", count: 20)], digest: digest)
    #expect(long.count == 54 && ServiceName.isValid(long) && long.hasSuffix("-0123456789ab"))
    #expect(JobName.stem(["a.b", "é"], digest: digest) == "a-b-0123456789ab")
    #expect(JobName.stem(["..."], digest: digest) == "job-0123456789ab")
  }

  @Test func theSmallestMachineThatIsLargeEnough() {
    func name(_ cpus: Int, _ gib: Double, _ gpus: Int = 0) -> String? {
      InstanceSize.smallest(cpus: cpus, memory: Int64(gib * 1_073_741_824), gpus: gpus)?.name
    }
    #expect(name(1, 2) == "ml.t3.medium")
    // A tenth is left to the system.
    #expect(name(1, 3.9) == "ml.m5.large")
    #expect(name(3, 4) == "ml.c5.xlarge")
    #expect(name(16, 100) == "ml.r5.4xlarge")
    #expect(name(1, 1, 1) == "ml.g4dn.xlarge")
    #expect(name(1, 1, 8) == "ml.p3.16xlarge")
    #expect(name(200, 1) == nil && name(1, 2000) == nil)
  }
}
