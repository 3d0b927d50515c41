// Pushes to Debian's registry over TLS: what is sent, what a broken one leaves, and who may push.
import AtelierTesting
import Content
import Foundation
import HTTP
import ImageRegistry
import OCI
import Signing
import Synchronization
import Testing

@Suite(.enabled(if: RegistryServer.isInstalled, "\(RegistryServer.absence)"))
struct PushTests {
  /// A layout with a small and a large layer.
  private func layout(
    _ folder: TemporaryFolder, small: String = "small", large: Int = 3 << 20
  ) throws -> ImageLayout {
    let layout = ImageLayout(folder: folder("image"))
    var first = LayerTree()
    try first.addFile("a", Array(small.utf8))
    var second = LayerTree()
    try second.addFile("b", Self.noise(large))
    _ = try layout.write(
      [("first", first), ("second", second)],
      ImageConfiguration(
        architecture: "amd64", entrypoint: ["/a"], environment: [], workingFolder: "/"),
      compression: .none)
    return layout
  }

  /// Bytes of which no two blocks are equal.
  private static func noise(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(state: 7)
    var block = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }
    var bytes: [UInt8] = []
    while bytes.count < count {
      block[bytes.count >> 12 & 4095] &+= 1
      bytes += block
    }
    return Array(bytes.prefix(count))
  }

  /// The servers for all tests, which push to repositories of their own.
  private static let servers = (
    basic: Result { try RegistryServer(.basic) }, token: Result { try RegistryServer(.token) }
  )

  private func server(_ access: RegistryServer.Access) throws -> RegistryServer {
    try access == .basic ? Self.servers.basic.get() : Self.servers.token.get()
  }

  /// The repository of this test.
  private let repository = "team/t" + UUID().uuidString.lowercased()

  private func push(
    _ server: RegistryServer, tag: String = "1", port: UInt16? = nil,
    password: String = RegistryServer.password, transport: (any HTTPTransport)? = nil
  ) throws -> ImagePush {
    let host = port.map { "127.0.0.1:\($0)" } ?? server.host
    var push = ImagePush(
      try ImageReference("\(host)/\(repository):\(tag)"),
      credentials: RegistryCredentials(
        user: RegistryServer.user, password: HiddenText(password), source: "the test"),
      transport: transport ?? server.transport)
    push.retries.base = 0.01
    return push
  }

  /// The manifest that a tag names, as curl gets it.
  private func manifest(_ server: RegistryServer, _ tag: String) throws -> [UInt8]? {
    let sink = MemorySink(limit: 1 << 20)
    let value = Data("\(RegistryServer.user):\(RegistryServer.password)".utf8)
      .base64EncodedString()
    let base = try #require(ServiceURL("https://\(server.host)"))
    let answer = try server.transport.perform(
      HTTPRequest(
        "GET", base, path: "/v2/\(repository)/manifests/\(tag)",
        fields: [
          HTTPField("Authorization", "Basic \(value)"),
          HTTPField("Accept", MediaType.manifest),
        ]), sink: sink, isCancelled: { false })
    return answer.head.status == 404 ? nil : sink.bytes
  }

  @Test(arguments: [RegistryServer.Access.basic, .token])
  func aSecondPushSendsNothing(access: RegistryServer.Access) throws {
    let server = try server(access)
    let folder = try TemporaryFolder()
    let layout = try layout(folder)
    let image = try layout.read()
    let first = try push(server).run(layout) { _ in }
    #expect(first.digest == image.manifest.blob.digest && !first.isUnchanged)
    #expect(first.sent == 3 && first.present == 0)
    #expect(first.sentBytes == image.blobs.reduce(0) { $0 + $1.blob.size })
    let uploads = try server.requests("POST /v2/\(repository)/")
    #expect(uploads == 3)
    if access == .basic { #expect(try manifest(server, "1") == image.text) }

    let second = try push(server).run(layout) { _ in }
    #expect(second.isUnchanged && second.sent == 0)
    // Another tag needs the manifest alone.
    let other = try push(server, tag: "2").run(layout) { _ in }
    #expect(!other.isUnchanged && other.sent == 0 && other.present == 3)
    #expect(try server.requests("POST /v2/\(repository)/") == uploads)

    // A change in one layer sends that layer and the configuration.
    let changed = try push(server, tag: "1").run(self.layout(folder, small: "other")) { _ in }
    #expect(changed.sent == 2 && changed.present == 1)
  }

  @Test func aBrokenUploadLeavesNoTagAndTheNextPushCompletes() throws {
    let server = try server(.basic)
    let folder = try TemporaryFolder()
    let layout = try layout(folder)
    let relay = try server.relay(cuttingAfter: 1 << 20, times: 1_000)
    var broken = try push(server, port: relay)
    broken.retries = .never
    let error = #expect(throws: RegistryError.self) { _ = try broken.run(layout) { _ in } }
    #expect(error?.description.contains("sends only what is missing") == true)
    #expect(error?.isUsage == false)
    #expect(try manifest(server, "1") == nil)

    let next = try push(server).run(layout) { _ in }
    #expect(next.sent == 2 && next.present == 1, "the small layer was there")
    #expect(try manifest(server, "1") == layout.read().text)
  }

  @Test func aConnectionThatBreaksTwiceIsTriedAgain() throws {
    let server = try server(.basic)
    let folder = try TemporaryFolder()
    let layout = try layout(folder)
    let relay = try server.relay(cuttingAfter: 1 << 20, times: 2)
    let outcome = try push(server, port: relay).run(layout) { _ in }
    #expect(outcome.sent == 3)
    #expect(try manifest(server, "1") == layout.read().text)
  }

  @Test(arguments: [RegistryServer.Access.basic, .token])
  func aWrongPasswordIsToldAndNotShown(access: RegistryServer.Access) throws {
    let server = try server(access)
    let folder = try TemporaryFolder()
    let layout = try layout(folder, large: 8)
    var sent: [SizedDigest] = []
    let error = #expect(throws: RegistryError.self) {
      _ = try push(server, password: "wrong-and-secret").run(layout) { sent.append($0) }
    }
    let text = error?.description ?? ""
    #expect(text.contains(server.host) && text.contains("rejects the credentials of the test"))
    #expect(!text.contains("wrong-and-secret") && sent.isEmpty && error?.isUsage == true)
    #expect(try server.requests("POST /v2/\(repository)/") == 0)
  }

  @Test func withoutCredentialsTheVariablesAreNamed() throws {
    let server = try server(.basic)
    var anonymous = try push(server)
    anonymous.credentials = nil
    let folder = try TemporaryFolder()
    let layout = try layout(folder, large: 8)
    let error = #expect(throws: RegistryError.self) { _ = try anonymous.run(layout) { _ in } }
    #expect(error?.description.contains("ATELIER_REGISTRY_USER") == true)
  }

  @Test func aTokenThatTheRegistryDoesNotAcceptIsTold() throws {
    let server = try server(.token)
    let folder = try TemporaryFolder()
    let layout = try layout(folder, large: 8)
    let forged = AnsweringTransport(server.transport) { request, answer, body in
      if request.path.hasPrefix("/token") { body = Array(#"{"token": "forged"}"#.utf8) }
    }
    let error = #expect(throws: RegistryError.self) {
      _ = try push(server, transport: forged).run(layout) { _ in }
    }
    #expect(error?.description.contains("rejects the credentials") == true)
  }

  @Test(arguments: ["blobs", "manifests"])
  func anotherDigestInAnAnswerIsRefused(kind: String) throws {
    let server = try server(.basic)
    let folder = try TemporaryFolder()
    let layout = try layout(folder, large: 8)
    let wrong = try Digest.of("something else").description
    let start = "/v2/\(repository)/\(kind)"
    let lying = AnsweringTransport(server.transport) { request, answer, _ in
      guard request.method == "PUT", request.path.hasPrefix(start) else { return }
      answer.head.fields = [HTTPField("Docker-Content-Digest", wrong)]
    }
    let error = #expect(throws: RegistryError.self) {
      _ = try push(server, transport: lying).run(layout) { _ in }
    }
    #expect(error?.description.contains(wrong) == true && error?.isUsage == false)
  }

  @Test func aDamagedLayerIsNotSent() throws {
    let server = try server(.basic)
    let folder = try TemporaryFolder()
    let layout = try layout(folder, large: 8)
    let layer = try layout.read().layers[0].blob
    let path = layout.path(of: layer.digest)
    var bytes = try TestFiles.read(path)
    bytes[0] ^= 1
    try TestFiles.write(bytes, to: path)
    #expect(throws: ImageError.self) { _ = try push(server).run(layout) { _ in } }
    #expect(try server.requests("POST /v2/\(repository)/") == 0)
  }

  @Test func anUnknownAuthorityIsNotTrusted() throws {
    let server = try server(.basic)
    let folder = try TemporaryFolder()
    let layout = try layout(folder, large: 8)
    let error = #expect(throws: RegistryError.self) {
      _ = try push(server, transport: CurlTransport()).run(layout) { _ in }
    }
    #expect(error?.description.contains("AWS_CA_BUNDLE") == true)
  }

  @Test func plainHTTPStaysOnThisMachine() throws {
    var push = ImagePush(
      try ImageReference("registry.example.com/a:1"), credentials: nil,
      transport: CurlTransport())
    push.isPlain = true
    let error = #expect(throws: RegistryError.self) { _ = try push.base() }
    #expect(error?.description.contains("plain HTTP") == true)
  }
}

/// A transport whose answers are changed on their way; bodies are kept in memory.
private struct AnsweringTransport: HTTPTransport {
  let inner: CurlTransport
  let change: @Sendable (HTTPRequest, inout HTTPAnswer, inout [UInt8]) -> Void

  init(
    _ inner: CurlTransport,
    _ change: @escaping @Sendable (HTTPRequest, inout HTTPAnswer, inout [UInt8]) -> Void
  ) {
    self.inner = inner
    self.change = change
  }

  func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer {
    let memory = MemorySink(limit: 1 << 24)
    var answer = try inner.perform(request, sink: memory, isCancelled: isCancelled)
    var body = memory.bytes
    change(request, &answer, &body)
    guard answer.head.succeeded else { return answer }
    try sink.begin(answer.head)
    try body.withUnsafeBytes { try sink.take($0) }
    try sink.finish()
    return answer
  }
}
