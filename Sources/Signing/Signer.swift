// Signature version 4 of AWS: pure functions of a request, credentials and a moment.
import Content
import HTTP

/// Signs requests to one service in one region.
package struct Signer: Sendable, Hashable {
  package let region: String
  /// The service's name in signatures, such as `s3` or `sts`.
  package let service: String
  package let pathRule: PathRule
  /// Whether the digest of the body is sent in a field of its own, as S3 demands.
  package let sendsPayloadHash: Bool

  package init(region: String, service: String, pathRule: PathRule, sendsPayloadHash: Bool) {
    self.region = region
    self.service = service
    self.pathRule = pathRule
    self.sendsPayloadHash = sendsPayloadHash
  }

  /// The header form: the fields to add to those of the request.
  package func fields(
    for request: SignableRequest, with credentials: Credentials, at time: UnixTime
  ) throws -> [HTTPField] {
    let added = addedFields(request.payload, credentials, time)
    var complete = request
    complete.fields += added
    let signature = try sign(complete, credentials, time)
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(time)), "
      + "SignedHeaders=\(signature.signedFields), Signature=\(signature.value)"
    return added + [HTTPField("Authorization", authorization)]
  }

  /// The query form (a presigned URL): the items to add to those of the request.
  ///
  /// Valid for `seconds` from `time`. Send exactly the fields of the request with it.
  package func query(
    for request: SignableRequest, with credentials: Credentials, at time: UnixTime, seconds: Int
  ) throws -> [QueryItem] {
    let added = addedItems(request, credentials, time, seconds)
    var complete = request
    complete.query += added
    let signature = try sign(complete, credentials, time)
    return added + [QueryItem("X-Amz-Signature", signature.value)]
  }

  /// The steps of a signature, which the published test cases check one by one.
  struct Signature {
    var canonicalRequest: String
    var stringToSign: String
    var signedFields: String
    var value: String
  }

  /// Signs a request that holds all it is to hold but the signature.
  func sign(
    _ request: SignableRequest, _ credentials: Credentials, _ time: UnixTime
  ) throws -> Signature {
    let canonical = request.canonical(pathRule)
    let text = [
      "AWS4-HMAC-SHA256", time.basic, scope(time), try Digest.of(canonical.text).hex,
    ].joined(separator: "\n")
    var key = Array("AWS4\(credentials.secretKey.reveal())".utf8)
    for part in [time.day, region, service, "aws4_request", text] {
      key = try MessageDigests.hmac(key: key, Array(part.utf8))
    }
    guard let value = Digest(bytes: key)?.hex else { throw HashError.libcrypto }
    return Signature(
      canonicalRequest: canonical.text, stringToSign: text, signedFields: canonical.signedFields,
      value: value)
  }

  func addedFields(
    _ payload: PayloadHash, _ credentials: Credentials, _ time: UnixTime
  ) -> [HTTPField] {
    var added = [HTTPField("X-Amz-Date", time.basic)]
    if sendsPayloadHash { added.append(HTTPField("X-Amz-Content-SHA256", payload.text)) }
    if let token = credentials.sessionToken {
      added.append(HTTPField("X-Amz-Security-Token", token.reveal()))
    }
    return added
  }

  func addedItems(
    _ request: SignableRequest, _ credentials: Credentials, _ time: UnixTime, _ seconds: Int
  ) -> [QueryItem] {
    var added = [
      QueryItem("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
      QueryItem("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(time))"),
      QueryItem("X-Amz-Date", time.basic),
      QueryItem("X-Amz-SignedHeaders", request.canonical(pathRule).signedFields),
      QueryItem("X-Amz-Expires", String(seconds)),
    ]
    if let token = credentials.sessionToken {
      added.append(QueryItem("X-Amz-Security-Token", token.reveal()))
    }
    return added
  }

  private func scope(_ time: UnixTime) -> String { "\(time.day)/\(region)/\(service)/aws4_request" }
}
