// The template's roles: what the machine's tasks need, and what a broken template lacks.
import Atelier
import AtelierStep
import Compile
import Content
import Plans
import States
import Templates
import Testing

@Suite struct TemplateTests {
  private func template() throws -> JSONValue {
    try CompiledTemplate(
      makePlan("one", "two") { p in
        let made = p.add("one.make", Make()).numbers
        let choice = p.add("one.judge", Judge(numbers: made)).choice
        _ = p.branch("two.taken", on: choice) { p in
          p.add("two.good", Make(from: [made])).numbers
        } otherwise: { _ in
          made
        }
      }, grain: .stage, settings
    ).document
  }

  /// By the developer guides, apart from the code: a task's resource and the actions of its role.
  private static let actions: [String: [String]] = [
    "sagemaker:createProcessingJob.sync": [
      "sagemaker:CreateProcessingJob", "sagemaker:DescribeProcessingJob",
      "sagemaker:StopProcessingJob", "sagemaker:ListTags", "sagemaker:AddTags", "iam:PassRole",
      "events:PutTargets", "events:PutRule", "events:DescribeRule",
    ],
    "aws-sdk:s3:getObject": ["s3:GetObject"],
  ]

  private func statements(_ template: JSONValue, _ role: String) -> [JSONValue] {
    template["Resources"]?[role]?["Properties"]?["Policies"]?.array?.first?["PolicyDocument"]?[
      "Statement"]?.array ?? []
  }

  private func definition(_ template: JSONValue) throws -> JSONValue {
    let text = template["Resources"]?["StateMachine"]?["Properties"]?["DefinitionString"]?.string
    return try JSONValue(parsing: try #require(text))
  }

  @Test func theRoleAllowsWhatTheTasksNeedAndNoMore() throws {
    let template = try template()
    var needed: Set<String> = []
    func walk(_ value: JSONValue) throws {
      if value["Type"] == "Task", let resource = value["Resource"]?.string {
        let name = try #require(resource.split(separator: ":::").last.map(String.init))
        needed.formUnion(try #require(Self.actions[name], "\(name)"))
      }
      for member in value.object?.values.map({ $0 }) ?? value.array ?? [] { try walk(member) }
    }
    try walk(definition(template))
    let allowed = statements(template, "MachineRole").flatMap { $0["Action"]?.array ?? [] }
    #expect(Set(allowed.compactMap(\.string)) == needed)
    let rules = statements(template, "MachineRole").flatMap { $0["Resource"]?.array ?? [] }
      .compactMap { $0["Fn::Sub"]?.string }
    let account = "${AWS::Region}:${AWS::AccountId}"
    #expect(
      Set(rules) == [
        "arn:${AWS::Partition}:sagemaker:\(account):processing-job/orchard*",
        "arn:${AWS::Partition}:events:\(account):rule/"
          + "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
        "arn:${AWS::Partition}:s3:::b/p/jobs/decisions/orchard/*",
      ])
    // The job's role may be passed, to SageMaker alone; nothing is allowed on everything.
    let passing = statements(template, "MachineRole").filter { $0["Action"] == ["iam:PassRole"] }
    #expect(
      passing.map { $0["Resource"] } == [[["Fn::GetAtt": ["JobRole", "Arn"]]]]
        && passing[0]["Condition"]?["StringEquals"]?["iam:PassedToService"]
          == "sagemaker.amazonaws.com"
    )
    let open = statements(template, "JobRole").filter { $0["Resource"] == "*" }
    #expect(open.map { $0["Action"] } == [["ecr:GetAuthorizationToken"]])
    #expect(TemplateProblems.problems(in: template) == [])
  }

  private static func changed(
    _ value: JSONValue, _ path: [String], _ change: (JSONValue) -> JSONValue
  ) -> JSONValue {
    guard let name = path.first else { return change(value) }
    if case .object(var members) = value {
      members[name] = changed(members[name] ?? .null, Array(path.dropFirst()), change)
      return .object(members)
    }
    guard case .array(var elements) = value, let index = Int(name), index < elements.count else {
      return value
    }
    elements[index] = changed(elements[index], Array(path.dropFirst()), change)
    return .array(elements)
  }

  private static let machineRole = ["Resources", "MachineRole", "Properties"]
  private static let trust = [
    "AssumeRolePolicyDocument", "Statement", "0", "Principal", "Service",
  ]

  @Test(arguments: [
    "sagemaker:AddTags", "sagemaker:ListTags", "sagemaker:StopProcessingJob", "events:PutRule",
    "iam:PassRole", "s3:GetObject",
  ])
  func aRoleWithoutATasksActionIsNamed(_ action: String) throws {
    let broken = Self.changed(
      try template(), Self.machineRole + ["Policies", "0", "PolicyDocument", "Statement"]
    ) { statements in
      .array(
        (statements.array ?? []).map { statement in
          Self.changed(statement, ["Action"]) { actions in
            .array((actions.array ?? []).filter { $0 != .string(action) })
          }
        })
    }
    #expect(
      TemplateProblems.problems(in: broken)
        == ["MachineRole: it does not allow \(action), which StateMachine needs"])
  }

  @Test func aWrongTrustIsNamed() throws {
    let machine = Self.changed(try template(), Self.machineRole + Self.trust) { _ in
      "lambda.amazonaws.com"
    }
    #expect(
      TemplateProblems.problems(in: machine) == [
        "MachineRole: its trust does not let states.amazonaws.com assume it, so StateMachine "
          + "cannot run"
      ])
    let job = Self.changed(
      try template(), ["Resources", "JobRole", "Properties"] + Self.trust
    ) { _ in "states.amazonaws.com" }
    #expect(
      TemplateProblems.problems(in: job)
        == ["JobRole: its trust does not let sagemaker.amazonaws.com assume it"])
  }

  @Test func aTemplateWithoutARoleOrAVariableIsNamed() throws {
    let noRole = Self.changed(try template(), ["Resources", "StateMachine", "Properties"]) {
      Self.changed($0, ["RoleArn"]) { _ in "arn:aws:iam::123456789012:role/x" }
    }
    #expect(
      TemplateProblems.problems(in: noRole)
        == ["StateMachine: its RoleArn names no role of the template"])
    let noImage = Self.changed(
      try template(), ["Resources", "StateMachine", "Properties", "DefinitionSubstitutions"]
    ) { ["JobRole": $0["JobRole"] ?? .null] }
    #expect(
      TemplateProblems.problems(in: noImage).contains(
        "StateMachine: DefinitionSubstitutions lacks 'Image'"))
    let noText = Self.changed(
      try template(), ["Resources", "StateMachine", "Properties", "DefinitionString"]
    ) { _ in "{" }
    #expect(
      TemplateProblems.problems(in: noText) == ["StateMachine: its DefinitionString is no JSON"])
  }

  @Test func namesWithCapitalsAreAllowedInSmallLettersToo() throws {
    var own = settings
    own.name = "ShopDemo-" + String(repeating: "x", count: 30) + "--"
    let compiled = try CompiledTemplate(
      makePlan("one") { p in p.add("one.make", Make()) }, grain: .stage, own)
    #expect(compiled.problems == [])
    let text = try compiled.document.canonicalText()
    let stem = "ShopDemo-" + String(repeating: "x", count: 30)
    for name in [stem, stem.lowercased()] {
      #expect(text.contains(":processing-job/\(name)*"))
    }
    // The pattern is the beginning of the jobs' names.
    #expect(compiled.machine.jobs.allSatisfy { $0.job.name.hasPrefix(stem) })
  }
}
