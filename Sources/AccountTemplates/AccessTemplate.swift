// Access by tags: a role for each job and, where an identity center is named, a permission set.
import Content
import TemplateParts

/// A document of what a job may do.
package struct AccessDocument: Sendable, Hashable {
  /// Letters, digits and `-`.
  package var name: String
  package var policy: JSONValue
  /// The tiers in whose accounts people with the job have access.
  package var tiers: [String]

  package init(name: String, policy: JSONValue, tiers: [String]) {
    self.name = name
    self.policy = policy
    self.tiers = tiers
  }
}

/// The template of access.
package enum AccessTemplate {
  /// The role of a job in an account, as the guide names it.
  package static func role(_ job: String) -> JSONValue {
    Fn.sub("${AWS::Region}-\(job)-${AWS::AccountId}")
  }

  /// Roles that people of the account assume with their tags, and permission sets with the same policies.
  package static func template(
    _ documents: [AccessDocument], prefix: String, tags: [String: JSONValue]
  ) -> TemplateDocument {
    var template = TemplateDocument("Access by tags of people and resources", tags: tags)
    template.parameter(
      "IdentityCenterArn", "instance of IAM Identity Center; empty: no permission sets",
      default: "", ["AllowedPattern": "^$|^arn:[a-z-]+:sso:::instance/(sso)?ins-[a-zA-Z0-9.-]{16}$"]
    )
    template.condition("HasPeople", Fn.isNot(Fn.isEqual(Fn.ref("IdentityCenterArn"), "")))
    for document in documents {
      let id = document.name.split(separator: "-")
        .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      template.add(
        "\(id)Role", "AWS::IAM::Role",
        [
          "RoleName": role(document.name),
          "AssumeRolePolicyDocument": Policy.document([
            Policy.trust(
              ["AWS": Policy.root("${AWS::AccountId}")], ["sts:AssumeRole", "sts:TagSession"])
          ]),
          "Policies": [
            ["PolicyName": "access", "PolicyDocument": Fn.document(document.policy)]
          ],
        ])
      template.output("\(id)RoleArn", Fn.get("\(id)Role", "Arn"))
      template.add(
        "\(id)PermissionSet", "AWS::SSO::PermissionSet",
        [
          "InstanceArn": Fn.ref("IdentityCenterArn"),
          "Name": .string(String("\(prefix)-\(document.name)".prefix(32))),
          "SessionDuration": "PT8H", "InlinePolicy": document.policy,
        ], ["Condition": "HasPeople"])
    }
    return template
  }
}
