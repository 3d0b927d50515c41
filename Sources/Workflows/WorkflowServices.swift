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
  package init(
    _ settings: AWSSettings, retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(CredentialError) {
    var http = HTTPSettings()
    http.connectTimeoutMilliseconds = 5000
    http.stallSeconds = 60
    let transport = CurlTransport(try settings.http(http))
    let credentials = try settings.credentials(transport: transport, timing: timing)
    func client(
      _ service: String, id: String? = nil, host: String? = nil
    ) throws(CredentialError) -> ServiceClient {
      var client = try settings.client(
        service, id: id, host: host, credentials: credentials, transport: transport,
        retries: retries, timing: timing)
      client.isCancelled = isCancelled
      return client
    }
    machines = StepFunctionsClient(try client("states", id: "sfn"))
    sagemaker = SageMakerClient(try client("sagemaker", host: "api.sagemaker"))
    runtime = try client("sagemaker", id: "sagemaker runtime", host: "runtime.sagemaker")
    features = try client(
      "sagemaker", id: "sagemaker featurestore runtime", host: "featurestore-runtime.sagemaker")
    events = try client("events", id: "eventbridge")
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

/// How long to wait between two looks: ever longer while nothing happens.
package struct Patience {
  private static let longest = 10.0
  package private(set) var seconds = 0.2

  package init() {}

  package mutating func nothingHappened() { seconds = min(seconds * 1.5, Self.longest) }
  package mutating func somethingHappened() { self = Patience() }
}
