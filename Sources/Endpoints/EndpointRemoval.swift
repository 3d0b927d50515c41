// Removes an endpoint with all that was made for it.
import SageMaker
import Workflows

/// Removes endpoints, their configurations and models, by their tag.
package struct EndpointRemoval: Sendable {
  private let watch: EndpointWatch

  private var client: SageMakerClient { watch.client }

  /// Works through these services; `advice` tells what to do after an interruption.
  package init(_ services: WorkflowServices, advice: String) {
    watch = EndpointWatch(services: services, advice: advice)
  }

  /// What was removed with an endpoint.
  package struct Report: Sendable {
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
  package func delete(_ endpoint: String, say: (String) -> Void) throws -> Report {
    var removal = Report()
    if let found = try watch.settled(endpoint, say: say) {
      let tags = try watch.ask { try client.tags(of: found.arn) }
      guard tags[WorkflowTags.endpoint] != nil else {
        throw WorkflowFailure.usage(
          "the endpoint \(endpoint) was not made by atelier endpoint: it has no tag "
            + "\(WorkflowTags.endpoint), so it is not removed")
      }
      try watch.remove(endpoint)
      removal.endpoint = true
    }
    try watch.ask {
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
}
