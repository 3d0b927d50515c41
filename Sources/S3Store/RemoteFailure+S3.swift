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
    if error.meansUnreachable || error.concernsAllRequests { return .unreachable }
    return switch error.kind {
    case .noSuchBucket, .other(_, "InvalidBucketName", _, _): .unusable
    case .credentials: .credentials
    // Without the right to list, S3 says the same of what is absent: no request would tell.
    case .accessDenied, .quotaExceeded: .denied
    case .notFound: .missing
    // One odd answer is the fault of one object.
    case .damaged, .wrongSize, .malformedAnswer, .tooLarge: .damaged
    case .preconditionFailed, .conflict: .taken
    case .cancelled: .cancelled
    case .rangeIgnored, .transport, .file, .local: .refused
    // An endpoint that refuses to read a plain object refuses all.
    case .notImplemented, .other: error.wasReading ? .unreachable : .refused
    }
  }
}
