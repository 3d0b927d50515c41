// A model, a configuration and an endpoint as they are to be, with names that follow from their content.
import Content
import Jobs
import ServiceNames
import Workflows

/// What an endpoint is to serve, and on which machines.
package struct EndpointPlan: Sendable {
  /// The endpoint's name.
  package let endpoint: String
  /// The name of the model, of all that it is made of.
  package let model: String
  /// The name of the configuration, of the model and the machines.
  package let configuration: String
  /// The request of the model.
  package let modelRequest: JSONValue
  /// The request of the configuration.
  package let configurationRequest: JSONValue
  /// The tags of all that is made for the endpoint: those of the account's owner, and ours.
  let tags: [String: String]

  /// A plan; `content` tells two archives at the same URL apart, `tags` are those of the account's owner.
  package init(
    endpoint: String, image: String, data: String, content: String, role: String,
    instanceType: String, instances: Int, tags: [String: String] = [:]
  ) throws {
    self.endpoint = endpoint
    self.tags = tags.merging([WorkflowTags.endpoint: endpoint]) { $1 }
    // With the whole name: two long ones that begin alike share no model, so each is removed with its own.
    let digest = try Digest.of([endpoint, image, data, content, role].joined(separator: "\n"))
    model = Self.name(endpoint, digest)
    configuration = Self.name(
      endpoint, try Digest.of([model, instanceType, "\(instances)"].joined(separator: "\n")))
    let members = ModelRequest(
      name: model, image: .text(image), data: .text(data), role: .text(role))
    modelRequest = members.request(modelName: .text(model)).pipelineJSON
    configurationRequest =
      EndpointConfiguration(
        name: .text(configuration), model: .text(model), instanceType: instanceType,
        instances: instances
      ).request.pipelineJSON
  }

  private static func name(_ endpoint: String, _ digest: Digest) -> String {
    "\(beginning(of: endpoint))-\(digest.hex.prefix(12))"
  }

  /// How the names of an endpoint's models and configurations begin.
  static func beginning(of endpoint: String) -> String {
    ServiceName.plain(endpoint, upTo: ServiceName.limit - 13)
  }

}
