// The request of a processing job: a container that does some steps of a plan.

/// What SageMaker is asked for a container that runs `atelier job`.
///
/// Source: `CreateProcessingJob` of SageMaker's API.
public struct ProcessingJob: Hashable, Sendable {
  /// A folder of the container that is uploaded at the end.
  public struct Output: Hashable, Sendable {
    /// The name of the output.
    public var name: String
    /// The folder in a bucket.
    public var place: RequestValue

    /// An output.
    public init(name: String, place: RequestValue) {
      self.name = name
      self.place = place
    }

    /// The folder in the container.
    var folder: String { "/opt/ml/processing/\(name)" }
  }

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
  /// What is uploaded at the end.
  public var outputs: [Output]
  /// Tags by name.
  public var tags: [String: String]

  /// A job; see the properties.
  public init(
    name: String, image: RequestValue, arguments: [RequestValue], role: RequestValue,
    instanceType: String, volumeSize: Int, longestSeconds: Int, outputs: [Output] = [],
    tags: [String: String] = [:]
  ) {
    self.name = name
    self.image = image
    self.arguments = arguments
    self.role = role
    self.instanceType = instanceType
    self.volumeSize = volumeSize
    self.longestSeconds = longestSeconds
    self.outputs = outputs
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
    if !outputs.isEmpty {
      members["ProcessingOutputConfig"] = [
        "Outputs": .list(
          outputs.map { output in
            [
              "OutputName": .text(output.name),
              "S3Output": [
                "S3Uri": output.place, "LocalPath": .text(output.folder),
                "S3UploadMode": "EndOfJob",
              ],
            ]
          })
      ]
    }
    if !tags.isEmpty { members["Tags"] = RequestTags.list(tags) }
    return members
  }
}

/// Tags as SageMaker takes them.
package enum RequestTags {
  /// The list of a request, in the order of the keys.
  package static func list(_ tags: [String: String]) -> RequestValue {
    .list(
      tags.sorted { $0.key < $1.key }.map {
        ["Key": .text($0.key), "Value": .text(String($0.value.prefix(256)))]
      })
  }
}
