// Who decided something, and how that is known.
import Content

/// The person behind a decision.
package struct Person: Hashable, Sendable {
  /// How a person is known, the most trustworthy last.
  package enum Evidence: String, Sendable {
    /// The variable USER.
    case environment
    /// `user.email` of git.
    case git
    /// `[Accounts] user`.
    case setting
    /// The identity that AWS gives for the credentials of the call.
    case aws

    /// Where the name comes from, in words.
    package var words: String {
      switch self {
      case .environment: "the variable USER"
      case .git: "user.email of git"
      case .setting: "[Accounts] user"
      case .aws: "the identity that AWS gives"
      }
    }
  }

  package let name: String
  package let evidence: Evidence

  /// A person, as known from somewhere.
  package init(name: String, evidence: Evidence) {
    self.name = name
    self.evidence = evidence
  }

  package var json: JSONValue {
    ["name": .string(name), "evidence": .string(evidence.rawValue)]
  }

  package init?(json: JSONValue?) {
    guard let name = json?["name"]?.string, !name.isEmpty, name.utf8.count <= 2048,
      let evidence = json?["evidence"]?.string.flatMap(Evidence.init(rawValue:))
    else { return nil }
    self.init(name: name, evidence: evidence)
  }
}
