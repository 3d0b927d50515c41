// The client of the wire against the sandbox over DuckDB: what a user of Query Service meets.
import AtelierTesting
import Foundation
import Configuration
import Synchronization
import Testing

@testable import QueryService

@Suite(.enabled(if: WireServer.isInstalled, "\(StandIns.absence)"))
struct WireTests {
  private func kind(_ call: () throws -> Void) -> QueryFailure.Kind? {
    do {
      try call()
      return nil
    } catch {
      return (error as? QueryFailure)?.kind
    }
  }

  @Test("trap 0.4: an interactive result is cut at 50,000 rows in silence; LIMIT 0 lifts the cut")
  func allRowsCome() throws {
    let server = try WireServer.common.get()
    try server.publishNumbers("many", count: 120_000)
    // What the notebooks got.
    #expect(try server.session().run("SELECT n FROM many") == 50_000)
    var last = ""
    let rows = try server.client().select("SELECT n FROM many ORDER BY n", columns: ["n"]) {
      last = $0[0] ?? ""
    }
    #expect(rows == 120_000 && last == "119999")
  }

  @Test func theCertificateIsVerified() throws {
    let server = try WireServer.common.get()
    let secret = Secret(WireServer.token)
    let other = server.endpoint(certificates: server.folder("other.pem"))
    #expect(kind { _ = try QuerySession(other, password: secret) } == .tls)
    // Another name of this machine is not in the certificate.
    var named = server.endpoint()
    named.host = "localhost"
    #expect(kind { _ = try QuerySession(named, password: secret) } == .tls)
    // Nobody vouches for the server: only the explicit setting goes on.
    var system = server.endpoint()
    system.certificates = nil
    #expect(kind { _ = try QuerySession(system, password: secret) } == .tls)
    system.tls = .require
    #expect(try QuerySession(system, password: secret).run("SELECT 1 AS one") == 1)
    #expect(QueryTLS.allCases.map(\.rawValue) == ["verify-full", "require"])
  }

  /// A server that answers `N` to the request for TLS never gets the token.
  @Test func aServerWithoutTLSGetsNoToken() throws {
    let server = try PlainServer()
    let endpoint = QueryEndpoint(
      host: "127.0.0.1", port: server.port, database: "d", user: "u", tls: .require)
    let text = failure { try QuerySession(endpoint, password: Secret("secret-of-mine")) }
    #expect(text?.contains("TLS") == true && text?.contains("secret-of-mine") == false)
    #expect(server.received() == [8])
  }

  @Test func aWrongTokenIsRejectedAndNotShown() throws {
    let server = try WireServer.common.get()
    let wrong = Secret("wrong-token-of-mine")
    let text = failure { try QuerySession(server.endpoint(), password: wrong) } ?? ""
    #expect(kind { _ = try QuerySession(server.endpoint(), password: wrong) } == .login)
    #expect(text.contains("rejected the login of \(WireServer.user)"))
    #expect(!text.contains("wrong-token-of-mine"))
  }

  @Test func errorsKeepTheServersState() throws {
    let server = try WireServer.common.get()
    let session = try server.session()
    var failure: QueryFailure?
    do {
      try session.run("SELECT * FROM nothing_there")
    } catch { failure = error as? QueryFailure }
    #expect(failure?.kind == .statement && failure?.state == "42P01")
    // The session goes on.
    #expect(try session.run("SET drop_system_columns=false; SELECT 1 AS one") == 1)
    #expect(kind { try session.run("SELECT a\0b") } == .unexpected)
  }

  @Test func aLongQueryIsCanceledBeforeThePlatformEndsIt() throws {
    let server = try WireServer.common.get()
    let before = try server.messages().count { $0.hasPrefix("cancel") }
    // 530 seconds are over after five looks at the clock.
    let clock = MovedClock(step: 100)
    var limits = QueryLimits()
    // The server has begun by then: what comes before a query cancels nothing.
    limits.slice = 400
    limits.connectSeconds = 1e6
    limits.cancelSeconds = 1e6
    let session = try server.session(limits: limits, timing: clock.timing)
    let long = "SELECT sum(a.id * b.id) AS s FROM range(0, 3000000) AS a, range(0, 3000000) AS b"
    #expect(kind { try session.run(long) } == .timeout)
    #expect(try server.messages().count { $0.hasPrefix("cancel") } > before)
    // The server heard of it: the same session answers.
    #expect(try session.run("SELECT 1 AS one") == 1)
  }

  @Test func whoStopsIsNotKeptWaiting() throws {
    let server = try WireServer.common.get()
    let asked = Counter()
    let client = server.client(isCancelled: { asked.next() > 20 })
    let long = "SELECT sum(a.id * b.id) AS s FROM range(0, 3000000) AS a, range(0, 3000000) AS b"
    #expect(kind { try client.select(long, columns: ["s"]) { _ in } } == .cancelled)
  }

  @Test func resultsAreBounded() throws {
    let server = try WireServer.common.get()
    var limits = QueryLimits()
    limits.rows = 10
    let long = "SELECT id FROM range(0, 11) AS r"
    #expect(
      kind { try server.client(limits: limits).select(long, columns: ["id"]) { _ in } }
        == .tooLarge)
    limits.rows = 11
    #expect(try server.client(limits: limits).select(long, columns: ["id"]) { _ in } == 11)
    limits.rowBytes = 99
    let wide = "SELECT repeat('x', 100) AS x"
    #expect(
      kind { try server.client(limits: limits).select(wide, columns: ["x"]) { _ in } }
        == .tooLarge)
    limits.columns = 1
    #expect(
      kind {
        try server.client(limits: limits).select("SELECT 1 AS a, 2 AS b", columns: []) { _ in }
      }
        == .tooLarge)
    #expect(
      kind { try server.client().select("SELECT 1 AS a", columns: ["b"]) { _ in } } == .unexpected)
  }

  @Test func rowsBecomeCSVInTheDeclaredOrder() throws {
    let server = try WireServer.common.get()
    let folder = try TemporaryFolder()
    let query = """
      SELECT 1 AS b, CAST(NULL AS string) AS c, '' AS d, 'a "b", c' AS a, 'two
      lines' AS e
      """
    try server.client().select(query, columns: ["a", "b", "c", "d", "e"], into: folder("rows.csv"))
    #expect(
      try String(contentsOfFile: folder("rows.csv"), encoding: .utf8)
        == "a,b,c,d,e\n\"a \"\"b\"\", c\",1,,\"\",\"two\nlines\"\n")
  }

  @Test func aMissingLibraryNamesThePackage() {
    guard case .failure(let failure) = QueryLibrary.open(["/nonexistent/libpq.so.5"]) else {
      Issue.record("there is such a library")
      return
    }
    #expect(failure.kind == .library && failure.message.contains("apt-get install libpq5"))
  }
}

/// The limits of a server, each test after the other.
@Suite(.serialized, .enabled(if: WireServer.isInstalled, "\(StandIns.absence)"))
struct WireLimitTests {
  private let server: WireServer

  init() throws {
    server = try WireServer.limited.get()
    try server.folder.write("{}", to: "limits.json")
  }

  private func kind(_ call: () throws -> Void) -> QueryFailure.Kind? {
    do {
      try call()
      return nil
    } catch {
      return (error as? QueryFailure)?.kind
    }
  }

  /// Sessions that the server refused so far.
  private func refused() throws -> Int {
    try server.messages().filter { $0 == "refused session limit" }.count
  }

  @Test("trap 0.4: exactly 50,000 rows are believed only when a count says so")
  func aCutResultIsAnError() throws {
    try server.publishNumbers("exact", count: 50_000)
    try server.publishNumbers("more", count: 50_001)
    try server.folder.write(#"{"lift": false}"#, to: "limits.json")
    let client = server.client()
    #expect(try client.select("SELECT n FROM exact", columns: ["n"]) { _ in } == 50_000)
    let text = failure { try client.select("SELECT n FROM more", columns: ["n"]) { _ in } }
    #expect(text?.contains("sent 50000 of 50001 rows") == true)
    #expect(kind { try client.select("SELECT n FROM more", columns: ["n"]) { _ in } } == .cut)
  }

  @Test func aFreeSessionIsWaitedFor() throws {
    let before = try refused()
    let folder = server.folder
    try folder.write(#"{"sessions": 0}"#, to: "limits.json")
    // 10 s in slices of 0.1 s: the limit falls during the second pause.
    let clock = MovedClock(atSleep: { sleeps in
      if sleeps == 150 { _ = try? folder.write(#"{"sessions": 1}"#, to: "limits.json") }
    })
    #expect(
      try server.client(timing: clock.timing).rows(of: "SELECT 1 AS one", columns: ["one"]) == [
        ["1"]
      ])
    #expect(try refused() - before == 2)
    // Patience ends: 600 s are 60 pauses.
    try folder.write(#"{"sessions": 0}"#, to: "limits.json")
    let client = server.client(timing: MovedClock().timing)
    #expect(
      kind { _ = try client.rows(of: "SELECT 1 AS one", columns: ["one"]) } == .sessionLimit)
    #expect((62...63).contains(try refused() - before))
  }
}

@Suite struct GateTests {
  /// Twelve threads want a place, and those inside stay until four are there.
  @Test func fourSessionsAtMost() throws {
    let gate = QueryGate(places: QueryLimits().sessions)
    let inside = Mutex((now: 0, most: 0))
    let done = Counter()
    for _ in 0..<12 {
      Thread.detachNewThread {
        try? gate.withPlace(.system, { false }) {
          inside.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
          }
          try waitUntil("four are inside") { inside.withLock { $0.most >= 4 } }
          inside.withLock { $0.now -= 1 }
        }
        _ = done.next()
      }
    }
    try waitUntil("all have been inside") { done.value == 12 }
    #expect(inside.withLock { $0.most } == 4)
  }

  @Test func whoStopsWaitsForNoPlace() throws {
    let gate = QueryGate(places: 1)
    let text = try gate.withPlace(.system, { false }) {
      failure { try gate.withPlace(.system, { true }) {} }
    }
    #expect(text == "cancelled")
  }
}
