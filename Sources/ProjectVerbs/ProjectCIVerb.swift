// `atelier project ci`: the build and the deployment of a project, as pipelines or as a script.
import AccountCalls
import CommandLine
import Project
import ProjectTemplates
import Projects
import Terminal

/// A form of CI/CD.
enum CIForm: String, CaseIterable, Sendable { case template, script }

struct ProjectCIVerb: Verb {
  let name = "ci"
  let summary = "print the CI/CD of a project: a CloudFormation template, or a shell script"
  let details = """
    Both do the same: the build brings the workshop up to date and compares it with its baselines;
    the deployment promotes exactly the digest that it is given, after a person's approval. Needs
    neither credentials nor a network.
    """
  let examples = [
    Example("atelier project ci churn --format script > ci.sh", "for any runner of scripts")
  ]
  let project = Argument("project")
  let format = Option<CIForm>("format", value: "FORM", "template (default), script")

  var parameters: [any Parameter] { [project, format] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try AccountCall.run(call, context) { accounts in
      let name = try call.word(project)
      try ProjectWish.checkName(name, in: accounts.set)
      switch call[format] ?? .template {
      case .script:
        try context.output.data(ProjectCI.script(project: name, prefix: accounts.set.prefix))
      case .template:
        let template = try ProjectCI.template(
          prefix: accounts.set.prefix, custom: accounts.tags.values)
        try context.output.data(try template.text() + "\n")
      }
      return ExitCode.success
    }
  }
}
