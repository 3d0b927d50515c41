// Whether a request is allowed, by IAM's rules, and which statement decides.
import Content

/// Where a statement is.
package struct StatementPlace: Hashable, Sendable, CustomStringConvertible {
  package let document: String
  package let statement: String
  package var description: String { "\(statement) of \(document)" }
}

/// A statement that would decide, had its condition held.
package struct NearMiss: Hashable, Sendable {
  package let place: StatementPlace
  /// Why its condition does not hold, in one sentence.
  package let reason: String
}

/// An answer, with what decided.
package enum AccessDecision: Hashable, Sendable {
  /// This statement allows, and none denies.
  case allowed(StatementPlace)
  /// This statement denies, whatever allows.
  case denied(StatementPlace)
  /// Nothing allows.
  case notAllowed([NearMiss])

  package var isAllowed: Bool { if case .allowed = self { true } else { false } }
}

/// The policies that decide a request.
///
/// Source: the user guide of IAM, "Policy evaluation logic". Permission boundaries, session policies and
/// those of an organization are not part of it.
package struct PolicyEvaluation: Sendable {
  /// The policies of the principal.
  package let identity: [PolicyDocument]
  /// The policy of the resource, such as a bucket's or a role's trust.
  package let resource: PolicyDocument?
  /// The account that the resource is in, where its ARN does not tell.
  package let resourceAccount: String?

  package init(
    identity: [PolicyDocument], resource: PolicyDocument? = nil, resourceAccount: String? = nil
  ) {
    self.identity = identity
    self.resource = resource
    self.resourceAccount = resourceAccount
  }

  /// Decides a request.
  package func decide(_ context: RequestContext) -> AccessDecision {
    var near: [NearMiss] = []
    var granted: [Grant: StatementPlace] = [:]
    for (grant, document, statement) in statements(about: context) {
      let place = StatementPlace(document: document.name, statement: statement.name)
      switch StatementMatch(statement, context) {
      case .other: continue
      case .condition(let reason):
        if statement.effect == .allow { near.append(NearMiss(place: place, reason: reason)) }
      case .matches:
        if statement.effect == .deny { return .denied(place) }
        granted[grant] = granted[grant] ?? place
      }
    }
    return deciding(granted, context).map(AccessDecision.allowed) ?? .notAllowed(near)
  }

  /// All statements that may be about the principal, in the order in which they are named.
  private func statements(
    about context: RequestContext
  ) -> [(Grant, PolicyDocument, PolicyStatement)] {
    identity.flatMap { document in document.statements.map { (.own, document, $0) } }
      + [resource].compactMap(\.self).flatMap { document in
        document.statements.compactMap { statement in
          Self.grant(statement, context).map { ($0, document, statement) }
        }
      }
  }

  /// The statement by which what was granted suffices; nil where it does not.
  private func deciding(
    _ granted: [Grant: StatementPlace], _ context: RequestContext
  ) -> StatementPlace? {
    let (own, direct) = (granted[.own], granted[.toPrincipal])
    let delegated = granted[.toAccount]
    let account = context.resourceAccount ?? resourceAccount ?? context.account
    guard account == context.account || context.account.isEmpty else {
      // Both accounts have to agree.
      return own == nil ? nil : direct ?? delegated
    }
    if let direct { return direct }
    guard let own else { return nil }
    return Self.needsResourcePolicy(context.action) && delegated == nil ? nil : own
  }

  /// Calls of KMS that are about no key, so that no key's policy is asked.
  ///
  /// Source: the service authorization reference, "AWS Key Management Service", calls without a resource type.
  private static let keyless: Set<String> = Set(
    [
      "ConnectCustomKeyStore", "CreateCustomKeyStore", "CreateKey", "DeleteCustomKeyStore",
      "DescribeCustomKeyStores", "DisconnectCustomKeyStore", "GenerateRandom", "ListAliases",
      "ListKeys", "ListRetirableGrants", "UpdateCustomKeyStore",
    ].map { "kms:\($0.lowercased())" })

  /// A role and a key trust nobody, of their own account neither, that their policy does not name.
  private static func needsResourcePolicy(_ action: String) -> Bool {
    let action = action.lowercased()
    return action.hasPrefix("kms:") && !keyless.contains(action) || action == "sts:assumerole"
      || action == "sts:tagsession"
  }

  /// How a statement reaches the principal.
  private enum Grant {
    /// By a policy of its own.
    case own
    /// The resource's policy names it.
    case toPrincipal
    /// The resource's policy leaves it to its account.
    case toAccount
  }

  /// How a statement of a resource's policy names the principal, or nil.
  private static func grant(_ statement: PolicyStatement, _ context: RequestContext) -> Grant? {
    var toAccount = false
    for principal in statement.principals ?? [] {
      switch principal {
      case .everybody: return .toPrincipal
      case .arn(let arn):
        if arn == context.principal || isRole(arn, of: context.principal) { return .toPrincipal }
      case .service(let name): if name == context.principal { return .toPrincipal }
      case .account(let id): toAccount = toAccount || id == context.account
      }
    }
    return toAccount ? .toAccount : nil
  }

  /// Whether `arn:aws:sts::1:assumed-role/name/session` is of `arn:aws:iam::1:role/any/path/name`.
  private static func isRole(_ role: String, of session: String) -> Bool {
    let one = role.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    let other = session.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard one.count == 6, other.count == 6, one[2] == "iam", other[2] == "sts", one[4] == other[4],
      one[5].hasPrefix("role/"), other[5].hasPrefix("assumed-role/")
    else { return false }
    return one[5].split(separator: "/").last == other[5].split(separator: "/").dropFirst().first
  }
}
