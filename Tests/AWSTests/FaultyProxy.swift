// Tells the proxy of faulty_proxy.py what to spoil, and asks what came.
import Content
import HTTP

struct FaultyProxy: Sendable {
  let server: LocalServer

  private func control(_ method: String, _ body: HTTPBody) throws -> JSONValue {
    let sink = MemorySink(limit: 1 << 20)
    guard let base = ServiceURL(server.url) else { preconditionFailure("it is a URL") }
    _ = try CurlTransport().perform(
      HTTPRequest(method, base, path: "/__faults", body: body), sink: sink, isCancelled: { false })
    return try JSONValue(parsing: sink.bytes)
  }

  /// Replaces what is to be spoiled and forgets the requests so far.
  func spoil(_ faults: [JSONValue]) throws {
    _ = try control("POST", .bytes(try JSONValue.array(faults).canonicalBytes()))
  }

  /// The requests since, `METHOD /path`, how many faults are left, and all connections so far.
  func report() throws -> (requests: [String], left: Int, connections: Int) {
    let answer = try control("GET", .none)
    return (
      (answer["requests"]?.array ?? []).compactMap(\.string), answer["left"]?.array?.count ?? -1,
      Int(answer["connections"]?.integer ?? -1)
    )
  }
}
