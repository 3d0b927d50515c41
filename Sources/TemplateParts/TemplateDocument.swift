// A template of CloudFormation that is put together part by part. It knows no service.
import Content

/// A template as a value; its text is canonical JSON.
package struct TemplateDocument: Sendable, Hashable {
  /// The longest text that CloudFormation takes with a request, in bytes.
  ///
  /// Source: "AWS CloudFormation quotas", template body size in a request.
  package static let longestText = 51_200

  package var description: String
  package private(set) var parameters: [String: JSONValue] = [:]
  package private(set) var conditions: [String: JSONValue] = [:]
  package private(set) var resources: [String: JSONValue] = [:]
  package private(set) var outputs: [String: JSONValue] = [:]
  /// Tags of every resource that takes some.
  package var tags: [String: JSONValue]

  package init(_ description: String, tags: [String: JSONValue] = [:]) {
    self.description = description
    self.tags = tags
  }

  /// Adds a parameter; `more` are members such as `AllowedValues`.
  package mutating func parameter(
    _ name: String, _ description: String, type: String = "String", default value: String? = nil,
    _ more: [String: JSONValue] = [:]
  ) {
    var members = more.merging(["Type": .string(type), "Description": .string(description)]) { $1 }
    if let value { members["Default"] = .string(value) }
    parameters[name] = .object(members)
  }

  /// Adds a condition.
  package mutating func condition(_ name: String, _ value: JSONValue) { conditions[name] = value }

  /// Adds a resource with the tags of all, where its type takes tags; `more` are members beside its
  /// properties.
  package mutating func add(
    _ name: String, _ type: String, _ properties: [String: JSONValue],
    tagged own: [String: JSONValue] = [:], _ more: [String: JSONValue] = [:]
  ) {
    var properties = properties
    let all = tags.merging(own) { $1 }
    switch TagForm.of(type) {
    case .list where !all.isEmpty: properties["Tags"] = TagForm.list(all)
    case .members where !all.isEmpty: properties["Tags"] = .object(all)
    default: break
    }
    resources[name] = .object(
      more.merging(["Type": .string(type), "Properties": .object(properties)]) { $1 })
  }

  /// Makes a resource only where a condition holds.
  package mutating func setCondition(_ name: String, _ condition: String) {
    guard var members = resources[name]?.object else { return }
    members["Condition"] = .string(condition)
    resources[name] = .object(members)
  }

  /// Adds a parameter of Systems Manager, by which other stacks find something.
  package mutating func publish(_ name: String, at path: JSONValue, _ value: JSONValue) {
    add(name, "AWS::SSM::Parameter", ["Name": path, "Type": "String", "Value": value])
  }

  /// Adds an output.
  package mutating func output(_ name: String, _ value: JSONValue, condition: String? = nil) {
    var members: [String: JSONValue] = ["Value": value]
    if let condition { members["Condition"] = .string(condition) }
    outputs[name] = .object(members)
  }

  /// The template as JSON.
  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "AWSTemplateFormatVersion": "2010-09-09", "Description": .string(description),
      "Resources": .object(resources),
    ]
    if !parameters.isEmpty { members["Parameters"] = .object(parameters) }
    if !conditions.isEmpty { members["Conditions"] = .object(conditions) }
    if !outputs.isEmpty { members["Outputs"] = .object(outputs) }
    return .object(members)
  }

  /// Canonical JSON, so that equal values are equal texts.
  package func text() throws -> String { try json.canonicalText() }
}

/// How a type of resource takes tags.
package enum TagForm {
  case list, members, none

  /// Types that take none, or only as members of an object.
  private static let without: Set<String> = [
    "AWS::EC2::Route", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy",
    "AWS::KMS::Alias", "AWS::S3::BucketPolicy",
    "AWS::ServiceCatalog::LaunchRoleConstraint",
    "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
    "AWS::ServiceCatalog::PortfolioProductAssociation", "AWS::SSO::Assignment",
  ]
  private static let asMembers: Set<String> = ["AWS::SSM::Parameter"]

  package static func of(_ type: String) -> TagForm {
    without.contains(type) ? .none : asMembers.contains(type) ? .members : .list
  }

  /// Tags as a list, in the order of their keys.
  package static func list(_ tags: [String: JSONValue]) -> JSONValue {
    .array(
      tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": $0.value] })
  }
}

/// Functions of CloudFormation as JSON.
package enum Fn {
  package static func sub(_ text: String) -> JSONValue { ["Fn::Sub": .string(text)] }
  package static func ref(_ name: String) -> JSONValue { ["Ref": .string(name)] }
  package static func get(_ name: String, _ attribute: String) -> JSONValue {
    ["Fn::GetAtt": [.string(name), .string(attribute)]]
  }
  package static func join(_ mark: String, _ parts: [JSONValue]) -> JSONValue {
    ["Fn::Join": [.string(mark), .array(parts)]]
  }
  package static func zone(_ index: Int) -> JSONValue {
    ["Fn::Select": [.integer(Int64(index)), ["Fn::GetAZs": ""]]]
  }
  package static func isEqual(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
    ["Fn::Equals": [one, other]]
  }
  package static func isNot(_ condition: JSONValue) -> JSONValue { ["Fn::Not": [condition]] }
  package static func either(_ condition: String, _ one: JSONValue, _ other: JSONValue) -> JSONValue
  {
    ["Fn::If": [.string(condition), one, other]]
  }
  /// A document in which `${Name}` stands for what a stack knows, and `${aws:...}` for what IAM knows.
  package static func document(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text):
      guard text.contains("${") else { return value }
      let escaped = text.replacing("${aws:", with: "${!aws:")
        .replacing("${sagemaker:", with: "${!sagemaker:")
      return escaped.contains("${") && escaped.replacing("${!", with: "").contains("${")
        ? sub(escaped) : value
    case .array(let elements): return .array(elements.map(document))
    case .object(let members): return .object(members.mapValues(document))
    default: return value
    }
  }

  /// Nothing, as the value of a property.
  package static let nothing: JSONValue = ["Ref": "AWS::NoValue"]
}
