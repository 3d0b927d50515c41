// EventBridge: rules and their targets. It decides nothing.
import AWS
import Content
import HTTP

/// A thin client of EventBridge; every call blocks and throws as `ServiceClient.send` does.
package struct EventsClient: Sendable {
  private let service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// A rule by its name; nil where there is none.
  func rule(_ name: String) throws -> JSONValue? {
    do {
      return try call("DescribeRule", ["Name": .string(name)])
    } catch let fault as ServiceFault where fault.meansNoSuchRule {
      return nil
    }
  }

  /// The rules whose names begin so.
  func rules(beginning text: String) throws -> [JSONValue] {
    var found: [JSONValue] = []
    var parameters: [String: JSONValue] = ["NamePrefix": .string(text)]
    while true {
      let page = try call("ListRules", .object(parameters))
      found += page["Rules"]?.array ?? []
      guard let token = page["NextToken"]?.string, !token.isEmpty else { return found }
      parameters["NextToken"] = .string(token)
    }
  }

  /// Makes a rule with these tags, or replaces the pattern of one that is there; its ARN.
  ///
  /// EventBridge takes tags of a new rule only; without any those that are there stay.
  func put(
    rule name: String, pattern: String, description: String, tags: [String: String]
  ) throws -> String {
    var request: [String: JSONValue] = [
      "Name": .string(name), "EventPattern": .string(pattern), "State": "ENABLED",
      "Description": .string(description),
    ]
    if !tags.isEmpty { request["Tags"] = Self.list(tags) }
    return try call("PutRule", .object(request))["RuleArn"]?.string ?? ""
  }

  private static func list(_ tags: [String: String]) -> JSONValue {
    .array(
      tags.sorted { $0.key < $1.key }
        .map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }

  /// Sets the target of a rule.
  func put(target: JSONValue, of rule: String) throws {
    let answer = try call("PutTargets", ["Rule": .string(rule), "Targets": [target]])
    guard let failed = answer["FailedEntries"]?.array?.first else { return }
    throw ServiceFault(
      status: 400, code: failed["ErrorCode"]?.string ?? "FailedEntry",
      message: failed["ErrorMessage"]?.string ?? "")
  }

  /// The targets of a rule.
  func targets(of rule: String) throws -> [JSONValue] {
    try call("ListTargetsByRule", ["Rule": .string(rule)])["Targets"]?.array ?? []
  }

  /// Removes a rule with its targets; one that is gone is fine.
  func delete(rule name: String) throws {
    do {
      let ids = try targets(of: name).compactMap { $0["Id"]?.string }
      if !ids.isEmpty {
        _ = try call(
          "RemoveTargets", ["Rule": .string(name), "Ids": .array(ids.map { .string($0) })])
      }
      _ = try call("DeleteRule", ["Name": .string(name)])
    } catch let fault as ServiceFault where fault.meansNoSuchRule {
      return
    }
  }

  /// The tags of a rule.
  func tags(of arn: String) throws -> [String: String] {
    let answer = try call("ListTagsForResource", ["ResourceARN": .string(arn)])
    return Dictionary(
      (answer["Tags"]?.array ?? []).compactMap { tag in
        tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") }
      }, uniquingKeysWith: { $1 })
  }

  /// Adds tags, or replaces their values.
  func tag(_ arn: String, _ tags: [String: String]) throws {
    _ = try call(
      "TagResource", ["ResourceARN": .string(arn), "Tags": Self.list(tags)])
  }

  private func call(_ action: String, _ parameters: JSONValue) throws -> JSONValue {
    try service.json("AWSEvents.\(action)", parameters)
  }
}

extension ServiceFault {
  /// Whether EventBridge has no such rule.
  fileprivate var meansNoSuchRule: Bool { code == "ResourceNotFoundException" }
}
