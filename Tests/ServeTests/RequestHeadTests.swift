// What the head of a request asks for.
import RowFormats
import Testing

@testable import Serve

@Suite struct RequestHeadTests {
  private func call(_ change: (inout RequestHead) -> Void) throws(Refusal) -> Call {
    var head = RequestHead(method: "POST", path: "/invocations")
    head.contentLength = "10"
    change(&head)
    return try head.call(.csv, bodyLimit: 100)
  }

  @Test func calls() throws {
    #expect(try call { _ in } == .invocation(RowForm(.csv), .csv))
    #expect(
      try call { ($0.method, $0.path, $0.contentLength) = ("GET", "/ping", nil) } == .ping)
    #expect(
      try call { ($0.method, $0.path) = ("GET", "/execution-parameters") } == .parameters)
    #expect(
      try call { $0.contentType = "Text/CSV; charset=utf-8" } == .invocation(RowForm(.csv), .csv))
    #expect(
      try call { $0.contentType = "application/jsonlines" }
        == .invocation(RowForm(.jsonLines), .jsonLines))
    #expect(
      try call {
        $0.contentType = "text/csv"
        $0.accept = "application/xml;q=0.9, application/json"
      } == .invocation(RowForm(.csv), .json))
    #expect(
      try call {
        ($0.contentLength, $0.transferEncoding) = (nil, "chunked")
        $0.accept = "*/*"
      } == .invocation(RowForm(.csv), .csv))
    #expect(try call { $0.accept = "text/*" } == .invocation(RowForm(.csv), .csv))
    for name in ["libsvm", "text/libsvm", "text/x-libsvm"] {
      #expect(try call { $0.contentType = name } == .invocation(RowForm(.libsvm), .csv))
    }
    #expect(
      try call { ($0.contentType, $0.accept) = ("csv; label_size=1", "jsonlines") }
        == .invocation(RowForm(.csv, labels: 1), .jsonLines))
  }

  @Test func refusals() {
    func status(_ change: (inout RequestHead) -> Void) -> UInt32? {
      do {
        _ = try call(change)
        return nil
      } catch { return error.status }
    }
    #expect(status { $0.path = "/" } == 404)
    #expect(status { $0.path = "/invocations/" } == 404)
    #expect(status { $0.method = "GET" } == 405)
    #expect(status { ($0.method, $0.path) = ("DELETE", "/ping") } == 405)
    #expect(status { $0.contentLength = nil } == 411)
    #expect(status { $0.transferEncoding = "chunked" } == 400)
    #expect(status { $0.contentLength = "101" } == 413)
    #expect(status { $0.contentType = "image/png" } == 415)
    #expect(status { $0.contentEncoding = "gzip" } == 415)
    #expect(status { $0.accept = "text/html" } == 406)
    #expect(status { $0.accept = "text/libsvm" } == 406)
    #expect(status { $0.accept = "text/csv;q=0" } == 406)
  }
}
