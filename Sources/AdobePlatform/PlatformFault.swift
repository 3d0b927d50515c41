// What the platform says when it refuses: four shapes of errors as one value. No secret is in it.
import Content
import HTTP

/// An answer of the platform that is no success.
package struct PlatformFault: Error, Sendable, Hashable, CustomStringConvertible {
  package var status: Int
  /// The service's word for it, such as `401013`; of a bare status `HTTP <status>`.
  package var code: String
  package var message: String
  /// What was asked for, such as `GET /data/foundation/catalog/dataSets/65041e95`, without a query.
  package var request: String
  package var requestID: String?
  /// Seconds that the service asks to wait before another attempt.
  package var retryAfter: Double?

  package init(
    status: Int, code: String, message: String = "", request: String, requestID: String? = nil,
    retryAfter: Double? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.request = request
    self.requestID = requestID
    self.retryAfter = retryAfter
  }

  /// Reads an answer; `now` turns a date to wait for into seconds.
  package init(_ answer: HTTPAnswer, request: String, now: UnixTime) {
    self.init(
      status: answer.head.status, code: "HTTP \(answer.head.status)", request: request,
      requestID: answer.head["x-request-id"], retryAfter: answer.head.retryAfter(now: now))
    guard let json = try? JSONValue(parsing: answer.errorBody) else { return }
    read(json)
  }

  /// Catalog: `{type, title, status, detail}`; the gateway: `{error_code, message}`; queries:
  /// `{errors: [{code, message}]}` (Flow Service: `{errorCode, errorMessage}`); the token server:
  /// `{error, error_description}`.
  private mutating func read(_ json: JSONValue) {
    if let first = json["errors"]?.array?.first {
      read(first)
      return
    }
    func text(_ names: [String]) -> String? {
      for name in names {
        switch json[name] {
        case .string(let text)? where !text.isEmpty: return text
        case .integer(let number)?: return String(number)
        default: continue
        }
      }
      return nil
    }
    code = text(["error_code", "errorCode", "code", "error", "type"]) ?? code
    let words = [
      text(["title"]), text(["detail", "message", "errorMessage", "error_description"]),
    ]
    message = words.compactMap(\.self).joined(separator: ": ")
  }

  /// Whether the same request may succeed a little later.
  package var isTransient: Bool { [408, 429, 500, 502, 503, 504].contains(status) }

  /// Whether no token can be had, or none is accepted: the settings are at fault.
  package var concernsCredential: Bool {
    status == 401 || (status == 400 && request.contains("/ims/token"))
  }

  package var description: String {
    let words = message.isEmpty ? "" : ": \(Self.cut(message, 500))"
    let id = requestID.map { " (request \(Self.cut($0, 100)))" } ?? ""
    return
      "\(request): the platform answered \(status) \(Self.cut(code, 100))\(words)\(id)\(advice)"
  }

  /// What to do, behind a semicolon; empty where there is nothing to say.
  package var advice: String {
    switch status {
    case 401:
      "; check [Authentication] client_id, client_secret and scopes, and [Platform] ims_org_id"
    case 400 where request.contains("/ims/token"):
      "; check [Authentication] client_id, client_secret and scopes, and [Platform] ims_version"
    case 403:
      "; the credential's role lacks a permission, or [Platform] sandbox_name names a sandbox that it "
        + "may not use: add the API credential to a role under Permissions > Roles > API credentials"
    case 404: "; check the id, and that [Platform] sandbox_name is the sandbox that has it"
    case 429: "; the platform limits requests; run again later"
    case 500...599: "; run again later"
    default: ""
    }
  }

  /// The same without texts that the server repeats and nobody may see.
  package func hiding(_ secrets: [String]) -> PlatformFault {
    var fault = self
    // As they are, and as a form has them; the longest first, since one may be a part of another.
    let forms = secrets.flatMap { secret in
      let encoded = PercentEncoding.encode(secret)
      return [secret, encoded, encoded.replacing("%20", with: "+")]
    }
    for secret in Set(forms).sorted(by: { $0.utf8.count > $1.utf8.count }) where !secret.isEmpty {
      fault.code = fault.code.replacing(secret, with: "<secret>")
      fault.message = fault.message.replacing(secret, with: "<secret>")
      fault.requestID = fault.requestID?.replacing(secret, with: "<secret>")
    }
    return fault
  }

  private static func cut(_ text: String, _ limit: Int) -> String {
    let start = text.prefix(limit).map { $0.isNewline ? " " : $0 }
    return String(start) + (text.count > limit ? "..." : "")
  }
}

/// An answer that is a success and not what the call is documented to give.
package struct UnexpectedAnswer: Error, Sendable, Hashable, CustomStringConvertible {
  package let request: String
  package let expected: String

  package init(_ request: String, expected: String) {
    self.request = request
    self.expected = expected
  }

  package var description: String {
    "\(request): the platform's answer has no \(expected); check [Platform] endpoint_url, and report "
      + "it if that is Adobe's"
  }
}

/// Something on the platform did not reach its end in the time that the settings give it.
package struct WaitEnded: Error, Sendable, Hashable, CustomStringConvertible {
  /// For example `batch 01H... of data set 650...`.
  package let what: String
  /// How it was seen last.
  package let state: String
  package let minutes: Double

  package init(_ what: String, state: String, minutes: Double) {
    self.what = what
    self.state = state
    self.minutes = minutes
  }

  package var description: String {
    let number = minutes == minutes.rounded() ? String(Int(minutes)) : String(minutes)
    return
      "\(what) is still '\(state)' after \(number) minutes ([Platform] wait_minutes); run again to "
      + "go on waiting, nothing is sent twice"
  }
}
