// `atelier stack deploy`: makes or changes the stack.
import AWS
import CloudFormation
import CommandLine
import Content
import Project
import Stack
import Terminal

struct StackDeploy: Verb {
  let name = "deploy"
  let summary = "make or change the stack"
  let details = """
    Shows what would change, asks, prints events as they come, and writes [AWS] cfn_stack_id and
    s3_bucket_name into config.ini. Interrupted, it continues when called again. The stack and its
    resources get [AWS] tags. The network's default security group, which nothing uses, loses its rules.
    """
  let examples = [
    Example("atelier stack deploy", "review the changes, then confirm"),
    Example("atelier stack deploy --yes --no-studio -p NatGateways=2", "for a script"),
  ]
  let yes = StackOptions.yes
  let stackName = StackOptions.name
  let parameter = Option(
    "parameter", short: "p", value: "NAME=VALUE", repeats: true,
    "a value for a parameter of the template; others stay as they are")
  let studio = Flag("studio", "with SageMaker Studio (default at first)")
  let noStudio = Flag("no-studio", "without SageMaker Studio")
  let json = Shared.json

  var parameters: [any Parameter] { [yes, stackName, parameter, studio, noStudio, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try StackCall.run(call, context, changes: true) { try deploy(call, $0) }
  }

  private func deploy(_ call: Call, _ stack: StackCall) throws -> Int32 {
    let deployment = StackDeployment(
      stack.services, stack: stack.id, name: Session.stackName(stack.id),
      template: try stack.session.stackTemplate(),
      parameters: try parameters(call), tags: try stack.session.resourceTags())
    // The data flow's rights end at the prefix that deliveries use.
    let prefix = try stack.session.settings.string("AWS", "s3_prefix")
    var plan = try deployment.plan(defaults: ["S3Prefix": Self.trimmed(prefix)])
    while case .running(let running) = plan {
      stack.output.message("\(running.name) is \(running.status); waiting for its end")
      _ = try deployment.resume(running, report: stack.show)
      plan = try deployment.plan(defaults: ["S3Prefix": Self.trimmed(prefix)])
    }
    switch plan {
    case .nothing(let found):
      stack.output.message("\(found.name) is \(found.status); nothing to change")
      return try finish(found, call, stack, deployment)
    case .changes(let changeSet, let creates):
      Self.show(
        changeSet, name: Session.stackName(changeSet.stackID), creates: creates, stack.output)
      guard try Self.isConfirmed(call, stack) else {
        stack.output.message("nothing was changed; `atelier stack deploy` continues from here")
        return stack.signals.declined
      }
      let made = try deployment.execute(changeSet, report: stack.show)
      stack.output.message("\(made.name) is \(made.status)")
      return try finish(made, call, stack, deployment)
    case .running: return ExitCode.success
    }
  }

  private func parameters(_ call: Call) throws -> [String: String] {
    var parameters: [String: String] = [:]
    for text in call.all(parameter) {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw UsageError("--parameter takes NAME=VALUE, not '\(text)'")
      }
      parameters[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    if call[studio], call[noStudio] {
      throw UsageError("--studio and --no-studio exclude each other")
    }
    if call[studio] { parameters["CreateStudio"] = "true" }
    if call[noStudio] { parameters["CreateStudio"] = "false" }
    return parameters
  }

  /// Without slashes at its ends.
  private static func trimmed(_ prefix: String) -> String {
    prefix.split(separator: "/", omittingEmptySubsequences: true).joined(separator: "/")
  }

  private static func show(
    _ changeSet: ChangeSet, name: String, creates: Bool, _ output: Console
  ) {
    let changes = changeSet.changes
    let intent = creates ? "make the stack" : "change the stack"
    output.message("to \(intent) \(name): \(Text.count(changes.count, "resource"))")
    guard !changes.isEmpty else {
      output.message("outputs or parameters change, no resource")
      return
    }
    let rows = changes.map { change in
      [change.action, change.resource, change.type, replacement(change)]
    }
    let isReplacing = rows.contains { !$0[3].isEmpty }
    let table = Table(
      columns: ["action", "resource", "type"] + (isReplacing ? ["replaced"] : []),
      rows: isReplacing ? rows : rows.map { Array($0.prefix(3)) })
    output.message(String(table.text(limit: .max).dropLast()))
  }

  private static func replacement(_ change: StackChange) -> String {
    switch change.replacement {
    case "True": "yes"
    case "Conditional": "perhaps"
    default: ""
    }
  }

  private static func isConfirmed(_ call: Call, _ stack: StackCall) throws -> Bool {
    try Question.isConfirmed(
      "Apply these changes? [y/N] ", yes: call[StackOptions.yes], shown: "changes", stack.output,
      stack.signals.token
    ) { ["y", "yes"].contains($0.lowercased()) }
  }

  /// Writes the stack's id and bucket into config.ini, and prints the outputs.
  private func finish(
    _ found: StackDescription, _ call: Call, _ stack: StackCall, _ deployment: StackDeployment
  ) throws -> Int32 {
    if try deployment.emptyDefaultGroup(of: found) {
      stack.output.message(
        "the default security group of \(found.outputs["VPCID"] ?? "the network"): all rules removed"
      )
    }
    var values = [("AWS", "cfn_stack_id", found.id)]
    if let bucket = found.outputs["S3DataBucket"] {
      values.append(("AWS", "s3_bucket_name", bucket))
    }
    try stack.session.remember(values.map { (section: $0.0, key: $0.1, value: $0.2) })
    try stack.print(found, isJSON: call[json])
    return ExitCode.success
  }
}
