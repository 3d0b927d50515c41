// The projects of an account that is a folder: each a stack.
import AccountDeployment
import Content

/// Projects in a folder.
package struct FolderProjects: ProjectHost {
  private let account: any StackAccount
  private let path: String
  private let prefix: String

  /// `path` is the folder's.
  package init(_ account: any StackAccount, path: String, prefix: String) {
    self.account = account
    self.path = path
    self.prefix = prefix
  }

  private func stack(of name: String) -> String { "\(prefix)-project-\(name)" }

  package func all() throws -> [ProjectRecord] {
    try account.all().filter { $0.kind == .project }.map(record)
  }

  package func find(_ name: String) throws -> ProjectRecord? {
    guard let found = try account.find(stack(of: name)), found.kind == .project else { return nil }
    return record(found)
  }

  package func create(_ order: ProjectOrder, say: (String) -> Void) throws -> Bool {
    let name = order.wish.name
    let present = try account.find(stack(of: name))
    let digest = try Digest.of("\(account.label)\n\(name)").hex.prefix(12)
    var tags = order.tags
    tags[AccountTags.kind] = AccountStack.Kind.project.rawValue
    _ = try account.deploy(
      AccountStack(
        name: stack(of: name), kind: .project, template: order.asset.text,
        parameters: order.parameters.merging([
          "SageMakerProjectName": name, "SageMakerProjectId": "p-\(digest)",
        ]) { $1 }, tags: tags), say: say)
    return present?.isSound != true
  }

  package func delete(
    _ record: ProjectRecord, buckets: [String], say: (String) -> Void
  ) throws {
    _ = try account.remove(stack(of: record.name), say: say)
  }

  package func modelCount(_ record: ProjectRecord) throws -> Int { 0 }

  package func closeApps(profile: String, domain: String) throws {}

  package func address(profile: String, domain: String) throws -> String {
    "file://\(path)/stacks/\(ProjectNames.userStack(prefix, profile)).json"
  }

  private func record(_ stack: PresentStack) -> ProjectRecord {
    ProjectRecord(
      name: stack.parameters["SageMakerProjectName"] ?? "",
      id: stack.parameters["SageMakerProjectId"] ?? "",
      status: stack.isSound ? "CreateCompleted" : "CreateInProgress",
      costCenter: stack.parameters["CostCenter"] ?? "",
      problem: stack.parameters["ProblemType"] ?? "",
      inference: stack.parameters["InferenceType"] ?? "",
      description: stack.parameters["Description"] ?? "", provider: "folder", tags: stack.tags)
  }
}

/// Names of what belongs to projects.
package enum ProjectNames {
  /// The stack of a project in the account of another tier.
  package static func tierStack(_ prefix: String, _ project: String) -> String {
    "\(prefix)-project-\(project)-role"
  }

  /// The stack of a user.
  package static func userStack(_ prefix: String, _ profile: String) -> String {
    "\(prefix)-user-\(profile)"
  }
}
