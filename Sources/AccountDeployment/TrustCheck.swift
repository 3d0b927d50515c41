// Whether a role's trust lets accounts in that have to deploy.
import Content

/// Reads the trust of a role.
package enum TrustCheck {
  /// The accounts that a document does not trust, of those that it should.
  package static func missing(in document: JSONValue, wanted: [String]) -> [String] {
    let statements = document["Statement"]?.array ?? document["Statement"].map { [$0] } ?? []
    var trusted: Set<String> = []
    for statement in statements where statement["Effect"] == "Allow" {
      let actions = texts(statement["Action"])
      guard actions.contains(where: { ["sts:AssumeRole", "sts:*", "*"].contains($0) }),
        statement["Condition"] == nil
      else { continue }
      if statement["Principal"] == "*" { return [] }
      for principal in texts(statement["Principal"]?["AWS"]) {
        if principal == "*" { return [] }
        trusted.insert(account(of: principal))
      }
    }
    return wanted.filter { !trusted.contains($0) }
  }

  /// A text, or a list of texts.
  private static func texts(_ value: JSONValue?) -> [String] {
    value?.string.map { [$0] } ?? value?.array?.compactMap(\.string) ?? []
  }

  /// The account of a principal that stands for all of it; empty for one user or role.
  private static func account(of principal: String) -> String {
    let parts = principal.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 1 { return principal }
    return parts.count == 6 && parts[5] == "root" ? String(parts[4]) : ""
  }
}
