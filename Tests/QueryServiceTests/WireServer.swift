// The wire sandbox of Tests/Platform as a server of a test's own, and files of events. It asks nothing.
import AtelierTesting
import Foundation
import HTTP
import QueryService
import Configuration
import Subprocess
import Synchronization

/// A server that ends with the test process.
final class WireServer: Sendable {
  static let token = "eyJhbGciOi.the-token.of-a-test"
  static let user = "1234@AdobeOrg"
  static let isInstalled = (try? run(["-c", "import duckdb, sqlglot"])) != nil

  /// One for all tests that leave its limits alone; they name their tables themselves.
  static let common = Result { try WireServer() }

  /// One for tests that change its limits, one after the other.
  static let limited = Result { try WireServer() }

  let folder: TemporaryFolder
  let port: UInt16

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    try Self.makeCertificate(folder, "ca.pem", "key.pem")
    try Self.makeCertificate(folder, "other.pem", "other-key.pem")
    try folder.write(
      """
      {"certificate": "\(folder("ca.pem"))", "key": "\(folder("key.pem"))",
       "token": "\(Self.token)", "user": "\(Self.user)"}
      """, to: "wire.json")
    try folder.write("{}", to: "tables.json")
    let command = Command(
      executable: StandIns.python,
      arguments: [TestTools.root + "/Tests/Platform/wire.py", folder.path])
    // A thread that never ends: the server dies with the thread that started it.
    Thread.detachNewThread {
      let process = try? command.start()
      withExtendedLifetime(process) { while true { sleep(1000) } }
    }
    try waitUntil("the wire sandbox writes its port") {
      FileManager.default.fileExists(atPath: folder("port"))
    }
    port = UInt16(try String(contentsOfFile: folder("port"), encoding: .utf8)) ?? 0
  }

  static func makeCertificate(_ folder: TemporaryFolder, _ name: String, _ key: String) throws {
    let command = Command(
      executable: TestTools.path(of: "openssl") ?? "/usr/bin/openssl",
      arguments: [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
        "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
        folder(key), "-out", folder(name),
      ])
    let made = try capture(command, timeout: 60)
    guard made.exit.succeeded else { throw BrokenProperty(made.errorText) }
  }

  /// What a Python program prints.
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let captured = try capture(
      Command(executable: StandIns.python, arguments: arguments), timeout: 120)
    guard captured.exit.succeeded else { throw BrokenProperty(captured.errorText) }
    return captured.text
  }

  /// Where it listens, for the right organization.
  func endpoint(tls: QueryTLS = .verifyFull, certificates: String? = nil) -> QueryEndpoint {
    QueryEndpoint(
      host: "127.0.0.1", port: port, database: "prod:all", user: Self.user, tls: tls,
      certificates: certificates ?? folder("ca.pem"))
  }

  func client(
    limits: QueryLimits = QueryLimits(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> QueryClient {
    let endpoint = endpoint()
    return QueryClient(
      endpoint: { endpoint }, token: { Secret(Self.token) }, limits: limits, timing: timing,
      isCancelled: isCancelled)
  }

  func session(
    limits: QueryLimits = QueryLimits(), timing: Timing = .system,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> QuerySession {
    try QuerySession(
      endpoint(), password: Secret(Self.token), limits: limits, timing: timing,
      isCancelled: isCancelled)
  }

  /// `kind text` of each message so far.
  func messages() throws -> [String] {
    guard let text = try? String(contentsOfFile: folder("messages"), encoding: .utf8) else {
      return []
    }
    return try text.split(separator: "\n").compactMap {
      (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String])?.joined(separator: " ")
    }
  }

  private let tables = Mutex<[String: [Batch]]>([:])

  /// A batch of a table.
  struct Batch: Codable, Sendable {
    var id: String
    var files: [String]
    var records: Int
    var stored: String?
  }

  /// Makes a table of batches, or replaces it.
  func publish(_ table: String, _ batches: [Batch]) throws {
    try tables.withLock { tables in
      tables[table] = batches
      try JSONEncoder().encode(tables).write(
        to: URL(fileURLWithPath: folder("tables.json")), options: .atomic)
    }
  }

  /// Makes a table of one batch of so many rows with a column `n`.
  func publishNumbers(_ table: String, count: Int) throws {
    let file = folder("\(table).parquet")
    try Self.run([
      "-c",
      "import duckdb, sys; duckdb.sql(f\"COPY (SELECT i AS n FROM range({sys.argv[1]}) t(i)) "
        + "TO '{sys.argv[2]}' (FORMAT parquet)\")", "\(count)", file,
    ])
    try publish(table, [Batch(id: "numbers", files: [file], records: count)])
  }
}

/// Random events in batches.
struct EventBatches {
  let folder: TemporaryFolder
  let files: [String]

  init(seed: Int, users: Int, batches: Int) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    try WireServer.run([
      TestTools.root + "/Tests/Platform/random_events.py", "\(seed)", "\(users)", "\(batches)",
      folder.path,
    ])
    files = (0..<batches).map { folder("batch-\($0).parquet") }
  }

  /// The batches under ids `B0`, `B1` ....
  var published: [WireServer.Batch] {
    files.enumerated().map { WireServer.Batch(id: "B\($0)", files: [$1], records: 0) }
  }
}

/// A clock that tests move: it goes on by so much whenever somebody reads it or sleeps.
final class MovedClock: Sendable {
  private let state = Mutex((now: 0.0, sleeps: 0))
  private let step: Double
  private let atSleep: @Sendable (Int) -> Void

  init(step: Double = 0, atSleep: @escaping @Sendable (Int) -> Void = { _ in }) {
    self.step = step
    self.atSleep = atSleep
  }

  var sleeps: Int { state.withLock { $0.sleeps } }

  var timing: Timing {
    Timing(
      now: { UnixTime(seconds: 1_800_000_000) },
      elapsed: { [self] in
        state.withLock {
          $0.now += step
          return $0.now
        }
      },
      sleep: { [self] seconds in
        atSleep(
          state.withLock {
            $0.now += seconds
            $0.sleeps += 1
            return $0.sleeps
          })
      },
      random: { 0.5 })
  }
}

/// A number that threads count up.
final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
