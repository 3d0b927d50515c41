// moto and other servers as a bucket that machines share. It knows no test.
import AWS
import AtelierTesting
import Content
import Foundation
import HTTP
import S3

#if canImport(Glibc)
  import Glibc
#endif

/// A server of this test process's own; it ends with it.
package struct BucketServer: Sendable {
  package let program: RunningProgram
  package let url: String
  /// The file that vouches for a server over TLS.
  package private(set) var certificate: String?
  private let folder: TemporaryFolder

  /// Where the stand-ins are installed.
  package static let venv = StandIns.venv

  /// The Python that has them.
  package static let python = StandIns.python

  package static let isInstalled = StandIns.isInstalled

  /// Why tests against it are skipped.
  package static let absence = StandIns.absence

  /// One for all tests that leave it alone.
  package static let common = Result { try BucketServer() }

  /// What serves the bucket.
  ///
  /// `aws` is moto with what it lacks added, on which stacks can be deployed; `workflows` is moto that
  /// runs state machines and pipelines, with endpoints and triggers; `accounts` is both of these, with
  /// projects and a catalogue.
  package enum Kind { case moto, rclone, aws, workflows, accounts }

  /// A server in a process that ends when its parent does.
  private static let script = """
    import os, runpy, subprocess, sys, threading, time
    parent, child = os.getppid(), None
    def watch():
        while os.getppid() == parent: time.sleep(0.5)
        if child: child.kill()
        os._exit(0)
    threading.Thread(target=watch, daemon=True).start()
    kind, sys.argv = sys.argv[1], sys.argv[2:]
    if kind == "moto":
        from moto.server import main
        main(sys.argv)
    elif kind == "python":
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        child = subprocess.Popen(sys.argv)
        sys.exit(child.wait())
    """

  package init(_ kind: Kind = .moto) throws {
    let isSecure = kind == .aws || kind == .accounts
    try self.init(secure: isSecure, delay: kind == .accounts ? "0" : "0.03") { port, folder in
      switch kind {
      case .moto: ["moto", "-H", "127.0.0.1", "-p", "\(port)"]
      case .workflows:
        [
          "python", TestTools.root + "/Tests/Mock/workflow_mock.py", "-H", "127.0.0.1", "-p",
          "\(port)",
        ]
      case .rclone:
        [
          "program", Self.venv + "/bin/rclone", "serve", "s3", "--auth-key", "AKIDTEST,secret",
          "--addr", "127.0.0.1:\(port)", "--config", "/dev/null", folder("."),
        ]
      case .aws, .accounts:
        [
          "python",
          TestTools.root + "/Tests/Mock/\(kind == .aws ? "aws" : "catalogue")_mock.py", "-H",
          "127.0.0.1", "-p", "\(port)",
          "-c", folder("authority.pem"), "-k", folder("key.pem"),
        ]
      }
    }
    // Where the fixture's deliveries go.
    if !isSecure { _ = try makeBucket("bucket") }
  }

  /// A proxy in front of a server that spoils what it is told to.
  package init(spoiling server: BucketServer) throws {
    guard let port = ServiceURL(server.url)?.port else { throw ProgramError("no port") }
    try self.init { own, _ in
      ["python", TestTools.root + "/Tests/AWSTests/faulty_proxy.py", "\(own)", "\(port)"]
    }
  }

  /// A server of our own, by the path of its script in the checkout.
  package init(script: String) throws {
    try self.init { port, _ in ["python", "\(TestTools.root)/\(script)", "\(port)"] }
  }

  /// Makes a key, and a certificate that vouches for 127.0.0.1 for two days.
  private static func makeCertificate(in folder: TemporaryFolder) throws {
    let made = try Space.start(
      TestTools.path(of: "openssl") ?? "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder("key.pem"), "-out",
        folder("authority.pem"),
      ], environment: [:], folder: folder.path)
    guard made.code == 0 else { throw ProgramError("no certificate: \(made.err)") }
  }

  private init(
    secure: Bool = false, delay: String = "0.03", _ words: (UInt16, TemporaryFolder) -> [String]
  ) throws {
    folder = try TemporaryFolder()
    let port = try LoopbackPort.free()
    url = "\(secure ? "https" : "http")://127.0.0.1:\(port)"
    if secure {
      try Self.makeCertificate(in: folder)
      certificate = folder("authority.pem")
    }
    // Other tests use it after the one that starts it.
    program = try StartedPrograms.$current.withValue(nil) { [folder] in
      try RunningProgram(
        Self.python, ["-c", Self.script] + words(port, folder),
        environment: ["AWS_MOCK_DELAY": delay], captures: folder)
    }
    let end = Date().addingTimeInterval(120)
    while !LoopbackPort.answers(port) {
      guard Date() < end else { throw ProgramError("no server answers on port \(port)") }
      usleep(50_000)
    }
  }

  /// How many faults a proxy has not used yet.
  package func faultsLeft() throws -> Int { try told()["left"]?.array?.count ?? -1 }

  /// The requests that a proxy has seen since it was last told what to spoil, as `METHOD /path`.
  package func requests() throws -> [String] {
    try told()["requests"]?.array?.compactMap(\.string) ?? []
  }

  private func told() throws -> JSONValue {
    guard let base = ServiceURL(url) else { throw ProgramError("\(url) is no URL") }
    let sink = MemorySink(limit: 1 << 20)
    _ = try CurlTransport().perform(
      HTTPRequest("GET", base, path: "/__faults"), sink: sink, isCancelled: { false })
    return try JSONValue(parsing: sink.bytes)
  }

  /// Tells a proxy what to spoil, as `faulty_proxy.py` says.
  package func spoil(_ faults: [JSONValue]) throws {
    guard let base = ServiceURL(url) else { throw ProgramError("\(url) is no URL") }
    _ = try CurlTransport().perform(
      HTTPRequest(
        "POST", base, path: "/__faults", body: .bytes(JSONValue.array(faults).canonicalBytes())),
      sink: MemorySink(limit: 1 << 20), isCancelled: { false })
  }

  /// A client of a bucket, and what a program needs to reach it.
  package static let keys = ["AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "secret"]

  package func client(_ bucket: String) throws -> S3Client {
    try S3Client(
      bucket: bucket, settings: AWSSettings(environment: Self.keys, endpoint: url))
  }

  /// Makes a bucket, of a fresh name unless one is given.
  package func makeBucket(_ name: String = "test-" + UUID().uuidString.lowercased()) throws
    -> String
  {
    let client = try client(name)
    let request = HTTPRequest("PUT", client.location.endpoint, path: "/" + name)
    _ = try client.service.send(request, payload: Digest.of("")) { MemorySink(limit: 1 << 20) }
    return name
  }
}
