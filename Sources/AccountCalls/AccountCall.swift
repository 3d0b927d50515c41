// What every verb of accounts and projects works with: a session's set and the accounts in it.
import AWS
import AccessPolicies
import AccountDeployment
import AccountTemplates
import Accounts
import CommandLine
import FolderAccounts
import HTTP
import Project
import SageMaker
import Stack
import Tagging
import Terminal

/// One call about the accounts of a set.
package struct AccountCall: Sendable {
  package static let words = StackWords(
    deploy: "atelier accounts deploy", destroy: "atelier accounts destroy")

  package let call: Call
  package let session: Session
  package let signals: Signals
  package let configuration: AccountsConfiguration
  package let set: AccountSet
  package let blueprint: AccountBlueprint
  package let tags: ResourceTags

  package var output: Console { session.output }

  /// Runs `body`; an interruption ends it with the signal's code.
  package static func run(
    _ call: Call, _ context: VerbContext, _ body: (AccountCall) throws -> Int32
  ) throws -> Int32 {
    let session = try Session(call, context)
    let configuration = try session.accounts()
    let set = try configuration.set()
    let tags = try session.resourceTags()
    return try Signals.guarding { signals in
      do {
        return try body(
          AccountCall(
            call: call, session: session, signals: signals, configuration: configuration,
            set: set,
            blueprint: AccountBlueprint(
              set, among: configuration.sets, tags: tags.values,
              access: AccountAccessDocuments.of(set)), tags: tags))
      } catch StackFailure.interrupted(let advice) {
        context.output.error("atelier: interrupted; \(advice)")
        return signals.code
      }
    }
  }

  /// The accounts of the set, each opened once; nothing is sent yet.
  ///
  /// `changes` tells whether the verb makes or removes anything.
  package func accounts(changes: Bool) throws -> [DeployedAccount] {
    try set.places.map { place, uses in
      DeployedAccount(
        place: place, uses: uses, account: try account(uses[0], changes: changes))
    }
  }

  /// An account of the set.
  package func account(_ use: AccountUse, changes: Bool) throws -> any StackAccount {
    let place = set[use]
    guard let path = session.accountFolder(place) else {
      return try cloud(use, changes: changes)
    }
    return FolderStacks(
      try FolderAccount(path: path, typed: place.text, region: set.region), label: place.text)
  }

  /// An account of AWS.
  package func cloud(_ use: AccountUse, changes: Bool) throws -> CloudStacks {
    let token = signals.token
    let aws = try session.accountSettings(use, set)
    let services = try StackServices(
      aws, credentials: session.accountCredentials(use, set),
      isCancelled: { token.isCancelled })
    if changes {
      try Session.refuseDebugBuild(services.cloud.service.base, "makes and removes stacks")
    }
    let id = set[use].text
    var role: String?
    if case .role = try session.access(to: use, in: set) {
      let name = BootstrapRole.execution.name(id, set.region)
      role = "arn:\(set.partition):iam::\(id):role/\(name)"
    }
    return CloudStacks(
      id: id, services: services, parameters: try clients(use).client("ssm"), words: Self.words,
      role: role)
  }

  /// Clients of other services of an account of AWS.
  package func clients(_ use: AccountUse) throws -> ServiceClients {
    let token = signals.token
    return try session.accountClients(use, set, isCancelled: { token.isCancelled })
  }

  /// A line of progress.
  package func say(_ text: String) { output.message(text) }

  /// The accounts of other sets, whose own stacks stay.
  package func isShared(_ place: AccountPlace) -> Bool {
    configuration.sets.contains { other in
      other.name != set.name && other.places.contains { $0.place == place }
    }
  }

  /// Asks, unless `--yes` is given; false where the answer is no.
  package func isConfirmed(_ question: String, answer: String, yes: Bool) throws -> Bool {
    try Question.isConfirmed(question, yes: yes, output, signals.token) {
      $0.lowercased() == answer.lowercased()
    }
  }
}

/// The policies of access that an account gets.
package enum AccountAccessDocuments {
  /// Those of a set.
  package static func of(_ set: AccountSet) -> [AccessDocument] {
    let names = AccessNames(set)
    return PermissionSet.allCases.map { one in
      AccessDocument(name: one.rawValue, policy: one.policy(names), tiers: one.tiers)
    }
  }
}
