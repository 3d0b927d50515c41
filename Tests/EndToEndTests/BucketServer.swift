// moto as a bucket that machines share, and machines that share it. It knows no test.
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
struct BucketServer: Sendable {
  let program: RunningProgram
  let url: String
  /// The file that vouches for a server over TLS.
  private(set) var certificate: String?
  private let folder: TemporaryFolder

  /// Where the stand-ins are installed: MOCK_VENV, else .tools/mock.
  static let venv =
    ProcessInfo.processInfo.environment["MOCK_VENV"] ?? TestTools.root + "/.tools/mock"

  /// The Python that has them.
  static let python = venv + "/bin/python"

  static let isInstalled = FileManager.default.isExecutableFile(atPath: venv + "/bin/moto_server")

  /// Why tests against it are skipped.
  static let absence = "no stand-ins in \(venv); type: .setup/mock.sh"

  /// One for all tests that leave it alone.
  static let common = Result { try BucketServer() }

  /// What serves the bucket.
  ///
  /// `aws` is moto with what it lacks added, on which stacks can be deployed.
  enum Kind { case moto, rclone, aws }

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

  init(_ kind: Kind = .moto) throws {
    try self.init(secure: kind == .aws) { port, folder in
      switch kind {
      case .moto: ["moto", "-H", "127.0.0.1", "-p", "\(port)"]
      case .rclone:
        [
          "program", Self.venv + "/bin/rclone", "serve", "s3", "--auth-key", "AKIDTEST,secret",
          "--addr", "127.0.0.1:\(port)", "--config", "/dev/null", folder("."),
        ]
      case .aws:
        [
          "python", TestTools.root + "/Tests/Mock/aws_mock.py", "-H", "127.0.0.1", "-p", "\(port)",
          "-c", folder("authority.pem"), "-k", folder("key.pem"),
        ]
      }
    }
    // Where the fixture's deliveries go.
    if kind != .aws { _ = try makeBucket("bucket") }
  }

  /// A proxy in front of a server that spoils what it is told to.
  init(spoiling server: BucketServer) throws {
    guard let port = ServiceURL(server.url)?.port else { throw ProgramError("no port") }
    try self.init { own, _ in
      ["python", TestTools.root + "/Tests/AWSTests/faulty_proxy.py", "\(own)", "\(port)"]
    }
  }

  /// A server of our own, by the path of its script in the checkout.
  init(script: String) throws {
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
    guard made.status == 0 else { throw ProgramError("no certificate: \(made.errors)") }
  }

  private init(
    secure: Bool = false, _ words: (UInt16, TemporaryFolder) -> [String]
  ) throws {
    folder = try TemporaryFolder()
    let port = try LoopbackPort.free()
    url = "\(secure ? "https" : "http")://127.0.0.1:\(port)"
    if secure {
      try Self.makeCertificate(in: folder)
      certificate = folder("authority.pem")
    }
    program = try RunningProgram(
      Self.python, ["-c", Self.script] + words(port, folder),
      environment: ["AWS_MOCK_DELAY": "0.03"],
      captures: folder)
    let end = Date().addingTimeInterval(120)
    while !LoopbackPort.answers(port) {
      guard Date() < end else { throw ProgramError("no server answers on port \(port)") }
      usleep(50_000)
    }
  }

  /// How many faults a proxy has not used yet.
  func faultsLeft() throws -> Int { try told()["left"]?.array?.count ?? -1 }

  /// The requests that a proxy has seen since it was last told what to spoil, as `METHOD /path`.
  func requests() throws -> [String] { try told()["requests"]?.array?.compactMap(\.string) ?? [] }

  private func told() throws -> JSONValue {
    guard let base = ServiceURL(url) else { throw ProgramError("\(url) is no URL") }
    let sink = MemorySink(limit: 1 << 20)
    _ = try CurlTransport().perform(
      HTTPRequest("GET", base, path: "/__faults"), sink: sink, isCancelled: { false })
    return try JSONValue(parsing: sink.bytes)
  }

  /// Tells a proxy what to spoil, as `faulty_proxy.py` says.
  func spoil(_ faults: [JSONValue]) throws {
    guard let base = ServiceURL(url) else { throw ProgramError("\(url) is no URL") }
    _ = try CurlTransport().perform(
      HTTPRequest(
        "POST", base, path: "/__faults", body: .bytes(JSONValue.array(faults).canonicalBytes())),
      sink: MemorySink(limit: 1 << 20), isCancelled: { false })
  }

  /// A client of a bucket, and what a program needs to reach it.
  static let keys = ["AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "secret"]

  func client(_ bucket: String) throws -> S3Client {
    try S3Client(
      bucket: bucket, settings: AWSSettings(environment: Self.keys, endpoint: url))
  }

  /// Makes a bucket, of a fresh name unless one is given.
  func makeBucket(_ name: String = "test-" + UUID().uuidString.lowercased()) throws -> String {
    let client = try client(name)
    let request = HTTPRequest("PUT", client.location.endpoint, path: "/" + name)
    _ = try client.service.send(request, payload: Digest.of("")) { MemorySink(limit: 1 << 20) }
    return name
  }
}

/// A project on some machines that share a bucket.
struct SharedProject {
  let server: BucketServer
  let space: FixtureSpace
  let bucket: String
  let client: S3Client

  init(_ nodes: [JSONValue], server: BucketServer? = nil) throws {
    self.server = try server ?? BucketServer.common.get()
    bucket = try self.server.makeBucket()
    client = try self.server.client(bucket)
    space = try FixtureSpace(
      nodes,
      config: """
        [Atelier]
        store = s3
        [AWS]
        s3_bucket_name = \(bucket)
        s3_prefix = team/project
        """)
  }

  /// A chain of three steps.
  static let chain: [JSONValue] = [
    step("one.a", [], "echo a > $out"),
    step("one.b", ["one.a"], "cat $one_a > $out; echo b >> $out"),
    step("one.c", ["one.b"], "cat $one_b > $out; echo c >> $out"),
  ]

  /// A node of the graph that runs a script.
  static func step(_ name: String, _ inputs: [String], _ script: String) -> JSONValue {
    [
      "name": .string(name), "script": .string(script), "tools": ["cat", "sleep"],
      "inputs": .array(inputs.map { .string($0) }),
    ]
  }

  /// The folder of a machine's own store.
  func store(_ machine: String) -> String { space.folder("store-\(machine)") }

  /// Starts `run --json` on a machine.
  func start(
    _ machine: String, _ words: [String] = [], endpoint: String? = nil
  ) throws -> RunningProgram {
    try start(machine, verb: ["run", "--json"] + words, endpoint: endpoint)
  }

  func start(
    _ machine: String, verb: [String], endpoint: String? = nil, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try space.start(
      verb + ["--set", "Atelier.root=\(store(machine))"],
      environment: BucketServer.keys.merging(
        ["AWS_ENDPOINT_URL": endpoint ?? server.url, "NO_PROXY": "127.0.0.1"]) { $1 }
        .merging(environment) { $1 })
  }

  /// Runs on a machine to the end.
  func run(_ machine: String, _ words: String..., endpoint: String? = nil) throws -> EndedProgram {
    try start(machine, words, endpoint: endpoint).wait()
  }

  /// The keys of the bucket below a folder of the store.
  func keys(_ folder: String) throws -> [String] {
    var listing = client.list(prefix: "team/project/\(folder)")
    return try listing.all().map(\.key)
  }

  /// The key of a blob.
  func blobKey(_ digest: Digest) -> String {
    "team/project/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
  }

  /// The blobs that a machine has.
  func blobs(_ machine: String) -> Set<String> {
    Set(
      TestFiles.list(store(machine) + "/.atelier/cas").compactMap {
        $0.split(separator: "/").last.map(String.init)
      })
  }
}

extension EndedProgram {
  /// The steps whose results came from the bucket.
  var fromRemote: Set<String> {
    Set(
      events.filter { $0["event"] == "step" && $0["from"] == "remote" }
        .compactMap { $0["step"]?.string })
  }

  /// What a run said besides its steps.
  var notices: [String] {
    events.filter { $0["event"] == "notice" }.compactMap { $0["message"]?.string }
  }
}
