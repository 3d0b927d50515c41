// Models, endpoint configurations and endpoints of SageMaker.
import AWS
import Content
import HTTP

/// An endpoint as SageMaker has it.
package struct EndpointDescription: Sendable, Hashable {
  package var name: String
  package var arn: String
  /// The name of the configuration that it serves, or that it is brought to.
  package var configuration: String
  /// `Creating`, `Updating`, `InService`, `Failed`, ...
  package var status: String
  package var reason: String?

  init(_ answer: JSONValue) {
    name = answer["EndpointName"]?.string ?? ""
    arn = answer["EndpointArn"]?.string ?? ""
    configuration = answer["EndpointConfigName"]?.string ?? ""
    status = answer["EndpointStatus"]?.string ?? ""
    reason = answer["FailureReason"]?.string
  }

  /// Whether SageMaker is at work on it.
  package var isMoving: Bool {
    ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"].contains(status)
  }
}

extension SageMakerClient {
  /// An endpoint by its name; nil where there is none.
  package func endpoint(_ name: String) throws -> EndpointDescription? {
    try describe("DescribeEndpoint", ["EndpointName": .string(name)])
      .map { EndpointDescription($0) }
  }

  /// All endpoints of the region: names and statuses.
  package func endpoints() throws -> [(name: String, arn: String, status: String)] {
    try all("ListEndpoints", "Endpoints", ["MaxResults": 100]).map {
      (
        $0["EndpointName"]?.string ?? "", $0["EndpointArn"]?.string ?? "",
        $0["EndpointStatus"]?.string ?? ""
      )
    }
  }

  /// The answer of DescribeEndpointConfig; nil where there is none.
  package func configuration(_ name: String) throws -> JSONValue? {
    try describe("DescribeEndpointConfig", ["EndpointConfigName": .string(name)])
  }

  /// The names and ARNs of configurations whose names hold a text.
  package func configurations(containing text: String) throws -> [(name: String, arn: String)] {
    try all(
      "ListEndpointConfigs", "EndpointConfigs",
      ["NameContains": .string(text), "MaxResults": 100]
    ).map { ($0["EndpointConfigName"]?.string ?? "", $0["EndpointConfigArn"]?.string ?? "") }
  }

  /// The answer of DescribeModel; nil where there is none.
  package func model(_ name: String) throws -> JSONValue? {
    try describe("DescribeModel", ["ModelName": .string(name)])
  }

  /// The names and ARNs of models whose names hold a text.
  package func models(containing text: String) throws -> [(name: String, arn: String)] {
    try all("ListModels", "Models", ["NameContains": .string(text), "MaxResults": 100])
      .map { ($0["ModelName"]?.string ?? "", $0["ModelArn"]?.string ?? "") }
  }

  /// The answer of DescribeTrainingJob; nil where there is none.
  package func trainingJob(_ name: String) throws -> JSONValue? {
    try describe("DescribeTrainingJob", ["TrainingJobName": .string(name)])
  }

  /// Sends a request that creates something; false where it is there already.
  package func create(
    _ action: String, _ request: JSONValue, tags: [String: String]
  ) throws -> Bool {
    var members = request.object ?? [:]
    members["Tags"] = Self.list(tags)
    do {
      _ = try call(action, .object(members))
      return true
    } catch let fault as ServiceFault where fault.meansPresent {
      return false
    }
  }

  /// Brings an endpoint to another configuration; it serves the former one until that is ready.
  package func updateEndpoint(_ name: String, configuration: String) throws {
    _ = try call(
      "UpdateEndpoint",
      ["EndpointName": .string(name), "EndpointConfigName": .string(configuration)])
  }

  /// Begins to remove an endpoint; one that is gone is fine.
  package func deleteEndpoint(_ name: String) throws {
    try remove("DeleteEndpoint", ["EndpointName": .string(name)])
  }

  /// Removes a configuration; one that is gone is fine.
  package func deleteConfiguration(_ name: String) throws {
    try remove("DeleteEndpointConfig", ["EndpointConfigName": .string(name)])
  }

  /// Removes a model; one that is gone is fine.
  package func deleteModel(_ name: String) throws {
    try remove("DeleteModel", ["ModelName": .string(name)])
  }
}
