// One connection of libpq: it is made, waited for, canceled and closed here. It knows no SQL.
import CLibpq
import HTTP

/// A connection; it belongs to one thread at a time and is closed with its owner.
final class QueryConnection {
  let library: QueryLibrary
  let pointer: OpaquePointer
  let endpoint: QueryEndpoint
  let limits: QueryLimits
  let timing: Timing
  private let isCancelled: @Sendable () -> Bool

  /// Connects, or throws after a time.
  init(
    _ endpoint: QueryEndpoint, password: String, limits: QueryLimits, timing: Timing,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(QueryFailure) {
    library = try QueryLibrary.shared()
    self.endpoint = endpoint
    self.limits = limits
    self.timing = timing
    self.isCancelled = isCancelled
    let parameters = endpoint.parameters(password: password, libraryVersion: library.version)
    guard !parameters.contains(where: { $0.1.utf8.contains(0) }) else {
      throw QueryFailure(.unexpected, "\(endpoint.place): a name or the token holds a zero byte")
    }
    let names = CStrings(parameters.map(\.0))
    let values = CStrings(parameters.map(\.1))
    let table = library.table
    let started = names.withPointers { names in
      values.withPointers { values in cq_start(table, names, values) }
    }
    guard let started else { throw QueryFailure(.connection, "memory is out") }
    pointer = started
    try connect(hiding: password)
  }

  deinit { cq_finish(library.table, pointer) }

  private func connect(hiding password: String) throws(QueryFailure) {
    let end = timing.elapsed() + limits.connectSeconds
    var state = Int32(CQ_WRITE)
    repeat {
      // libpq begins with a socket that is to be written to.
      try wait(
        state, until: end,
        or: "no connection to \(endpoint.place) within "
          + "\(Int(limits.connectSeconds)) s; check the network, and that the port is not blocked")
      state = cq_connect(library.table, pointer)
      if state == CQ_FAILED {
        throw QueryFailure.ofConnection(message(hiding: password), to: endpoint)
      }
    } while state != CQ_DONE
    guard cq_is_encrypted(library.table, pointer) != 0 else {
      throw QueryFailure(.tls, "\(endpoint.place) does not encrypt the connection")
    }
  }

  /// What libpq last said, without the password.
  func message(hiding password: String = "") -> String {
    let text = String(cString: cq_message(library.table, pointer))
    return password.isEmpty ? text : text.replacing(password, with: "<hidden>")
  }

  /// Waits until the socket is ready; throws when the time is over or the caller wants to stop.
  func wait(_ wanted: Int32, until end: Double, or late: String) throws(QueryFailure) {
    while true {
      guard !isCancelled() else { throw QueryFailure(.cancelled, "cancelled") }
      guard timing.elapsed() < end else { throw QueryFailure(.timeout, late) }
      let ready = cq_wait(library.table, pointer, wanted, limits.slice)
      if ready != 0 { return }
    }
  }

  /// Asks the server to end the query that runs; whether it was asked.
  func cancel() -> Bool {
    var why = [CChar](repeating: 0, count: 256)
    return cq_cancel(library.table, pointer, &why, Int32(why.count)) != 0
  }
}
