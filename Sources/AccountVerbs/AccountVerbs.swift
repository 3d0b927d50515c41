// `atelier accounts`: several accounts, each of AWS or a folder.
import AccountCalls
import AccountDeployment
import Accounts
import CommandLine
import Content
import Project
import Terminal

/// The verbs about accounts.
package enum AccountVerbs {
  /// The group, with verbs of other modules about accounts.
  package static func group(with others: [any Verb<VerbContext>]) -> VerbGroup<VerbContext> {
    VerbGroup(
      "accounts", "governance, dev, preprod and prod: check, plan, deploy, status, destroy, access",
      details: """
        The accounts are those of [Accounts] file (accounts.json) and constants (constants.py), or of
        the settings dev, preprod, prod and governance: 12 digits each, or a folder that stands for an
        account. --set NAME chooses a set by its SET_NAME. Exits 1 when a stack failed or something is
        left, 2 when the call or a file is invalid, 5 when a service is unreachable.
        """,
      verbs: [
        AccountsCheck(), AccountsPlan(), AccountsDeploy(), AccountsStatus(), AccountsDestroy(),
        AccountsTemplate(),
      ] + others)
  }
}

struct AccountsPlan: Verb {
  let name = "plan"
  let summary = "which stacks a deployment would make or change, and in which account"
  let details = "Changes nothing. Exits 3 when something is to be done."
  let examples = [Example("atelier accounts plan --set first", "before atelier accounts deploy")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      let deployer = AccountDeployer(
        accounts.blueprint, try accounts.accounts(changes: false))
      let plan = try deployer.plan()
      try AccountsTable.show(plan, isJSON: call[json], accounts.output)
      return plan.allSatisfy(\.isCurrent) ? ExitCode.success : ExitCode.outOfDate
    }
  }
}

struct AccountsStatus: Verb {
  let name = "status"
  let summary = "the stacks of each account, and whether each is as it should be"
  let details = """
    Also whether SageMaker's own project templates are off in the dev account. Exits 3 when a
    stack is missing, incomplete or out of date.
    """
  let examples = [Example("atelier accounts status --json", "for a script")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      let deployer = AccountDeployer(
        accounts.blueprint, try accounts.accounts(changes: false))
      let plan = try deployer.plan()
      try AccountsTable.status(plan, isJSON: call[json], accounts.output)
      if let templates = try OwnTemplates(accounts)?.status() {
        accounts.say("SageMaker's own project templates are \(templates.lowercased())")
      }
      return plan.allSatisfy(\.isCurrent) ? ExitCode.success : ExitCode.outOfDate
    }
  }
}

struct AccountsDeploy: Verb {
  let name = "deploy"
  let summary = "bring all accounts of a set to their stacks"
  let details = """
    Trust first, then network, Studio and the catalogue; account by account, each stack by a change
    set. Shows what would change and asks. Interrupted, it continues when called again. SageMaker's
    own project templates are switched off in the dev account.
    """
  let examples = [Example("atelier accounts deploy --set first --yes", "for a script")]
  let yes = Flag("yes", short: "y", "do not ask")

  var parameters: [any Parameter] { [yes] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      let deployer = AccountDeployer(accounts.blueprint, try accounts.accounts(changes: true))
      let plan = try deployer.plan()
      let work = plan.filter { !$0.isCurrent }
      for adopted in plan where adopted.intent == .adopt {
        accounts.say(
          "\(adopted.account.account.label): \(adopted.stack.name) was not made by Atelier and stays as "
            + "it is; `atelier accounts check` reports trust that is missing")
      }
      guard !work.isEmpty else {
        try OwnTemplates(accounts)?.switchOff()
        try context.output.data("\(accounts.set.name): nothing to change\n")
        return ExitCode.success
      }
      AccountsTable.propose(work, accounts.output)
      guard
        try accounts.isConfirmed(
          "Make these changes? Type yes to go on: ", answer: "yes", yes: call[yes])
      else {
        accounts.say("nothing was changed")
        return accounts.signals.declined
      }
      for planned in work {
        let made = try deployer.apply(planned, say: accounts.say)
        accounts.say(
          "\(planned.account.account.label): \(planned.stack.name) is \(made?.status ?? "gone")")
      }
      try OwnTemplates(accounts)?.switchOff()
      try context.output.data(
        "\(accounts.set.name): \(Text.count(work.count, "stack")) deployed in "
          + "\(Text.count(accounts.set.places.count, "account"))\n")
      return ExitCode.success
    }
  }
}

struct AccountsTemplate: Verb {
  let name = "template"
  let summary = "print the CloudFormation template of a stack of an account"
  let details = """
    Without a name it prints the names of all stacks. Needs neither credentials nor a network.
    """
  let examples = [
    Example("atelier accounts template deploy-infra-stack", "for review, or for another tool")
  ]
  let stack = Argument("stack", count: 0...1)

  var parameters: [any Parameter] { [stack] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      var stacks: [(use: String, stack: AccountStack)] = []
      for (place, uses) in accounts.set.places {
        let name = uses.map(\.name).joined(separator: ", ")
        stacks += try accounts.blueprint.stacks(of: place, uses: uses).map { (name, $0) }
      }
      guard let name = call[stack].first else {
        for one in stacks {
          try context.output.data("\(Text.pad(one.stack.name, 30)) \(one.use)\n")
        }
        return ExitCode.success
      }
      guard let found = stacks.first(where: { $0.stack.name == name }) else {
        throw UsageError(
          "there is no stack '\(name)'."
            + Suggestion.text(for: name, among: stacks.map(\.stack.name))
            + " `atelier accounts template` lists them.")
      }
      try context.output.data(found.stack.template + "\n")
      return ExitCode.success
    }
  }
}
