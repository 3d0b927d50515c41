// Makes or changes a stack by a change set that someone looks at first.
import AWS
import CloudFormation
import Content
import Tagging

/// The calls of the program that errors propose.
package struct StackWords: Sendable, Hashable {
  package var deploy: String
  package var destroy: String

  package init(deploy: String, destroy: String) {
    self.deploy = deploy
    self.destroy = destroy
  }

  /// Those about the stack behind config.ini.
  package static let stack = StackWords(
    deploy: "atelier stack deploy", destroy: "atelier stack destroy")
}

/// A template with the values that the user gives its parameters.
package struct StackDeployment: Sendable {
  /// What is to be done next.
  package enum Plan: Sendable {
    /// An operation is going on; wait for it and plan again.
    case running(StackDescription)
    /// The stack is as it should be.
    case nothing(StackDescription)
    /// A change set waits to be carried out.
    case changes(ChangeSet, creates: Bool)
  }

  /// What our change sets' names begin with.
  private static let mark = "atelier-"
  private var advice: String {
    "the deployment goes on without us; `\(words.deploy)` picks it up again"
  }

  private let services: StackServices
  private let words: StackWords
  private let namesRoles: Bool
  private let role: String?
  /// A name, or the id of a stack that is there.
  private let stack: String
  private let name: String
  private let template: String
  private let parameters: [String: String]
  private let tags: ResourceTags

  /// `stack` is a name or an id; `parameters` are those that the user chose; `tags` those of the stack
  /// and of its resources.
  ///
  /// `words` are the calls that errors propose; `namesRoles` tells that the template gives roles names;
  /// `role` makes the resources, where it is not the caller.
  package init(
    _ services: StackServices, stack: String, name: String, template: String,
    parameters: [String: String], tags: ResourceTags, words: StackWords = .stack,
    namesRoles: Bool = false, role: String? = nil
  ) {
    self.tags = tags
    self.words = words
    self.namesRoles = namesRoles
    self.role = role
    self.services = services
    self.stack = stack
    self.name = name
    self.template = template
    self.parameters = parameters
  }

  /// Finds out what is to be done, and has CloudFormation work out the changes.
  ///
  /// `defaults` are values for such parameters as the template declares, unless the user chose
  /// others.
  package func plan(defaults: [String: String]) throws(StackFailure) -> Plan {
    // The id may be that of a stack which is gone, and another one has its name.
    var now = try live(stack)
    if now == nil, stack != name { now = try live(name) }
    if let now {
      if now.status == "DELETE_IN_PROGRESS" {
        throw .usage("the stack \(now.name) is being deleted; wait, or type: \(words.destroy)")
      }
      if now.isMoving { return .running(now) }
      try refuseUnfit(now)
    }
    let creates = now.map { $0.status == "REVIEW_IN_PROGRESS" } ?? true
    let choices = try choices(now: creates ? nil : now, defaults)
    let request = ChangeSetRequest(
      stack: now?.name ?? name,
      name: Self.mark + (try key(choices)), creates: creates, template: template,
      parameters: choices, tags: tags, namesRoles: namesRoles, role: role)
    var changeSet = try waiting(request, on: now)
    if changeSet == nil { changeSet = try made(request) }
    if let now, !creates {
      if let changeSet {
        var changes = !changeSet.changes.isEmpty
        if !changes { changes = try differs(now, choices) }
        if changes { return .changes(changeSet, creates: false) }
      }
      if let changeSet { try ask { try services.cloud.delete(changeSet: changeSet.id) } }
      return .nothing(now)
    }
    guard let changeSet else { throw .usage("the template of the stack \(name) makes nothing") }
    return .changes(changeSet, creates: true)
  }

  /// Carries out a change set and waits for the end; reports events as they come.
  package func execute(
    _ changeSet: ChangeSet, report: (StackEvent) -> Void
  ) throws(StackFailure) -> StackDescription {
    var watch = try StackWatch(services, stack: changeSet.stackID, advice: advice)
    try ask { try services.cloud.execute(changeSet: changeSet.id) }
    return try watch.wait(report: report, isFine: \.isSound)
  }

  /// Waits for the end of what is going on.
  package func resume(
    _ running: StackDescription, report: (StackEvent) -> Void
  ) throws(StackFailure) -> StackDescription {
    var watch = try StackWatch(resuming: running.id, services, advice: advice)
    return try watch.wait(report: report, isFine: \.isSound)
  }

  /// Removes the rules of the default security group of the stack's network, which nothing of the stack uses;
  /// whether there were any.
  ///
  /// A template cannot: the group is made with the network.
  package func emptyDefaultGroup(of stack: StackDescription) throws(StackFailure) -> Bool {
    guard let network = stack.outputs["VPCID"] else { return false }
    return try asking("EC2", advice: advice) {
      let groups = try services.securityGroups.groups(inVPC: network)
        .filter { $0.name == "default" }
      return try groups.reduce(false) { changed, group in
        try services.securityGroups.revokeRules(of: group.id) || changed
      }
    }
  }

  private func live(_ name: String) throws(StackFailure) -> StackDescription? {
    try ask { try services.cloud.stack(name) }.flatMap { $0.isGone ? nil : $0 }
  }

  // ---- change sets ----

  private func refuseUnfit(_ stack: StackDescription) throws(StackFailure) {
    switch stack.status {
    case "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED":
      throw .usage(
        "the stack \(stack.name) is \(stack.status) and takes no change; remove what is left of "
          + "it, then deploy again: \(words.destroy)")
    case "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED":
      throw .usage(
        "the stack \(stack.name) is \(stack.status); continue its rollback in the console of "
          + "CloudFormation (or: aws cloudformation continue-update-rollback --stack-name "
          + "\(stack.name)), then deploy again")
    default: return
    }
  }

  private func choices(
    now: StackDescription?, _ defaults: [String: String]
  ) throws(StackFailure) -> [String: ParameterChoice] {
    let declared = try ask { try services.cloud.parameters(ofTemplate: template) }
    for name in parameters.keys.sorted() where declared[name] == nil {
      throw .usage(
        "the template has no parameter '\(name)'; it has "
          + declared.keys.sorted().joined(separator: ", "))
    }
    var choices: [String: ParameterChoice] = [:]
    for name in declared.keys {
      if let value = parameters[name] ?? defaults[name] {
        choices[name] = .value(value)
      } else if now?.parameters[name] != nil {
        choices[name] = .previous
      }
    }
    return choices
  }

  /// Twelve digits that are the same for the same wish.
  private func key(_ choices: [String: ParameterChoice]) throws(StackFailure) -> String {
    var text = template
    for (name, choice) in choices.sorted(by: { $0.key < $1.key }) {
      if case .value(let value) = choice { text += "\n\(name)=\(value)" }
    }
    for tag in tags.sorted { text += "\ntag \(tag.key)=\(tag.value)" }
    return try ask { String(try Digest.of(text).hex.prefix(12)) }
  }

  /// The change set of an earlier call for the same wish; those for other wishes are removed.
  private func waiting(
    _ request: ChangeSetRequest, on stack: StackDescription?
  ) throws(StackFailure) -> ChangeSet? {
    guard let stack else { return nil }
    var found: ChangeSet?
    let own = try ask { try services.cloud.changeSets(of: stack) }
      .filter { $0.name.hasPrefix(Self.mark) }
    for (name, id) in own {
      if name == request.name, let changeSet = try settled(id), changeSet.execution == "AVAILABLE" {
        found = changeSet
      } else {
        try ask { try services.cloud.delete(changeSet: id) }
      }
    }
    return found
  }

  /// A new change set; nil where it would change nothing.
  private func made(_ request: ChangeSetRequest) throws(StackFailure) -> ChangeSet? {
    let id: String
    do {
      id = try services.cloud.createChangeSet(request)
    } catch let fault as ServiceFault where Self.meansNoChange(fault.message) {
      return nil
    } catch {
      _ = try ask { throw error } as ChangeSet?
      return nil
    }
    guard let changeSet = try settled(id) else {
      throw .service(
        "CloudFormation",
        ServiceFault(
          status: 409, code: "ChangeSetNotFound",
          message: "the change set \(request.name) was removed meanwhile; deploy again"))
    }
    if changeSet.execution == "AVAILABLE" { return changeSet }
    try ask { try services.cloud.delete(changeSet: id) }
    if Self.meansNoChange(changeSet.reason ?? "") { return nil }
    throw .usage(
      "CloudFormation cannot work out the changes of \(name): "
        + (changeSet.reason ?? changeSet.status))
  }

  /// A change set once its changes are known.
  private func settled(_ id: String) throws(StackFailure) -> ChangeSet? {
    var patience = Patience(longest: 5)
    while true {
      let now = try ask { try services.cloud.changeSet(id) }
      guard let found = now, ["CREATE_PENDING", "CREATE_IN_PROGRESS"].contains(found.status) else {
        return now
      }
      patience.nothingHappened()
      try services.pause(
        patience.seconds, advice: "nothing was changed; `\(words.deploy)` goes on from here")
    }
  }

  private static func meansNoChange(_ reason: String) -> Bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
  }

  /// Whether a change set without resources changes something else: outputs, tags, or parameters that
  /// no resource uses.
  private func differs(
    _ now: StackDescription, _ choices: [String: ParameterChoice]
  ) throws(StackFailure) -> Bool {
    for (name, choice) in choices {
      if case .value(let value) = choice, now.parameters[name] != value { return true }
    }
    if !tags.isEmpty, now.tags != tags.values { return true }
    return try ask { try services.cloud.template(of: now.id) } != template
  }

  private func ask<Answer>(_ body: () throws -> Answer) throws(StackFailure) -> Answer {
    try asking("CloudFormation", advice: advice, body)
  }
}
