// A question that people ask of the policies: who may do what, on what.
import PolicyEvaluation

/// Who asks.
package enum AccessSubject: Sendable {
  /// A person with a permission set.
  case person(PermissionSet)
  /// The role of a project, in the project's own account or another one's.
  case projectRole(String)
  /// A service of AWS, such as `sagemaker.amazonaws.com`.
  case service(String)
}

/// One request, as people put it.
package struct AccessQuestion: Sendable {
  package let subject: AccessSubject
  /// The account that the subject acts in: 12 digits.
  package let account: String
  package let action: String
  package let resource: String
  /// The tags of the subject, of the resource, and those that the request sets, by name.
  package var principalTags: [String: String] = [:]
  package var resourceTags: [String: String] = [:]
  package var requestTags: [String: String] = [:]
  /// Names of tags that the request takes away.
  package var removedTags: [String] = []
  /// More of the request's context, such as `sagemaker:SpaceSharingType`.
  package var context: [String: [String]] = [:]

  package init(
    _ subject: AccessSubject, in account: String, _ action: String, on resource: String
  ) {
    self.subject = subject
    self.account = account
    self.action = action
    self.resource = resource
  }

  /// The request that policies see.
  ///
  /// The context is what AWS adds to each request, as far as the policies here ask for it.
  package func request(_ names: AccessNames) -> RequestContext {
    var keys = context
    for (prefix, tags) in [
      ("aws:PrincipalTag", principalTags), ("aws:ResourceTag", resourceTags),
      ("aws:RequestTag", requestTags),
    ] {
      for (name, value) in tags { keys["\(prefix)/\(name)"] = [value] }
    }
    let named = requestTags.keys.sorted() + removedTags
    if !named.isEmpty { keys["aws:TagKeys"] = named }
    if keys["aws:SecureTransport"] == nil { keys["aws:SecureTransport"] = ["true"] }
    let role: String? =
      switch subject {
      case .person(let set):
        "aws-reserved/sso.amazonaws.com/AWSReservedSSO_\(set.name(names))_0123456789abcdef"
      case .projectRole(let project): "\(names.prefix)/\(names.role(of: project))"
      case .service: nil
      }
    if let role {
      keys["aws:PrincipalArn"] = ["arn:\(names.partition):iam::\(account):role/\(role)"]
    }
    return RequestContext(
      principal: principal(role, names), account: isService ? "" : account, action: action,
      resource: resource, keys: keys)
  }

  private var isService: Bool { if case .service = subject { true } else { false } }

  private func principal(_ role: String?, _ names: AccessNames) -> String {
    if case .service(let name) = subject { return name }
    let last = role?.split(separator: "/").last ?? ""
    let session = principalTags[AccessTag.mail.rawValue] ?? "job"
    return "arn:\(names.partition):sts::\(account):assumed-role/\(last)/\(session)"
  }
}
