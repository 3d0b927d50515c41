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

  private let services: WorkflowServices
  private let advice: String

  private var client: SageMakerClient { services.sagemaker }

  /// Works through these services; `advice` tells what to do after an interruption.
  package init(_ services: WorkflowServices, advice: String) {
    self.services = services
    self.advice = advice
  }

  /// Makes the model and the configuration where they are not there, then the endpoint.
  ///
  /// Throws `WorkflowFailure.failed` with the reason where the endpoint does not come to serve the plan;
  /// it then serves what it served before.
  package func deploy(_ plan: EndpointPlan, adopts: Bool, say: (String) -> Void) throws -> Change {
    var former: String?
    var wasAbsent = false
    while true {
      guard let found = try settled(plan.endpoint, say: say) else {
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
        try remove(plan.endpoint, say: say)
        continue
      }
      guard try update(plan.endpoint, to: plan.configuration) else { continue }
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
      if now.isMoving { return false }
      throw WorkflowFailure.service("SageMaker", fault)
    } catch {
      return try ask { throw error }
    }
  }

  /// Waits until the endpoint has come to an end, and goes back where it failed.
  private func wait(
    _ plan: EndpointPlan, former: String?, say: (String) -> Void
  ) throws {
    guard let now = try settled(plan.endpoint, say: say) else {
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
      try remove(plan.endpoint, say: say)
      let request: JSONValue = [
        "EndpointName": .string(plan.endpoint), "EndpointConfigName": .string(former),
      ]
      _ = try ask { try client.create("CreateEndpoint", request, tags: plan.tags) }
    }
    let now = try settled(plan.endpoint, say: say)
    guard let now, now.status == "InService", now.configuration == former else {
      throw WorkflowFailure.failed(
        "the endpoint \(plan.endpoint) ended as \(status), and its former configuration \(former) "
          + "did not come back: it is \(now?.status ?? "gone")")
    }
  }

  /// The endpoint once SageMaker is no more at work on it; nil where there is none.
  private func settled(
    _ endpoint: String, say: (String) -> Void
  ) throws -> EndpointDescription? {
    var patience = Patience()
    var told = ""
    while true {
      guard let found = try ask({ try client.endpoint(endpoint) }) else { return nil }
      guard found.isMoving else { return found }
      if found.status != told { say("\(endpoint): \(found.status)") }
      told = found.status
      try services.pause(patience.seconds, advice: advice)
      patience.nothingHappened()
    }
  }

  private func remove(_ endpoint: String, say: (String) -> Void) throws {
    try ask { try client.deleteEndpoint(endpoint) }
    _ = try gone(endpoint)
  }

  private func gone(_ endpoint: String) throws {
    var patience = Patience()
    while let found = try ask({ try client.endpoint(endpoint) }) {
      guard found.status == "Deleting" || found.isMoving else { return }
      try services.pause(patience.seconds, advice: advice)
      patience.nothingHappened()
    }
  }

  /// What was removed with an endpoint.
  package struct Removal: Sendable {
    package var endpoint = false
    package var configurations: [String] = []
    package var models: [String] = []
    /// What was kept as another endpoint uses it.
    package var kept: [String] = []

    package var isEmpty: Bool { !endpoint && configurations.isEmpty && models.isEmpty }
  }

  /// Removes an endpoint that we made, then all configurations and models that were made for it.
  ///
  /// What another endpoint uses is kept.
  package func delete(_ endpoint: String, say: (String) -> Void) throws -> Removal {
    var removal = Removal()
    if let found = try settled(endpoint, say: say) {
      let tags = try ask { try client.tags(of: found.arn) }
      guard tags[WorkflowTags.endpoint] != nil else {
        throw WorkflowFailure.usage(
          "the endpoint \(endpoint) was not made by atelier endpoint: it has no tag "
            + "\(WorkflowTags.endpoint), so it is not removed")
      }
      try remove(endpoint, say: say)
      removal.endpoint = true
    }
    try ask {
      let others = try used()
      let text = EndpointPlan.beginning(of: endpoint)
      for (name, arn) in try client.configurations(containing: text)
      where try client.tags(of: arn)[WorkflowTags.endpoint] == endpoint {
        guard !others.configurations.contains(name) else {
          removal.kept.append(name)
          continue
        }
        try client.deleteConfiguration(name)
        removal.configurations.append(name)
      }
      for (name, arn) in try client.models(containing: text)
      where try client.tags(of: arn)[WorkflowTags.endpoint] == endpoint {
        guard !others.models.contains(name) else {
          removal.kept.append(name)
          continue
        }
        try client.deleteModel(name)
        removal.models.append(name)
      }
    }
    return removal
  }

  /// The configurations that endpoints use, and their models.
  private func used() throws -> (configurations: Set<String>, models: Set<String>) {
    var configurations: Set<String> = []
    var models: Set<String> = []
    for (name, _, _) in try client.endpoints() {
      guard let found = try client.endpoint(name) else { continue }
      configurations.insert(found.configuration)
    }
    for name in configurations {
      let variants = try client.configuration(name)?["ProductionVariants"]?.array ?? []
      models.formUnion(variants.compactMap { $0["ModelName"]?.string })
    }
    return (configurations, models)
  }

  private func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    try asking("SageMaker", advice: advice, body)
  }
}
