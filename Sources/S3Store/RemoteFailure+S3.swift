// What an error of S3 means for a run.
import Names
import RemoteCache
import S3

/// Runs requests; each `S3Error` becomes a `RemoteFailure`, and so does a text that names no bucket.
func translated<Answer>(_ body: () throws -> Answer) throws -> Answer {
  do {
    return try body()
  } catch let error as S3Error {
    throw RemoteFailure(error)
  } catch let error as NoS3URL {
    throw RemoteFailure(.unusable, "\(error)")
  }
}

extension RemoteFailure {
  init(_ error: S3Error) { self.init(Self.kind(of: error), "\(error)") }

  private static func kind(of error: S3Error) -> Kind {
    if error.meansUnreachable { return .unreachable }
    return switch error.kind {
    case .noSuchBucket, .credentials: .unusable
    // Without the right to list, S3 says the same of what is absent: no request would tell.
    case .accessDenied, .malformedAnswer: .unreachable
    case .notFound: .missing
    case .damaged, .wrongSize: .damaged
    case .preconditionFailed, .conflict: .taken
    case .cancelled: .cancelled
    case .notImplemented, .rangeIgnored, .other, .transport, .file, .local: .refused
    }
  }
}
