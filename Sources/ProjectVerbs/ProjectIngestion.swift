// `atelier project ingestion`: the reusable component that ingests each new object of a prefix.
import AccountCalls
import AccountDeployment
import CommandLine
import Content
import Project
import ProjectTemplates
import Projects
import Registry
import TemplateParts
import Terminal

struct ProjectIngestion: Verb {
  let name = "ingestion"
  let summary = "print, deploy or delete the component that ingests each new object of a prefix"
  let details = """
    A rule of EventBridge starts a pipeline once for each version of a new object; the pipeline
    transforms it by a flow and writes to a feature group. The parameters are the guide's six:
    PipelineNamePrefix, PipelineDescription, DataWranglerFlowUrl, DataWranglerOutputName,
    S3DataPrefix, FeatureGroupName. ExecutionRoleName names a role that gets the rights for as long
    as the component is deployed; else one is made.
    """
  let examples = [
    Example("atelier project ingestion template > ingestion.json", "for review"),
    Example(
      "atelier project ingestion deploy churn -p S3DataPrefix=bucket/landing "
        + "-p FeatureGroupName=abalone -p DataWranglerFlowUrl=s3://bucket/dw.flow "
        + "-p DataWranglerOutputName=a1.default", "for a project"),
  ]
  let action = Argument(
    "template|deploy|delete", completion: .words(["template", "deploy", "delete"]))
  let project = Argument("project", count: 0...1)
  let parameter = Option(
    "parameter", short: "p", value: "NAME=VALUE", repeats: true, "a parameter of the template")
  let group = Option(
    "feature-group", value: "NAME", "the component to delete (default: the only one)")

  var parameters: [any Parameter] { [action, project, parameter, group] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(action)
    return try AccountCall.run(call, context) { accounts in
      switch word {
      case "template":
        try context.output.data(try template(accounts, custom: accounts.tags.values).text() + "\n")
        return ExitCode.success
      case "deploy": return try deploy(call, accounts)
      case "delete": return try delete(call, accounts)
      default: throw UsageError("expected template, deploy or delete, not '\(word)'")
      }
    }
  }

  private func template(
    _ accounts: AccountCall, custom: [String: String]
  ) throws -> TemplateDocument {
    let image = try? BuiltInImage.path(
      repository: "sagemaker-data-wrangler-container", version: "3.x",
      region: accounts.set.region)
    return try IngestionTemplate.template(
      prefix: accounts.set.prefix, custom: custom, image: image)
  }

  private func name(_ call: Call) throws -> String {
    guard let name = call[project].first else {
      throw UsageError("name the project: atelier project ingestion deploy PROJECT")
    }
    return name
  }

  private func values(_ call: Call) throws -> [String: String] {
    try call.all(parameter).reduce(into: [:]) { values, text in
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw UsageError("--parameter takes NAME=VALUE, not '\(text)'")
      }
      let key = String(text[..<equals])
      guard values.updateValue(String(text[text.index(after: equals)...]), forKey: key) == nil
      else { throw UsageError("--parameter \(key) is given twice; remove one") }
    }
  }

  private func deploy(_ call: Call, _ accounts: AccountCall) throws -> Int32 {
    let values = try values(call)
    let work = try accounts.projects(changes: true)
    let (stack, isNew) = try work.ingest(
      try name(call), values: values,
      template: { try template(accounts, custom: $0).text() }, say: accounts.say)
    try accounts.output.data(
      "ingestion \(stack.outputs["PipelineName"] ?? stack.name): "
        + "\(isNew ? "deployed" : "unchanged")\n")
    return ExitCode.success
  }

  private func delete(_ call: Call, _ accounts: AccountCall) throws -> Int32 {
    let work = try accounts.projects(changes: true)
    let gone = try work.endIngestion(
      of: try name(call), group: call[group], say: accounts.say)
    try accounts.output.data(
      gone.map { "ingestion \($0): removed\n" } ?? "there is no ingestion\n")
    return ExitCode.success
  }
}
