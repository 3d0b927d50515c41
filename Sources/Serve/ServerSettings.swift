// How a server listens and what it bears.

/// Address and limits of a server.
package struct ServerSettings: Hashable, Sendable {
  package var host = "127.0.0.1"
  /// 0: any that is free.
  package var port: UInt16 = 8080
  /// Threads that read requests and predict.
  package var threads = 2
  /// Bytes of a request's body; SageMaker's own limit.
  package var bodyLimit = 6 << 20
  /// Connections in all, and from one address; one more waits or is closed.
  package var connections = 512
  package var connectionsPerAddress = 256
  /// Seconds for a whole request, from its head to the end of its answer.
  package var requestSeconds = 60
  /// Seconds after a signal in which requests are still taken, while `GET /ping` says 503.
  package var drainSeconds = 1.0

  package init() {}

  /// Seconds until the head of a connection's first request must be there.
  var headSeconds: Int { min(20, requestSeconds) }
  /// Seconds that a connection may be kept between two requests.
  var idleSeconds: Int { requestSeconds + 15 }
  /// Predictions of one answer; a row may be shorter than what it is answered with.
  var predictionLimit: Int { bodyLimit }
  /// Bytes of all bodies and answers in memory at a time; beyond that requests get a 503.
  var bufferLimit: Int { 16 * bodyLimit }
  /// Bytes of a refused body that are passed over so that the client can read the refusal.
  var discardLimit: Int { 2 * bodyLimit }
}
