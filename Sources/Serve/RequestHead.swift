// The head of a request, and which part of the contract it calls on.
import RowFormats

/// What a request says before its body.
struct RequestHead: Sendable {
  var method: String
  var path: String
  var contentType: String?
  var accept: String?
  var contentLength: String?
  var transferEncoding: String?
  var contentEncoding: String?
  /// Whether the client waits for a word before it sends the body.
  var expects = false

  /// Bytes of the body that the client announces; nil: it does not say.
  var announced: Int? { contentLength.flatMap { Int($0) } }

  /// What is asked for, with `own` as the format of rows where none is named.
  func call(_ own: Format, bodyLimit: Int) throws(Refusal) -> Call {
    switch path {
    case "/ping":
      try allow("GET", "HEAD")
      return .ping
    case "/execution-parameters":
      try allow("GET", "HEAD")
      return .parameters
    case "/invocations":
      try allow("POST")
      return try invocation(own, bodyLimit)
    default:
      throw Refusal(
        404, "there is no such path here; there are /ping, /invocations and /execution-parameters")
    }
  }

  private func allow(_ methods: String...) throws(Refusal) {
    guard methods.contains(method) else {
      throw Refusal(
        405, "\(path) takes \(methods.joined(separator: " or ")) only",
        fields: ["Allow": methods.joined(separator: ", ")])
    }
  }

  private func invocation(_ own: Format, _ limit: Int) throws(Refusal) -> Call {
    guard contentLength != nil || transferEncoding != nil else {
      throw Refusal(411, "the request says neither Content-Length nor Transfer-Encoding: chunked")
    }
    // A proxy before us may believe the one where we believe the other.
    if contentLength != nil, transferEncoding != nil {
      throw Refusal(400, "the request says both Content-Length and Transfer-Encoding")
    }
    if let encoding = contentEncoding, encoding.lowercased() != "identity" {
      throw Refusal(415, "a body in a Content-Encoding is not taken; send it as it is")
    }
    var form = RowForm(own)
    if let contentType, !contentType.isEmpty { form = try RowForm(contentType: contentType) }
    guard let answer = Format.accepted(accept, rows: form.format) else {
      throw Refusal(
        406,
        "answers of type \(Refusal.shown(Array((accept ?? "").utf8))) are not given; "
          + "accept \(Format.list(of: Format.answers))")
    }
    if let announced, announced > limit { throw Self.tooLarge(limit) }
    return .invocation(form, answer)
  }

  static func tooLarge(_ limit: Int) -> Refusal {
    Refusal(413, "the body is larger than \(limit) bytes; send fewer rows at a time")
  }
}

/// A part of the contract.
enum Call: Hashable, Sendable {
  case ping
  case parameters
  case invocation(RowForm, Format)
}
