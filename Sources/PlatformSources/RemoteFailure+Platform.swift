// What an error of the platform means for a run.
import AdobePlatform
import HTTP
import Names
import RemoteCache

/// Runs requests; each error of the platform becomes a `RemoteFailure`.
package func translated<Answer>(_ body: () throws -> Answer) throws -> Answer {
  do {
    return try body()
  } catch let fault as PlatformFault {
    throw RemoteFailure(fault)
  } catch let failure as TransportFailure {
    throw RemoteFailure(failure)
  } catch let answer as UnexpectedAnswer {
    throw RemoteFailure(.damaged, "\(answer)")
  } catch let error as NoPlatformURL {
    throw RemoteFailure(.unusable, "\(error)")
  }
}

extension RemoteFailure {
  init(_ fault: PlatformFault) {
    let kind: Kind =
      switch fault.status {
      case _ where fault.concernsCredential: .credentials
      case 403: .denied
      case 404: .missing
      default: fault.isTransient ? .unreachable : .refused
      }
    self.init(kind, "\(fault)")
  }

  init(_ failure: TransportFailure) {
    let kind: Kind =
      switch failure.kind {
      case .cancelled: .cancelled
      case .library, .tls: .unusable
      case .bodyUnreadable: .refused
      default: .unreachable
      }
    self.init(kind, "the platform is unreachable: \(failure)")
  }
}
