// `atelier accounts destroy`: removes all that a set's accounts have got, and lists what is left.
import AccountCalls
import AccountDeployment
import CommandLine
import Project
import Projects
import Terminal

struct AccountsDestroy: Verb {
  let name = "destroy"
  let summary = "remove users, projects and all stacks of a set"
  let details = """
    In this order: users, projects with their data and models, catalogue, Studio with its file
    system, networks, roles. Shows the list and asks for the set's name; buckets are emptied.
    Interrupted, it continues when called again. What another set of the file needs stays, unless
    --shared is given.
    """
  let examples = [
    Example("atelier accounts destroy --set first", "review the list, then type first")
  ]
  let yes = Flag("yes", short: "y", "do not ask")
  let shared = Flag("shared", "also the stacks of accounts that other sets have, too")

  var parameters: [any Parameter] { [yes, shared] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { try destroy(call, $0) }
  }

  private func destroy(_ call: Call, _ accounts: AccountCall) throws -> Int32 {
    let output = accounts.output
    let isAll = call[shared]
    let deployer = AccountDeployer(accounts.blueprint, try accounts.accounts(changes: true))
    let removals = try deployer.removals { !isAll && accounts.isShared($0) }
    let work = try accounts.projects(changes: true)
    let projects = try work.projects()
    guard !removals.isEmpty || !projects.isEmpty else {
      try output.data("\(accounts.set.name): nothing to remove\n")
      return ExitCode.success
    }
    output.message("to remove, in this order:")
    for user in try work.users() { output.message("  user \(user.mail) of \(user.project)") }
    for project in projects { output.message("  project \(project.name) with its data and models") }
    let others = removals.filter { $0.kind != .user && $0.kind != .project }
    for removal in others {
      output.message("  \(removal.account.account.label): \(removal.stack.name)")
    }
    let name = accounts.set.name
    guard
      try accounts.isConfirmed(
        "This cannot be undone. Type the set's name, \(name), to go on: ", answer: name,
        yes: call[yes])
    else {
      output.message("nothing was removed")
      return accounts.signals.declined
    }
    for user in try work.users() {
      try work.remove(user, say: accounts.say)
      accounts.say("removed user \(user.mail) of \(user.project)")
    }
    for project in projects {
      _ = try work.delete(project.name, users: true, models: true, say: accounts.say)
      accounts.say("removed project \(project.name)")
    }
    var left: [String] = []
    for removal in others {
      let label = removal.account.account.label
      let found = try removal.account.account.remove(removal.stack.name, say: accounts.say)
      left += found.map { "\(label): \($0)" }
      if found.isEmpty { accounts.say("\(label): removed \(removal.stack.name)") }
    }
    guard left.isEmpty else {
      for thing in left { try output.data("left: \(thing)\n") }
      output.error("atelier: remove by hand what is left, then type: atelier accounts destroy")
      return ExitCode.stepFailed
    }
    try output.data("\(name): removed completely\n")
    return ExitCode.success
  }
}
