// One HTTP request and the head of its answer, as values.

/// A name and a value, not yet encoded.
public struct QueryItem: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String = "") {
    self.name = name
    self.value = value
  }
}

/// A header field.
public struct HTTPField: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The body of a request.
public enum HTTPBody: Sendable {
  case none
  case bytes([UInt8])
  /// Bytes of an open file: the caller keeps it open; it is read by position, from many threads.
  case file(descriptor: Int32, offset: Int64, count: Int64)

  package var count: Int64 {
    switch self {
    case .none: 0
    case .bytes(let bytes): Int64(bytes.count)
    case .file(_, _, let count): count
    }
  }
}

/// A request, not yet signed.
public struct HTTPRequest: Sendable {
  public var method: String
  public var base: ServiceURL
  /// Encoded, from the first slash on; it comes after the path of the base.
  public var path: String
  public var query: [QueryItem]
  /// Without `Host` and `Content-Length`.
  public var fields: [HTTPField]
  public var body: HTTPBody

  public init(
    _ method: String, _ base: ServiceURL, path: String = "/", query: [QueryItem] = [],
    fields: [HTTPField] = [], body: HTTPBody = .none
  ) {
    self.method = method
    self.base = base
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
  }

  /// The path of the request line.
  package var fullPath: String { base.path + path }

  /// The whole URL.
  public var url: String {
    let text = "\(base.scheme)://\(base.authority)\(fullPath)"
    return query.isEmpty ? text : text + "?" + PercentEncoding.encode(query)
  }
}

/// Status and fields of an answer.
public struct HTTPHead: Sendable {
  public var status: Int
  public var fields: [HTTPField]

  public init(status: Int, fields: [HTTPField] = []) {
    self.status = status
    self.fields = fields
  }

  /// The value of the first field of a name, in whichever case.
  public subscript(_ name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// Whether the status is of the 200s.
  public var succeeded: Bool { (200..<300).contains(status) }
}

/// An answer: a body of success went to the sink, any other is here, up to 1 MiB of it.
public struct HTTPAnswer: Sendable {
  public var head: HTTPHead
  public var errorBody: [UInt8]

  public init(head: HTTPHead, errorBody: [UInt8] = []) {
    self.head = head
    self.errorBody = errorBody
  }
}
