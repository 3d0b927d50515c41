// Policies of access as managed policies and, where an identity centre is named, as permission sets.
import Content
import TemplateParts

/// A document of access that others write.
package struct AccessDocument: Sendable, Hashable {
  /// Letters, digits and `-`.
  package var name: String
  package var policy: JSONValue
  /// ISO 8601.
  package var session: String
  /// Whether people get it as a permission set.
  package var isPermissionSet: Bool

  package init(name: String, policy: JSONValue, session: String = "PT8H", isPermissionSet: Bool) {
    self.name = name
    self.policy = policy
    self.session = session
    self.isPermissionSet = isPermissionSet
  }
}

/// The template of access.
package enum AccessTemplate {
  package static func template(
    _ documents: [AccessDocument], prefix: String, tags: [String: JSONValue]
  ) throws -> TemplateDocument {
    var template = TemplateDocument("Access by tags of people and resources", tags: tags)
    template.parameter(
      "IdentityCenterArn", "instance of IAM Identity Center; empty: no permission sets",
      default: "", ["AllowedPattern": "^$|^arn:[a-z-]+:sso:::instance/ssoins-[a-zA-Z0-9-.]{16}$"])
    template.condition("HasPeople", Fn.isNot(Fn.isEqual(Fn.ref("IdentityCenterArn"), "")))
    for document in documents {
      let id = document.name.split(separator: "-").map {
        $0.prefix(1).uppercased() + $0.dropFirst()
      }
      .joined()
      template.add(
        "\(id)Policy", "AWS::IAM::ManagedPolicy",
        [
          "ManagedPolicyName": Fn.sub("\(prefix)-\(document.name)-${AWS::Region}"),
          "Description": .string("Access of \(document.name)"), "PolicyDocument": document.policy,
        ])
      template.output("\(id)PolicyArn", Fn.ref("\(id)Policy"))
      guard document.isPermissionSet else { continue }
      template.add(
        "\(id)PermissionSet", "AWS::SSO::PermissionSet",
        [
          "InstanceArn": Fn.ref("IdentityCenterArn"),
          "Name": .string(String("\(prefix)-\(document.name)".prefix(32))),
          "SessionDuration": .string(document.session), "InlinePolicy": document.policy,
        ], ["Condition": "HasPeople"])
    }
    return template
  }
}
