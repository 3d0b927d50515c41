// The projects of a set's dev account, opened once.
import AccountDeployment
import Accounts
import CommandLine
import Endpoints
import FolderAccounts
import Project
import Projects
import Workflows

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
      set, blueprint: blueprint, account: account, others: others, host: host, tags: tags.values,
      serving: ServingModels(list: served, remove: removeEndpoints))
  }

  /// What serves a project's models, in accounts and in folders.
  private func served(_ project: String) throws -> [String] {
    try Tier.allCases.compactMap { tier in
      let endpoint = "\(project)-\(tier.rawValue)"
      if let account = session.accountFolder(set[tier]) {
        let bucket = try set.bucket(of: project, in: set[tier])
        let file = "\(account)/buckets/\(bucket)/.atelier/endpoints/\(endpoint).json"
        return FileSystem.isFile(file) ? "\(endpoint) in \(set[tier].text)" : nil
      }
      let found = try tierServices(tier).sagemaker.endpoint(endpoint)
      return found == nil ? nil : "the endpoint \(endpoint) in \(set[tier].text)"
    }
  }

  private func tierServices(_ tier: Tier) throws -> WorkflowServices {
    let token = signals.token
    return try WorkflowServices(
      session.accountSettings(.tier(tier), set),
      credentials: session.accountCredentials(.tier(tier), set),
      isCancelled: { token.isCancelled })
  }

  /// Removes the endpoints that `atelier model promote` made in accounts of AWS, with their models.
  private func removeEndpoints(of project: String) throws {
    for tier in Tier.allCases where !set[tier].isFolder {
      let endpoint = "\(project)-\(tier.rawValue)"
      let removed = try EndpointRemoval(tierServices(tier), advice: "call it again to go on")
        .delete(endpoint, say: say)
      if !removed.isEmpty { say("endpoint \(endpoint) in \(set[tier].text): removed") }
    }
  }
}
