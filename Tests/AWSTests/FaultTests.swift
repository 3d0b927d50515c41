// A network that misbehaves: every call succeeds or fails cleanly in bounded time, and a flipped
// byte is never taken for good.
import AtelierTesting
import Content
import Foundation
import Subprocess
import Synchronization
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite(
  .serialized, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct FaultTests {
  private let proxy: FaultyProxy
  private let folder: TemporaryFolder

  init() throws {
    proxy = try LocalServers.proxy(before: try LocalServers.rcloneServer())
    folder = try TemporaryFolder()
  }

  private func client(of proxy: FaultyProxy? = nil) throws -> S3Client {
    var options = S3Options()
    options.partSize = 5 << 20
    options.multipartThreshold = 5 << 20
    options.rangeCheck = 1 << 20
    options.rangeSeconds = 0
    options.parallelism = 3
    var http = HTTPSettings()
    http.stallSeconds = 1
    var retries = RetryPolicy()
    retries.base = 0.02
    return try AWSTests.client(
      (proxy ?? self.proxy).server.url, options: options, http: http, retries: retries)
  }

  private static let transient: [JSONValue] = [
    ["kind": "status", "status": 500], ["kind": "status", "status": 502],
    ["kind": "status", "status": 503, "code": "SlowDown", "retry_after": "1"],
    ["kind": "reset"], ["kind": "lost"], ["kind": "stall", "seconds": 3],
  ]

  @Test(arguments: transient) func smallObjectsSurvive(_ fault: JSONValue) throws {
    let client = try client()
    let bytes = noise(300_000)
    try proxy.spoil([fault])
    try client.put(bytes, key: "fault")
    #expect(try proxy.report().requests.count == 2)
    try proxy.spoil([fault])
    #expect(try client.get("fault").bytes == bytes)
    #expect(try proxy.report().left == 0)
    try proxy.spoil([fault])
    #expect(try client.head("fault").size == 300_000)
    try proxy.spoil([fault])
    var listing = client.list(prefix: "fault")
    #expect(try listing.all().count == 1)
  }

  @Test func partsSurvive() throws {
    let client = try client()
    let bytes = noise(17 << 20)
    try TestFiles.write(bytes, to: folder("up"))
    try proxy.spoil([
      ["kind": "status", "status": 500, "method": "POST", "path": "uploads"],
      ["kind": "reset", "method": "PUT", "path": "partNumber=1"],
      ["kind": "lost", "method": "PUT", "path": "partNumber=2"],
      ["kind": "stall", "seconds": 3, "method": "PUT", "path": "partNumber=3"],
      ["kind": "status", "status": 503, "method": "POST", "path": "uploadId"],
    ])
    let digest = try Digest.of(bytes)
    try client.put(file: folder("up"), key: "parts", digest: digest)
    #expect(try proxy.report().left == 0)
    try proxy.spoil([
      ["kind": "truncate", "after": 1000, "method": "GET"],
      ["kind": "reset", "method": "GET"],
      ["kind": "truncate", "after": 5_000_000, "method": "GET"],
      ["kind": "status", "status": 500, "method": "GET"],
    ])
    let down = try client.get("parts", file: folder("down"), expecting: digest)
    #expect(down.object.size == 17 << 20)
    #expect(try Digest.of(file: folder("down")).digest == digest)
    #expect(try proxy.report().left == 0)
  }

  @Test func aLostAnswerToTheLastRequestIsNoFailure() throws {
    let moto = try LocalServers.motoServer()
    try makeBucket(try AWSTests.client(moto.url))
    let proxy = try LocalServers.proxy(before: moto)
    let client = try client(of: proxy)
    try TestFiles.write(noise(6 << 20), to: folder("up"))
    try proxy.spoil([["kind": "lost", "method": "POST", "path": "uploadId"]])
    let etag = try client.put(file: folder("up"), key: "lost answer")
    #expect(try client.head("lost answer").etag == etag)
    #expect(try proxy.report().left == 0)
  }

  @Test func truncatedBodiesAreFetchedAgain() throws {
    let client = try client()
    try client.put(noise(100_000), key: "cut")
    try proxy.spoil([["kind": "truncate", "after": 99_999], ["kind": "truncate", "after": 0]])
    #expect(try client.get("cut").bytes == noise(100_000))
    #expect(try proxy.report().requests.count == 3)
    try proxy.spoil([["kind": "truncate", "after": 10, "times": 100]])
    let error = s3Error { _ = try client.get("cut", file: folder("cut")) }
    #expect(error?.kind == .transport(.truncated))
    #expect(error?.meansUnreachable == true)
    #expect(TestFiles.list(folder.path) == [])
    try proxy.spoil([])
  }

  /// Spoils a byte of the first stream, or of one of the parts that follow it.
  private static let flips: [(size: Int, faults: [JSONValue])] = [
    (100_000, [["kind": "flip", "at": 0]]), (100_000, [["kind": "flip", "at": 99_999]]),
    (17 << 20, [["kind": "flip", "at": 500_000]]),
    (17 << 20, [["kind": "none"], ["kind": "flip", "at": 0]]),
    (17 << 20, [["kind": "none"], ["kind": "none"], ["kind": "flip", "at": 1_000_000]]),
  ]

  @Test(arguments: flips.indices) func aFlippedByteIsCaught(_ index: Int) throws {
    let (size, faults) = Self.flips[index]
    let client = try client()
    let bytes = noise(size)
    try TestFiles.write(bytes, to: folder("up"))
    let digest = try Digest.of(bytes)
    try client.put(file: folder("up"), key: "flip", digest: digest)
    try proxy.spoil(faults)
    let error = s3Error { _ = try client.get("flip", file: folder("down"), expecting: digest) }
    guard case .damaged(expected: digest, _) = error?.kind else {
      Issue.record("not caught: \(String(describing: error))")
      return
    }
    #expect(TestFiles.list(folder.path) == ["up"])
    #expect(try proxy.report().left == 0)
    #expect(try client.get("flip", file: folder("down"), expecting: digest).digest == digest)
  }

  @Test func anOutageEndsInBoundedTime() throws {
    let client = try client()
    try proxy.spoil([["kind": "reset", "times": 1000]])
    let error = s3Error { try client.put([1], key: "k") }
    #expect(error?.kind == .transport(.reset))
    #expect(try proxy.report().requests.count < 20)
    try proxy.spoil([["kind": "status", "status": 503, "code": "SlowDown", "times": 1000]])
    #expect(s3Error { try client.put([1], key: "k") }?.meansUnreachable == true)
    try proxy.spoil([])
    let nobody = try AWSTests.client(
      "http://127.0.0.1:\(try LoopbackPort.free())", retries: .never)
    let refused = try #require(s3Error { try nobody.put([1], key: "k") })
    #expect(refused.kind == .transport(.connect))
    #expect("\(refused)".contains("check that the endpoint is up"))
  }

  @Test func aFailedUploadIsGivenUp() throws {
    let client = try client()
    try TestFiles.write(noise(11 << 20), to: folder("up"))
    try proxy.spoil([
      ["kind": "status", "status": 403, "code": "AccessDenied", "path": "partNumber=2"]
    ])
    let error = s3Error { try client.put(file: folder("up"), key: "given up") }
    #expect(error?.kind == .accessDenied)
    #expect(try proxy.report().requests.contains { $0.hasPrefix("DELETE /tests/given") })
    #expect(try client.pendingUploads(prefix: "given up").isEmpty)
  }

  @Test func cancellationEndsATransferSoonAndGivesItUp() throws {
    let client = try client()
    try TestFiles.write(noise(11 << 20), to: folder("up"))
    try proxy.spoil([["kind": "stall", "seconds": 300, "path": "partNumber", "times": 10]])
    let start = Date()
    let cancelled = client.cancelled { Date().timeIntervalSince(start) > 0.5 }
    #expect(s3Error { try cancelled.put(file: folder("up"), key: "cancelled") }?.kind == .cancelled)
    #expect(Date().timeIntervalSince(start) < 100)
    #expect(try proxy.report().requests.contains { $0.hasPrefix("DELETE /tests/cancelled") })
    try proxy.spoil([])
    #expect(try client.pendingUploads(prefix: "cancelled").isEmpty)
  }

  // A part that fails for good ends the others at once; what is told is why, not that they ended.
  @Test func theFirstFailureIsTheOneThatIsTold() throws {
    let client = try client()
    try client.put(noise(17 << 20), key: "first failure")
    try proxy.spoil([
      ["kind": "none"],
      // The one that fails comes after one that is under way.
      ["kind": "stall", "seconds": 3],
      ["kind": "status", "status": 403, "code": "AccessDenied"],
      ["kind": "stall", "seconds": 3, "times": 10],
    ])
    let error = s3Error { _ = try client.get("first failure", file: folder("down")) }
    #expect(error?.kind == .accessDenied)
    #expect(TestFiles.list(folder.path) == [])
    #expect(try proxy.report().requests.count > 2)
    try proxy.spoil([])
  }

  @Test func partsAreOfOneVersion() throws {
    let moto = try LocalServers.motoServer()
    let direct = try AWSTests.client(moto.url)
    try makeBucket(direct)
    try direct.put(noise(12 << 20), key: "version")
    let client = try client(of: try LocalServers.proxy(before: moto))
    // The look at the clock comes after the first bytes: then another object is put there.
    let written = Mutex(false)
    var racing = client
    racing.service.timing.elapsed = {
      let first = written.withLock { done in
        defer { done = true }
        return !done
      }
      if !first { _ = try? direct.put(noise(13 << 20), key: "version") }
      return Timing.system.elapsed()
    }
    let error = s3Error { _ = try racing.get("version", file: folder("down")) }
    #expect(error?.kind == .preconditionFailed)
    #expect(TestFiles.list(folder.path) == [])
  }

  @Test func aFileThatShrinksIsNamed() throws {
    let client = try client()
    let path = try folder.write("twelve bytes", to: "shrinks")
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    let request = client.request(
      "PUT", "shrinks",
      body: .file(descriptor: handle.fileDescriptor, offset: 0, count: 100))
    try proxy.spoil([])
    #expect(throws: TransportFailure.self) {
      _ = try client.service.send(request, payload: try Digest.of([])) { MemorySink(limit: 1) }
    }
  }

  @Test func anUnknownAuthorityIsRefusedUnlessItIsGiven() throws {
    let openssl = try #require(TestTools.path(of: "openssl"))
    let made = try capture(
      Command(
        executable: openssl,
        arguments: [
          "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
          "-addext", "subjectAltName=DNS:localhost", "-keyout", folder("key.pem"), "-out",
          folder("authority.pem"),
        ]))
    try #require(made.exit.succeeded, "\(made.errorText)")
    let secure = try LocalServers.proxy(
      before: try LocalServers.rcloneServer(), certificate: folder("authority.pem"),
      key: folder("key.pem"))
    let url = "https://localhost:\(secure.server.port)"
    let error = try #require(s3Error { try AWSTests.client(url).put([1], key: "tls") })
    #expect(error.kind == .transport(.tls))
    #expect("\(error)".contains("AWS_CA_BUNDLE"))
    let trusting = try AWSTests.client(url, certificates: folder("authority.pem"))
    try trusting.put([1], key: "tls")
    #expect(try trusting.get("tls").bytes == [1])
  }

  #if os(Linux)
    @Test func libcurlIsOpenedByTheFirstRequest() throws {
      let said = try probe(["library", "first"], proxy.server.url)
      #expect(said == "before: false, after: true\n")
    }
  #endif

  @Test func connectionsAreKept() throws {
    let client = try client()
    try proxy.spoil([])
    for _ in 0..<200 { try client.put([1], key: "kept") }
    let report = try proxy.report()
    #expect(report.requests.count == 200)
    // One for each idle handle that tests beside this one left or took.
    #expect(report.connections < 50)
  }
}
