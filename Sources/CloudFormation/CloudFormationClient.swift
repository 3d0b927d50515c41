// CloudFormation: stacks, their events, and change sets. It decides nothing.
import AWS
import HTTP

/// A thin client of CloudFormation; every call blocks and throws as `ServiceClient.send` does.
package struct CloudFormationClient: Sendable {
  static let version = "2010-05-15"

  package var service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// A stack by name or id; nil where there is none.
  ///
  /// A stack that was deleted is found by its id for some weeks, with the status DELETE_COMPLETE.
  package func stack(_ name: String) throws -> StackDescription? {
    do {
      let answer = try call("DescribeStacks", [QueryItem("StackName", name)])
      guard let element = answer.members("Stacks").first else { return nil }
      return try StackDescription(element)
    } catch let fault as ServiceFault where fault.meansNoSuchStack {
      return nil
    }
  }

  /// All stacks of the region that are not gone.
  package func stacks() throws -> [StackDescription] {
    var found: [StackDescription] = []
    try pages("DescribeStacks", []) { page in
      found += try page.members("Stacks").map { try StackDescription($0) }
      return true
    }
    return found.filter { !$0.isGone }
  }

  /// The newest events first, up to the one that `isKnown`, which is left out.
  package func events(
    of stack: String, until isKnown: (StackEvent) -> Bool
  ) throws -> [StackEvent] {
    var events: [StackEvent] = []
    try pages("DescribeStackEvents", [QueryItem("StackName", stack)]) { page in
      for element in page.members("StackEvents") {
        let event = try StackEvent(element)
        if isKnown(event) { return false }
        events.append(event)
      }
      return true
    }
    return events
  }

  /// The resources of a stack, also those that are removed already.
  package func resources(of stack: String) throws -> [StackResource] {
    try call("DescribeStackResources", [QueryItem("StackName", stack)])
      .members("StackResources").map { try StackResource($0) }
  }

  /// The template that a stack was made from last.
  package func template(of stack: String) throws -> String {
    try call("GetTemplate", [QueryItem("StackName", stack)]).text(of: "TemplateBody") ?? ""
  }

  /// The parameters that a template declares, with their defaults where they have one.
  package func parameters(ofTemplate body: String) throws -> [String: String?] {
    let answer = try call("GetTemplateSummary", [QueryItem("TemplateBody", body)])
    var found: [String: String?] = [:]
    for element in answer.members("Parameters") {
      if let name = element.text(of: "ParameterKey") {
        found[name] = .some(element.text(of: "DefaultValue"))
      }
    }
    return found
  }

  /// Begins to remove a stack.
  package func delete(stack: String) throws {
    _ = try call("DeleteStack", [QueryItem("StackName", stack)])
  }

  // ---- change sets ----

  /// Begins to work out a change set; its id.
  package func createChangeSet(_ request: ChangeSetRequest) throws -> String {
    var items = [
      QueryItem("StackName", request.stack), QueryItem("ChangeSetName", request.name),
      QueryItem("ChangeSetType", request.creates ? "CREATE" : "UPDATE"),
      QueryItem("TemplateBody", request.template),
      QueryItem(
        "Capabilities.member.1",
        request.namesRoles ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"),
    ]
    if let role = request.role { items.append(QueryItem("RoleARN", role)) }
    for (index, parameter) in request.parameters.sorted(by: { $0.key < $1.key }).enumerated() {
      let head = "Parameters.member.\(index + 1)"
      items.append(QueryItem("\(head).ParameterKey", parameter.key))
      switch parameter.value {
      case .value(let text): items.append(QueryItem("\(head).ParameterValue", text))
      case .previous: items.append(QueryItem("\(head).UsePreviousValue", "true"))
      }
    }
    for (index, tag) in request.tags.sorted.enumerated() {
      items.append(QueryItem("Tags.member.\(index + 1).Key", tag.key))
      items.append(QueryItem("Tags.member.\(index + 1).Value", tag.value))
    }
    guard let id = try call("CreateChangeSet", items).text(of: "Id") else {
      throw ServiceFault(status: 200, code: "NoId", message: "the change set has no id")
    }
    return id
  }

  /// A change set with all its changes; nil where there is none.
  package func changeSet(_ id: String) throws -> ChangeSet? {
    var found: ChangeSet?
    do {
      try pages("DescribeChangeSet", [QueryItem("ChangeSetName", id)]) { page in
        let changes = page.members("Changes").compactMap { $0.first("ResourceChange") }
          .map { StackChange($0) }
        if found == nil { found = try ChangeSet(page) }
        found?.changes += changes
        return true
      }
    } catch let fault as ServiceFault where fault.code == "ChangeSetNotFound" {
      return nil
    }
    return found
  }

  /// The change sets of a stack that were not executed, by name with their ids.
  package func changeSets(of stack: StackDescription) throws -> [(name: String, id: String)] {
    var found: [(name: String, id: String)] = []
    try pages("ListChangeSets", [QueryItem("StackName", stack.id)]) { page in
      for element in page.members("Summaries") {
        let owner = element.text(of: "StackId") ?? stack.id
        guard let name = element.text(of: "ChangeSetName"), owner == stack.id,
          let id = element.text(of: "ChangeSetId")
        else { continue }
        found.append((name, id))
      }
      return true
    }
    return found
  }

  /// Begins to carry out a change set.
  package func execute(changeSet id: String) throws {
    _ = try call("ExecuteChangeSet", [QueryItem("ChangeSetName", id)])
  }

  package func delete(changeSet id: String) throws {
    _ = try call("DeleteChangeSet", [QueryItem("ChangeSetName", id)])
  }

  private func call(_ action: String, _ items: [QueryItem]) throws -> XMLTree {
    try service.query(action, version: Self.version, items)
  }

  /// Calls an action page by page until `take` says no or there are no more.
  private func pages(
    _ action: String, _ items: [QueryItem], _ take: (XMLTree) throws -> Bool
  ) throws {
    var token: String?
    repeat {
      let page = try call(action, items + (token.map { [QueryItem("NextToken", $0)] } ?? []))
      guard try take(page) else { return }
      token = page.text(of: "NextToken").flatMap { $0.isEmpty ? nil : $0 }
    } while token != nil
  }
}

extension ServiceFault {
  /// Whether CloudFormation knows no stack of that name.
  var meansNoSuchStack: Bool {
    code == "ValidationError" && message.contains("does not exist")
  }
}

extension XMLTree {
  /// The entries of a list.
  func members(_ list: String) -> [XMLTree] { first(list)?.all("member") ?? [] }
}
