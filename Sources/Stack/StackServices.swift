// The services that a stack needs, at the endpoints that the user's settings name.
import AWS
import CloudFormation
import HTTP
import S3
import Signing

/// Clients that share credentials, connections and one wish to stop.
package struct StackServices: Sendable {
  package var cloud: CloudFormationClient
  package var identity: ServiceClient
  package var secrets: ServiceClient
  package var studio: StudioClient
  package var fileSystems: FileSystemClient
  package var securityGroups: SecurityGroupClient
  /// A client of a bucket; other credentials than the user's where some are given.
  package var bucket: @Sendable (String, Credentials?) throws -> S3Client
  package var timing: Timing
  package var isCancelled: @Sendable () -> Bool

  /// Opens and sends nothing yet; throws `CredentialError`.
  ///
  /// `credentials` are other ones than those of the settings.
  package init(
    _ settings: AWSSettings, credentials: CredentialProvider? = nil,
    retries: RetryPolicy = RetryPolicy(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(CredentialError) {
    let clients = try ServiceClients(
      settings, retries: retries, timing: timing, credentials: credentials,
      isCancelled: isCancelled)
    cloud = CloudFormationClient(try clients.client("cloudformation"))
    identity = try clients.client("sts")
    secrets = try clients.client("secretsmanager", id: "secrets manager")
    studio = StudioClient(try clients.client("sagemaker", host: "api.sagemaker"))
    fileSystems = FileSystemClient(try clients.client("elasticfilesystem", id: "efs"))
    securityGroups = SecurityGroupClient(try clients.client("ec2"))
    bucket = { name, other in
      try S3Client(
        bucket: name, settings: settings, http: clients.http, retries: retries, timing: timing,
        credentials: other.map { CredentialProvider(FixedCredentials($0), now: timing.now) }
          ?? clients.credentials
      ).cancelled(by: isCancelled)
    }
    self.timing = timing
    self.isCancelled = isCancelled
  }

  /// A stack by name or id; nil where there is none.
  package func stack(_ id: String) throws(StackFailure) -> StackDescription? {
    try asking("CloudFormation", advice: "nothing was changed") { try cloud.stack(id) }
  }

  /// Pauses between two looks; throws `StackFailure.interrupted` when it is cancelled.
  func pause(_ seconds: Double, advice: String) throws(StackFailure) {
    guard timing.pause(seconds, unless: isCancelled) else { throw .interrupted(advice: advice) }
  }
}
