// The checks of the accounts of one set.
import AWS
import AccountCalls
import AccountDeployment
import Accounts
import CloudFormation
import CommandLine
import Content
import FolderAccounts
import HTTP
import Project
import Stack
import Terminal

/// Checks one account after the other, and reports all that is wrong.
struct AccountChecks {
  private let accounts: AccountCall
  private let isOffline: Bool

  private var set: AccountSet { accounts.set }

  init(_ accounts: AccountCall, isOffline: Bool) {
    self.accounts = accounts
    self.isOffline = isOffline
  }

  func run(_ findings: inout FindingList) throws {
    try checkRegion(&findings)
    for (place, uses) in set.places {
      if place.isFolder {
        try checkFolder(place, uses, &findings)
      } else {
        try checkProfile(place, uses, &findings)
        if !isOffline { try checkCloud(place, uses, &findings) }
      }
    }
  }

  private func checkRegion(_ findings: inout FindingList) throws {
    guard set.places.contains(where: { !$0.place.isFolder }) else { return }
    if RegionServices.codeArtifact.contains(set.region) {
      try findings.add("region", set.region, "has CodeArtifact")
    } else {
      try findings.add(
        "region", set.region,
        "has no CodeArtifact, so Studio gets no repository of Python packages",
        remedy: "use another index of packages, or one of "
          + RegionServices.codeArtifact.sorted().joined(separator: ", "), isNote: true)
    }
  }

  private func checkFolder(
    _ place: AccountPlace, _ uses: [AccountUse], _ findings: inout FindingList
  ) throws {
    let account = try accounts.account(uses[0], changes: false)
    do {
      let stacks = try account.all()
      try findings.add(
        "folder", place.text, stacks.isEmpty ? "empty" : "has \(Text.count(stacks.count, "stack"))")
      guard let path = accounts.session.accountFolder(place) else { return }
      let folder = try FolderAccount(path: path, typed: place.text, region: set.region)
      let foreign = try folder.foreignFiles()
      if !foreign.isEmpty {
        try findings.add(
          "folder", place.text,
          "stacks/ has files that are not stacks and are ignored: "
            + foreign.prefix(5).joined(separator: ", ") + (foreign.count > 5 ? ", ..." : ""),
          remedy: "move them elsewhere", isNote: true)
      }
      guard let bootstrap = try folder.stack(accounts.blueprint.name(of: .bootstrap)) else {
        return
      }
      let role = bootstrap.resources.first { $0.name == "DeploymentRole" }
      try checkTrust(
        role?.properties["AssumeRolePolicyDocument"] ?? .null, place, &findings)
    } catch {
      try findings.add(
        "folder", place.text, "\(error)", remedy: "restore the folder, or name another one")
    }
  }

  private func checkProfile(
    _ place: AccountPlace, _ uses: [AccountUse], _ findings: inout FindingList
  ) throws {
    for use in uses {
      let wanted = accounts.configuration.table.profile(of: use)
      switch try accounts.session.access(to: use, in: set) {
      case .profile(let name):
        try findings.add("profile", name, "reaches \(use.name) (\(place.text))")
      case .role(let role, let hub):
        try findings.add(
          "profile", wanted,
          "there is no such profile; \(role) is assumed with "
            + (hub.map { "the profile \($0)" } ?? "your own credentials"),
          remedy: "before the first deployment add the profile: aws configure --profile \(wanted)",
          isNote: true)
      case .own:
        try findings.add(
          "profile", wanted,
          "there is no such profile; your own credentials must be of \(place.text)",
          remedy: "add it: aws configure --profile \(wanted)", isNote: true)
      case .folder: break
      }
    }
  }

  /// The calls that a deployment begins with: a service's name in settings, what it is called, an action.
  private static let rights: [(service: String, host: String?, target: String, right: String)] = [
    ("ssm", nil, "AmazonSSM.DescribeParameters", "ssm:DescribeParameters"),
    ("sagemaker", "api.sagemaker", "SageMaker.ListDomains", "sagemaker:ListDomains"),
  ]

  private func checkCloud(
    _ place: AccountPlace, _ uses: [AccountUse], _ findings: inout FindingList
  ) throws {
    let use = uses[0]
    do {
      let clients = try accounts.clients(use)
      let caller = try clients.client("sts").callerIdentity()
      guard caller.account == place.text else {
        try findings.add(
          "credentials", place.text,
          "the credentials are of \(caller.account), \(caller.arn)",
          remedy: "correct the profile \(accounts.configuration.table.profile(of: use))")
        return
      }
      try findings.add("credentials", place.text, "as \(caller.arn)")
    } catch {
      return try report(error, "credentials", place, use, &findings)
    }
    do {
      let cloud = try accounts.cloud(use, changes: false)
      let stacks = try cloud.all()
      try findings.add("rights", place.text, "CloudFormation lists \(stacks.count) stacks")
    } catch {
      try report(error, "rights", place, use, &findings)
    }
    for one in Self.rights {
      do {
        let client = try accounts.clients(use).client(one.service, host: one.host)
        _ = try client.json(one.target, .object([:]))
        try findings.add("rights", place.text, one.right)
      } catch {
        try report(error, "rights", place, use, &findings)
      }
    }
    do {
      try checkRole(place, use, &findings)
    } catch {
      try report(error, "trust", place, use, &findings)
    }
  }

  /// The trust of the role by which others deploy.
  private func checkRole(
    _ place: AccountPlace, _ use: AccountUse, _ findings: inout FindingList
  ) throws {
    let name = BootstrapRole.deploy.name(place.text, set.region)
    let client = try IdentityRoles(accounts.clients(use))
    guard let document = try client.trust(of: name) else {
      return try findings.add(
        "trust", place.text, "there is no role \(name) yet",
        remedy: "atelier accounts deploy makes it, with a profile of the account", isNote: true)
    }
    try checkTrust(document, place, &findings)
  }

  private func checkTrust(
    _ document: JSONValue, _ place: AccountPlace, _ findings: inout FindingList
  ) throws {
    let wanted = try accounts.blueprint.trusted(by: place)
    let missing = TrustCheck.missing(in: document, wanted: wanted)
    guard missing.isEmpty else {
      return try findings.add(
        "trust", place.text,
        "its deployment role does not trust \(missing.joined(separator: ", "))",
        remedy:
          "atelier accounts deploy, or: cdk bootstrap --trust \(missing.joined(separator: ","))")
    }
    try findings.add(
      "trust", place.text,
      wanted.isEmpty ? "trusts itself alone" : "trusts \(wanted.joined(separator: ", "))")
  }

  private func report(
    _ error: any Error, _ check: String, _ place: AccountPlace, _ use: AccountUse,
    _ findings: inout FindingList
  ) throws {
    if case StackFailure.interrupted = error { throw error }
    if let failure = error as? TransportFailure {
      if failure.kind == .cancelled { throw error }
      return try findings.add(
        check, place.text, "\(failure)",
        remedy: "check the network, [Accounts] region and endpoints",
        code: ExitCode.storeUnusable)
    }
    let advice = (error as? ServiceFault)?.advice ?? ""
    let profile = accounts.configuration.table.profile(of: use)
    try findings.add(
      check, place.text, "\(error)",
      remedy: advice.isEmpty
        ? "correct the credentials of \(use.name) (profile \(profile))"
        : String(advice.dropFirst(2)))
  }
}
