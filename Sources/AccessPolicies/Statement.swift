// One statement of a policy, on its way to JSON.
import Content

/// A statement as an author of policies writes it.
struct Statement {
  private let json: JSONValue

  private init(
    _ effect: String, _ name: String, _ actions: [String], _ resources: [String],
    _ conditions: [String: [String: JSONValue]]
  ) {
    var members: [String: JSONValue] = [
      "Sid": .string(name), "Effect": .string(effect),
      "Action": .array(actions.map { .string($0) }),
      "Resource": .array(resources.map { .string($0) }),
    ]
    if !conditions.isEmpty { members["Condition"] = .object(conditions.mapValues { .object($0) }) }
    json = .object(members)
  }

  static func allow(
    _ name: String, _ actions: [String], on resources: [String] = ["*"],
    when conditions: [String: [String: JSONValue]] = [:]
  ) -> Statement {
    Statement("Allow", name, actions, resources, conditions)
  }

  static func deny(
    _ name: String, _ actions: [String], on resources: [String] = ["*"],
    when conditions: [String: [String: JSONValue]] = [:]
  ) -> Statement {
    Statement("Deny", name, actions, resources, conditions)
  }

  /// A document of version 2012-10-17.
  static func document(_ statements: [Statement]) -> JSONValue {
    ["Version": "2012-10-17", "Statement": .array(statements.map(\.json))]
  }

  /// That what is asked on carries the tags of the one who asks.
  static let isOwn: [String: JSONValue] = [
    AccessTag.project.ofResource: .string(AccessTag.project.own),
    AccessTag.costCenter.ofResource: .string(AccessTag.costCenter.own),
  ]
  /// That the request gives it the tags of the one who asks.
  static let becomesOwn: [String: JSONValue] = [
    AccessTag.project.ofRequest: .string(AccessTag.project.own),
    AccessTag.costCenter.ofRequest: .string(AccessTag.costCenter.own),
  ]
  /// The names of the tags that decide.
  static let decisiveTags: JSONValue = .array(AccessTag.allCases.map { .string($0.rawValue) })
}
