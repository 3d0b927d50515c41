// `atelier workflow trigger add|list|remove`: objects that arrive in a bucket start a workflow.
import Atelier
import CommandLine
import CompileVerbs
import Content
import Jobs
import Project
import Terminal
import Triggers
import Workflows

struct WorkflowTriggerVerb: Verb {
  enum Action: String, CaseIterable { case add, list, remove }

  let name = "trigger"
  let summary = "add, list or remove triggers: new objects under a prefix start the workflow"
  let details = """
    `add` deploys the workflow where needed, turns on the bucket's events to EventBridge (other
    notifications stay), and adds a rule with a small state machine that starts one execution for each
    version of an object, however often the event comes. The execution gets Bucket, Key and Version in
    its input and runs the plan that was deployed: what that plan reads is fixed by digest, so deploy
    again for other sources. The role must let events.amazonaws.com and states.amazonaws.com assume
    it, and may start the small machine and the workflow. `remove` without --prefix removes all.
    """
  let examples = [
    Example("atelier workflow trigger add churn --prefix input/", "for each object of input/"),
    Example("atelier workflow trigger list churn", "buckets and prefixes"),
    Example("atelier workflow trigger remove churn", "all of its triggers"),
  ]
  let action = Argument(
    "add|list|remove", completion: .words(Action.allCases.map(\.rawValue)))
  let targets = Shared.targets
  let bucket = Option("bucket", value: "NAME", "the bucket (default: [AWS] s3_bucket_name)")
  let prefix = Option("prefix", value: "PREFIX", "how keys of objects begin")
  let triggerRole = Option(
    "trigger-role", value: "ARN", "role of the trigger (default: [Jobs] trigger_role)")
  let image = WorkflowOptions.image
  let role = WorkflowOptions.role
  let trainingImage = WorkflowOptions.trainingImage
  let kind = WorkflowOptions.kind
  let grain = CompileShared.grain
  let training = CompileShared.training
  let workflowName = WorkflowOptions.name
  let workflowRole = WorkflowOptions.workflowRole
  let json = Shared.json

  var parameters: [any Parameter] {
    [
      action, targets, bucket, prefix, triggerRole, image, role, trainingImage, kind, grain,
      training, workflowName, workflowRole, json,
    ]
  }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(action)
    guard let chosen = Action(rawValue: word) else {
      throw UsageError(
        "expected add, list or remove, found '\(word)'."
          + Suggestion.text(for: word, among: Action.allCases.map(\.rawValue)))
    }
    return try WorkflowCall.run(call, context, targets: targets, changes: chosen != .list) {
      workflow in
      let triggers = WorkflowTriggers(workflow.services, workflow: workflow.name)
      switch chosen {
      case .add: try add(call, workflow, triggers)
      case .list: try Self.show(try triggers.all(), workflow, isJSON: call[json])
      case .remove: try remove(call, workflow, triggers)
      }
      return ExitCode.success
    }
  }

  private func add(
    _ call: Call, _ workflow: WorkflowCall, _ triggers: WorkflowTriggers
  ) throws {
    guard let prefix = call[self.prefix] else {
      throw UsageError(
        "add needs --prefix, how the keys of objects begin; --prefix '' is every object")
    }
    guard prefix.utf8.count <= 1024 else {
      throw UsageError(
        "--prefix is \(prefix.utf8.count) bytes long, and the keys of S3 have at most 1024; shorten it"
      )
    }
    let role = try checkedRole(call, workflow)
    let compilation = try WorkflowCompilation(
      workflow, targets: targets, for: .start, missing: role.isEmpty ? [.triggerRole] : [])
    let input = compilation.input
    let bucket = call[self.bucket] ?? compilation.settings.bucket
    try Self.checkLoop(bucket, prefix, compilation)
    let token = workflow.signals.token
    let client = try workflow.session.client(
      bucket, workflow.session.awsSettings(),
      RemoteUse(isRequired: true, isCancelled: { token.isCancelled }))
    let deployed = try workflow.deploy(compilation, isJSON: call[json])
    let change = try triggers.add(
      to: deployed, bucket: client, prefix: prefix, role: role, input: input,
      tags: compilation.settings.tags)
    let place = "s3://\(bucket)/\(prefix)"
    if call[json] {
      let line: JSONValue = [
        "v": 1, "event": "trigger", "workflow": .string(deployed.name),
        "bucket": .string(bucket), "prefix": .string(prefix),
        "change": .string(change.rawValue), "new": .bool(change == .created),
      ]
      try workflow.output.data(try WorkflowText.lines([line]))
    } else {
      try workflow.output.data(
        "trigger \(change.rawValue): objects of \(place) start \(deployed.name)\n")
    }
  }

  /// Refuses a prefix under which the workflow's own jobs write: each would start the next.
  private static func checkLoop(
    _ bucket: String, _ prefix: String, _ compilation: WorkflowCompilation
  ) throws {
    let settings = compilation.settings
    let own = "\(settings.bucket)/" + (settings.prefix.isEmpty ? "" : settings.prefix + "/")
    let place = "\(bucket)/\(prefix)"
    let delivered = compilation.plan.nodes.compactMap { node -> String? in
      switch node.node.kind {
      case .delivery(let publication): publication.place + "/"
      case .ingestion(let group): group.place + "/"
      default: nil
      }
    }
    for folder in [own + "jobs/", own + ".atelier/"] + delivered.sorted()
    where folder.hasPrefix(place) || place.hasPrefix(folder) {
      throw UsageError(
        "--prefix '\(prefix)': the workflow's jobs write under s3://\(folder), so each execution "
          + "would start the next; choose a prefix beside it")
    }
  }

  /// The role of the trigger; empty where none is named.
  private func checkedRole(_ call: Call, _ workflow: WorkflowCall) throws -> String {
    let configured = try JobTable(reading: workflow.session.configuration).triggerRole
    let given: String? = call[self.triggerRole]
    let role: String = given ?? configured
    guard role.isEmpty || RequestOperation.isRole(role) else {
      let word = given == nil ? "[Jobs] trigger_role" : "--trigger-role"
      throw UsageError(
        "\(word): expected arn:<partition>:iam::<account>:role/<name>, found '\(role)'")
    }
    return role
  }

  private func remove(
    _ call: Call, _ workflow: WorkflowCall, _ triggers: WorkflowTriggers
  ) throws {
    let (bucket, prefix) = (call[self.bucket], call[self.prefix])
    let gone = try triggers.remove { trigger in
      (bucket == nil || trigger.bucket == bucket) && (prefix == nil || trigger.prefix == prefix)
    }
    guard !gone.isEmpty else {
      return try workflow.output.data("\(workflow.name) has no such trigger\n")
    }
    for trigger in gone {
      try workflow.output.data("removed: s3://\(trigger.bucket)/\(trigger.prefix)\n")
    }
  }

  private static func show(
    _ triggers: [WorkflowTrigger], _ workflow: WorkflowCall, isJSON: Bool
  ) throws {
    if isJSON {
      let lines = triggers.map { trigger -> JSONValue in
        [
          "v": 1, "event": "trigger", "workflow": .string(workflow.name),
          "rule": .string(trigger.rule), "bucket": .string(trigger.bucket),
          "prefix": .string(trigger.prefix), "on": .bool(trigger.isOn),
        ]
      }
      return try workflow.output.data(try WorkflowText.lines(lines))
    }
    guard !triggers.isEmpty else {
      return workflow.output.message("\(workflow.name) has no trigger")
    }
    try workflow.output.data(
      Table(
        columns: ["bucket", "prefix", "on", "rule"],
        rows: triggers.map { [$0.bucket, $0.prefix, $0.isOn ? "yes" : "no", $0.rule] }
      ).text(limit: .max))
  }
}
