// `atelier project user add|remove|open EMAIL`: people of a project in Studio.
import AccountCalls
import CommandLine
import Project
import ProjectTemplates
import Projects
import Terminal

struct ProjectUserVerb: Verb {
  let name = "user"
  let summary = "add or remove a person, or print the address that opens Studio for one"
  let details = """
    The profile is named after the part before the @ and the project, and carries the mail address,
    the project and its cost center as tags. `open` prints an address that works for five minutes for
    whoever has it: treat it as a secret.
    """
  let examples = [
    Example("atelier project user add ann@example.com --project churn", "a profile in Studio"),
    Example("atelier project user open ann@example.com", "the address of Studio"),
  ]
  let action = Argument("add|remove|open", completion: .words(["add", "remove", "open"]))
  let mail = Argument("email")
  let project = Option(
    "project-name", aliases: ["of"], value: "NAME", "the project; --project NAME means the same")

  var parameters: [any Parameter] { [action, mail, project] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(action)
    guard ["add", "remove", "open"].contains(word) else {
      throw UsageError("expected add, remove or open, not '\(word)'")
    }
    let typed = try call.word(mail)
    guard let address = UserMail(typed) else {
      throw UsageError("expected a mail address such as ann@example.com, not '\(typed)'")
    }
    return try AccountCall.run(call, context) { accounts in
      let work = try accounts.projects(changes: word != "open")
      if word == "add" { return try add(address, call, accounts, work) }
      let found = try work.users(address, project: call[project])
      if word == "remove" {
        guard !found.isEmpty else {
          try context.output.data("\(typed) has no profile\n")
          return ExitCode.success
        }
        guard found.count == 1 || call[project] != nil else {
          throw several(typed, found)
        }
        for one in found {
          try work.remove(one, say: accounts.say)
          try context.output.data("profile \(one.profile) of \(one.mail): removed\n")
        }
        return ExitCode.success
      }
      guard let one = found.first else {
        throw UsageError(
          "\(typed) has no profile; `atelier project user add` makes one")
      }
      guard found.count == 1 else { throw several(typed, found) }
      try context.output.data(try work.address(of: one) + "\n")
      return ExitCode.success
    }
  }

  private func several(_ mail: String, _ found: [ProjectUser]) -> UsageError {
    UsageError(
      "\(mail) is in \(found.map(\.project).joined(separator: ", ")); choose one with --project")
  }

  private func add(
    _ mail: UserMail, _ call: Call, _ accounts: AccountCall, _ work: ProjectWork
  ) throws -> Int32 {
    guard let name = call[project] else {
      throw UsageError("name the project: --project NAME")
    }
    let (user, isNew) = try work.add(mail, to: name, say: accounts.say)
    try accounts.output.data(
      "profile \(user.profile) of \(user.mail): \(isNew ? "created" : "unchanged")\n")
    return ExitCode.success
  }
}
