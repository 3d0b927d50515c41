// Waits for what SageMaker does with an endpoint.
import AWS
import SageMaker
import Workflows

/// Looks at an endpoint until SageMaker is no more at work on it.
struct EndpointWatch {
  let services: WorkflowServices
  /// What to do after an interruption.
  let advice: String

  var client: SageMakerClient { services.sagemaker }

  /// The endpoint once SageMaker is no more at work on it; nil where there is none.
  func settled(
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

  /// Removes the endpoint and waits until it is gone.
  func remove(_ endpoint: String) throws {
    try ask { try client.deleteEndpoint(endpoint) }
    var patience = Patience()
    while try ask({ try client.endpoint(endpoint) }) != nil {
      try services.pause(patience.seconds, advice: advice)
      patience.nothingHappened()
    }
  }

  /// Runs calls whose errors name the service.
  func ask<Answer>(_ body: () throws -> Answer) throws -> Answer {
    try asking("SageMaker", advice: advice, body)
  }
}
