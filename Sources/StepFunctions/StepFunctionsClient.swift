// Step Functions: state machines and their tags. It decides nothing.
import AWS
import Content
import HTTP

/// A thin client of Step Functions; every call blocks and throws as `ServiceClient.send` does.
package struct StepFunctionsClient: Sendable {
  package var service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// A state machine by its ARN; nil where there is none.
  package func machine(_ arn: String) throws -> StateMachineDescription? {
    do {
      return StateMachineDescription(
        try call("DescribeStateMachine", ["stateMachineArn": .string(arn)]))
    } catch let fault as ServiceFault where fault.code == "StateMachineDoesNotExist" {
      return nil
    }
  }

  /// The ARNs of all state machines of the region by name.
  package func machines() throws -> [String: String] {
    let found = try all("ListStateMachines", "stateMachines", ["maxResults": 1000])
    return Dictionary(
      found.compactMap { entry in
        entry["name"]?.string.flatMap { name in entry["stateMachineArn"]?.string.map { (name, $0) }
        }
      }, uniquingKeysWith: { $1 })
  }

  /// Creates a state machine; its ARN.
  ///
  /// Where one of that name has another definition, AWS refuses with `StateMachineAlreadyExists`.
  package func create(
    name: String, definition: String, role: String, tags: [String: String]
  ) throws -> String {
    let answer = try call(
      "CreateStateMachine",
      [
        "name": .string(name), "definition": .string(definition), "roleArn": .string(role),
        "type": "STANDARD", "tags": Self.list(tags),
      ])
    guard let arn = answer["stateMachineArn"]?.string else {
      throw ServiceFault(status: 200, code: "NoArn", message: "the state machine has no ARN")
    }
    return arn
  }

  /// Replaces definition and role.
  package func update(_ arn: String, definition: String, role: String) throws {
    _ = try call(
      "UpdateStateMachine",
      [
        "stateMachineArn": .string(arn), "definition": .string(definition),
        "roleArn": .string(role),
      ])
  }

  /// Begins to remove a state machine; one that is gone is fine.
  package func delete(_ arn: String) throws {
    _ = try call("DeleteStateMachine", ["stateMachineArn": .string(arn)])
  }

  /// The tags of a state machine.
  package func tags(of arn: String) throws -> [String: String] {
    let answer = try call("ListTagsForResource", ["resourceArn": .string(arn)])
    return Dictionary(
      (answer["tags"]?.array ?? []).compactMap { tag in
        tag["key"]?.string.map { ($0, tag["value"]?.string ?? "") }
      }, uniquingKeysWith: { $1 })
  }

  /// Adds tags, or replaces their values.
  package func tag(_ arn: String, _ tags: [String: String]) throws {
    _ = try call("TagResource", ["resourceArn": .string(arn), "tags": Self.list(tags)])
  }

  /// Removes tags by key.
  package func untag(_ arn: String, keys: [String]) throws {
    _ = try call(
      "UntagResource",
      ["resourceArn": .string(arn), "tagKeys": .array(keys.map { .string($0) })])
  }

  private static func list(_ tags: [String: String]) -> JSONValue {
    .array(
      tags.sorted { $0.key < $1.key }
        .map { ["key": .string($0.key), "value": .string($0.value)] })
  }

  func call(_ action: String, _ parameters: JSONValue) throws -> JSONValue {
    try service.json("AWSStepFunctions.\(action)", parameters, version: "1.0")
  }

  /// The entries of all pages of a list.
  func all(
    _ action: String, _ list: String, _ parameters: [String: JSONValue], most: Int = .max
  ) throws -> [JSONValue] {
    try service.pages(
      "AWSStepFunctions.\(action)", list, parameters, token: "nextToken", version: "1.0", most: most
    )
  }
}

/// A state machine as Step Functions has it.
package struct StateMachineDescription: Sendable, Hashable {
  package var arn: String
  package var name: String
  /// `ACTIVE`, or `DELETING` until its executions have ended.
  package var status: String
  /// The definition as a text of JSON.
  package var definition: String
  package var role: String

  init(_ answer: JSONValue) {
    arn = answer["stateMachineArn"]?.string ?? ""
    name = answer["name"]?.string ?? ""
    status = answer["status"]?.string ?? ""
    definition = answer["definition"]?.string ?? ""
    role = answer["roleArn"]?.string ?? ""
  }
}
