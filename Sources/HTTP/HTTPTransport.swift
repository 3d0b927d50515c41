// The joint between the clients and the network: one attempt of one request.

/// Performs single HTTP exchanges; called from any thread.
package protocol HTTPTransport: Sendable {
  /// Sends a request and gives the body of success to `sink`; blocks.
  ///
  /// Throws `TransportFailure`, or what the sink threw. The answer is complete: a body cut short is
  /// a failure. `isCancelled` is asked often.
  func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer
}

/// Why an exchange did not take place or not to its end.
package struct TransportFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    /// libcurl is not installed.
    case library
    case resolve
    case connect
    /// The certificate or the handshake.
    case tls
    /// The connection broke in the middle.
    case reset
    /// No connection in time, or too little came for too long.
    case timeout
    /// The body ended early.
    case truncated
    /// The file to send could not be read to its end.
    case bodyUnreadable
    case cancelled
    case other
  }

  package let kind: Kind
  /// What libcurl said.
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Whether another attempt may fare better.
  package var isTransient: Bool {
    switch kind {
    case .resolve, .connect, .reset, .timeout, .truncated: true
    case .library, .tls, .bodyUnreadable, .cancelled, .other: false
    }
  }

  package var description: String {
    switch kind {
    case .library: message
    case .resolve: "the host's name has no address (\(message)); check the endpoint and the network"
    case .connect:
      "no connection (\(message)); check that the endpoint is up and the proxy settings"
    case .tls:
      "no trusted TLS connection (\(message)); for an authority of your own set AWS_CA_BUNDLE to "
        + "its certificate file"
    case .reset: "the connection broke (\(message))"
    case .timeout: "no answer in time (\(message))"
    case .truncated: "the answer ended early (\(message))"
    case .bodyUnreadable: message
    case .cancelled: "cancelled"
    case .other: message
    }
  }
}
