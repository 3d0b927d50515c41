// `atelier project`: projects of the dev account of a set, their users, pipelines and ingestion.
import AccountCalls
import Accounts
import CommandLine
import Content
import Project
import ProjectTemplates
import Projects
import Tagging
import Terminal

/// The verbs about projects.
package enum ProjectVerbs {
  package static let group = VerbGroup<VerbContext>(
    "project", "projects of the dev account: create, list, delete, users, CI/CD, ingestion",
    details: """
      A project has a bucket, a key, a group of models, repositories, pipelines, a role and
      parameters, all of them with its cost center and tags. --set NAME chooses the set of accounts.
      Exits 1 when something failed, 2 when the call is invalid, 5 when a service is unreachable.
      """,
    verbs: [
      ProjectCreate(), ProjectList(), ProjectDelete(), ProjectUserVerb(), ProjectCIVerb(),
      ProjectIngestion(),
    ])
}

struct ProjectCreate: Verb {
  let name = "create"
  let summary = "make a project, or complete one"
  let details = """
    SageMaker deploys the project's template itself; with --provider catalogue Service Catalog
    launches the product. A second call with the same values changes nothing. Tags beside the cost
    center are those of [AWS] tags and of --tag, on everything that takes tags.
    """
  let examples = [
    Example(
      "atelier project create churn --cost-center 12345 --problem supervised --inference realtime",
      "a project"),
    Example(
      "atelier project create churn --cost-center 12345 --problem supervised --inference batch "
        + "--tag Team=forecast", "with a tag"),
  ]
  let project = Argument("project")
  let costCenter = Option("cost-center", value: "N", "who pays, such as 12345")
  let problem = Option<ProblemType>(
    "problem", value: "TYPE", "kind of the problem: supervised, unsupervised")
  let inference = Option<InferenceType>(
    "inference", value: "TYPE", "how models answer: batch, realtime")
  let text = Option("description", value: "TEXT", "what the project is for")
  let tag = Option("tag", value: "KEY=VALUE", repeats: true, "a tag of everything in it")
  let provider = Option<ProjectProvider>(
    "provider", value: "WHO", "what makes it: template (default), catalogue")
  let json = Shared.json

  var parameters: [any Parameter] {
    [project, costCenter, problem, inference, text, tag, provider, json]
  }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    guard let cost = call[costCenter] else {
      throw UsageError("name who pays: --cost-center N, such as 12345")
    }
    guard let problem = call[self.problem] else {
      throw UsageError("name the kind of the problem: --problem supervised or unsupervised")
    }
    guard let inference = call[self.inference] else {
      throw UsageError("say how models answer: --inference batch or realtime")
    }
    return try AccountCall.run(call, context) { accounts in
      var tags = ResourceTags.none
      for one in call.all(tag) {
        do {
          let more = try ResourceTags(parsing: one).values
          if let key = more.keys.filter({ tags.values[$0] != nil }).min() {
            throw UsageError("--tag gives '\(key)' twice; remove one")
          }
          tags = tags.adding(more)
        } catch let problem as TagProblem {
          throw UsageError("--tag: \(problem)")
        }
      }
      let wish = try ProjectWish(
        name: try call.word(project), description: call[text] ?? "", problem: problem,
        inference: inference, costCenter: cost, tags: tags, in: accounts.set)
      let work = try accounts.projects(changes: true, provider: call[provider] ?? .template)
      let (made, isNew) = try work.create(wish, say: accounts.say)
      if call[json] {
        try context.output.data(try ProjectLines.json(made) + "\n")
      } else {
        try context.output.data(
          "project \(made.name): \(isNew ? "created" : "unchanged"), id \(made.id)\n")
      }
      return ExitCode.success
    }
  }
}

struct ProjectList: Verb {
  let name = "list"
  let summary = "the projects of the set, with their users"
  let examples = [Example("atelier project list --json", "for a script")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      let work = try accounts.projects(changes: false)
      let (projects, users) = (try work.projects(), try work.users())
      if call[json] {
        for one in projects {
          try context.output.data(try ProjectLines.json(one, users: users) + "\n")
        }
      } else {
        try context.output.data(
          Table(
            columns: ["project", "status", "cost center", "problem", "inference", "users"],
            rows: projects.map { one in
              [
                one.name, one.status, one.costCenter, one.problem, one.inference,
                users.filter { $0.project == one.name }.map(\.mail).joined(separator: ", "),
              ]
            }
          ).text(limit: .max))
      }
      return ExitCode.success
    }
  }
}

struct ProjectDelete: Verb {
  let name = "delete"
  let summary = "remove a project with its bucket, key and repositories"
  let details = """
    Everything in its buckets and its ingestions are removed, too, also in the accounts of preprod and prod. A project with
    users or with models, also such as are in use there, stays, unless --users or --models says that
    they go as well.
    """
  let examples = [Example("atelier project delete churn --users --yes", "for a script")]
  let project = Argument("project")
  let users = Flag("users", "remove its users first")
  let models = Flag("models", "remove its models and what serves them, too")
  let yes = Flag("yes", short: "y", "do not ask")

  var parameters: [any Parameter] { [project, users, models, yes] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      let name = try call.word(project)
      try ProjectWish.checkName(name, in: accounts.set)
      let work = try accounts.projects(changes: true)
      let known = try work.projects().map(\.name)
      guard try known.contains(name) || work.isThere(name) else {
        accounts.say(
          "there is no project '\(name)'; nothing to remove."
            + Suggestion.text(for: name, among: known))
        return ExitCode.success
      }
      let places = Set(Tier.allCases.map { accounts.set[$0].text }).sorted().joined(separator: ", ")
      accounts.say("to remove: the project \(name) with all that is in its buckets (\(places))")
      for one in try work.ingestions(of: name) {
        accounts.say("  with its ingestion \(ProjectWork.pipeline(one))")
      }
      guard
        try accounts.isConfirmed(
          "This cannot be undone. Type the project's name, \(name), to go on: ", answer: name,
          yes: call[yes])
      else {
        accounts.say("nothing was removed")
        return accounts.signals.declined
      }
      let wasThere = try work.delete(
        name, users: call[users], models: call[models], say: accounts.say)
      try context.output.data(
        wasThere ? "project \(name): deleted\n" : "there is no project \(name)\n")
      return ExitCode.success
    }
  }
}

/// Projects as JSON.
enum ProjectLines {
  static func json(_ project: ProjectRecord, users: [ProjectUser]? = nil) throws -> String {
    var line: [String: JSONValue] = [
      "v": 1, "event": "project", "project": .string(project.name), "id": .string(project.id),
      "status": .string(project.status), "costCenter": .string(project.costCenter),
      "problem": .string(project.problem), "inference": .string(project.inference),
      "description": .string(project.description), "provider": .string(project.provider),
      "tags": .object(project.tags.mapValues { .string($0) }),
    ]
    if let users {
      line["users"] = .array(
        users.filter { $0.project == project.name }.map {
          ["mail": .string($0.mail), "profile": .string($0.profile)]
        })
    }
    return try JSONValue.object(line).canonicalText()
  }
}
