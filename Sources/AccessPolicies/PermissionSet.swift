// The permission sets that people get by their job, as documents.
import Content

/// What a job may do.
package enum PermissionSet: String, CaseIterable, Sendable {
  case dataScientist = "data-scientist"
  /// A data scientist who also approves models.
  case leadDataScientist = "lead-data-scientist"
  /// Makes projects and people's profiles, and sees no data.
  case datascienceAdmin = "datascience-admin"
  /// Deploys what was approved, in every account.
  case fullStackDeveloper = "full-stack-developer"

  /// What the set does, for a list of sets.
  package var summary: String {
    switch self {
    case .dataScientist: "works in the own project; approves nothing"
    case .leadDataScientist: "works in the own project, and approves its models"
    case .datascienceAdmin: "makes projects and user profiles; reads no data"
    case .fullStackDeveloper: "deploys approved models of the own project"
    }
  }

  /// The name in IAM Identity Center: at most 32 characters.
  package func name(_ names: AccessNames) -> String { "\(names.prefix)-\(rawValue)" }

  /// Where people with the set have access at all: the accounts of these tiers.
  package var tiers: [String] {
    switch self {
    case .dataScientist, .datascienceAdmin: ["dev"]
    case .leadDataScientist: ["dev", "preprod"]
    case .fullStackDeveloper: ["dev", "preprod", "prod"]
    }
  }

  /// The inline policy: at most 32,768 characters.
  package func policy(_ names: AccessNames) -> JSONValue {
    switch self {
    case .dataScientist: Statement.document(scientist(names) + [Self.decidesNothing])
    case .leadDataScientist: Statement.document(scientist(names) + [Self.decidesOnModels])
    case .datascienceAdmin: Statement.document(ProjectAdministration(names: names).statements)
    case .fullStackDeveloper: Statement.document(Deploying(names: names).statements)
    }
  }

  private func scientist(_ names: AccessNames) -> [Statement] {
    OwnWork.needsTags + OwnWork(names: names).statements + [
      .allow(
        "OpenOwnStudio", ["sagemaker:CreatePresignedDomainUrl"],
        on: [names.arn("sagemaker", "user-profile/*")],
        when: [
          "StringEquals": Statement.isOwn.merging([
            AccessTag.mail.ofResource: .string(AccessTag.mail.own)
          ]) { first, _ in first }
        ]),
      .allow(
        "AssumeRoleOfProject", ["sts:AssumeRole", "sts:TagSession"],
        on: [names.roleARN(of: AccessTag.project.own, account: "*")],
        when: [
          "StringEqualsIfExists": Statement.becomesOwn,
          "ForAllValues:StringEquals": ["aws:TagKeys": Statement.decisiveTags],
        ]),
    ]
  }

  private static let decidesNothing: Statement = .deny(
    "DecideNothing",
    ["sagemaker:CreateProject", "sagemaker:DeleteProject", "sagemaker:UpdateModelPackage"])

  private static let decidesOnModels: Statement = .allow(
    "DecideOnModels", ["sagemaker:UpdateModelPackage"],
    when: ["StringEquals": Statement.isOwn])
}
