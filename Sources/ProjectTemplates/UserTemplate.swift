// A person in a project: a profile of Studio with the project's role and the tags that access goes by.
import Content
import ServiceNames
import TemplateParts

/// The mail address of a person, checked.
package struct UserMail: Sendable, Hashable {
  /// As typed.
  package let text: String

  /// Whether it is the same person: in small and capital letters alike.
  package func isSame(as other: String) -> Bool { text.lowercased() == other.lowercased() }

  /// The part before the @.
  package var alias: String { String(text.prefix { $0 != "@" }) }

  /// A mail address that may be the value of a tag; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, Self.isLocal(parts[0]), Self.isDomain(parts[1])
    else { return nil }
    self.text = text
  }

  private static func isLocal(_ part: Substring) -> Bool {
    (1...64).contains(part.utf8.count) && part.first != "." && part.last != "."
      && !part.contains("..") && part.utf8.allSatisfy { isPlain($0) || "._+-".utf8.contains($0) }
  }

  private static func isDomain(_ part: Substring) -> Bool {
    let labels = part.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
      }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}

/// The template of a user of a project.
package enum UserTemplate {
  /// The name of a profile: the alias and the project, cut with a digest where that is too long or the alias
  /// has characters that SageMaker refuses.
  package static func profile(_ mail: UserMail, project: String) throws -> String {
    try ServiceName.cut("\(mail.alias)-\(project)")
  }

  package static func template(
    prefix: String, custom: [String: String]
  ) -> TemplateDocument {
    var template = TemplateDocument(
      "A user of a project in Studio",
      tags: ProjectTemplate.tags(prefix: prefix, custom: custom))
    template.parameter(
      "UserEmail", "mail address of the person",
      ["AllowedPattern": "^[a-zA-Z0-9._+-]{1,64}@[a-zA-Z0-9.-]{3,190}$"])
    template.parameter(
      "UserProfileName", "name of the profile",
      ["AllowedPattern": "^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$"])
    template.parameter("StudioDomainId", "domain of Studio", ["MinLength": 1])
    template.parameter(
      "RoleArn", "role of the project", ["AllowedPattern": "^arn:[a-z-]+:iam::.*$"])
    for (name, description) in [
      ("SageMakerProjectName", "name of the project"), ("SageMakerProjectId", "id of the project"),
      ("CostCenter", "who pays"),
    ] {
      template.parameter(name, description, ["MinLength": 1])
    }
    template.add(
      "Profile", "AWS::SageMaker::UserProfile",
      [
        "DomainId": Fn.ref("StudioDomainId"), "UserProfileName": Fn.ref("UserProfileName"),
        "UserSettings": ["ExecutionRole": Fn.ref("RoleArn")],
      ], tagged: ["mail": Fn.ref("UserEmail")])
    template.output("UserProfile", Fn.ref("UserProfileName"))
    template.output("Mail", Fn.ref("UserEmail"))
    return template
  }
}
