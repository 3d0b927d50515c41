// Listing keys and unfinished uploads, a page at a time.
import AWS
import HTTP

/// A listing of keys in the order of the endpoint (UTF-8 bytes), fetched as it is walked.
package struct S3Listing {
  /// One page of an answer.
  package struct Page: Sendable {
    package var objects: [S3Object]
    /// What the delimiter cut off: `folder/`, each once.
    package var prefixes: [String]
  }

  private let client: S3Client
  private let query: [QueryItem]
  private var token: String?
  private var ended = false
  /// Entries and pages so far: an endpoint that never ends shall not fill the memory.
  private var entries = 0
  private var emptyPages = 0
  private static let most = (entries: 100_000_000, emptyPages: 1000)
  private var pending: ArraySlice<S3Object> = []

  init(client: S3Client, query: [QueryItem]) {
    self.client = client
    self.query = query
  }

  /// The next page, or nil after the last; one request.
  package mutating func nextPage() throws(S3Error) -> Page? {
    guard !ended else { return nil }
    let (page, next) = try page(
      query + (token.map { [QueryItem("continuation-token", $0)] } ?? []))
    if let next, next == token {
      throw S3Error(
        .malformedAnswer, "list", client.location, key: nil,
        reason: "the endpoint gave the same continuation token twice")
    }
    let found = page.objects.count + page.prefixes.count
    entries += found
    emptyPages = found == 0 ? emptyPages + 1 : 0
    guard entries <= Self.most.entries, emptyPages <= Self.most.emptyPages else {
      throw S3Error(
        .malformedAnswer, "list", client.location, key: nil,
        reason: "the listing does not end: \(entries) entries so far")
    }
    token = next
    ended = next == nil
    return page
  }

  /// The next object, or nil after the last.
  package mutating func next() throws(S3Error) -> S3Object? {
    while pending.isEmpty {
      guard let page = try nextPage() else { return nil }
      pending = page.objects[...]
    }
    return pending.popFirst()
  }

  /// All that is left, in memory.
  package mutating func all() throws(S3Error) -> [S3Object] {
    var result: [S3Object] = []
    while let object = try next() { result.append(object) }
    return result
  }

  private func page(_ query: [QueryItem]) throws(S3Error) -> (Page, next: String?) {
    try client.doing("list", nil) {
      let root = try client.exchangeXML(client.request("GET", nil, query: query))
      guard root.name == "ListBucketResult" else {
        throw AnswerRefusal.malformed(
          "<\(root.name.prefix(60))> came in place of <ListBucketResult>")
      }
      let encoded = root.text(of: "EncodingType") == "url"
      let page = Page(
        objects: try root.all("Contents").map { try Self.listed($0, encoded: encoded) },
        prefixes: try root.all("CommonPrefixes").map { try Self.name($0, "Prefix", encoded) })
      let prefix = query.first { $0.name == "prefix" }?.value ?? ""
      let names = page.objects.map(\.key) + page.prefixes
      if let stranger = names.first(where: { !$0.utf8.starts(with: prefix.utf8) }) {
        throw AnswerRefusal.malformed(
          "'\(stranger.prefix(60))' is not below the prefix '\(prefix)' that was asked for")
      }
      let token = root.text(of: "NextContinuationToken") ?? ""
      guard try Self.isTruncated(root) else {
        // Half a listing would pass for all of it.
        guard token.isEmpty else {
          throw AnswerRefusal.malformed(
            "a page says that it is the last and tells a NextContinuationToken")
        }
        return (page, nil)
      }
      guard !token.isEmpty else {
        throw AnswerRefusal.malformed("a page is not the last and tells no NextContinuationToken")
      }
      return (page, token)
    }
  }

  /// Whether a page of a listing is not the last one; where it does not say, it is.
  static func isTruncated(_ root: XMLTree) throws -> Bool {
    let text = root.text(of: "IsTruncated") ?? "false"
    return switch text.filter({ !$0.isWhitespace }) {
    case "true": true
    case "false": false
    case let word:
      throw AnswerRefusal.malformed("IsTruncated is '\(word.prefix(60))', neither true nor false")
    }
  }

  private static func listed(_ element: XMLTree, encoded: Bool) throws -> S3Object {
    guard let size = element.text(of: "Size").flatMap({ Int64($0) }), S3Object.sizes.contains(size)
    else {
      throw AnswerRefusal.malformed("an entry of the listing has no size that an object may have")
    }
    return S3Object(
      key: try name(element, "Key", encoded), size: size,
      etag: S3ETag.quoted(element.text(of: "ETag") ?? ""),
      lastModified: element.text(of: "LastModified").flatMap { UnixTime(iso8601: $0) })
  }

  /// The text of a child that names a key, decoded.
  static func name(
    _ element: XMLTree, _ child: String, _ encoded: Bool
  ) throws -> String {
    let text = element.text(of: child)
    guard let text, let name = encoded ? PercentEncoding.decodeForm(text) : text else {
      throw AnswerRefusal.malformed("an entry of the listing has no readable \(child)")
    }
    guard name.utf8.count <= 1024 else {
      throw AnswerRefusal.malformed("a key of \(name.utf8.count) bytes; S3 has none beyond 1024")
    }
    return name
  }
}

extension S3Client {
  /// The keys that begin with a prefix, after `startAfter`; sends nothing yet.
  package func list(
    prefix: String = "", delimiter: String? = nil, startAfter: String? = nil, pageSize: Int = 1000
  ) -> S3Listing {
    var query = [
      QueryItem("list-type", "2"), QueryItem("encoding-type", "url"),
      QueryItem("max-keys", String(pageSize)), QueryItem("prefix", prefix),
    ]
    if let delimiter { query.append(QueryItem("delimiter", delimiter)) }
    if let startAfter { query.append(QueryItem("start-after", startAfter)) }
    return S3Listing(client: self, query: query)
  }
}
