// People, things and questions of the table.
import AccessPolicies
import PolicyEvaluation
import Testing

let dev = "111111111111"
let preprod = "222222222222"
let prod = "333333333333"

let alpha = ["sagemaker:project-name": "alpha", "CostCenter": "12345"]
let beta = ["sagemaker:project-name": "beta", "CostCenter": "12345"]

/// A row: a question, whether the answer is yes, and which statement gives it.
struct AccessCase: CustomTestStringConvertible, Sendable {
  let title: String
  let question: AccessQuestion
  /// Whose resource it is; nil for one without a policy of its own.
  let sharing: ProjectSharing?
  let isAllowed: Bool
  /// The statement that decides; nil where nothing allows.
  let statement: String?

  var testDescription: String { title }
}

/// Makes rows in one line each.
enum Ask {
  static let names = AccessNames()

  static func sharing(_ project: String) -> ProjectSharing {
    ProjectSharing(names: names, project: project, account: dev, readers: [preprod, prod])
  }

  static func tags(_ mail: String, _ tags: [String: String]) -> [String: String] {
    tags.merging(["mail": mail]) { first, _ in first }
  }

  static func arn(_ kind: String, in account: String = dev) -> String {
    "arn:aws:sagemaker:eu-west-1:\(account):\(kind)"
  }
}

extension AccessCase {
  /// A person of project alpha, unless `principal` says otherwise.
  static func person(
    _ title: String, _ set: PermissionSet, _ action: String, _ resource: String = "*",
    in account: String = dev, principal: [String: String] = Ask.tags("jane@example.com", alpha),
    tags: [String: String] = [:], sets: [String: String] = [:], removes: [String] = [],
    context: [String: [String]] = [:], of project: String? = nil, yes statement: String
  ) -> AccessCase {
    make(
      title, .person(set), action, resource, account, principal, tags, sets, removes, context,
      project, true, statement)
  }

  static func person(
    _ title: String, _ set: PermissionSet, _ action: String, _ resource: String = "*",
    in account: String = dev, principal: [String: String] = Ask.tags("jane@example.com", alpha),
    tags: [String: String] = [:], sets: [String: String] = [:], removes: [String] = [],
    context: [String: [String]] = [:], of project: String? = nil, no statement: String?
  ) -> AccessCase {
    make(
      title, .person(set), action, resource, account, principal, tags, sets, removes, context,
      project, false, statement)
  }

  static func role(
    _ title: String, _ own: String, _ action: String, _ resource: String, in account: String = dev,
    tags: [String: String] = [:], sets: [String: String] = [:], context: [String: [String]] = [:],
    of project: String? = nil, yes statement: String
  ) -> AccessCase {
    make(
      title, .projectRole(own), action, resource, account,
      ["sagemaker:project-name": own, "CostCenter": "12345"], tags, sets, [], context, project,
      true, statement)
  }

  static func role(
    _ title: String, _ own: String, _ action: String, _ resource: String, in account: String = dev,
    tags: [String: String] = [:], sets: [String: String] = [:], context: [String: [String]] = [:],
    of project: String? = nil, no statement: String?
  ) -> AccessCase {
    make(
      title, .projectRole(own), action, resource, account,
      ["sagemaker:project-name": own, "CostCenter": "12345"], tags, sets, [], context, project,
      false, statement)
  }

  private static func make(
    _ title: String, _ subject: AccessSubject, _ action: String, _ resource: String,
    _ account: String, _ principal: [String: String], _ tags: [String: String],
    _ sets: [String: String], _ removes: [String], _ context: [String: [String]],
    _ project: String?, _ isAllowed: Bool, _ statement: String?
  ) -> AccessCase {
    var question = AccessQuestion(subject, in: account, action, on: resource)
    question.principalTags = principal
    question.resourceTags = tags
    question.requestTags = sets
    question.removedTags = removes
    question.context = context
    return AccessCase(
      title: title, question: question, sharing: project.map(Ask.sharing), isAllowed: isAllowed,
      statement: statement)
  }
}
