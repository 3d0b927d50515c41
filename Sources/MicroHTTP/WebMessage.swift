// Requests and answers as values. They know nothing of sockets or of what is served.

/// The head of a request; its body is never read.
package struct WebRequest: Hashable, Sendable {
  /// Such as `GET`.
  package var method: String
  /// The path without the query, as it was sent.
  package var path: String
  /// The arguments of the query that the server was told to read, decoded.
  package var arguments: [String: String]
  /// The fields of the head that the server was told to read.
  package var fields: [String: String]

  package init(
    method: String, path: String, arguments: [String: String] = [:], fields: [String: String] = [:]
  ) {
    self.method = method
    self.path = path
    self.arguments = arguments
    self.fields = fields
  }

  /// The value of a cookie; nil where the request has none of that name.
  package func cookie(_ name: String) -> String? {
    for pair in (fields["Cookie"] ?? "").split(separator: ";") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0].drop(while: { $0 == " " }) == name { return String(parts[1]) }
    }
    return nil
  }
}

/// What a request is answered with.
package struct WebAnswer: Sendable {
  /// The bytes of an answer.
  package enum Body: Sendable {
    case bytes([UInt8])
    /// Bytes that come as time goes by.
    ///
    /// The closure is called on the connection's thread. It may wait for a fraction of a second, gives
    /// nothing where there is nothing new, and nil at the end.
    case stream(@Sendable () -> [UInt8]?)
  }

  package var status: UInt32
  package var fields: [(name: String, value: String)]
  package var body: Body

  package init(_ status: UInt32, _ fields: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.fields = fields
    self.body = body
  }
}
