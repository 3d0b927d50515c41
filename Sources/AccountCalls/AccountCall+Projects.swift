// The projects of a set's dev account, opened once.
import AccountDeployment
import Accounts
import CommandLine
import Project
import Projects

extension AccountCall {
  /// The projects of the dev account; nothing is sent yet.
  package func projects(
    changes: Bool, provider: ProjectProvider = .template
  ) throws -> ProjectWork {
    let account = try account(.tier(.dev), changes: changes)
    let host: any ProjectHost
    if let path = session.accountFolder(set.dev) {
      host = FolderProjects(account, path: path, prefix: set.prefix)
    } else {
      host = CloudProjects(
        try cloud(.tier(.dev), changes: changes),
        service: try clients(.tier(.dev)).client("sagemaker", host: "api.sagemaker"),
        words: Self.words, provider: provider, catalogue: blueprint.name(of: .catalogue))
    }
    let others = try set.places.filter { place, uses in
      place != set.dev && uses.contains { $0 != .governance }
    }.map { try self.account($0.uses.first { $0 != .governance } ?? .governance, changes: changes) }
    return ProjectWork(
      set, blueprint: blueprint, account: account, others: others, host: host, tags: tags.values)
  }
}
