// What can go wrong with a workflow or an endpoint, in sentences that say what to do.
import AWS
import HTTP

/// Why an operation did not come to its end.
package enum WorkflowFailure: Error, CustomStringConvertible {
  /// The user's call does not fit: exit 2.
  case usage(String)
  /// The work itself failed on AWS: exit 1.
  case failed(String)
  /// A service did not answer or refused.
  case service(String, any Error)
  /// Someone asked to stop; what was begun goes on without us.
  case interrupted(advice: String)

  package var description: String {
    switch self {
    case .usage(let text), .failed(let text): text
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
    return ["ValidationError", "ValidationException", "InvalidDefinition", "InvalidArn"]
      .contains(fault.code) || [401, 403].contains(fault.status)
  }
}

/// Runs calls of a service; its errors then name the service, and a cancellation is an interruption.
package func asking<Answer>(
  _ service: String, advice: String = "nothing was changed", _ body: () throws -> Answer
) throws -> Answer {
  do {
    return try body()
  } catch let failure as WorkflowFailure {
    throw failure
  } catch let failure as TransportFailure where failure.kind == .cancelled {
    throw WorkflowFailure.interrupted(advice: advice)
  } catch let error as ServiceFault {
    throw WorkflowFailure.service(service, error)
  } catch let error as TransportFailure {
    throw WorkflowFailure.service(service, error)
  } catch let error as CredentialError {
    throw WorkflowFailure.service(service, error)
  }
}
