// The servers that stand in for AWS, started once for a run of the tests, on free loopback ports.
import AtelierTesting
import Foundation
import Subprocess
import Synchronization

/// A server that ends with the test process.
struct LocalServer: Sendable {
  let port: UInt16
  var url: String { "http://127.0.0.1:\(port)" }
}

enum LocalServers {
  /// moto without a check of signatures, with the bucket `tests`.
  static let moto = Mutex<LocalServer?>(nil)
  /// rclone over a fresh folder with the bucket `tests`; it checks signatures.
  static let rclone = Mutex<LocalServer?>(nil)

  /// The server of `strict_bucket.py`, which refuses what the first part of a path says.
  static let strict = Mutex<LocalServer?>(nil)

  static func strictServer() throws -> LocalServer {
    try once(strict) { port in
      Command(
        executable: StandIns.python,
        arguments: [TestTools.root + "/Tests/Harness/strict_bucket.py", "\(port)"],
        environment: environment)
    }
  }

  static func motoServer() throws -> LocalServer {
    try once(moto) { port in
      Command(
        executable: StandIns.venv + "/bin/moto_server",
        arguments: ["-H", "127.0.0.1", "-p", "\(port)"],
        environment: environment)
    }
  }

  static func rcloneServer() throws -> LocalServer {
    let folder = try Self.folder.get()
    try FileManager.default.createDirectory(
      atPath: folder("tests"), withIntermediateDirectories: true)
    return try once(rclone) { port in
      Command(
        executable: StandIns.venv + "/bin/rclone",
        arguments: [
          "serve", "s3", "--auth-key", "\(TestKeys.id),\(TestKeys.secret)", "--addr",
          "127.0.0.1:\(port)", "--config", "/dev/null", folder.path,
        ],
        environment: environment)
    }
  }

  /// A proxy in front of a server; with a certificate and its key it speaks TLS.
  static func proxy(
    before server: LocalServer, certificate: String? = nil, key: String? = nil
  ) throws -> FaultyProxy {
    let script = TestTools.root + "/Tests/AWSTests/faulty_proxy.py"
    return FaultyProxy(
      server: try start { port in
        Command(
          executable: StandIns.python,
          arguments: [script, "\(port)", "\(server.port)"] + [certificate, key].compactMap { $0 },
          environment: environment)
      })
  }

  private static let folder = Result { try TemporaryFolder() }

  private static let environment = [
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "NO_PROXY": "127.0.0.1,localhost",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "false",
  ]

  private static func once(
    _ kept: borrowing Mutex<LocalServer?>, _ command: (UInt16) -> Command
  ) throws -> LocalServer {
    try kept.withLock { server in
      if let server { return server }
      let started = try start(command)
      server = started
      return started
    }
  }

  private static func start(_ command: (UInt16) -> Command) throws -> LocalServer {
    let port = try LoopbackPort.free()
    let command = command(port)
    // A thread that never ends: the server dies with the thread that started it.
    Thread.detachNewThread {
      let process = try? command.start()
      withExtendedLifetime(process) { while true { sleep(1000) } }
    }
    for _ in 0..<1200 {
      if LoopbackPort.answers(port) { return LocalServer(port: port) }
      usleep(50_000)
    }
    throw ServerError(text: "\(command.executable) does not answer on port \(port)")
  }

  struct ServerError: Error { let text: String }
}

/// The key that the stand-ins know.
enum TestKeys {
  static let id = "AKIDTESTTESTTESTTEST"
  static let secret = "secretsecretsecretsecretsecretsecret1234"
}
