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
  /// Where the stand-ins are installed: MOCK_VENV, else .tools/mock.
  static let venv: String =
    ProcessInfo.processInfo.environment["MOCK_VENV"] ?? TestTools.root + "/.tools/mock"

  /// Why tests against servers are skipped.
  static let absence = "no stand-ins in \(venv); type: .setup/mock.sh"

  static let isInstalled = FileManager.default.isExecutableFile(atPath: venv + "/bin/moto_server")

  /// moto without a check of signatures, with the bucket `tests`.
  static let moto = Mutex<LocalServer?>(nil)
  /// rclone over a fresh folder with the bucket `tests`; it checks signatures.
  static let rclone = Mutex<LocalServer?>(nil)

  static func motoServer() throws -> LocalServer {
    try once(moto) { port in
      Command(
        executable: venv + "/bin/moto_server", arguments: ["-H", "127.0.0.1", "-p", "\(port)"],
        environment: environment)
    }
  }

  static func rcloneServer() throws -> LocalServer {
    let folder = try Self.folder.get()
    try FileManager.default.createDirectory(
      atPath: folder("tests"), withIntermediateDirectories: true)
    return try once(rclone) { port in
      Command(
        executable: venv + "/bin/rclone",
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
          executable: venv + "/bin/python",
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
    let port = try freePort()
    let command = command(port)
    // A thread that never ends: the server dies with the thread that started it.
    Thread.detachNewThread {
      let process = try? command.start()
      withExtendedLifetime(process) { while true { sleep(1000) } }
    }
    for _ in 0..<1200 {
      if answers(port) { return LocalServer(port: port) }
      usleep(50_000)
    }
    throw ServerError(text: "\(command.executable) does not answer on port \(port)")
  }

  struct ServerError: Error { let text: String }

  private static func withSocket<Answer>(
    port: UInt16, _ body: (Int32, UnsafeMutablePointer<sockaddr>, socklen_t) -> Answer
  ) -> Answer {
    #if os(Linux)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  static func freePort() throws -> UInt16 {
    let port: UInt16? = withSocket(port: 0) { descriptor, address, size in
      var size = size
      guard bind(descriptor, address, size) == 0, getsockname(descriptor, address, &size) == 0
      else { return nil }
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        UInt16(bigEndian: $0.pointee.sin_port)
      }
    }
    guard let port else { throw ServerError(text: "no free port") }
    return port
  }

  private static func answers(_ port: UInt16) -> Bool {
    withSocket(port: port) { connect($0, $1, $2) == 0 }
  }
}

/// The key that the stand-ins know.
enum TestKeys {
  static let id = "AKIDTESTTESTTESTTEST"
  static let secret = "secretsecretsecretsecretsecretsecret1234"
}
