// How the things of a set's accounts are called.
import AccessPolicies
import AccountDeployment
import Accounts

extension AccessNames {
  /// The names in the accounts of a set.
  package init(_ set: AccountSet) { self.init(prefix: set.prefix, partition: set.partition) }
}

extension AccountSet {
  /// The bucket of a project in an account of the set.
  package func bucket(of project: String, in place: AccountPlace) throws -> String {
    AccessNames(self).bucket(of: project, account: try AccountBlueprint.id(of: place))
  }
}
