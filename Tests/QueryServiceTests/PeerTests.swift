// The client of the wire against PostgreSQL itself: what a look-alike gets wrong.
import AtelierTesting
import Configuration
import Foundation
import Subprocess
import Synchronization
import Testing

@testable import QueryService

#if canImport(Glibc)
  import Glibc
#endif

/// Debian's PostgreSQL over TLS, for all tests of this file; it ends with the test process.
private struct Peer: Sendable {
  static let programs = "/usr/lib/postgresql/15/bin"
  static let isInstalled =
    getuid() == 0
    && ["\(programs)/initdb", "\(programs)/postgres", "/usr/bin/setpriv"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  static let absence = "needs root, setpriv and Debian's package postgresql-15"
  static let shared = Result { try Peer() }

  let port: UInt16
  let folder: TemporaryFolder

  /// As nobody: PostgreSQL does not run as root.
  private static func command(_ program: String, _ arguments: [String]) -> Command {
    Command(
      executable: "/usr/bin/setpriv",
      arguments: [
        "--reuid=65534", "--regid=65534", "--clear-groups", "--", "\(programs)/\(program)",
      ] + arguments, environment: ["LC_ALL": "C", "PATH": "/usr/bin:/bin"])
  }

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    try WireServer.makeCertificate(folder, "ca.pem", "key.pem")
    try folder.write(WireServer.token, to: "password")
    for name in [".", "key.pem", "ca.pem", "password"] { chown(folder(name), 65534, 65534) }
    chmod(folder("key.pem"), 0o600)
    let data = folder("data")
    let made = try capture(
      Self.command(
        "initdb",
        [
          "-D", data, "-U", "org@AdobeOrg", "-A", "password", "--pwfile", folder("password"),
          "-E", "UTF8", "--no-sync", "--no-instructions",
        ]), timeout: 120)
    guard made.exit.succeeded else { throw BrokenProperty(made.errorText) }
    let port = try LoopbackPort.free()
    self.port = port
    let server = Self.command(
      "postgres",
      [
        "-D", data, "-p", "\(port)", "-k", "", "-h", "127.0.0.1", "-F", "-c", "ssl=on", "-c",
        "ssl_cert_file=\(folder("ca.pem"))", "-c", "ssl_key_file=\(folder("key.pem"))", "-c",
        "log_min_messages=panic",
      ])
    // A thread that never ends: the server dies with the thread that started it.
    Thread.detachNewThread {
      let process = try? server.start()
      withExtendedLifetime((process, folder)) { while true { sleep(1000) } }
    }
    let endpoint = endpoint
    try waitUntil("PostgreSQL answers") {
      (try? QuerySession(endpoint, password: Secret(WireServer.token))) != nil
    }
  }

  var endpoint: QueryEndpoint {
    QueryEndpoint(
      host: "127.0.0.1", port: port, database: "postgres", user: "org@AdobeOrg",
      certificates: folder("ca.pem"))
  }

  func session(_ limits: QueryLimits = QueryLimits(), _ clock: MovedClock? = nil) throws
    -> QuerySession
  {
    try QuerySession(
      endpoint, password: Secret(WireServer.token), limits: limits,
      timing: clock?.timing ?? .system)
  }
}

@Suite(.enabled(if: Peer.isInstalled && WireServer.isInstalled, "\(Peer.absence)"))
struct PeerTests {
  private let peer: Peer

  init() throws { peer = try Peer.shared.get() }

  private func fault(_ call: () throws -> Void) -> QueryFailure? {
    do {
      try call()
      return nil
    } catch { return error as? QueryFailure }
  }

  @Test func rowsComeOneAtATime() throws {
    var (sum, count) = (0, 0)
    let rows = try peer.session().run("SELECT g AS n FROM generate_series(1, 60000) g") {
      sum += Int($0[0] ?? "") ?? 0
      count += 1
    }
    #expect(rows == 60_000 && count == 60_000 && sum == 1_800_030_000)
  }

  @Test func nullsAndWideValuesArrive() throws {
    var values: [String?] = []
    try peer.session().run(
      "SELECT NULL::text AS a, '' AS b, repeat('ä', 500000) AS c, true AS d, "
        + "TIMESTAMP '2024-05-17 12:30:00.000001' AS e, 9223372036854775807 AS f"
    ) { values = $0 }
    #expect(values[0] == nil && values[1] == "" && values[2]?.utf8.count == 1_000_000)
    #expect(values[3...] == ["t", "2024-05-17 12:30:00.000001", "9223372036854775807"])
  }

  @Test func anErrorAfterSomeRowsIsAnError() throws {
    let session = try peer.session()
    var rows = 0
    let failure = fault {
      try session.run("SELECT 1 / (50000 - g) AS n FROM generate_series(1, 100000) g") { _ in
        rows += 1
      }
    }
    #expect(failure?.kind == .statement && failure?.state == "22012" && rows > 0)
    // The session goes on, and so it does after a statement that is none.
    #expect(fault { try session.run("SELEC 1") }?.state == "42601")
    #expect(try session.run("SET application_name = 'x'; SELECT 1 AS one") == 1)
  }

  @Test func aLongQueryIsCanceledAndTheSessionGoesOn() throws {
    var limits = QueryLimits()
    limits.slice = 20
    limits.connectSeconds = 1e6
    limits.cancelSeconds = 1e6
    let session = try peer.session(limits, MovedClock(step: 100))
    #expect(fault { try session.run("SELECT pg_sleep(600) AS s") }?.kind == .timeout)
    #expect(!session.isBroken)
    #expect(try session.run("SELECT 1 AS one") == 1)
  }

  @Test func whoStopsReadingStopsTheQuery() throws {
    let session = try peer.session()
    var rows = 0
    let text = failure {
      try session.run("SELECT g AS n FROM generate_series(1, 100000000) g") { _ in
        rows += 1
        if rows == 10 { throw BrokenProperty("enough") }
      }
    }
    #expect(text == "enough" && rows == 10)
    #expect(try session.run("SELECT 1 AS one") == 1)
  }

  @Test func aServerThatEndsTheSessionIsReported() throws {
    let session = try peer.session()
    let failure = fault {
      try session.run("SELECT pg_terminate_backend(pg_backend_pid()) AS gone")
    }
    #expect(failure?.state == "57P01" || failure?.kind == .connection)
    #expect(fault { try session.run("SELECT 1 AS one") }?.kind == .connection)
  }

  @Test func aWrongPasswordIsALogin() throws {
    let failure = fault { _ = try QuerySession(peer.endpoint, password: Secret("wrong-one")) }
    #expect(failure?.kind == .login && failure?.message.contains("wrong-one") == false)
  }

  @Test func variablesAndFilesOfLibpqChangeNothing() {
    // What a user's shell may have in PGHOSTADDR, PGSSLMODE, PGOPTIONS and others.
    let given = Set(
      peer.endpoint.parameters(password: "p", libraryVersion: 150_000).map(\.0))
    for name in [
      "host", "hostaddr", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "options",
      "target_session_attrs", "gssencmode", "client_encoding", "requirepeer",
    ] {
      #expect(given.contains(name), "\(name)")
    }
  }
}
