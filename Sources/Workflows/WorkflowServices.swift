// The services behind workflows and endpoints, at the endpoints that the user's settings name.
import AWS
import HTTP
import SageMaker
import Signing
import StepFunctions

/// Clients that share credentials, connections and one wish to stop.
package struct WorkflowServices: Sendable {
  package var machines: StepFunctionsClient
  package var sagemaker: SageMakerClient
  /// Requests to endpoints.
  package var runtime: ServiceClient
  /// Records of feature groups.
  package var features: ServiceClient
  /// EventBridge.
  package var events: ServiceClient
  package var timing: Timing
  package var isCancelled: @Sendable () -> Bool

  /// Opens and sends nothing yet; throws `CredentialError`.
  ///
  /// `credentials` are other ones than those of the settings.
  package init(
    _ settings: AWSSettings, retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    credentials: CredentialProvider? = nil, isCancelled: @escaping @Sendable () -> Bool
  ) throws(CredentialError) {
    let clients = try ServiceClients(
      settings, stallSeconds: 60, retries: retries, timing: timing, credentials: credentials,
      isCancelled: isCancelled)
    machines = StepFunctionsClient(try clients.client("states", id: "sfn"))
    sagemaker = SageMakerClient(try clients.client("sagemaker", host: "api.sagemaker"))
    runtime = try clients.client("sagemaker", id: "sagemaker runtime", host: "runtime.sagemaker")
    features = try clients.client(
      "sagemaker", id: "sagemaker featurestore runtime", host: "featurestore-runtime.sagemaker")
    events = try clients.client("events", id: "eventbridge")
    self.timing = timing
    self.isCancelled = isCancelled
  }

  /// Pauses between two looks; throws `WorkflowFailure.interrupted` when it is cancelled.
  package func pause(_ seconds: Double, advice: String) throws {
    guard timing.pause(seconds, unless: isCancelled) else {
      throw WorkflowFailure.interrupted(advice: advice)
    }
  }
}
