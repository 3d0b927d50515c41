// Where events go: to the end of a file, or to a server that is not waited for. No failure ends a run.
import CSystem
import Content
import Engines
import FileTools
import HTTP

/// Takes events in their order.
package protocol LineageSink: Sendable {
  /// Takes an event; it may be lost.
  func send(_ event: JSONValue)

  /// Waits some seconds for what is on its way; what could not be delivered and why, in words for people.
  func finish() -> String?
}

/// Events as lines of a file, each written whole.
///
/// A FIFO needs a reader before the run begins.
package final class LineageFile: LineageSink {
  private let path: String
  private let descriptor: Int32
  private let failure = Monitor<String?>(nil)

  /// Throws where the file cannot be written.
  package init(_ path: String) throws {
    self.path = path
    let status = try FileStatus(path, followingLinks: true)
    let isRegular = status.map { $0.kind == .file || $0.kind == .folder } ?? true
    descriptor = isRegular ? cs_open_append(path, 0o666) : cs_open_write(path, 0, 0o666)
    guard descriptor >= 0 else { throw Disk.failure("write", path) }
  }

  deinit { cs_close(descriptor) }

  package func send(_ event: JSONValue) {
    failure.withLock { failure in
      guard failure == nil else { return }
      do {
        let line = try event.canonicalBytes() + [UInt8(ascii: "\n")]
        guard cs_write_pipe(descriptor, line, line.count) == 0 else {
          throw Disk.failure("write", path)
        }
      } catch {
        failure = "\(error)"
      }
    }
  }

  package func finish() -> String? {
    failure.withLock { $0.map { "lineage is incomplete: \($0)" } }
  }
}

/// Events as requests to a server, one after the other, beside the run.
///
/// After the first that fails no more are sent: a server that does not answer costs a run some seconds at its
/// end, and no more.
package final class LineageServer: LineageSink {
  private struct State {
    var waiting: [JSONValue] = []
    var isBusy = false
    var sent = 0
    var failure: String?
  }

  /// Events that wait; beyond, a server is too slow for the run.
  private static let most = 100_000
  /// Seconds that the end of a run waits.
  private static let patience = 10

  private let base: ServiceURL
  private let token: String?
  private let transport: CurlTransport
  private let pool: SlotPool
  private let state = Monitor(State())

  /// Sends nothing yet; `token` is sent as a bearer's, and told to nobody else.
  package init(_ base: ServiceURL, token: String?) throws {
    self.base = base
    self.token = token
    var settings = HTTPSettings.service(stallSeconds: 5)
    settings.connectTimeoutMilliseconds = 3000
    transport = CurlTransport(settings)
    pool = try SlotPool(count: 1)
  }

  package func send(_ event: JSONValue) {
    let mustStart = state.withLock { state -> Bool in
      guard state.failure == nil else { return false }
      guard state.waiting.count < Self.most else {
        state.failure = "it is too slow: \(Self.most) events were waiting"
        return false
      }
      state.waiting.append(event)
      defer { state.isBusy = true }
      return !state.isBusy
    }
    if mustStart { pool.run { [self] in drain() } }
  }

  package func finish() -> String? {
    let deadline = cs_monotonic() + Int64(Self.patience) * 1_000_000_000
    return state.wait { state, milliseconds in
      milliseconds = 100
      guard !state.isBusy || state.failure != nil || cs_monotonic() >= deadline else { return nil }
      if state.failure == nil, state.isBusy {
        state.failure = "it did not answer within \(Self.patience) s"
      }
      return .some(
        state.failure.map {
          "\(self.base) got \(state.sent) events of the run's lineage and no more: \($0)"
        })
    }
  }

  private func drain() {
    while let event = state.withLock({ state -> JSONValue? in
      guard state.failure == nil, !state.waiting.isEmpty else {
        state.isBusy = false
        return nil
      }
      return state.waiting.removeFirst()
    }) {
      let failure = post(event)
      state.withLock { state in
        if let failure { state.failure = state.failure ?? failure } else { state.sent += 1 }
      }
    }
  }

  /// Why an event was not taken; nil where it was.
  private func post(_ event: JSONValue) -> String? {
    do {
      var fields = [HTTPField("Content-Type", "application/json")]
      if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
      let request = HTTPRequest(
        "POST", base, path: "", fields: fields, body: .bytes(try event.canonicalBytes()))
      let answer = try transport.perform(
        request, sink: MemorySink(limit: 1 << 16),
        isCancelled: { [state] in state.withLock { $0.failure != nil } })
      let status = answer.head.status
      return (200..<300).contains(status) ? nil : "it answered with status \(status)"
    } catch {
      return "\(error)"
    }
  }
}
