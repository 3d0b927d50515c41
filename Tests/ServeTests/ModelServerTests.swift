// The server as its clients meet it, decent and hostile ones.
import AtelierTesting
import Content
import Testing

@testable import Serve

/// A server of one test, which is stopped with it.
final class TestServer {
  let server: ModelServer
  private var isStopped = false

  init(_ change: (inout ServerSettings) -> Void = { _ in }) throws {
    var settings = ServerSettings()
    settings.port = 0
    settings.drainSeconds = 0
    change(&settings)
    server = try ModelServer(settings)
  }

  convenience init(
    _ bytes: Result<[UInt8], any Error>, _ change: (inout ServerSettings) -> Void = { _ in }
  ) throws {
    try self.init(change)
    server.use(try Models.served(bytes))
  }

  func stop(pause: (Double) -> Bool = { _ in true }) {
    guard !isStopped else { return }
    isStopped = true
    server.stop(pause: pause)
  }

  deinit { stop() }

  func client() throws -> RawClient { try RawClient(server.port) }
}

@Suite struct ModelServerTests {
  private static let rows = "1,2,3\n4,,6\n"

  private func expected(_ bytes: Result<[UInt8], any Error>) throws -> [Float] {
    try Models.predictions(bytes.get(), [1, 2, 3, 4, .nan, 6], columns: 3)
  }

  @Test func pingFollowsTheModel() throws {
    let test = try TestServer()
    let client = try test.client()
    #expect(client.ask("GET", "/ping")?.status == 503)
    #expect(client.ask(body: Array("1,2,3".utf8))?.status == 503)
    test.server.use(try Models.served(Models.binary))
    #expect(client.ask("GET", "/ping")?.status == 200)
    #expect(client.ask("HEAD", "/ping")?.status == 200)
    let parameters = try #require(client.ask("GET", "/execution-parameters"))
    #expect(parameters.body.contains("\"MaxPayloadInMB\":6"))
  }

  @Test func rowsAreAnsweredInTheirForm() throws {
    let test = try TestServer(Models.binary)
    let client = try test.client()
    let expected = try expected(Models.binary)
    let csv = try #require(
      client.ask(fields: ["Content-Type: text/csv"], body: Array(Self.rows.utf8)))
    #expect(csv.status == 200)
    #expect(csv.body == expected.map { "\($0)\n" }.joined())
    #expect(csv.fields["content-type"] == "text/csv")
    #expect(csv.fields["x-atelier-model"] == "\(try Digest.of(Models.binary.get()))")
    let lines = try #require(
      client.ask(
        fields: ["Content-Type: application/jsonlines"],
        body: Array("[1,2,3]\n{\"features\":[4,null,6]}\n".utf8)))
    #expect(lines.body == expected.map { "{\"score\":\($0)}\n" }.joined())
    let json = try #require(
      client.ask(fields: ["Accept: application/json"], body: Array(Self.rows.utf8)))
    let document = try JSONValue(parsing: json.body)
    #expect(document.object?["predictions"]?.array?.count == 2)
  }

  @Test(arguments: ["classes", "linear"])
  func otherModels(_ name: String) throws {
    let bytes = name == "classes" ? Models.classes : Models.linear
    let test = try TestServer(bytes)
    let answer = try #require(try test.client().ask(body: Array(Self.rows.utf8)))
    let width = name == "classes" ? 3 : 1
    let expected = try expected(bytes)
    let lines = (0..<2).map { row in
      expected[row * width..<row * width + width].map { "\($0)" }.joined(separator: ",")
    }
    #expect(answer.body == lines.map { $0 + "\n" }.joined())
  }

  /// A refusal leaves the connection in order: the next request is answered.
  @Test func refusalsKeepTheConnection() throws {
    let test = try TestServer(Models.binary) { $0.bodyLimit = 1000 }
    let client = try test.client()
    let good = Array(Self.rows.utf8)
    let cases: [(RawAnswer?, Int, String)] = [
      (client.ask("POST", "/elsewhere", body: good), 404, "/invocations"),
      (client.ask("PUT", "/ping"), 405, "GET or HEAD"),
      (client.ask("GET", "/invocations"), 405, "POST"),
      (client.ask(fields: ["Content-Type: image/png"], body: good), 415, "text/csv"),
      (client.ask(fields: ["Content-Encoding: gzip"], body: good), 415, "as it is"),
      (client.ask(fields: ["Accept: image/png"], body: good), 406, "text/csv"),
      (client.ask(body: []), 400, "empty"),
      (client.ask(body: Array("1,2\n".utf8)), 400, "row 1: expected 3 values, found 2"),
      (client.ask(body: Array("1,2,x".utf8)), 400, "row 1, column 3: expected a number"),
      (client.ask(body: Array("1,2,\0".utf8)), 400, "'\\x00'"),
      (client.ask(body: [UInt8](repeating: 0, count: 900)), 400, "row 1"),
      (client.ask(body: [UInt8](repeating: 49, count: 1001)), 413, "1000 bytes"),
      (client.ask("POST", "/ping", body: good), 405, "GET"),
    ]
    for (answer, status, words) in cases {
      #expect(answer?.status == status, "\(words): \(answer?.body ?? "no answer")")
      #expect(answer?.body.contains(words) == true, "\(answer?.body ?? "")")
    }
    #expect(client.ask("GET", "/invocations")?.fields["allow"] == "POST")
    #expect(client.ask(body: good)?.status == 200)
  }

  @Test func aRowOfTenThousandColumnsIsRefusedInOneSentence() throws {
    let test = try TestServer(Models.binary)
    let row = Array(String(repeating: "1,", count: 9999).utf8) + [49]
    let client = try test.client()
    let csv = try #require(client.ask(body: row))
    #expect(csv.status == 400 && csv.body == "row 1: expected 3 values, found 10000\n")
    let json = try #require(
      client.ask(
        fields: ["Content-Type: application/jsonlines"],
        body: [UInt8(ascii: "[")] + row + [UInt8(ascii: "]")]))
    #expect(json.status == 400 && json.body == "row 1: expected 3 values, found more than 3\n")
  }

  @Test func lengthsThatLie() throws {
    let test = try TestServer(Models.binary) {
      $0.bodyLimit = 1000
      $0.requestSeconds = 1
    }
    // Neither length nor chunks.
    let none = try test.client()
    none.send("POST /invocations HTTP/1.1\r\nHost: here\r\n\r\n")
    #expect(none.answer()?.status == 411)
    // Far more announced than is taken: refused before a byte of it.
    for length in ["1001", "3000000", "99999999999999"] {
      let large = try test.client()
      large.send(
        "POST /invocations HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\n"
          + "Content-Length: \(length)\r\n\r\n")
      #expect(large.answer()?.status == 413, "\(length)")
    }
    for length in ["-5", "ten", "1e3"] {
      let client = try test.client()
      client.send("POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Length: \(length)\r\n\r\n1")
      #expect((400..<500).contains(client.answer()?.status ?? 0), "\(length)")
    }
    // Fewer bytes than announced: closed when the time is over, and nothing is answered as if whole.
    let short = try test.client()
    short.send("POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Length: 900\r\n\r\n1,2,3\n")
    let isClosed = Self.expiring(test) { [short = Sent(short)] in short.client.answer() == nil }
    #expect(isClosed)
  }

  @Test func chunkedBodies() throws {
    let test = try TestServer(Models.binary) { $0.bodyLimit = 1000 }
    func send(_ chunks: [String]) throws -> RawAnswer? {
      let client = try test.client()
      client.send(
        "POST /invocations HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n")
      for chunk in chunks + [""] {
        client.send("\(String(chunk.utf8.count, radix: 16))\r\n\(chunk)\r\n")
      }
      return client.answer()
    }
    let answer = try #require(try send(["1,2", ",3\n4,", ",6\n"]))
    #expect(answer.status == 200)
    #expect(try answer.body == expected(Models.binary).map { "\($0)\n" }.joined())
    #expect(
      try send([String(repeating: "1", count: 700), String(repeating: "1", count: 700)])?.status
        == 413)
    // One without end is cut off.
    #expect(try send(Array(repeating: String(repeating: "1", count: 900), count: 40)) == nil)
    let junk = try test.client()
    junk.send(
      "POST /invocations HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
    #expect(junk.answer().map { (400..<500).contains($0.status) } ?? true)
  }

  /// Runs what waits for a connection to be closed while the server looks after its deadlines.
  private static func expiring(_ test: TestServer, _ body: @Sendable @escaping () -> Bool) -> Bool {
    let isDone = Flag()
    let ended = Flag()
    startThread {
      if body() { ended.set() }
      isDone.set()
    }
    for _ in 0..<1200 where !isDone.isSet {
      test.server.expire()
      sleepBriefly()
    }
    return ended.isSet
  }

  /// A byte now and then keeps a connection no longer than its time.
  @Test func slowClientsAreClosed() throws {
    let test = try TestServer(Models.binary) { $0.requestSeconds = 1 }
    for beginning in [
      "GET /ping HTTP/1.1\r\nHost: here\r\nX: ",
      "POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n",
    ] {
      let slow = try test.client()
      slow.send(beginning)
      let port = test.server.port
      let isClosed = Self.expiring(test) { [slow = Sent(slow)] in
        for _ in 0..<600 {
          if !slow.client.send("1") { return true }
          sleepBriefly()
        }
        return false
      }
      #expect(isClosed)
      #expect(try RawClient(port).ask("GET", "/ping")?.status == 200)
    }
  }

  @Test func connectionsAreBounded() throws {
    let test = try TestServer(Models.binary) {
      $0.connections = 64
      $0.connectionsPerAddress = 4
    }
    let held = try (0..<4).map { _ in try test.client() }
    for client in held { #expect(client.ask("GET", "/ping")?.status == 200) }
    let extra = try test.client()
    extra.send("GET /ping HTTP/1.1\r\nHost: here\r\n\r\n")
    #expect(extra.answer() == nil)
    #expect(held[0].ask("GET", "/ping")?.status == 200)
  }

  @Test func longHeadsAreRefused() throws {
    let test = try TestServer(Models.binary)
    let client = try test.client()
    client.send("GET /ping HTTP/1.1\r\nHost: here\r\n")
    for _ in 0..<200 where client.send("X: \(String(repeating: "y", count: 1000))\r\n") {}
    client.send("\r\n")
    #expect(client.answer().map { (400..<500).contains($0.status) } ?? true)
    let path = try test.client()
    path.send("GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\nHost: here\r\n\r\n")
    #expect(path.answer().map { (400..<500).contains($0.status) } ?? true)
    #expect(try test.client().ask("GET", "/ping")?.status == 200)
  }

  /// What is in memory is bounded, bodies and answers together; what is over counts no more.
  @Test func tooMuchAtOnceIsRefused() throws {
    let service = Service(ServerSettings())
    service.use(try Models.served(Models.binary), .csv)
    var head = RequestHead(method: "POST", path: "/invocations")
    head.contentLength = "6"
    func status(_ change: () -> Void) -> UInt32 {
      let exchange = service.begin(head)
      Array("1,2,3\n".utf8).withUnsafeBytes { piece in
        exchange.take(piece, limit: 100, reserve: service.reserve)
      }
      change()
      defer { service.end(exchange) }
      return service.answer(exchange).status
    }
    #expect(status {} == 200)
    let limit = service.settings.bufferLimit
    #expect(status { _ = service.reserve(limit - 7) } == 503)
    #expect(!service.reserve(8))
    #expect(service.reserve(7))
    #expect(status {} == 503)
  }

  /// A row of one byte may be answered with many numbers.
  @Test func predictionsOfOneAnswerAreBounded() throws {
    let test = try TestServer(Models.narrow) { $0.bodyLimit = 30 }
    let client = try test.client()
    #expect(client.ask(body: Array(repeating: UInt8(ascii: "\n"), count: 10))?.status == 200)
    let answer = client.ask(body: Array(repeating: UInt8(ascii: "\n"), count: 11))
    #expect(answer?.status == 413)
    #expect(answer?.body.hasPrefix("11 rows give 33 predictions, more than the 30") == true)
  }

  @Test func aRequestEndsWithTheModelItBeganWith() throws {
    let test = try TestServer(Models.binary)
    let old = try test.client()
    old.send("POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Length: 11\r\n\r\n1,2")
    while test.server.activeCount == 0 { sleepBriefly() }
    test.server.use(try Models.served(Models.other))
    let new = try #require(try test.client().ask(body: Array(Self.rows.utf8)))
    old.send(",3\n4,,6\n")
    let answer = try #require(old.answer())
    #expect(answer.fields["x-atelier-model"] == "\(try Digest.of(Models.binary.get()))")
    #expect(try answer.body == expected(Models.binary).map { "\($0)\n" }.joined())
    #expect(new.fields["x-atelier-model"] == "\(try Digest.of(Models.other.get()))")
    #expect(try new.body == expected(Models.other).map { "\($0)\n" }.joined())
    #expect(answer.body != new.body)
  }

  @Test func stoppingAnswersWhatHasBegun() throws {
    let test = try TestServer(Models.binary) { $0.drainSeconds = 0.05 }
    let slow = try test.client()
    slow.send("POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Length: 11\r\n\r\n1,2")
    while test.server.activeCount == 0 { sleepBriefly() }
    let ping = try test.client()
    #expect(ping.ask("GET", "/ping")?.status == 200)
    var round = 0
    var statuses: [Int?] = []
    test.stop { _ in
      round += 1
      // While it waits: ping says so, and only then does the slow request go on.
      if round == 1 {
        let answer = ping.ask("GET", "/ping")
        statuses.append(answer?.status)
        #expect(answer?.fields["connection"] == "close")
      }
      if round == 4 { slow.send(",3\n4,,6\n") }
      sleepBriefly()
      return true
    }
    #expect(statuses == [503])
    #expect(slow.answer()?.status == 200)
    #expect(throws: RawClient.NoConnection.self) { try RawClient(test.server.port) }
  }

  @Test func aPortInUseIsNamed() throws {
    let test = try TestServer()
    let port = test.server.port
    let said = failure { try TestServer { $0.port = port } } ?? ""
    #expect(
      said.contains("cannot listen on 127.0.0.1 port \(port): Address already in use"), "\(said)")
    let host = failure { try TestServer { $0.host = "no such host" } } ?? ""
    #expect(host.contains("cannot listen on no such host"), "\(host)")
  }
}
