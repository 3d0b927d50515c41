// What a service says when it refuses: its code and words, out of XML, JSON or the status alone.
import Content
import HTTP
import Signing

/// An answer of a service that is no success.
package struct ServiceFault: Error, Sendable, Hashable, CustomStringConvertible {
  package var status: Int
  /// The service's word for it, such as `SlowDown`; of a bare status `HTTP <status>`.
  package var code: String
  package var message: String
  package var requestID: String?
  /// Seconds that the service asks to wait before another attempt.
  package var retryAfter: Double?
  /// Where the bucket is that the request was for, if the service told.
  package var region: String?

  package init(
    status: Int, code: String, message: String = "", requestID: String? = nil,
    retryAfter: Double? = nil, region: String? = nil
  ) {
    self.region = region
    self.status = status
    self.code = code
    self.message = message
    self.requestID = requestID
    self.retryAfter = retryAfter
  }

  /// Reads an answer; `now` turns a date to wait for into seconds.
  package init(_ answer: HTTPAnswer, now: UnixTime) {
    self.init(
      status: answer.head.status, code: "HTTP \(answer.head.status)",
      requestID: answer.head["x-amz-request-id"] ?? answer.head["x-amzn-requestid"],
      retryAfter: answer.head.retryAfter(now: now),
      region: answer.head["x-amz-bucket-region"].flatMap { AWSSettings.isRegion($0) ? $0 : nil })
    if let type = answer.head["x-amzn-errortype"] { code = Self.shortened(type) }
    let first = answer.errorBody.first { !" \t\r\n".utf8.contains($0) }
    if first == UInt8(ascii: "{") {
      readJSON(answer.errorBody)
    } else if first == UInt8(ascii: "<"), let root = try? XMLTree(parsing: answer.errorBody) {
      readXML(root)
    }
  }

  private mutating func readJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    // EFS has a name of its own for it.
    let names = ["__type", "code", "ErrorCode"]
    if let type = names.lazy.compactMap({ value[$0]?.string }).first { code = Self.shortened(type) }
    message = value["message"]?.string ?? value["Message"]?.string ?? ""
  }

  /// The three forms: `<Error>` of S3, `<ErrorResponse><Error>` of the Query protocol, and
  /// `<Response><Errors><Error>` of EC2.
  private mutating func readXML(_ root: XMLTree) {
    let error =
      root.name == "Error" ? root : root.first("Error") ?? root.first("Errors")?.first("Error")
    guard let error else { return }
    if let text = error.text(of: "Code"), !text.isEmpty { code = text }
    message = error.text(of: "Message") ?? ""
    let ids = [error.text(of: "RequestId"), root.text(of: "RequestId"), root.text(of: "RequestID")]
    requestID = ids.lazy.compactMap(\.self).first ?? requestID
    if region == nil, let text = error.text(of: "Region"), AWSSettings.isRegion(text) {
      region = text
    }
  }

  /// `com.amazonaws.x#Name:http://...` is `Name`.
  private static func shortened(_ type: String) -> String {
    let name = type.split(separator: "#").last.map(String.init) ?? type
    return name.split(separator: ":").first.map(String.init) ?? name
  }

  /// Whether the same request may succeed a little later.
  package var isTransient: Bool {
    [408, 429, 500, 502, 503, 504].contains(status)
      || [
        "SlowDown", "RequestTimeout", "RequestTimeoutException", "InternalError", "Throttling",
        "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "RequestThrottled",
        "TooManyRequestsException", "ServiceUnavailable", "ProvisionedThroughputExceededException",
        "PriorRequestNotComplete",
      ].contains(code)
  }

  /// Whether fresh credentials are what is missing.
  package var meansExpiredCredentials: Bool {
    ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]
      .contains(code)
  }

  package var description: String {
    let words = message.isEmpty ? "" : ": \(Self.cut(message, 500))"
    let id = requestID.map { " (request \(Self.cut($0, 100)))" } ?? ""
    return "\(Self.cut(code, 100))\(words)\(id)"
  }

  /// The same without credentials that the service repeats: an endpoint may show the request it got.
  func hiding(_ used: Credentials) -> ServiceFault {
    var fault = self
    for hidden in [used.secretKey, used.sessionToken].compactMap(\.self) {
      fault.code = hidden.hidden(in: fault.code)
      fault.message = hidden.hidden(in: fault.message)
      fault.requestID = fault.requestID.map { hidden.hidden(in: $0) }
    }
    return fault
  }

  private static func cut(_ text: String, _ limit: Int) -> String {
    let start = text.prefix(limit)
    return start.endIndex < text.endIndex ? start + "..." : text
  }
}
