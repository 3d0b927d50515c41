// `atelier endpoint`: models that SageMaker serves.
import CommandLine
import Content
import Endpoints
import HTTP
import Jobs
import Project
import SageMaker
import ServiceNames
import Terminal
import Workflows

/// The verbs about endpoints of SageMaker.
package enum EndpointVerbs {
  package static let group = VerbGroup<VerbContext>(
    "endpoint", "endpoints of SageMaker: deploy, status, invoke, delete",
    details: """
      Models and configurations have names that follow from their content and carry the tag
      atelier:endpoint. Exits 1 when an endpoint did not come into service, 2 when the call is
      invalid, 5 when a service is unreachable.
      """,
    verbs: [EndpointDeploy(), EndpointStatus(), EndpointInvoke(), EndpointDelete()])
}

/// What every verb of endpoints works with.
struct EndpointCall {
  static let endpoint = Argument("endpoint")

  let call: Call
  let session: Session
  let services: WorkflowServices
  let signals: Signals
  /// The endpoint's name.
  let name: String

  var output: Console { session.output }

  var deployment: EndpointDeployment { EndpointDeployment(services, advice: advice) }

  var removal: EndpointRemoval { EndpointRemoval(services, advice: advice) }

  private var advice: String {
    "SageMaker continues; atelier endpoint status \(name) shows its state"
  }

  /// Runs `body`; an interruption ends it with the signal's code.
  static func run(
    _ call: Call, _ context: VerbContext, changes: Bool, _ body: (EndpointCall) throws -> Int32
  ) throws -> Int32 {
    let session = try Session(call, context)
    let name = try call.word(endpoint)
    guard ServiceName.isValid(name) else {
      throw UsageError(
        "an endpoint's name has up to 63 letters, digits and '-', the last at neither end; found "
          + "'\(name)'")
    }
    return try Signals.guarding { signals in
      let services = try WorkflowServices(
        session.awsSettings(), isCancelled: { signals.token.isCancelled })
      if changes {
        try Session.refuseDebugBuild(
          services.sagemaker.service.base, "makes and removes endpoints")
      }
      do {
        return try body(
          EndpointCall(
            call: call, session: session, services: services, signals: signals, name: name))
      } catch WorkflowFailure.interrupted(let advice) {
        context.output.error("atelier: interrupted; \(advice)")
        return signals.code
      }
    }
  }
}

struct EndpointStatus: Verb {
  let name = "status"
  let summary = "whether an endpoint is in service, and what it serves"
  let details = "Exits 3 when it is not in service."
  let examples = [Example("atelier endpoint status churn --json", "for a script")]
  let endpoint = EndpointCall.endpoint
  let json = Shared.json

  var parameters: [any Parameter] { [endpoint, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try EndpointCall.run(call, context, changes: false) { endpoint in
      let client = endpoint.services.sagemaker
      guard let found = try asking("SageMaker", { try client.endpoint(endpoint.name) }) else {
        throw UsageError("there is no endpoint \(endpoint.name)")
      }
      let configuration = try asking("SageMaker") {
        try client.configuration(found.configuration)
      }
      let variants: [JSONValue] = configuration?["ProductionVariants"]?.array ?? []
      let models: [String] = variants.compactMap { $0["ModelName"]?.string }
      let reason = found.reason.map(FailureWords.cause)
      if call[json] {
        let why: JSONValue = reason.map { .string($0) } ?? .null
        let line: JSONValue = [
          "v": 1, "event": "endpoint", "endpoint": .string(found.name), "arn": .string(found.arn),
          "status": .string(found.status), "configuration": .string(found.configuration),
          "models": .array(models.map { .string($0) }), "reason": why,
        ]
        try context.output.data(line.canonicalText() + "\n")
      } else {
        let rows = [
          ("status", found.status), ("configuration", found.configuration),
          ("model", models.joined(separator: ", ")), ("reason", reason ?? ""),
        ]
        for (key, value) in rows where !value.isEmpty {
          try context.output.data(Text.pad(key, 14) + " \(value)\n")
        }
      }
      return found.status == "InService" ? ExitCode.success : ExitCode.outOfDate
    }
  }
}

struct EndpointDelete: Verb {
  let name = "delete"
  let summary = "remove an endpoint with its configurations and models"
  let details = """
    Removes what was made for the endpoint, by its tag, and waits until it is gone. What another
    endpoint uses is kept.
    """
  let examples = [Example("atelier endpoint delete churn", "endpoint, configurations, models")]
  let endpoint = EndpointCall.endpoint

  var parameters: [any Parameter] { [endpoint] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try EndpointCall.run(call, context, changes: true) { endpoint in
      let removal = try endpoint.removal.delete(endpoint.name, say: context.output.message)
      for name in removal.kept {
        context.output.message("kept, as another endpoint uses it: \(name)")
      }
      guard !removal.isEmpty else {
        try context.output.data("there is no endpoint \(endpoint.name)\n")
        return ExitCode.success
      }
      try context.output.data(
        "endpoint \(endpoint.name): deleted, with "
          + "\(Text.count(removal.configurations.count, "configuration")) and "
          + "\(Text.count(removal.models.count, "model"))\n")
      return ExitCode.success
    }
  }
}
