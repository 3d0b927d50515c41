// Which credentials reach an account, and the roles that a bootstrapped account has for others.

/// How an account is reached.
package enum AccountAccess: Sendable, Hashable {
  /// It is a folder; the path is as typed.
  case folder(String)
  /// With a profile of the shared AWS files.
  case profile(String)
  /// By assuming a role with a profile, or with the user's own credentials.
  case role(String, from: String?)
  /// With the user's own credentials.
  case own
}

/// A role of a bootstrapped account.
///
/// The names are those of the CDK's bootstrap, so that its users find what they know.
package enum BootstrapRole: String, Sendable, CaseIterable {
  /// What other accounts assume.
  case deploy = "deploy-role"
  /// What is passed to CloudFormation.
  case execution = "cfn-exec-role"

  /// The word that keeps bootstraps apart; that of the CDK's standard one.
  package static let qualifier = "hnb659fds"

  package func name(_ account: String, _ region: String) -> String {
    "cdk-\(Self.qualifier)-\(rawValue)-\(account)-\(region)"
  }
}

extension AccountsTable {
  /// How an account of a set is reached; `hasProfile` tells whether the shared files have a profile.
  package func access(
    to use: AccountUse, in set: AccountSet, hasProfile: (String) -> Bool
  ) -> AccountAccess {
    guard case .account(let id) = set[use] else { return .folder(set[use].text) }
    let own = profile(of: use)
    if hasProfile(own) { return .profile(own) }
    if use == .governance { return .own }
    let hub = profile(of: .governance)
    let name = role.isEmpty ? BootstrapRole.deploy.name(id, set.region) : role
    return .role(
      "arn:\(set.partition):iam::\(id):role/\(name)",
      from: hasProfile(hub) ? hub : nil)
  }
}

extension AccountSet {
  /// The part of AWS that the region belongs to, as ARNs name it.
  package var partition: String {
    if region.hasPrefix("cn-") { return "aws-cn" }
    return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }

  /// The accounts that may deploy into an account, beside itself: dev trusts governance, preprod and prod
  /// trust governance and dev.
  ///
  /// Source: cdk-bootstrap-accounts.sh of aws-enterprise-mlops-framework.
  package func trusted(by place: AccountPlace) -> [AccountPlace] {
    var found: [AccountPlace] = []
    for tier in Tier.allCases where self[tier] == place {
      for other in tier == .dev ? [governance] : [governance, dev]
      where other != place && !found.contains(other) {
        found.append(other)
      }
    }
    return found
  }
}
