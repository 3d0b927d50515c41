// What the tests share: clocks without waiting, a scripted transport, clients of the stand-ins.
import AWS
import AtelierTesting
import Content
import Foundation
import HTTP
import S3
import Signing
import Subprocess
import Synchronization
import Testing

/// A clock that moves only when told or slept on.
final class FakeClock: Sendable {
  private let state: Mutex<(now: Int64, slept: Double)>

  init(_ seconds: Int64 = 1_750_000_000) { state = Mutex((seconds, 0)) }

  var slept: Double { state.withLock { $0.slept } }
  func advance(_ seconds: Int64) { state.withLock { $0.now += seconds } }
  var now: UnixTime { UnixTime(seconds: state.withLock { $0.now }) }

  func timing(random: Double = 0.5) -> Timing {
    Timing(
      now: { self.now }, elapsed: { self.slept },
      sleep: { seconds in self.state.withLock { $0.slept += seconds } }, random: { random })
  }
}

/// A transport that answers by a script, and remembers what it was asked.
final class ScriptedTransport: HTTPTransport {
  enum Step: Sendable {
    case answer(Int, body: String = "", fields: [HTTPField] = [])
    case failure(TransportFailure.Kind)
  }

  private let state: Mutex<(steps: [Step], requests: [HTTPRequest])>

  init(_ steps: [Step]) { state = Mutex((steps, [])) }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }
  var left: Int { state.withLock { $0.steps.count } }

  func perform(
    _ request: HTTPRequest, sink: any ResponseSink, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> HTTPAnswer {
    if isCancelled() { throw TransportFailure(.cancelled, "") }
    let step = state.withLock { state -> Step? in
      state.requests.append(request)
      return state.steps.isEmpty ? nil : state.steps.removeFirst()
    }
    switch step {
    case nil: throw TransportFailure(.other, "the script has ended")
    case .failure(let kind): throw TransportFailure(kind, "scripted")
    case .answer(let status, let body, let fields):
      let head = HTTPHead(status: status, fields: fields)
      let bytes = Array(body.utf8)
      guard head.succeeded else { return HTTPAnswer(head: head, errorBody: bytes) }
      try sink.begin(head)
      try bytes.withUnsafeBytes { try sink.take($0) }
      try sink.finish()
      return HTTPAnswer(head: head)
    }
  }
}

/// Credentials that change with each fetch.
final class CountingSource: CredentialSource {
  private let count = Mutex(0)
  private let lifetime: Int64?
  private let clock: FakeClock
  private let failing = Mutex(false)

  init(clock: FakeClock, lifetime: Int64?) {
    self.clock = clock
    self.lifetime = lifetime
  }

  var fetches: Int { count.withLock { $0 } }
  func fail(_ value: Bool) { failing.withLock { $0 = value } }

  func fetch(isCancelled: @escaping @Sendable () -> Bool) throws -> Credentials {
    if failing.withLock({ $0 }) { throw CredentialError.process(profile: "p", reason: "scripted") }
    let number = count.withLock { count in
      count += 1
      return count
    }
    return Credentials(
      accessKeyID: "AKID\(number)", secretKey: HiddenText("secret"),
      expiration: lifetime.map { clock.now + $0 })
  }
}

let testCredentials = Credentials(
  accessKeyID: TestKeys.id, secretKey: HiddenText(TestKeys.secret))

/// A client of the bucket `tests` at a server, over libcurl.
func client(
  _ url: String, secret: String = TestKeys.secret, options: S3Options = S3Options(),
  http: HTTPSettings = HTTPSettings(), retries: RetryPolicy = RetryPolicy(),
  certificates: String = ""
) throws -> S3Client {
  let environment = testEnvironment(url, secret: secret, certificates: certificates)
  return try S3Client(
    bucket: "tests", settings: try AWSSettings(environment: environment), http: http,
    options: options, retries: retries)
}

private func testEnvironment(
  _ url: String, secret: String = TestKeys.secret, certificates: String = ""
) -> [String: String] {
  [
    "AWS_CA_BUNDLE": certificates,
    "AWS_ACCESS_KEY_ID": TestKeys.id, "AWS_SECRET_ACCESS_KEY": secret,
    "AWS_ENDPOINT_URL_S3": url, "AWS_CONFIG_FILE": "/nonexistent/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
  ]
}

/// What `aws-probe` says of the bucket `tests` at a server.
func probe(_ arguments: [String], _ url: String) throws -> String {
  let result = try capture(
    Command(
      executable: TestTools.built("aws-probe"), arguments: arguments,
      environment: testEnvironment(url)))
  try #require(result.exit.succeeded, "\(result.text)\(result.errorText)")
  return result.text
}

/// Makes the bucket `tests`; one that is there is fine.
func makeBucket(_ client: S3Client) throws {
  let request = HTTPRequest("PUT", client.location.endpoint, path: "/tests")
  _ = try client.service.send(request, payload: try Digest.of([])) { MemorySink(limit: 1 << 20) }
}

/// Bytes that look random and are the same each time; no two blocks of 64 KiB are equal.
func noise(_ count: Int) -> [UInt8] {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  let block = (0..<65_536).map { _ -> UInt8 in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 24)
  }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + block.count)
  while bytes.count < count {
    let start = bytes.count
    bytes += block
    bytes.replaceSubrange(
      start..<(start + 3),
      with: [start >> 16, start >> 24, start >> 32].map {
        UInt8(truncatingIfNeeded: $0)
      })
  }
  return Array(bytes.prefix(count))
}

/// The error that a call threw.
func s3Error(_ body: () throws -> Void) -> S3Error? {
  do {
    try body()
    return nil
  } catch {
    return error as? S3Error
  }
}
