// `atelier accounts access`: whether somebody may do something, and which statement says so.
import AccessPolicies
import AccountCalls
import AccountDeployment
import Accounts
import CommandLine
import Content
import PolicyEvaluation
import Project
import ProjectTemplates
import Projects
import Terminal

package struct AccessVerb: Verb {
  package let name = "access"
  package let summary = "whether somebody may do something, and which statement decides"
  package let details = """
    WHO is a permission set (data-scientist, lead-data-scientist, datascience-admin,
    full-stack-developer), role:PROJECT for the role that a project's jobs run as, service:NAME for a
    service of AWS, or the mail of somebody in [Accounts] people. ACTION is such as s3:GetObject,
    RESOURCE an ARN or '*'. The answer is that of the policies that `atelier accounts policies` prints
    and `atelier accounts deploy` sets, evaluated here by IAM's rules; no service is called. What an
    organization or a permissions boundary forbids beyond is not part of it. Where the dev account is a
    folder, the project must be there, and its cost center is that of its record. Exits 0 where it is
    allowed, 1 where not.
    """
  package let examples = [
    Example(
      "atelier accounts access data-scientist sagemaker:UpdateModelPackage '*' --project churn",
      "a data scientist approves nothing"),
    Example(
      "atelier accounts access role:churn s3:GetObject arn:aws:s3:::mlops-churn-111111111111/x "
        + "--tier prod", "whether prod reads what dev has"),
  ]
  let who = Argument(
    "WHO", completion: .words(PermissionSet.allCases.map(\.rawValue)))
  let action = Argument("ACTION")
  let resource = Argument("RESOURCE")
  let tier = Option<Tier>(
    "tier", value: "TIER",
    "whose account WHO acts in: dev (default), preprod or prod")
  let project = AccessOptions.project
  let costCenter = Option("cost-center", value: "TEXT", "the cost center of WHO")
  let mail = Option("mail", value: "MAIL", "the mail of WHO")
  let resourceTag = Option(
    "resource-tag", value: "KEY=VALUE", repeats: true, "a tag that RESOURCE has")
  let requestTag = Option(
    "request-tag", value: "KEY=VALUE", repeats: true,
    "a tag that the request sets, also one of a session")
  let removedTag = Option(
    "removed-tag", value: "KEY", repeats: true, "a tag that the request takes away")
  let context = Option(
    "context", value: "KEY=VALUE", repeats: true,
    "more of the request's context, such as iam:PassedToService=sagemaker.amazonaws.com")
  let json = Shared.json

  package var parameters: [any Parameter] {
    [
      who, action, resource, tier, project, costCenter, mail, resourceTag, requestTag,
      removedTag, context, json,
    ]
  }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { try run(call, context, $0) }
  }

  private func run(
    _ call: Call, _ context: VerbContext, _ accounts: AccountCall
  ) throws -> Int32 {
    let set = accounts.set
    let tier = call[tier] ?? .dev
    let person = try Person(call.word(who), people: accounts.session.people())
    if case .projectRole(let own) = person.subject, let named = call[project], named != own {
      throw UsageError("role:\(own) is of the project \(own), and --project names \(named)")
    }
    if let text = call[mail], UserMail(text) == nil {
      throw UsageError("--mail takes a mail address such as ann@example.com, not '\(text)'")
    }
    let record = try record(
      of: call[project] ?? person.tags[AccessTag.project.rawValue], accounts)
    let names = AccessNames(set)
    if case .person(let permissions) = person.subject, !permissions.tiers.contains(tier.rawValue) {
      let known = permissions.tiers.joined(separator: " and ")
      return try answer(
        isAllowed: false, by: nil,
        ["\(permissions.name(names)) has access to \(known) alone, not to \(tier.rawValue)"], call,
        context)
    }
    var question = AccessQuestion(
      person.subject, in: try AccountBlueprint.id(of: set[tier]), try checkedAction(call),
      on: try call.word(resource))
    question.principalTags = principalTags(person, record, call)
    question.resourceTags = try AccessOptions.pairs(call.all(resourceTag), "--resource-tag")
    question.requestTags = try AccessOptions.pairs(call.all(requestTag), "--request-tag")
    question.removedTags = call.all(removedTag)
    question.context = try AccessOptions.pairs(call.all(self.context), "--context").mapValues {
      [$0]
    }
    let decision = try question.decide(names, sharing: sharing(question, set, names))
    switch decision {
    case .allowed(let place):
      return try answer(isAllowed: true, by: place, ["\(place) allows it"], call, context)
    case .denied(let place):
      return try answer(isAllowed: false, by: place, ["\(place) denies it"], call, context)
    case .notAllowed(let near):
      let reasons = near.map { "\($0.place) would, but \($0.reason)" }
      return try answer(
        isAllowed: false, by: nil, ["no statement allows it"] + reasons, call, context)
    }
  }

  private func answer(
    isAllowed: Bool, by place: StatementPlace?, _ reasons: [String], _ call: Call,
    _ context: VerbContext
  ) throws -> Int32 {
    if call[json] {
      var members: [String: JSONValue] = [
        "v": 1, "event": "access", "allowed": .bool(isAllowed),
        "reasons": .array(reasons.map { .string($0) }),
      ]
      members["document"] = place.map { .string($0.document) }
      members["statement"] = place.map { .string($0.statement) }
      try context.output.data(JSONValue.object(members).canonicalText() + "\n")
    } else {
      let first = "\(isAllowed ? "allowed" : "not allowed"): \(reasons.first ?? "")"
      let rest = reasons.dropFirst().map { "  \($0)" }
      try context.output.data(([first] + rest).joined(separator: "\n") + "\n")
    }
    return isAllowed ? ExitCode.success : ExitCode.stepFailed
  }

  private func checkedAction(_ call: Call) throws -> String {
    let action = try call.word(self.action)
    let parts = action.split(separator: ":", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { $0 == 45 || (48...57).contains($0) || $0 >= 65 }
    }
    guard parts.count == 2, isPlain else {
      throw UsageError("expected an action such as s3:GetObject, found '\(action)'")
    }
    return action
  }

  /// The record of a project, where the dev account is a folder, which is read without a call.
  private func record(of project: String?, _ accounts: AccountCall) throws -> ProjectRecord? {
    guard let project else { return nil }
    try ProjectWish.checkName(project, in: accounts.set)
    guard accounts.set.dev.isFolder else { return nil }
    let known = try accounts.projects(changes: false).projects()
    guard let found = known.first(where: { $0.name == project }) else {
      throw UsageError(
        "there is no project '\(project)' in \(accounts.set.dev.text)."
          + Suggestion.text(for: project, among: known.map(\.name))
          + " `atelier project list` lists them")
    }
    return found
  }

  private func principalTags(
    _ person: Person, _ record: ProjectRecord?, _ call: Call
  ) -> [String: String] {
    var tags = person.tags
    if let record, tags[AccessTag.costCenter.rawValue] == nil {
      tags[AccessTag.costCenter.rawValue] = record.costCenter
    }
    tags[AccessTag.project.rawValue] = call[project] ?? tags[AccessTag.project.rawValue]
    tags[AccessTag.costCenter.rawValue] = call[costCenter] ?? tags[AccessTag.costCenter.rawValue]
    tags[AccessTag.mail.rawValue] = call[mail] ?? tags[AccessTag.mail.rawValue]
    return tags
  }

  /// The project whose policies the resource has: by its name, else by its tag.
  private func sharing(
    _ question: AccessQuestion, _ set: AccountSet, _ names: AccessNames
  ) throws -> ProjectSharing? {
    let tagged = question.resourceTags.first {
      $0.key.lowercased() == AccessTag.project.rawValue.lowercased()
    }?.value
    let dev = try AccountBlueprint.id(of: set.dev)
    return try (names.project(ofResource: question.resource, in: dev) ?? tagged).map(set.sharing)
  }
}
