// The request of a training with a built-in algorithm.

/// What SageMaker is asked for a training with a built-in algorithm.
///
/// Source: `CreateTrainingJob` of SageMaker's API; XGBoost's own page for channels and metrics.
public struct TrainingJob: Hashable, Sendable {
  /// A part of the data.
  public struct Channel: Hashable, Sendable {
    /// The name that the algorithm knows it by, such as `train`.
    public var name: String
    /// Its folder in a bucket.
    public var place: RequestValue
    /// The form of its rows, such as `text/csv`.
    public var contentType: String

    /// A part of the data.
    public init(name: String, place: RequestValue, contentType: String) {
      self.name = name
      self.place = place
      self.contentType = contentType
    }
  }

  /// The name without what tells attempts apart.
  public var name: String
  /// The algorithm's image.
  public var image: RequestValue
  /// Hyperparameters: texts, whatever they mean.
  public var hyperparameters: [String: String]
  /// The parts of the data.
  public var channels: [Channel]
  /// The folder in a bucket that the model goes to.
  public var output: RequestValue
  /// The role of the container.
  public var role: RequestValue
  /// The machine.
  public var instanceType: String
  /// GiB of the machine's disk.
  public var volumeSize: Int
  /// Seconds that it may take.
  public var longestSeconds: Int
  /// Tags by name.
  public var tags: [String: String]

  /// A training; see the properties.
  public init(
    name: String, image: RequestValue, hyperparameters: [String: String], channels: [Channel],
    output: RequestValue, role: RequestValue, instanceType: String, volumeSize: Int,
    longestSeconds: Int, tags: [String: String] = [:]
  ) {
    self.name = name
    self.image = image
    self.hyperparameters = hyperparameters
    self.channels = channels
    self.output = output
    self.role = role
    self.instanceType = instanceType
    self.volumeSize = volumeSize
    self.longestSeconds = longestSeconds
    self.tags = tags
  }

  /// The request without the job's name, as a pipeline has it.
  public var stepArguments: RequestValue { .object(members) }

  /// The request with a name that no other attempt has.
  public var request: RequestValue {
    .object(members.merging(["TrainingJobName": .fresh(name)]) { $1 })
  }

  private var members: [String: RequestValue] {
    var members: [String: RequestValue] = [
      "AlgorithmSpecification": ["TrainingImage": image, "TrainingInputMode": "File"],
      "HyperParameters": .object(hyperparameters.mapValues { .text($0) }),
      "InputDataConfig": .list(
        channels.map { channel in
          [
            "ChannelName": .text(channel.name), "ContentType": .text(channel.contentType),
            "DataSource": [
              "S3DataSource": [
                "S3DataType": "S3Prefix", "S3Uri": channel.place,
                "S3DataDistributionType": "FullyReplicated",
              ]
            ],
          ]
        }),
      "OutputDataConfig": ["S3OutputPath": output],
      "ResourceConfig": [
        "InstanceCount": 1, "InstanceType": .text(instanceType),
        "VolumeSizeInGB": .integer(volumeSize),
      ],
      "RoleArn": role,
      "StoppingCondition": ["MaxRuntimeInSeconds": .integer(longestSeconds)],
    ]
    if !tags.isEmpty { members["Tags"] = RequestTags.list(tags) }
    return members
  }
}
