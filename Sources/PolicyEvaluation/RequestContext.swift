// What is asked: who, which action, on what, and what the service knows of the request.

/// A request as policies see it.
package struct RequestContext: Sendable {
  /// The ARN of the role, user or session that asks, or a service's name.
  package let principal: String
  /// The account of the principal: 12 digits; empty for a service.
  package let account: String
  /// Such as `s3:GetObject`.
  package let action: String
  /// The ARN of what it is asked on, or `*`.
  package let resource: String
  /// Values of the context's keys, by the key in small letters: names of keys, of tags too, are
  /// compared without regard to case.
  private let keys: [String: [String]]

  /// - Parameter keys: values by key, such as `aws:PrincipalTag/CostCenter`.
  package init(
    principal: String, account: String, action: String, resource: String,
    keys: [String: [String]]
  ) {
    self.principal = principal
    self.account = account
    self.action = action
    self.resource = resource
    var all = Dictionary(keys.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    if !account.isEmpty { all["aws:principalaccount"] = [account] }
    self.keys = all
  }

  /// The values of a key, or nil where the request has none.
  package func values(of key: String) -> [String]? { keys[key.lowercased()] }

  /// The account in the resource's ARN; nil for `*` and for ARNs without one, such as a bucket's.
  package var resourceAccount: String? {
    let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 && !parts[4].isEmpty && parts[4] != "*" ? String(parts[4]) : nil
  }
}
