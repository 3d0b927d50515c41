// What can go wrong with a stack, in sentences that say what to do.
import AWS
import CloudFormation
import HTTP
import S3

/// Why an operation on a stack did not come to its end.
package enum StackFailure: Error, CustomStringConvertible {
  /// The user's call does not fit: exit 2.
  case usage(String)
  /// CloudFormation tried and failed: the stack's status and the resources' own reasons.
  case failed(StackDescription, reasons: [String])
  /// A service did not answer or refused.
  case service(String, any Error)
  /// Someone asked to stop; what was begun goes on without us.
  case interrupted(advice: String)

  package var description: String {
    switch self {
    case .usage(let text): text
    case .failed(let stack, let reasons):
      ([
        "the stack \(stack.name) ended as \(stack.status)"
          + (stack.reason.map { ": \($0)" } ?? "")
      ] + reasons.map { "  \($0)" })
      .joined(separator: "\n")
    case .service(let service, let error): "\(service): \(error)\(Self.advice(error))"
    case .interrupted(let advice): "interrupted; \(advice)"
    }
  }

  private static func advice(_ error: any Error) -> String {
    guard let fault = error as? ServiceFault else { return "" }
    switch fault.code {
    case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation":
      return "; ask for the right to do so, or use other credentials ([AWS] profile, AWS_PROFILE)"
    case "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
      "InvalidAccessKeyId", "AuthFailure":
      return "; correct the credentials (AWS_ACCESS_KEY_ID and its secret, or the profile)"
    default: return ""
    }
  }

  /// Whether the cause is the user's to correct, not the network's or the service's.
  package var isUsage: Bool {
    switch self {
    case .usage: true
    case .service(_, let error): error is CredentialError || Self.isRefusedInput(error)
    case .failed, .interrupted: false
    }
  }

  private static func isRefusedInput(_ error: any Error) -> Bool {
    guard let fault = error as? ServiceFault else { return false }
    return ["ValidationError", "ValidationException"].contains(fault.code)
      || [401, 403].contains(fault.status)
  }
}

/// Runs calls of a service; its errors then name the service, and a cancellation is an interruption.
func asking<Answer>(
  _ service: String, advice: String, _ body: () throws -> Answer
) throws(StackFailure) -> Answer {
  do {
    return try body()
  } catch let failure as StackFailure {
    throw failure
  } catch let failure as TransportFailure where failure.kind == .cancelled {
    throw .interrupted(advice: advice)
  } catch let error as S3Error where error.kind == .cancelled {
    throw .interrupted(advice: advice)
  } catch {
    throw .service(service, error)
  }
}
