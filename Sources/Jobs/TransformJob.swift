// The request of the scores of a batch.

/// What SageMaker is asked for the scores of a batch.
///
/// Source: `CreateTransformJob` of SageMaker's API.
public struct TransformJob: Hashable, Sendable {
  /// The name without what tells attempts apart.
  public var name: String
  /// The model's name.
  public var model: RequestValue
  /// The folder or object in a bucket whose rows get a score.
  public var input: RequestValue
  /// The folder in a bucket that the scores go to.
  public var output: RequestValue
  /// The machine.
  public var instanceType: String
  /// The form of the rows, such as `text/csv`.
  public var contentType: String
  /// Tags by name.
  public var tags: [String: String]

  /// Scores of a batch; see the properties.
  public init(
    name: String, model: RequestValue, input: RequestValue, output: RequestValue,
    instanceType: String, contentType: String, tags: [String: String] = [:]
  ) {
    self.tags = tags
    self.name = name
    self.model = model
    self.input = input
    self.output = output
    self.instanceType = instanceType
    self.contentType = contentType
  }

  /// The request without the job's name, as a pipeline has it.
  public var stepArguments: RequestValue { .object(members) }

  /// The request with a name that no other attempt has.
  public var request: RequestValue {
    .object(members.merging(["TransformJobName": .fresh(name)]) { $1 })
  }

  private var members: [String: RequestValue] {
    var members: [String: RequestValue] = [
      "ModelName": model,
      "TransformInput": [
        "ContentType": .text(contentType), "SplitType": "Line",
        "DataSource": ["S3DataSource": ["S3DataType": "S3Prefix", "S3Uri": input]],
      ],
      "TransformOutput": [
        "S3OutputPath": output, "Accept": .text(contentType), "AssembleWith": "Line",
      ],
      "TransformResources": ["InstanceCount": 1, "InstanceType": .text(instanceType)],
    ]
    if !tags.isEmpty { members["Tags"] = RequestTags.list(tags) }
    return members
  }
}
