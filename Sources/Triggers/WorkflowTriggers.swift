// Objects that arrive in a bucket start a workflow: a rule of EventBridge for each prefix, and one small
// state machine that starts once for a version of an object.
import AWS
import Content
import S3
import ServiceNames
import StepFunctions
import Workflows

/// A trigger of a workflow.
package struct WorkflowTrigger: Sendable, Hashable {
  /// The rule's name.
  package var rule: String
  package var bucket: String
  /// Keys of objects that start the workflow begin so; may be empty.
  package var prefix: String
  /// Whether events start it now.
  package var isOn: Bool
}

/// The triggers of one workflow.
package struct WorkflowTriggers: Sendable {
  private let services: WorkflowServices
  private let client: EventsClient
  private let workflow: String

  private var machines: MachineService { MachineService(services.machines) }

  /// The triggers of the workflow of a name.
  package init(_ services: WorkflowServices, workflow: String) {
    self.services = services
    self.workflow = workflow
    client = EventsClient(services.events)
  }

  /// The rules that we made for the workflow.
  package func all() throws -> [WorkflowTrigger] {
    try ask {
      try client.rules(beginning: beginning).compactMap { rule in
        guard let name = rule["Name"]?.string, let arn = rule["Arn"]?.string,
          try client.tags(of: arn)[WorkflowTags.workflow] == workflow,
          let text = rule["EventPattern"]?.string,
          let detail = (try? JSONValue(parsing: text))?["detail"]
        else { return nil }
        return WorkflowTrigger(
          rule: name, bucket: detail["bucket"]?["name"]?.array?.first?.string ?? "",
          prefix: detail["object"]?["key"]?.array?.first?["prefix"]?.string ?? "",
          isOn: rule["State"] == "ENABLED")
      }
    }
  }

  /// What was done to a trigger.
  package enum Change: String, Sendable { case created, updated, unchanged }

  /// Starts the workflow for each object that is created under a prefix; says what was changed.
  ///
  /// `role` lets EventBridge start the small machine, and that the workflow; `input` is what executions
  /// are started with besides the object.
  package func add(
    to deployed: DeployedWorkflow, bucket: S3Client, prefix: String, role: String,
    input: [String: String], tags: [String: String]
  ) throws -> Change {
    let (machine, isSameMachine) = try machine(of: deployed, role: role, input: input, tags: tags)
    try ask { _ = try bucket.turnOnEvents() }
    let name = try name(bucket.location.bucket, prefix)
    var object: [String: JSONValue] = [:]
    if !prefix.isEmpty { object["key"] = [["prefix": .string(prefix)]] }
    var detail: [String: JSONValue] = ["bucket": ["name": [.string(bucket.location.bucket)]]]
    if !object.isEmpty { detail["object"] = .object(object) }
    let pattern: JSONValue = [
      "source": ["aws.s3"], "detail-type": ["Object Created"], "detail": .object(detail),
    ]
    let description = "objects of s3://\(bucket.location.bucket)/\(prefix) start \(workflow)"
    let target: JSONValue = [
      "Id": "workflow", "Arn": .string(machine), "RoleArn": .string(role),
      "InputTransformer": [
        "InputPathsMap": .object(TriggerMachine.paths),
        "InputTemplate": .string(TriggerMachine.input),
      ],
    ]
    return try ask {
      let rule = try client.rule(name)
      let isNew = rule == nil
      // A new rule has its tags at once, so that a kill leaves none that `remove` would not find.
      let all = tags.merging([WorkflowTags.workflow: workflow]) { $1 }
      if let rule, isSameMachine, rule["State"] == "ENABLED",
        rule["Description"]?.string == description,
        rule["EventPattern"]?.string.flatMap({ try? JSONValue(parsing: $0) }) == pattern,
        try client.targets(of: name) == [target],
        let arn = rule["Arn"]?.string
      {
        let present = try client.tags(of: arn)
        if all.allSatisfy({ present[$0.key] == $0.value }) { return .unchanged }
      }
      let arn = try client.put(
        rule: name, pattern: try pattern.canonicalText(), description: description,
        tags: isNew ? all : [:])
      if !isNew { try client.tag(arn, all) }
      try client.put(target: target, of: name)
      return isNew ? .created : .updated
    }
  }

  /// Brings the small machine to what it is to be; its ARN, and whether it was so before.
  private func machine(
    of deployed: DeployedWorkflow, role: String, input: [String: String], tags: [String: String]
  ) throws -> (arn: String, wasSame: Bool) {
    var isMade = false
    let name = TriggerMachine.name(of: workflow)
    let definition = try TriggerMachine.definition(deployed, input: input)
    let document = WorkflowDocument(
      .machine, name: name, definition: definition, role: role,
      tags: tags.merging([WorkflowTags.workflow: workflow]) { $1 })
    while true {
      guard let found = try ask({ try machines.find(name) }) else {
        if try ask({ try machines.create(document) }) {
          isMade = true
          continue
        }
        try services.pause(1, advice: "no trigger was made")
        continue
      }
      if found.isGoing {
        try services.pause(1, advice: "no trigger was made")
        continue
      }
      guard found.tags[WorkflowTags.workflow] == workflow else {
        throw WorkflowFailure.usage(
          "the state machine \(name) was not made by Atelier; choose another name for the workflow")
      }
      let isSame = found.definition == definition && found.role == role
      if !isSame { try ask { try machines.update(found, to: document) } }
      return (found.arn, isSame && !isMade)
    }
  }

  /// Removes the triggers that are `chosen`, and the small machine with the last of them; what was
  /// removed.
  ///
  /// Buckets go on telling EventBridge of their objects, as others may listen.
  package func remove(_ chosen: (WorkflowTrigger) -> Bool) throws -> [WorkflowTrigger] {
    let found = try all()
    let gone = found.filter(chosen)
    for trigger in gone { try ask { try client.delete(rule: trigger.rule) } }
    if gone.count == found.count, let machine = try own() {
      try ask { try machines.delete(machine) }
      var patience = Patience()
      while try ask({ try machines.find(machine.name) }) != nil {
        try services.pause(
          patience.seconds, advice: "the state machine \(machine.name) is being deleted")
        patience.nothingHappened()
      }
    }
    return gone
  }

  /// The small machine; nil where there is none of ours.
  private func own() throws -> DeployedWorkflow? {
    let found = try ask { try machines.find(TriggerMachine.name(of: workflow)) }
    return found?.tags[WorkflowTags.workflow] == workflow ? found : nil
  }

  /// How the names of rules begin.
  private var beginning: String { "atelier-\(ServiceName.plain(workflow, upTo: 40))-" }

  private func name(_ bucket: String, _ prefix: String) throws -> String {
    let digest = try Digest.of([workflow, bucket, prefix].joined(separator: "\n"))
    return beginning + digest.hex.prefix(12)
  }

  private func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    try asking("EventBridge", body)
  }
}
