// SageMaker: calls, pages and tags that its clients share. It decides nothing.
import AWS
import Content
import HTTP

/// A thin client of SageMaker; every call blocks and throws as `ServiceClient.send` does.
package struct SageMakerClient: Sendable {
  package var service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  func call(_ action: String, _ parameters: JSONValue) throws -> JSONValue {
    try service.json("SageMaker.\(action)", parameters)
  }

  /// The answer of a description; nil where there is no such thing.
  func describe(_ action: String, _ parameters: JSONValue) throws -> JSONValue? {
    do {
      return try call(action, parameters)
    } catch let fault as ServiceFault where fault.meansAbsent {
      return nil
    }
  }

  /// Removes something; what is gone is fine.
  func remove(_ action: String, _ parameters: JSONValue) throws {
    do {
      _ = try call(action, parameters)
    } catch let fault as ServiceFault where fault.meansAbsent {
      return
    }
  }

  /// The entries of all pages of a list.
  func all(
    _ action: String, _ list: String, _ parameters: [String: JSONValue] = [:], most: Int = .max
  ) throws -> [JSONValue] {
    try service.pages(
      "SageMaker.\(action)", list, parameters, token: "NextToken", most: most)
  }

  /// The tags of a resource.
  package func tags(of arn: String) throws -> [String: String] {
    Dictionary(
      try all("ListTags", "Tags", ["ResourceArn": .string(arn)]).compactMap { tag in
        tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") }
      }, uniquingKeysWith: { $1 })
  }

  /// Adds tags, or replaces their values.
  package func tag(_ arn: String, _ tags: [String: String]) throws {
    _ = try call("AddTags", ["ResourceArn": .string(arn), "Tags": Self.list(tags)])
  }

  /// Removes tags by key.
  package func untag(_ arn: String, keys: [String]) throws {
    _ = try call(
      "DeleteTags",
      ["ResourceArn": .string(arn), "TagKeys": .array(keys.map { .string($0) })])
  }

  /// Tags as SageMaker's requests have them.
  static func list(_ tags: [String: String]) -> JSONValue {
    .array(
      tags.sorted { $0.key < $1.key }
        .map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }
}

extension ServiceFault {
  /// Whether SageMaker has no such thing; it has two words for it.
  package var meansAbsent: Bool {
    guard code != "ResourceNotFound", code != "ResourceNotFoundException" else { return true }
    let text = message.lowercased()
    return code.hasPrefix("Validation")
      && (text.contains("could not find") || text.contains("does not exist"))
  }

  /// Whether SageMaker has such a thing already.
  package var meansPresent: Bool {
    let text = message.lowercased()
    return code == "ResourceInUse"
      || (code.hasPrefix("Validation")
        && (text.contains("already exist") || text.contains("already in use")))
  }
}
