// The parts of a request that a signature covers, in the canonical form of AWS.
import Content
import HTTP

/// What a signature says of the body.
package enum PayloadHash: Sendable, Hashable {
  case digest(Digest)
  /// Any body; only for presigned URLs.
  case unsigned

  package var text: String {
    switch self {
    case .digest(let digest): digest.hex
    case .unsigned: "UNSIGNED-PAYLOAD"
    }
  }
}

/// How a service reads the path of a request.
package enum PathRule: Sendable, Hashable {
  /// As it was sent: S3, whose keys may hold `//` and `..`.
  case verbatim
  /// Encoded once more, with `.`, `..` and doubled slashes taken out first if so asked.
  case encodedAgain(normalized: Bool)
}

/// What is signed of a request.
package struct SignableRequest: Sendable {
  package var method: String
  /// The path as the request line has it, from the first slash on.
  package var path: String
  package var query: [QueryItem]
  /// Every field to sign, `Host` among them.
  package var fields: [HTTPField]
  package var payload: PayloadHash

  package init(
    method: String, path: String, query: [QueryItem] = [], fields: [HTTPField],
    payload: PayloadHash
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.payload = payload
  }

  /// The canonical request with the list of signed fields.
  func canonical(_ rule: PathRule) -> (text: String, signedFields: String) {
    var values: [String: [String]] = [:]
    for field in fields {
      values[field.name.lowercased(), default: []].append(Self.collapsed(field.value))
    }
    let names = values.keys.sorted()
    let signed = names.joined(separator: ";")
    let lines = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }
    let text = [
      method, Self.canonicalPath(path, rule), PercentEncoding.encode(query), lines.joined(), signed,
      payload.text,
    ].joined(separator: "\n")
    return (text, signed)
  }

  /// Without space at both ends, each run of space in between being one blank.
  private static func collapsed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }).joined(separator: " ")
  }

  private static func canonicalPath(_ path: String, _ rule: PathRule) -> String {
    switch rule {
    case .verbatim: path
    case .encodedAgain(let normalized):
      PercentEncoding.encode(normalized ? Self.normalized(path) : path, keepingSlashes: true)
    }
  }

  /// Without empty segments, `.` and `..`; a slash at the end stays.
  private static func normalized(_ path: String) -> String {
    var kept: [Substring] = []
    var endsInFolder = true
    for segment in path.split(separator: "/", omittingEmptySubsequences: false) {
      endsInFolder = ["", ".", ".."].contains(segment)
      if segment == ".." { _ = kept.popLast() } else if !endsInFolder { kept.append(segment) }
    }
    let joined = "/" + kept.joined(separator: "/")
    return endsInFolder && !kept.isEmpty ? joined + "/" : joined
  }
}
