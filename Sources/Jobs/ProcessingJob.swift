// The request of a processing job: a container that does some steps of a plan.

/// What SageMaker is asked for a container that runs `atelier job`.
///
/// Source: `CreateProcessingJob` of SageMaker's API.
public struct ProcessingJob: Hashable, Sendable {
  /// Where the container finds what the machine should upload: the decisions that branches read.
  public static let outputFolder = "/opt/ml/processing/output"
  /// The name of that output.
  public static let outputName = "decisions"

  /// The name without what tells attempts apart.
  public var name: String
  /// The image of the container.
  public var image: RequestValue
  /// What the container is called with, behind the program.
  public var arguments: [RequestValue]
  /// The role of the container.
  public var role: RequestValue
  /// The machine.
  public var instanceType: String
  /// GiB of the machine's disk.
  public var volumeSize: Int
  /// Seconds that it may take.
  public var longestSeconds: Int
  /// The folder in a bucket that decisions go to; nil for none.
  public var output: RequestValue?
  /// Tags by name.
  public var tags: [String: String]

  /// A job; see the properties.
  public init(
    name: String, image: RequestValue, arguments: [RequestValue], role: RequestValue,
    instanceType: String, volumeSize: Int, longestSeconds: Int, output: RequestValue? = nil,
    tags: [String: String] = [:]
  ) {
    self.name = name
    self.image = image
    self.arguments = arguments
    self.role = role
    self.instanceType = instanceType
    self.volumeSize = volumeSize
    self.longestSeconds = longestSeconds
    self.output = output
    self.tags = tags
  }

  /// The request without the job's name, as a pipeline has it.
  public var stepArguments: RequestValue { .object(members) }

  /// The request with a name that no other attempt has.
  public var request: RequestValue {
    .object(members.merging(["ProcessingJobName": .fresh(name)]) { $1 })
  }

  private var members: [String: RequestValue] {
    var members: [String: RequestValue] = [
      "AppSpecification": ["ImageUri": image, "ContainerArguments": .list(arguments)],
      "ProcessingResources": [
        "ClusterConfig": [
          "InstanceCount": 1, "InstanceType": .text(instanceType),
          "VolumeSizeInGB": .integer(volumeSize),
        ]
      ],
      "RoleArn": role,
      "StoppingCondition": ["MaxRuntimeInSeconds": .integer(longestSeconds)],
    ]
    if let output {
      members["ProcessingOutputConfig"] = [
        "Outputs": [
          [
            "OutputName": .text(Self.outputName),
            "S3Output": [
              "S3Uri": output, "LocalPath": .text(Self.outputFolder), "S3UploadMode": "EndOfJob",
            ],
          ]
        ]
      ]
    }
    if !tags.isEmpty { members["Tags"] = RequestTags.list(tags) }
    return members
  }
}

/// Tags as SageMaker takes them.
enum RequestTags {
  static func list(_ tags: [String: String]) -> RequestValue {
    .list(
      tags.sorted { $0.key < $1.key }.map {
        ["Key": .text($0.key), "Value": .text(String($0.value.prefix(256)))]
      })
  }
}
