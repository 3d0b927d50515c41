// What the functions of a template give, for an account that is a folder. It knows no file.
import Content

/// A template that cannot be evaluated.
package struct TemplateFault: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// Evaluates the functions of a template: parameters, conditions, resources of the same stack.
struct TemplateValues {
  /// What the surroundings give.
  struct Surroundings {
    var account, region, partition, stack, stackID: String
    /// The value of a parameter of Systems Manager; nil where there is none.
    var published: (String) throws -> String?
  }

  private let template: JSONValue
  private let surroundings: Surroundings
  private(set) var parameters: [String: JSONValue] = [:]
  private static let deepest = 64

  /// Checks and resolves the parameters; `given` are those that were chosen.
  init(
    _ template: JSONValue, _ given: [String: String], _ surroundings: Surroundings
  ) throws {
    self.template = template
    self.surroundings = surroundings
    let declared = template["Parameters"]?.object ?? [:]
    if let unknown = given.keys.sorted().first(where: { declared[$0] == nil }) {
      throw TemplateFault(
        "the template has no parameter '\(unknown)'; it has "
          + declared.keys.sorted().joined(separator: ", "))
    }
    for (name, declaration) in declared {
      guard let text = given[name] ?? declaration["Default"]?.string else {
        throw TemplateFault("the parameter '\(name)' has no value")
      }
      parameters[name] = try value(text, name, declaration)
    }
  }

  private func value(
    _ text: String, _ name: String, _ declaration: JSONValue
  ) throws -> JSONValue {
    let type = declaration["Type"]?.string ?? "String"
    if type.hasPrefix("AWS::SSM::Parameter::Value<") {
      guard let found = try surroundings.published(text) else {
        throw TemplateFault("there is no parameter \(text), which '\(name)' reads")
      }
      guard type.contains("<List<") else { return .string(found) }
      return .array(found.split(separator: ",").map { .string(String($0)) })
    }
    if let words = declaration["AllowedValues"]?.array?.compactMap(\.string),
      !words.contains(text)
    {
      throw TemplateFault(
        "the parameter '\(name)' takes \(words.joined(separator: ", ")), not '\(text)'")
    }
    let length = text.unicodeScalars.count
    if let least = declaration["MinLength"]?.integer, length < least {
      throw TemplateFault("the parameter '\(name)' takes at least \(least) characters")
    }
    if let most = declaration["MaxLength"]?.integer, length > most {
      throw TemplateFault("the parameter '\(name)' takes at most \(most) characters")
    }
    if let pattern = declaration["AllowedPattern"]?.string {
      guard let rule = try? Regex(pattern) else {
        throw TemplateFault("the pattern of the parameter '\(name)' is not valid")
      }
      if try rule.wholeMatch(in: text) == nil {
        throw TemplateFault("the parameter '\(name)' takes \(pattern), not '\(text)'")
      }
    }
    return .string(text)
  }

  /// Whether a resource or output is made.
  func isWanted(_ part: JSONValue) throws -> Bool {
    guard let name = part["Condition"]?.string else { return true }
    return try condition(name)
  }

  private func condition(_ name: String, _ depth: Int = 0) throws -> Bool {
    guard let found = template["Conditions"]?[name], depth < Self.deepest else {
      throw TemplateFault("there is no condition '\(name)'")
    }
    return try holds(found, depth + 1)
  }

  private func holds(_ value: JSONValue, _ depth: Int) throws -> Bool {
    guard depth < Self.deepest, let (function, operand) = value.object?.first else {
      throw TemplateFault("a condition is not valid")
    }
    let parts = operand.array ?? []
    switch function {
    case "Fn::Equals" where parts.count == 2: return try resolved(parts[0]) == resolved(parts[1])
    case "Fn::Not" where parts.count == 1: return try !holds(parts[0], depth + 1)
    case "Fn::And": return try parts.allSatisfy { try holds($0, depth + 1) }
    case "Fn::Or": return try parts.contains { try holds($0, depth + 1) }
    case "Condition": return try condition(operand.string ?? "", depth + 1)
    default: throw TemplateFault("a condition cannot have \(function)")
    }
  }

  /// A value without functions; members that are nothing are left out.
  func resolved(_ value: JSONValue) throws -> JSONValue { try resolve(value, 0) ?? .null }

  private func resolve(_ value: JSONValue, _ depth: Int) throws -> JSONValue? {
    guard depth < Self.deepest else { throw TemplateFault("the template is nested too deeply") }
    switch value {
    case .array(let elements): return .array(try elements.compactMap { try resolve($0, depth + 1) })
    case .object(let members):
      if members.count == 1, let (name, operand) = members.first {
        if name == "Ref" { return try reference(operand.string ?? "", depth) }
        if name.hasPrefix("Fn::") { return try call(name, operand, depth) }
      }
      return .object(try members.compactMapValues { try resolve($0, depth + 1) })
    default: return value
    }
  }

  private func reference(_ name: String, _ depth: Int) throws -> JSONValue? {
    switch name {
    case "AWS::NoValue": return nil
    case "AWS::AccountId": return .string(surroundings.account)
    case "AWS::Region": return .string(surroundings.region)
    case "AWS::Partition": return .string(surroundings.partition)
    case "AWS::StackName": return .string(surroundings.stack)
    case "AWS::StackId": return .string(surroundings.stackID)
    default: break
    }
    if let value = parameters[name] { return value }
    return .string(try identity(name, depth))
  }

  private func call(_ function: String, _ operand: JSONValue, _ depth: Int) throws -> JSONValue? {
    let parts = operand.array ?? []
    switch function {
    case "Fn::Sub": return .string(try substituted(operand, depth))
    case "Fn::GetAtt":
      let names = parts.compactMap(\.string)
      guard names.count == 2 else {
        throw TemplateFault("Fn::GetAtt takes a name and an attribute")
      }
      return .string(try attribute(names[1], of: names[0], depth))
    case "Fn::Join":
      guard parts.count == 2, let mark = parts[0].string,
        let list = try resolve(parts[1], depth + 1)?.array
      else { throw TemplateFault("Fn::Join takes a text and a list") }
      return .string(list.map { Self.text($0) }.joined(separator: mark))
    case "Fn::Select":
      guard parts.count == 2, let index = parts[0].integer,
        let list = try resolve(parts[1], depth + 1)?.array, list.indices.contains(Int(index))
      else { throw TemplateFault("Fn::Select names an element that is not there") }
      return list[Int(index)]
    case "Fn::Split":
      guard parts.count == 2, let mark = parts[0].string,
        let text = try resolve(parts[1], depth + 1)?.string, !mark.isEmpty
      else { throw TemplateFault("Fn::Split takes a text to split at and a text") }
      return .array(
        text.split(separator: mark, omittingEmptySubsequences: false)
          .map { .string(String($0)) })
    case "Fn::GetAZs":
      return .array(["a", "b", "c"].map { .string(surroundings.region + $0) })
    case "Fn::If":
      guard parts.count == 3, let name = parts[0].string else {
        throw TemplateFault("Fn::If takes a condition and two values")
      }
      return try resolve(condition(name) ? parts[1] : parts[2], depth + 1)
    default: throw TemplateFault("a folder does not know \(function)")
    }
  }

  private func substituted(_ operand: JSONValue, _ depth: Int) throws -> String {
    let parts = operand.array ?? []
    guard let text = operand.string ?? parts.first?.string else {
      throw TemplateFault("Fn::Sub takes a text, maybe with names and values")
    }
    let own = parts.count > 1 ? parts[1].object ?? [:] : [:]
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else { throw TemplateFault("'${' is not closed") }
      let name = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      if name.hasPrefix("!") {
        result += "${\(name.dropFirst())}"
      } else if let value = own[name] {
        result += Self.text(try resolve(value, depth + 1) ?? .string(""))
      } else if let dot = name.firstIndex(of: "."), !name.contains("::") {
        result += try attribute(
          String(name[name.index(after: dot)...]), of: String(name[..<dot]), depth)
      } else {
        result += Self.text(try reference(name, depth) ?? .string(""))
      }
    }
    return result + rest
  }

  // ---- resources ----

  /// The property that names a resource of a type.
  private static let names: [String: String] = [
    "AWS::CodeArtifact::Domain": "DomainName", "AWS::CodeArtifact::Repository": "RepositoryName",
    "AWS::CodeBuild::Project": "Name", "AWS::CodeCommit::Repository": "RepositoryName",
    "AWS::CodePipeline::Pipeline": "Name", "AWS::ECR::Repository": "RepositoryName",
    "AWS::Events::Rule": "Name", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName", "AWS::KMS::Alias": "AliasName", "AWS::S3::Bucket": "BucketName",
    "AWS::SSM::Parameter": "Name", "AWS::SageMaker::ModelPackageGroup": "ModelPackageGroupName",
    "AWS::SageMaker::Pipeline": "PipelineName",
    "AWS::SageMaker::UserProfile": "UserProfileName",
    "AWS::StepFunctions::StateMachine": "StateMachineName", "AWS::SSO::PermissionSet": "Name",
  ]

  /// The identity of a resource: its name, or one made of the stack's name and its own.
  func identity(_ name: String, _ depth: Int = 0) throws -> String {
    guard depth < Self.deepest, let resource = template["Resources"]?[name] else {
      throw TemplateFault("there is no resource or parameter '\(name)'")
    }
    let type = resource["Type"]?.string ?? ""
    if let key = Self.names[type], let given = resource["Properties"]?[key] {
      return Self.text(try resolve(given, depth + 1) ?? .null)
    }
    let kind = type.split(separator: ":").last.map { $0.lowercased() } ?? "resource"
    let digest = try Digest.of("\(surroundings.stackID)\n\(name)").hex.prefix(12)
    return "\(kind)-\(digest)"
  }

  /// An attribute: an ARN, an id, or a text that names what it is of.
  private func attribute(_ attribute: String, of name: String, _ depth: Int) throws -> String {
    let own = try identity(name, depth + 1)
    let type = template["Resources"]?[name]?["Type"]?.string ?? ""
    let service = type.split(separator: ":").dropFirst().first.map { $0.lowercased() } ?? ""
    let head = "arn:\(surroundings.partition):"
    switch attribute {
    case "Arn":
      if service == "s3" { return "\(head)s3:::\(own)" }
      if service == "iam" {
        let path = template["Resources"]?[name]?["Properties"]?["Path"]?.string ?? "/"
        return "\(head)iam::\(surroundings.account):role\(path)\(own)"
      }
      return "\(head)\(service):\(surroundings.region):\(surroundings.account):\(own)"
    case "Url": return "\(own).folder"
    case "Name", "GroupId", "AllocationId", "DomainId": return own
    default: return "\(own)-\(attribute.lowercased())"
    }
  }

  private static func text(_ value: JSONValue) -> String {
    if let text = value.string { return text }
    if let list = value.array { return list.map(text).joined(separator: ",") }
    return (try? value.canonicalText()) ?? ""
  }
}
