// A transport that ends the process's work at one of its calls, as kill -9 would.
import HTTP
import Synchronization

/// The work ended here; nobody handles this error.
package struct Killed: Error {}

/// Ends the work at the call of a number, before it is sent or after it was answered.
package final class EndingTransport: HTTPTransport {
  private let inner: any HTTPTransport
  private let last: Int
  private let isSent: Bool
  private let made = Mutex(0)

  /// `last` counts from 1.
  package init(at last: Int, afterSending isSent: Bool, _ inner: any HTTPTransport) {
    self.last = last
    self.isSent = isSent
    self.inner = inner
  }

  package func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer {
    let number = made.withLock { made in
      made += 1
      return made
    }
    guard number < last || (number == last && isSent) else { throw Killed() }
    let answer = try inner.perform(request, sink: sink, isCancelled: isCancelled)
    if number == last { throw Killed() }
    return answer
  }
}
