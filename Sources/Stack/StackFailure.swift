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
    case .service(let service, let error):
      "\(service): \(error)\((error as? ServiceFault)?.advice ?? "")"
    case .interrupted(let advice): "interrupted; \(advice)"
    }
  }

  /// Whether the cause is the user's to correct, not the network's or the service's.
  package var isUsage: Bool {
    switch self {
    case .usage: true
    case .service(_, let error):
      error is CredentialError || (error as? ServiceFault)?.isOfUser == true
    case .failed, .interrupted: false
    }
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
