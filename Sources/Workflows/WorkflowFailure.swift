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
