// Debian's registry over TLS with an authority of its own, and what stands between it and a push.
import AtelierTesting
import Foundation
import HTTP
import Subprocess
import Synchronization

/// A registry in a folder of its own, which ends with the value.
final class RegistryServer: Sendable {
  static let program = TestTools.root + "/.tools/registry/usr/bin/docker-registry"
  static let isInstalled =
    FileManager.default.isExecutableFile(atPath: program)
    && TestTools.path(of: "openssl") != nil && TestTools.path(of: "python3") != nil
  static let absence = "no registry in .tools/registry; type: .setup/registry.sh"

  static let user = "pusher"
  static let password = "secret-of-the-registry"
  /// `htpasswd -nbB` of the two.
  private static let entry =
    "pusher:$2y$05$abcdefghijklmnopqrstuuIwTm9henchirBqUfvuoNrWExGiIP5SK"

  /// How the registry wants to know who pushes.
  enum Access { case basic, token }

  let folder: TemporaryFolder
  let port: UInt16
  private let processes = Mutex<[RunningProcess]>([])

  var certificate: String { folder("ca.pem") }
  var host: String { "127.0.0.1:\(port)" }

  init(_ access: Access) throws {
    folder = try TemporaryFolder()
    port = try LoopbackPort.free()
    try makeCertificates()
    let auth: String
    switch access {
    case .basic:
      try folder.write(Self.entry + "\n", to: "htpasswd")
      auth = "  htpasswd:\n    realm: tests\n    path: \(folder("htpasswd"))\n"
    case .token:
      let tokens = try LoopbackPort.free()
      try start(
        [
          "/usr/bin/python3", TestTools.root + "/Tests/OCITests/token_server.py", "\(tokens)",
          folder("server.pem"), folder("server.key"), Self.password,
        ], port: tokens)
      auth = """
          token:
            realm: https://127.0.0.1:\(tokens)/token
            service: registry
            issuer: tests
            rootcertbundle: \(folder("ca.pem"))

        """
    }
    try folder.write(
      """
      version: 0.1
      log:
        accesslog:
          disabled: false
      storage:
        filesystem:
          rootdirectory: \(folder("data"))
      http:
        addr: 127.0.0.1:\(port)
        tls:
          certificate: \(folder("server.pem"))
          key: \(folder("server.key"))
      auth:
      \(auth)
      """, to: "config.yml")
    try start([Self.program, "serve", folder("config.yml")], port: port, log: folder("log"))
  }

  deinit {
    processes.withLock { for process in $0 { process.kill() } }
  }

  /// A relay before the registry that cuts `times` connections after some bytes; its port.
  func relay(cuttingAfter bytes: Int, times: Int) throws -> UInt16 {
    let relay = try LoopbackPort.free()
    try start(
      [
        "/usr/bin/python3", TestTools.root + "/Tests/OCITests/cutting_relay.py", "\(relay)",
        "\(port)", "\(bytes)", "\(times)",
      ], port: relay)
    return relay
  }

  /// The requests so far whose line begins so, such as `PATCH /v2/`.
  func requests(_ start: String) throws -> Int {
    try TestFiles.text(folder("log")).split(separator: "\n").count {
      $0.contains("\"\(start)")
    }
  }

  /// The transport of a client that trusts the authority.
  var transport: CurlTransport {
    var settings = HTTPSettings()
    settings.certificates = certificate
    return CurlTransport(settings)
  }

  private func start(_ words: [String], port: UInt16, log: String = "/dev/null") throws {
    let command = Command(
      executable: "/bin/sh",
      arguments: ["-c", "log=$1; shift; exec \"$@\" > \"$log\" 2>&1", "sh", log] + words,
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"], deathSignal: 0)
    let process = try command.start()
    processes.withLock { $0.append(process) }
    for _ in 0..<600 {
      if LoopbackPort.answers(port) { return }
      usleep(50_000)
    }
    throw NoAnswer(program: words[0])
  }

  struct NoAnswer: Error { let program: String }

  /// An authority, and a certificate of it for 127.0.0.1.
  private func makeCertificates() throws {
    try folder.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n", to: "names")
    func openssl(_ words: String...) throws {
      let captured = try capture(
        Command(
          executable: TestTools.path(of: "openssl") ?? "openssl", arguments: words,
          environment: ["PATH": "/usr/bin:/bin"], directory: folder.path), timeout: 60)
      guard captured.exit.succeeded else { throw NoAnswer(program: captured.errorText) }
    }
    try openssl(
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
      "-subj", "/CN=authority of the tests", "-days", "2")
    try openssl(
      "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr",
      "-subj", "/CN=127.0.0.1")
    try openssl(
      "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
      "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names")
  }
}
