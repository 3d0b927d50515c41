// Tries everything that the platform's data flow needs, one thing after the other. No secret leaves it.
import AWS
import CloudFormation
import Content
import HTTP
import S3
import Signing

/// What one check found.
package struct Finding: Sendable, Hashable {
  /// The check's name, such as `credentials`.
  package var check: String
  /// What was found, or why it failed.
  package var text: String
  /// What to do; nil where the check went well.
  package var remedy: String?
  /// Whether the cause is the user's to correct, not the network's or the service's.
  package var isUsage = false

  package var isFine: Bool { remedy == nil }
}

/// What the configuration says of the stack.
package struct StackConfiguration: Sendable {
  package var stack: String
  package var bucket: String
  package var prefix: String

  package init(stack: String, bucket: String, prefix: String) {
    self.stack = stack
    self.bucket = bucket
    self.prefix = prefix
  }
}

/// Checks configuration, credentials, stack, secret and bucket.
package struct StackValidation {
  private static let deploy = "type: atelier stack deploy"

  private let configuration: StackConfiguration
  private let services: () throws -> StackServices
  /// The key of the object that is written, read and removed.
  private let probe: String

  /// `services` is asked once, after the configuration was found complete; `mark` makes the name of
  /// the probe object one that nobody else uses.
  package init(
    _ configuration: StackConfiguration, mark: String,
    services: @escaping () throws -> StackServices
  ) {
    self.configuration = configuration
    self.services = services
    probe = "\(configuration.prefix)/.atelier-validate-\(mark)"
  }

  /// A check that failed, with what to do about it.
  private struct Problem: Error {
    var text: String
    var remedy: String
    var isUsage = true
  }

  /// Runs the checks up to the first that fails, and reports each; whether all went well.
  ///
  /// Throws `StackFailure.interrupted` alone.
  package func run(report: (Finding) -> Void) throws(StackFailure) -> Bool {
    var current = "config"
    func fine(_ text: String, next: String) {
      report(Finding(check: current, text: text))
      current = next
    }
    do {
      fine(try checkConfiguration(), next: "credentials")
      let services = try services()
      let caller = try services.identity.callerIdentity()
      fine("account \(caller.account) as \(caller.arn)", next: "stack")
      let stack = try checkStack(services)
      fine(
        "\(stack.name) is \(stack.status), its bucket is \(configuration.bucket)", next: "secret")
      let key = try dataFlowKey(stack, services)
      fine(
        "of \(try output("DataFlowIAMUser", stack)), access key \(key.accessKeyID)", next: "write")
      let bucket = try services.bucket(configuration.bucket, key)
      let bytes = Array("atelier stack validate\n".utf8)
      let place = "s3://\(configuration.bucket)/\(probe) with the data flow's own key"
      try bucket.put(bytes, key: probe, contentType: "text/plain")
      do {
        fine("wrote \(place)", next: "read")
        guard try bucket.get(probe).bytes == bytes else {
          throw Problem(
            text: "s3://\(configuration.bucket)/\(probe) holds other bytes than were written",
            remedy: "something between here and the bucket changes what is sent; look at the proxy")
        }
        fine("read the same bytes", next: "delete")
        try bucket.delete(probe)
        fine("removed it", next: "")
      } catch {
        if current != "delete" { try? bucket.delete(probe) }
        throw error
      }
      return true
    } catch {
      if isCancellation(error) { throw .interrupted(advice: "nothing was changed") }
      let problem = explain(error, check: current)
      report(
        Finding(
          check: current, text: problem.text, remedy: problem.remedy, isUsage: problem.isUsage))
      return false
    }
  }

  // ---- the checks ----

  private func checkConfiguration() throws -> String {
    for (name, value, how) in [
      ("cfn_stack_id", configuration.stack, Self.deploy),
      (
        "s3_bucket_name", configuration.bucket,
        "type: atelier config set AWS.s3_bucket_name=NAME, or atelier stack deploy"
      ),
      ("s3_prefix", configuration.prefix, "type: atelier config set AWS.s3_prefix=cmle"),
    ] where value.isEmpty {
      throw Problem(text: "[AWS] \(name) is empty", remedy: how)
    }
    return "stack, bucket \(configuration.bucket) and prefix \(configuration.prefix) are set"
  }

  private func checkStack(_ services: StackServices) throws -> StackDescription {
    guard let stack = try services.cloud.stack(configuration.stack), !stack.isGone else {
      throw Problem(
        text: "there is no stack \(configuration.stack) in this account and region",
        remedy: "\(Self.deploy), or correct [AWS] cfn_stack_id, region or profile")
    }
    guard stack.isSound || stack.status == "UPDATE_ROLLBACK_COMPLETE" else {
      throw Problem(
        text: "\(stack.name) is \(stack.status)",
        remedy: stack.isMoving
          ? "wait for its end; \(Self.deploy)" : "type: atelier stack destroy, then deploy again")
    }
    let bucket = try output("S3DataBucket", stack)
    guard bucket == configuration.bucket else {
      throw Problem(
        text: "its bucket is \(bucket), config.ini names \(configuration.bucket)",
        remedy: "type: atelier config set AWS.s3_bucket_name=\(bucket)")
    }
    return stack
  }

  private func output(_ name: String, _ stack: StackDescription) throws -> String {
    guard let value = stack.outputs[name], !value.isEmpty else {
      throw Problem(
        text: "\(stack.name) has no output \(name)",
        remedy: "bring it up to this template; \(Self.deploy)")
    }
    return value
  }

  /// The key of the data flow's user: its name from the stack, its secret from Secrets Manager.
  ///
  /// The secret may be the bare text, or JSON with a member SecretAccessKey.
  private func dataFlowKey(
    _ stack: StackDescription, _ services: StackServices
  ) throws -> Credentials {
    let name = try output("DataFlowUserAccessKey", stack)
    let secret = try services.secrets.secret(try output("DataFlowUserSecretKey", stack))
    let members = try? JSONValue(parsing: secret.reveal())
    let text = members?["SecretAccessKey"]?.string.map { HiddenText($0) } ?? secret
    guard !text.reveal().isEmpty else {
      throw Problem(
        text: "the secret is empty", remedy: "put the user's secret access key into it")
    }
    return Credentials(accessKeyID: name, secretKey: text)
  }

  // ---- failures ----

  private func isCancellation(_ error: any Error) -> Bool {
    (error as? TransportFailure)?.kind == .cancelled || (error as? S3Error)?.kind == .cancelled
  }

  private func explain(_ error: any Error, check: String) -> Problem {
    if let problem = error as? Problem { return problem }
    switch error {
    case let error as CredentialError:
      return Problem(text: "\(error)", remedy: "correct the credentials or settings named above")
    case let fault as ServiceFault:
      return Problem(
        text: "\(fault)", remedy: Self.remedy(for: fault, check: check),
        isUsage: fault.status < 500 && fault.status != 429)
    case let error as S3Error: return explain(error)
    case let failure as TransportFailure:
      return Problem(
        text: "\(failure)", remedy: "check the network, [AWS] region and endpoint_url",
        isUsage: false)
    default:
      return Problem(
        text: "\(error)", remedy: "check that [AWS] endpoint_url is that of AWS", isUsage: false)
    }
  }

  /// Only the checks with the data flow's own key speak to S3.
  private func explain(_ error: S3Error) -> Problem {
    let place = "s3://\(configuration.bucket)/\(probe)"
    let text = "cannot \(error.operation) \(place) with the data flow's own key: \(error.reason)"
    if error.meansUnreachable {
      return Problem(
        text: text, remedy: "check the network, [AWS] region and endpoint_url", isUsage: false)
    }
    let isWrongKey = ["SignatureDoesNotMatch", "InvalidAccessKeyId"].contains {
      error.reason.hasPrefix($0)
    }
    let remedy =
      if isWrongKey {
        "the secret does not belong to the access key of the stack; put the right one into it, or "
          + "deploy anew (atelier stack destroy, atelier stack deploy)"
      } else if error.kind == .accessDenied {
        "give the user its rights on \(configuration.prefix) (again); \(Self.deploy)"
      } else {
        "look at the bucket, [AWS] region and endpoint_url"
      }
    return Problem(text: text, remedy: remedy)
  }

  private static func remedy(for fault: ServiceFault, check: String) -> String {
    if fault.isTransient { return "the service is down or busy; try again later" }
    return switch check {
    case "credentials":
      "correct the credentials (AWS_ACCESS_KEY_ID and its secret, or [AWS] profile)"
    case "secret":
      fault.code == "ResourceNotFoundException"
        ? "the secret is gone; deploy the stack anew (atelier stack destroy, atelier stack deploy)"
        : "ask for the right secretsmanager:GetSecretValue on the stack's secret"
    default: "ask for the right cloudformation:DescribeStacks, or use other credentials"
    }
  }
}
