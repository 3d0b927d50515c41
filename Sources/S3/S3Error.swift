// What went wrong with an object or a bucket, where, and what to do.
import AWS
import Content
import HTTP

/// A failed operation on S3.
package struct S3Error: Error, Sendable, CustomStringConvertible {
  /// What a caller may want to act upon.
  package enum Kind: Sendable, Hashable {
    /// There is no such key (or, asked without a body, no such bucket), or no such upload.
    case notFound
    case noSuchBucket
    /// A condition (If-None-Match, If-Match) did not hold: 412.
    case preconditionFailed
    /// Another request is at the same object: 409.
    case conflict
    case accessDenied
    /// What may be kept there is used up.
    case quotaExceeded
    /// The endpoint does not know what was asked of it: 501.
    case notImplemented
    /// The endpoint answered a request for a part with something else.
    case rangeIgnored
    case other(status: Int, code: String, message: String, requestID: String?)
    /// There was no answer, also after every attempt.
    case transport(TransportFailure.Kind)
    case cancelled
    /// The bytes that came are not those that were expected.
    case damaged(expected: Digest, found: Digest)
    /// Fewer or more bytes came than the object's size.
    case wrongSize(expected: Int64, found: Int64)
    /// More bytes came than the object may have.
    case tooLarge(limit: Int64)
    /// An answer that is none of S3.
    case malformedAnswer
    /// A file of this machine.
    case file
    case credentials
    /// libcrypto, or what should not happen.
    case local
  }

  package let kind: Kind
  /// What was to be done, such as `put`.
  package let operation: String
  package let location: S3Location
  /// nil: the bucket itself.
  package let key: String?
  /// The words of the service or of the machine, without the place.
  package let reason: String
  /// Where the bucket is, if the endpoint said so when it refused.
  package let bucketRegion: String?

  package init(
    _ kind: Kind, _ operation: String, _ location: S3Location, key: String?, reason: String,
    bucketRegion: String? = nil
  ) {
    self.bucketRegion = bucketRegion
    self.kind = kind
    self.operation = operation
    self.location = location
    self.key = key
    self.reason = reason
  }

  package var description: String {
    let place = "s3://\(location.bucket)\(key.map { "/\($0)" } ?? "")"
    let advice = advice.map { "; \($0)" } ?? ""
    return "cannot \(operation) \(place) at \(location.endpoint): \(reason)\(advice)"
  }

  /// Whether the endpoint itself is out of reach, so that no other request would fare better now.
  package var meansUnreachable: Bool {
    switch kind {
    case .transport: true
    case .other(let status, _, _, _): status >= 500 || status == 429
    default: false
    }
  }

  /// Whether the request only read.
  package var wasReading: Bool { ["get", "look up", "list"].contains(operation) }

  /// Whether the refusal concerns the endpoint or the bucket, whatever was asked of it.
  package var concernsAllRequests: Bool {
    switch kind {
    case .other(let status, let code, _, _):
      (300..<400).contains(status) && status != 304 || status == 407
        || [
          "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "InvalidRegion",
          "HTTP 400",
        ].contains(code) || isOfAnotherRegion
    default: false
    }
  }

  private var isOfAnotherRegion: Bool {
    if case .other(let status, let code, _, _) = kind {
      return status == 301 || status == 307 || code == "AuthorizationHeaderMalformed"
        || code == "IllegalLocationConstraintException"
    }
    return false
  }

  private var advice: String? {
    if isOfAnotherRegion || bucketRegion != nil && concernsAllRequests {
      return bucketRegion.map {
        "the bucket is in the region \($0); set AWS_REGION=\($0) or [AWS] region = \($0)"
      } ?? "the bucket is in another region; set AWS_REGION or [AWS] region to the bucket's"
    }
    return generalAdvice
  }

  private var generalAdvice: String? {
    switch kind {
    case .noSuchBucket: "make the bucket, or correct s3_bucket_name or the endpoint"
    case .preconditionFailed: "someone else wrote it meanwhile"
    case .conflict: "try again"
    case .accessDenied: accessAdvice
    case .notImplemented: "this endpoint lacks the function"
    case .rangeIgnored: "this endpoint does not answer requests for parts; get it whole"
    case .quotaExceeded:
      "the quota there is used up: remove what nobody needs (atelier gc --remote), or have it raised"
    case .other(407, _, _, _): "the proxy wants credentials; correct HTTPS_PROXY or HTTP_PROXY"
    case .other(_, "InvalidBucketName", _, _): "correct [AWS] s3_bucket_name"
    case .other(let status, _, _, _) where (300..<400).contains(status):
      "something else than S3 answers there; correct the endpoint, or sign in to the network"
    case .other(let status, _, _, _) where status >= 500 || status == 429:
      "the endpoint is down or busy; try again later"
    case .damaged: "the object or its way here is damaged; it was not used"
    case .tooLarge: "it was not used"
    case .other(_, "HTTP 400", _, _), .malformedAnswer: "check that the endpoint speaks S3"
    case .transport, .notFound, .other, .cancelled, .wrongSize, .file, .credentials, .local: nil
    }
  }

  private var accessAdvice: String {
    if reason.hasPrefix("SignatureDoesNotMatch") {
      return
        "the secret key does not fit the access key; correct AWS_SECRET_ACCESS_KEY or the profile"
    }
    if reason.hasPrefix("InvalidAccessKeyId") {
      return "the endpoint does not know the access key; correct AWS_ACCESS_KEY_ID or the profile"
    }
    if reason.hasPrefix("RequestTimeTooSkewed") { return "set this machine's clock" }
    if reason.hasPrefix("Expired") { return "get fresh credentials" }
    if wasReading {
      return
        "ask for the rights s3:GetObject and s3:ListBucket (without the second one, S3 says this of "
        + "what is absent, too), or use other credentials (AWS_PROFILE)"
    }
    return "ask for the right to do so, or use other credentials (AWS_PROFILE)"
  }
}

extension S3Error {
  /// The kind of what a service said.
  static func kind(of fault: ServiceFault) -> Kind {
    switch (fault.status, fault.code) {
    case (_, "NoSuchBucket"): .noSuchBucket
    case (507, _), (_, "QuotaExceeded"), (_, "XMinioStorageFull"): .quotaExceeded
    case (404, _): .notFound
    case (412, _): .preconditionFailed
    case (409, _): .conflict
    case (401, _), (403, _), (_, "ExpiredToken"), (_, "InvalidToken"): .accessDenied
    case (501, _), (_, "NotImplemented"): .notImplemented
    default:
      .other(
        status: fault.status, code: fault.code, message: fault.message, requestID: fault.requestID)
    }
  }

  /// Turns anything that the layers below throw into an error that names the place.
  init(_ error: any Error, _ operation: String, _ location: S3Location, key: String?) {
    let kind: Kind
    var reason = "\(error)"
    var bucketRegion: String?
    switch error {
    case let error as S3Error:
      self = error
      return
    case let fault as ServiceFault:
      kind = Self.kind(of: fault)
      bucketRegion = fault.region
    case let failure as TransportFailure:
      switch failure.kind {
      case .cancelled: kind = .cancelled
      case .bodyUnreadable: kind = .file
      default: kind = .transport(failure.kind)
      }
    case is CredentialError: kind = .credentials
    case is FileFailure: kind = .file
    case let large as BodyTooLarge: kind = .tooLarge(limit: large.limit)
    case is XMLParseError, is EndlessHead: kind = .malformedAnswer
    case let refusal as AnswerRefusal:
      kind = refusal.kind
      reason = refusal.reason
    case let error as HashError:
      if case .unreadable = error { kind = .file } else { kind = .local }
    default: kind = .local
    }
    self.init(
      kind, operation, location, key: key, reason: reason, bucketRegion: bucketRegion)
  }
}

/// An answer that came in order and does not hold what it must.
struct AnswerRefusal: Error {
  let kind: S3Error.Kind
  let reason: String

  static func malformed(_ reason: String) -> AnswerRefusal {
    AnswerRefusal(kind: .malformedAnswer, reason: reason)
  }
}
