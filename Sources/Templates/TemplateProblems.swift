// Whether the roles of a template allow what its state machines do.
import Content

/// What a template's roles lack.
public enum TemplateProblems {
  /// All mistakes in the roles of a template's state machines; none where each may do what its tasks
  /// ask.
  ///
  /// Resources and conditions are not compared: only whether an action is allowed at all, who may
  /// assume a role, and whether a role that is passed is there.
  public static func problems(in template: JSONValue) -> [String] {
    let resources = template["Resources"]?.object ?? [:]
    var problems: [String] = []
    for (name, resource) in resources.sorted(by: { $0.key < $1.key })
    where resource["Type"] == "AWS::StepFunctions::StateMachine" {
      let properties = resource["Properties"]
      guard let text = properties?["DefinitionString"]?.string,
        let definition = try? JSONValue(parsing: text)
      else {
        problems.append("\(name): its DefinitionString is no JSON")
        continue
      }
      guard let roleName = properties?["RoleArn"]?["Fn::GetAtt"]?.array?.first?.string,
        let role = resources[roleName]?["Properties"]
      else {
        problems.append("\(name): its RoleArn names no role of the template")
        continue
      }
      if !trusts(role, "states.amazonaws.com") {
        problems.append(
          "\(roleName): its trust does not let states.amazonaws.com assume it, so \(name) cannot run"
        )
      }
      let allowed = actions(role)
      let passed = passedRoles(role)
      let access = RequiredAccess(
        definition: definition, jobRole: CompiledTemplate.jobRole, objects: [], names: [])
      for action in Set(access.needs.flatMap(\.actions)).sorted()
      where !allowed.contains(where: { allows($0, action) }) {
        problems.append("\(roleName): it does not allow \(action), which \(name) needs")
      }
      for passedRole in passed {
        guard let target = resources[passedRole]?["Properties"] else {
          problems.append(
            "\(roleName): it passes '\(passedRole)', which is no role of the template")
          continue
        }
        if !trusts(target, "sagemaker.amazonaws.com") {
          problems.append(
            "\(passedRole): its trust does not let sagemaker.amazonaws.com assume it")
        }
      }
      let substitutions = properties?["DefinitionSubstitutions"]?.object ?? [:]
      for variable in variables(in: text) where substitutions[variable] == nil {
        problems.append("\(name): DefinitionSubstitutions lacks '\(variable)'")
      }
    }
    return problems
  }

  private static func trusts(_ role: JSONValue, _ service: String) -> Bool {
    (role["AssumeRolePolicyDocument"]?["Statement"]?.array ?? []).contains { statement in
      guard statement["Effect"] == "Allow",
        texts(statement["Action"]).contains("sts:AssumeRole")
      else { return false }
      return texts(statement["Principal"]?["Service"]).contains(service)
    }
  }

  private static func statements(_ role: JSONValue) -> [JSONValue] {
    (role["Policies"]?.array ?? [])
      .flatMap { $0["PolicyDocument"]?["Statement"]?.array ?? [] }
      .filter { $0["Effect"] == "Allow" }
  }

  private static func actions(_ role: JSONValue) -> [String] {
    statements(role).flatMap { texts($0["Action"]) }
  }

  /// The roles of the template that a role may pass.
  private static func passedRoles(_ role: JSONValue) -> [String] {
    statements(role).filter { texts($0["Action"]).contains { allows($0, "iam:PassRole") } }
      .flatMap { $0["Resource"]?.array ?? [$0["Resource"] ?? .null] }
      .compactMap { $0["Fn::GetAtt"]?.array?.first?.string }
  }

  /// A text, or a list of texts.
  private static func texts(_ value: JSONValue?) -> [String] {
    value?.string.map { [$0] } ?? value?.array?.compactMap(\.string) ?? []
  }

  /// Whether an action of a policy, in which `*` may end a name, is or includes another.
  private static func allows(_ pattern: String, _ action: String) -> Bool {
    if pattern == "*" || pattern == action { return true }
    return pattern.hasSuffix("*") && action.hasPrefix(pattern.dropLast())
  }

  /// The names in `${...}`.
  private static func variables(in text: String) -> [String] {
    text.split(separator: "${", omittingEmptySubsequences: false).dropFirst()
      .compactMap { $0.split(separator: "}", omittingEmptySubsequences: false).first }
      .map(String.init)
  }
}
