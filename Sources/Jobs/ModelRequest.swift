// The request of a model that a training made.

/// What SageMaker is asked for a model that a training made.
///
/// Source: `CreateModel` of SageMaker's API.
public struct ModelRequest: Hashable, Sendable {
  /// The name without what tells attempts apart.
  public var name: String
  /// The image that serves it.
  public var image: RequestValue
  /// The archive of the model.
  public var data: RequestValue
  /// The role of the container.
  public var role: RequestValue
  /// Tags by name.
  public var tags: [String: String]

  /// A model; see the properties.
  public init(
    name: String, image: RequestValue, data: RequestValue, role: RequestValue,
    tags: [String: String] = [:]
  ) {
    self.tags = tags
    self.name = name
    self.image = image
    self.data = data
    self.role = role
  }

  /// The request without the model's name, as a pipeline has it.
  public var stepArguments: RequestValue { .object(members) }

  /// The request; `modelName` is the whole name.
  public func request(modelName: RequestValue) -> RequestValue {
    .object(members.merging(["ModelName": modelName]) { $1 })
  }

  private var members: [String: RequestValue] {
    var members: [String: RequestValue] = [
      "ExecutionRoleArn": role, "PrimaryContainer": ["Image": image, "ModelDataUrl": data],
    ]
    if !tags.isEmpty { members["Tags"] = RequestTags.list(tags) }
    return members
  }
}
