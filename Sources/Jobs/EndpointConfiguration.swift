// The request of an endpoint's configuration.

/// What SageMaker is asked for an endpoint's configuration with one variant.
///
/// Source: `CreateEndpointConfig` of SageMaker's API.
public struct EndpointConfiguration: Hashable, Sendable {
  /// Its own name: an update of an endpoint needs a new one.
  public var name: RequestValue
  /// The model's name.
  public var model: RequestValue
  /// The machine.
  public var instanceType: String
  /// Machines.
  public var instances: Int
  /// Tags by name.
  public var tags: [String: String]

  /// A configuration; see the properties.
  public init(
    name: RequestValue, model: RequestValue, instanceType: String, instances: Int,
    tags: [String: String] = [:]
  ) {
    self.tags = tags
    self.name = name
    self.model = model
    self.instanceType = instanceType
    self.instances = instances
  }

  /// The request.
  public var request: RequestValue {
    var members: [String: RequestValue] = [
      "EndpointConfigName": name,
      "ProductionVariants": [
        [
          "VariantName": "AllTraffic", "ModelName": model, "InstanceType": .text(instanceType),
          "InitialInstanceCount": .integer(instances), "InitialVariantWeight": 1,
        ]
      ],
    ]
    if !tags.isEmpty { members["Tags"] = RequestTags.list(tags) }
    return .object(members)
  }
}
