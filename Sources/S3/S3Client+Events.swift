// Whether a bucket tells EventBridge of its objects.
import AWS
import Content
import HTTP

extension S3Client {
  /// Makes a bucket tell EventBridge of its objects; false where it did already.
  ///
  /// All other notifications stay as they are: S3 replaces the whole configuration, so what is there is
  /// sent back with one element more.
  package func turnOnEvents() throws(S3Error) -> Bool {
    try doing("change the notifications of", nil) {
      let query = [QueryItem("notification", "")]
      let bytes = try exchange(request("GET", nil, query: query)).sink.bytes
      let root = try XMLTree(parsing: bytes)
      guard root.first(Self.events) == nil else { return false }
      // An endpoint may name an empty configuration otherwise.
      let text = root.children.isEmpty ? "<\(Self.all)/>" : String(decoding: bytes, as: UTF8.self)
      guard let changed = Self.adding(to: text) else {
        throw AnswerRefusal.malformed("the configuration of notifications has no end")
      }
      let body = Array(changed.utf8)
      // S3 wants a checksum with it.
      let fields = S3Checksum.fields(try Digest.of(body), sent: true)
      _ = try exchange(request("PUT", nil, query: query, fields: fields, body: .bytes(body)))
      return true
    }
  }

  private static let events = "EventBridgeConfiguration"
  private static let all = "NotificationConfiguration"

  /// A configuration with the element of EventBridge; nil for what is none.
  static func adding(to text: String) -> String? {
    let name = all
    let element = "<\(events)></\(events)>"
    if let end = text.ranges(of: "</\(name)>").last {
      return text[..<end.lowerBound] + element + text[end.lowerBound...]
    }
    guard let start = text.firstRange(of: "<\(name)") else { return nil }
    let rest = text[start.upperBound...]
    guard let close = rest.firstRange(of: "/>") else { return nil }
    let attributes = rest[..<close.lowerBound]
    return text[..<start.lowerBound] + "<\(name)\(attributes)>\(element)</\(name)>"
  }
}
