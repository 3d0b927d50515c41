// What CloudFormation tells of stacks, and what is asked of it, as values.
import AWS
import Tagging

/// An answer that lacks what it must hold.
struct IncompleteAnswer: Error, CustomStringConvertible {
  let lacks: String
  var description: String { "the service's answer has no \(lacks)" }
}

/// A stack as it is now.
package struct StackDescription: Sendable, Hashable {
  /// The ARN, which no other stack of that name will have.
  package var id: String
  package var name: String
  /// Such as `CREATE_COMPLETE`.
  package var status: String
  package var reason: String?
  package var parameters: [String: String]
  package var outputs: [String: String]
  package var tags: [String: String] = [:]

  package init(
    id: String, name: String, status: String, reason: String? = nil,
    parameters: [String: String] = [:], outputs: [String: String] = [:]
  ) {
    self.id = id
    self.name = name
    self.status = status
    self.reason = reason
    self.parameters = parameters
    self.outputs = outputs
  }

  init(_ element: XMLTree) throws {
    guard let id = element.text(of: "StackId"), let name = element.text(of: "StackName"),
      let status = element.text(of: "StackStatus")
    else { throw IncompleteAnswer(lacks: "stack with id, name and status") }
    self.init(
      id: id, name: name, status: status, reason: element.text(of: "StackStatusReason"),
      parameters: Self.pairs(element, "Parameters", "ParameterKey", "ParameterValue"),
      outputs: Self.pairs(element, "Outputs", "OutputKey", "OutputValue"))
    tags = Self.pairs(element, "Tags", "Key", "Value")
  }

  private static func pairs(
    _ element: XMLTree, _ list: String, _ key: String, _ value: String
  ) -> [String: String] {
    let pairs = element.members(list).compactMap { member in
      member.text(of: key).map { ($0, member.text(of: value) ?? "") }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// Whether CloudFormation is at work on it.
  package var isMoving: Bool { status.hasSuffix("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS" }
  /// Whether nothing of it is left.
  package var isGone: Bool { status == "DELETE_COMPLETE" }
  /// Whether the last operation did what it should.
  package var isSound: Bool {
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"].contains(status)
  }
}

/// Something that happened to a stack or to one of its resources.
package struct StackEvent: Sendable, Hashable {
  package var id: String
  /// ISO 8601.
  package var time: String
  /// The name in the template; of the stack itself its name.
  package var resource: String
  package var physicalID: String
  package var type: String
  package var status: String
  package var reason: String?
  /// Whether it is of the stack itself.
  package var isOfStack: Bool

  init(_ element: XMLTree) throws {
    guard let id = element.text(of: "EventId"),
      let resource = element.text(of: "LogicalResourceId"),
      let status = element.text(of: "ResourceStatus")
    else { throw IncompleteAnswer(lacks: "event with id, resource and status") }
    self.id = id
    self.resource = resource
    self.status = status
    time = element.text(of: "Timestamp") ?? ""
    physicalID = element.text(of: "PhysicalResourceId") ?? ""
    type = element.text(of: "ResourceType") ?? ""
    reason = element.text(of: "ResourceStatusReason").flatMap { $0.isEmpty ? nil : $0 }
    isOfStack = physicalID == element.text(of: "StackId") && !physicalID.isEmpty
  }

  /// Whether an operation on the stack began with it.
  package var beginsOperation: Bool {
    isOfStack
      && ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"].contains(status)
  }

  /// Whether a resource could not be made, changed or removed.
  package var isFailure: Bool { !isOfStack && status.hasSuffix("_FAILED") }
}

/// A resource of a stack.
package struct StackResource: Sendable, Hashable {
  package var name: String
  package var physicalID: String
  package var type: String
  package var status: String

  init(_ element: XMLTree) throws {
    guard let name = element.text(of: "LogicalResourceId") else {
      throw IncompleteAnswer(lacks: "resource with a name")
    }
    self.name = name
    physicalID = element.text(of: "PhysicalResourceId") ?? ""
    type = element.text(of: "ResourceType") ?? ""
    status = element.text(of: "ResourceStatus") ?? ""
  }

  package var isGone: Bool { status == "DELETE_COMPLETE" }
}

/// A parameter's value for a change set.
package enum ParameterChoice: Sendable, Hashable {
  case value(String)
  /// The value that the stack has.
  case previous
}

/// What a change set shall bring about.
package struct ChangeSetRequest: Sendable {
  package var stack: String
  package var name: String
  /// Whether the stack is not there yet.
  package var creates: Bool
  package var template: String
  package var parameters: [String: ParameterChoice]
  /// Tags of the stack, which CloudFormation gives to its resources; none: those that it has stay.
  package var tags: ResourceTags
  /// Whether the template gives roles names of their own.
  package var namesRoles: Bool
  /// The role that makes the resources; nil: the caller.
  package var role: String?

  package init(
    stack: String, name: String, creates: Bool, template: String,
    parameters: [String: ParameterChoice], tags: ResourceTags, namesRoles: Bool = false,
    role: String? = nil
  ) {
    self.tags = tags
    self.namesRoles = namesRoles
    self.role = role
    self.stack = stack
    self.name = name
    self.creates = creates
    self.template = template
    self.parameters = parameters
  }
}

/// A change set as it is now.
package struct ChangeSet: Sendable, Hashable {
  package var id: String
  package var name: String
  package var stackID: String
  /// `CREATE_PENDING`, `CREATE_IN_PROGRESS`, `CREATE_COMPLETE` or `FAILED`.
  package var status: String
  package var reason: String?
  /// `AVAILABLE` where it can be carried out.
  package var execution: String
  package var changes: [StackChange] = []

  init(_ element: XMLTree) throws {
    guard let id = element.text(of: "ChangeSetId"), let stackID = element.text(of: "StackId"),
      let status = element.text(of: "Status")
    else { throw IncompleteAnswer(lacks: "change set with id, stack and status") }
    self.id = id
    self.stackID = stackID
    self.status = status
    name = element.text(of: "ChangeSetName") ?? ""
    reason = element.text(of: "StatusReason").flatMap { $0.isEmpty ? nil : $0 }
    execution = element.text(of: "ExecutionStatus") ?? ""
  }
}

/// One resource that a change set adds, modifies or removes.
package struct StackChange: Sendable, Hashable {
  /// `Add`, `Modify`, `Remove`.
  package var action: String
  package var resource: String
  package var type: String
  /// `True`, `Conditional` where the resource is made anew; else empty.
  package var replacement: String

  init(_ element: XMLTree) {
    action = element.text(of: "Action") ?? ""
    resource = element.text(of: "LogicalResourceId") ?? ""
    type = element.text(of: "ResourceType") ?? ""
    replacement = element.text(of: "Replacement") ?? ""
  }
}
