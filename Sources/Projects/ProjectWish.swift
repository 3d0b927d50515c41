// A project as a user asks for it, checked before anything is made.
import AccountDeployment
import Accounts
import Content
import Names
import ProjectTemplates
import Tagging

/// A project that shall be there.
package struct ProjectWish: Sendable, Hashable {
  package var name: String
  package var description: String
  package var problem: ProblemType
  package var inference: InferenceType
  package var costCenter: String
  /// Tags that the user chose beside.
  package var tags: [String: String]

  /// Checks names and tags.
  ///
  /// - Throws: `AccountRefusal`, which names what was typed and what to do.
  package init(
    name: String, description: String, problem: ProblemType, inference: InferenceType,
    costCenter: String, tags: ResourceTags, in set: AccountSet
  ) throws {
    try Self.checkName(name, in: set)
    do {
      let cost = try ResourceTags(parsing: "CostCenter=\(costCenter)")
      guard cost.values["CostCenter"] == costCenter, !costCenter.isEmpty else {
        throw AccountRefusal(
          "--cost-center takes a number such as 12345, not '\(costCenter)'")
      }
    } catch let problem as TagProblem {
      throw AccountRefusal("--cost-center: \(problem)")
    }
    for key in tags.values.keys.sorted() {
      let isOurs =
        key.lowercased().hasPrefix("sagemaker:") || key == "CostCenter"
        || key == "app-prefix" || key == "mail"
      guard !isOurs else {
        throw AccountRefusal(
          "the tag '\(key)' is set by the project itself; leave it out"
            + (key == "CostCenter" ? ", and use --cost-center" : ""))
      }
    }
    guard LegibleText.isLine(description) else {
      throw AccountRefusal(
        "--description takes one line without control characters and marks of direction")
    }
    guard description.unicodeScalars.count <= 900 else {
      throw AccountRefusal("--description takes up to 900 characters")
    }
    // Those of a project come beside: its four, ours, and the service's own.
    guard tags.values.count <= 40 else {
      throw AccountRefusal("a project takes up to 40 tags of your own, not \(tags.values.count)")
    }
    self.name = name
    self.description = description
    self.problem = problem
    self.inference = inference
    self.costCenter = costCenter
    self.tags = tags.values
  }

  /// Folders of parameters that are not a project's.
  private static let reserved: Set<String> = ["artifacts", "branch", "projects", "role", "studio"]

  /// The longest of its names is that of the bucket of its pipelines, of 63 characters at most.
  package static func checkName(_ name: String, in set: AccountSet) throws {
    let bytes = name.utf8
    let dash = UInt8(ascii: "-")
    let isWord =
      (1...32).contains(bytes.count) && bytes.first != dash && bytes.last != dash
      && bytes.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == dash }
    guard !reserved.contains(name) else {
      throw AccountRefusal(
        "the project's name '\(name)' is that of a folder of the platform's own parameters; choose "
          + "another one")
    }
    guard isWord else {
      throw AccountRefusal(
        "a project's name has up to 32 small letters, digits and '-' between them, as it is part of "
          + "names of buckets; found '\(name)'")
    }
    // The bucket of the project ci-x would be that of the pipelines of x.
    guard !name.hasPrefix("ci-") else {
      throw AccountRefusal(
        "a project's name does not begin with 'ci-', as the bucket of another project's pipelines does; "
          + "found '\(name)'")
    }
    let longest = ProjectTemplate.bucket(prefix: "\(set.prefix)-ci", project: name, account: "")
    guard longest.utf8.count + 12 <= 63 else {
      let most = 63 - 12 - (longest.utf8.count - bytes.count)
      throw AccountRefusal(
        "the project's name '\(name)' is too long behind the prefix '\(set.prefix)': a bucket's name has "
          + "63 characters; use up to \(most)")
    }
  }

  /// The parameters of the template beside those that SageMaker gives.
  package func parameters(
    _ set: AccountSet, domain: String
  ) throws -> [String: String] {
    [
      "PreProdAccount": try AccountBlueprint.id(of: set.preprod),
      "ProdAccount": try AccountBlueprint.id(of: set.prod), "DeploymentRegion": set.region,
      "Description": description, "ProblemType": problem.rawValue,
      "InferenceType": inference.rawValue, "CostCenter": costCenter, "StudioDomainId": domain,
    ]
  }
}

/// A project that is there.
package struct ProjectRecord: Sendable, Hashable {
  package var name: String
  package var id: String
  /// As SageMaker calls it: `CreateCompleted`, ...
  package var status: String
  package var costCenter: String
  package var problem: String
  package var inference: String
  package var description: String
  /// `template` or `catalogue`; `folder` of a folder.
  package var provider: String
  package var tags: [String: String]

  package var isSound: Bool { status == "CreateCompleted" || status == "UpdateCompleted" }
}
