// What the verbs about access share.
import AccessPolicies
import AccountCalls
import AccountDeployment
import Accounts
import CommandLine

enum AccessOptions {
  static let project = Option(
    "project-name", value: "NAME", "the project of WHO; --project NAME means the same")

  /// Texts KEY=VALUE by key.
  static func pairs(_ texts: [String], _ option: String) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw UsageError("\(option) takes KEY=VALUE, not '\(text)'")
      }
      let key = String(text[..<equals])
      guard pairs[key] == nil else { throw UsageError("\(option) gives '\(key)' twice") }
      pairs[key] = String(text[text.index(after: equals)...])
    }
    return pairs
  }
}

extension AccountSet {
  /// A project of the dev account, whose models the other tiers take.
  func sharing(_ project: String) throws -> ProjectSharing {
    ProjectSharing(
      names: AccessNames(self), project: project, account: try AccountBlueprint.id(of: dev),
      readers: try [preprod, prod].map(AccountBlueprint.id))
  }
}
