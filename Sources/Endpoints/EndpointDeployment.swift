// Creates an endpoint or brings it to another configuration, waits, and goes back where that fails.
import AWS
import Content
import SageMaker
import Workflows

/// Makes an endpoint serve what a plan says.
package struct EndpointDeployment: Sendable {
  /// What was done.
  package enum Change: Sendable, Hashable {
    case created
    /// The configuration that it served before.
    case updated(from: String)
    case unchanged
  }

  private let watch: EndpointWatch

  private var client: SageMakerClient { watch.client }

  /// How often somebody else may come first.
  private static let mostRefusals = 20

  /// Works through these services; `advice` tells what to do after an interruption.
  package init(_ services: WorkflowServices, advice: String) {
    watch = EndpointWatch(services: services, advice: advice)
  }

  /// Makes the model and the configuration where they are not there, then the endpoint.
  ///
  /// Throws `WorkflowFailure.failed` with the reason where the endpoint does not come to serve the plan;
  /// it then serves what it served before.
  package func deploy(_ plan: EndpointPlan, adopts: Bool, say: (String) -> Void) throws -> Change {
    var former: String?
    var wasAbsent = false
    var refusals = 0
    while true {
      guard let found = try watch.settled(plan.endpoint, say: say) else {
        try makeParts(plan)
        let request: JSONValue = [
          "EndpointName": .string(plan.endpoint), "EndpointConfigName": .string(plan.configuration),
        ]
        let isMade = try ask {
          try client.create("CreateEndpoint", request, tags: plan.tags)
        }
        // Of two calls at once the loser looks again, and updates.
        guard isMade else { continue }
        wasAbsent = true
        break
      }
      try checkOwner(found, adopts: adopts)
      if found.status == "InService", found.configuration == plan.configuration {
        return .unchanged
      }
      try makeParts(plan)
      if found.status == "Failed" {
        // SageMaker does nothing with an endpoint that failed but remove it.
        say("\(plan.endpoint) had failed and served nothing: it is made anew")
        try watch.remove(plan.endpoint)
        continue
      }
      guard try update(plan.endpoint, to: plan.configuration) else {
        refusals += 1
        guard refusals < Self.mostRefusals else {
          throw WorkflowFailure.failed(
            "SageMaker refused to update \(plan.endpoint) \(refusals) times, as somebody else keeps "
              + "updating it; deploy again when they are done")
        }
        try watch.services.pause(0.5, advice: watch.advice)
        continue
      }
      former = found.configuration
      break
    }
    try wait(plan, former: former, say: say)
    return wasAbsent ? .created : former.map { .updated(from: $0) } ?? .unchanged
  }

  private func checkOwner(_ found: EndpointDescription, adopts: Bool) throws {
    let tags = try ask { try client.tags(of: found.arn) }
    guard tags[WorkflowTags.endpoint] == nil else { return }
    guard adopts else {
      throw WorkflowFailure.usage(
        "the endpoint \(found.name) was not made by atelier endpoint: it has no tag "
          + "\(WorkflowTags.endpoint); add --adopt to update it all the same")
    }
    try ask { try client.tag(found.arn, [WorkflowTags.endpoint: found.name]) }
  }

  private func makeParts(_ plan: EndpointPlan) throws {
    try ask {
      if try client.model(plan.model) == nil {
        _ = try client.create("CreateModel", plan.modelRequest, tags: plan.tags)
      }
      if try client.configuration(plan.configuration) == nil {
        _ = try client.create(
          "CreateEndpointConfig", plan.configurationRequest, tags: plan.tags)
      }
    }
  }

  /// Begins an update; false where the endpoint has begun to move, or is gone.
  private func update(_ endpoint: String, to configuration: String) throws -> Bool {
    do {
      try client.updateEndpoint(endpoint, configuration: configuration)
      return true
    } catch let fault as ServiceFault where fault.code.hasPrefix("Validation") {
      guard let now = try ask({ try client.endpoint(endpoint) }) else { return false }
      // It may have come to rest between the refusal and this look.
      if now.isMoving || fault.message.hasPrefix("Cannot update") { return false }
      throw WorkflowFailure.service("SageMaker", fault)
    } catch {
      return try ask { throw error }
    }
  }

  /// Waits until the endpoint has come to an end, and goes back where it failed.
  private func wait(
    _ plan: EndpointPlan, former: String?, say: (String) -> Void
  ) throws {
    guard let now = try watch.settled(plan.endpoint, say: say) else {
      throw WorkflowFailure.failed("the endpoint \(plan.endpoint) was removed by somebody")
    }
    let reason = now.reason.map { ": \(FailureWords.cause($0))" } ?? ""
    switch now.status {
    case "InService" where now.configuration == plan.configuration: return
    case "InService" where now.configuration == former:
      throw WorkflowFailure.failed(
        "SageMaker rolled the update of \(plan.endpoint) back\(reason); it serves its former "
          + "configuration \(now.configuration)")
    case "InService":
      throw WorkflowFailure.failed(
        "\(plan.endpoint) serves \(now.configuration), to which somebody else has brought it "
          + "meanwhile; deploy again to replace that")
    default:
      guard let former else {
        throw WorkflowFailure.failed(
          "the endpoint \(plan.endpoint) ended as \(now.status)\(reason); there is no former "
            + "configuration: correct the cause and deploy again, or: atelier endpoint delete "
            + plan.endpoint)
      }
      try restore(former, plan, status: now.status, say: say)
      throw WorkflowFailure.failed(
        "the endpoint \(plan.endpoint) ended as \(now.status) with the new configuration\(reason); "
          + "its former configuration \(former) is in service again")
    }
  }

  /// Brings back the former configuration.
  private func restore(
    _ former: String, _ plan: EndpointPlan, status: String, say: (String) -> Void
  ) throws {
    say("\(plan.endpoint) ended as \(status); bringing back \(former)")
    // A mix of both configurations takes an update; an endpoint that failed can only be made anew.
    if status == "UpdateRollbackFailed" {
      _ = try update(plan.endpoint, to: former)
    } else {
      try watch.remove(plan.endpoint)
      let request: JSONValue = [
        "EndpointName": .string(plan.endpoint), "EndpointConfigName": .string(former),
      ]
      _ = try ask { try client.create("CreateEndpoint", request, tags: plan.tags) }
    }
    let now = try watch.settled(plan.endpoint, say: say)
    guard let now, now.status == "InService", now.configuration == former else {
      throw WorkflowFailure.failed(
        "the endpoint \(plan.endpoint) ended as \(status), and its former configuration \(former) "
          + "did not come back: it is \(now?.status ?? "gone")")
    }
  }

  private func ask<Answer>(_ body: () throws -> Answer) throws -> Answer { try watch.ask(body) }
}
