// One HTTP request and the head of its answer, as values.

/// A name and a value, not yet encoded.
package struct QueryItem: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String = "") {
    self.name = name
    self.value = value
  }
}

/// A header field.
package struct HTTPField: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The body of a request.
package enum HTTPBody: Sendable {
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
package struct HTTPRequest: Sendable {
  package var method: String
  package var base: ServiceURL
  /// Encoded, from the first slash on; it comes after the path of the base.
  package var path: String
  package var query: [QueryItem]
  /// Without `Host` and `Content-Length`.
  package var fields: [HTTPField]
  package var body: HTTPBody
  /// Whether doing it twice does harm: then it goes over a connection of its own, since libcurl sends a
  /// request again by itself where a kept connection ends without an answer.
  package var mustNotRepeat = false

  package init(
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
  package var url: String {
    let text = "\(base.scheme)://\(base.authority)\(fullPath)"
    return query.isEmpty ? text : text + "?" + PercentEncoding.encode(query)
  }
}

/// Status and fields of an answer.
package struct HTTPHead: Sendable {
  package var status: Int
  package var fields: [HTTPField]

  package init(status: Int, fields: [HTTPField] = []) {
    self.status = status
    self.fields = fields
  }

  /// The value of the first field of a name, in whichever case.
  package subscript(_ name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// Whether the status is of the 200s.
  package var succeeded: Bool { (200..<300).contains(status) }

  /// The seconds that the server asks to wait before another attempt, as a number or a date.
  package func retryAfter(now: UnixTime) -> Double? {
    guard let value = self["Retry-After"] else { return nil }
    if let seconds = Double(value), seconds >= 0, seconds.isFinite { return seconds }
    return UnixTime(httpDate: value).map { Double(max(0, $0.seconds - now.seconds)) }
  }
}

/// An answer: a body of success went to the sink, any other is here, up to 1 MiB of it.
package struct HTTPAnswer: Sendable {
  package var head: HTTPHead
  package var errorBody: [UInt8]

  package init(head: HTTPHead, errorBody: [UInt8] = []) {
    self.head = head
    self.errorBody = errorBody
  }
}
