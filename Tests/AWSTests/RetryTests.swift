// What is tried again, when, and what never is: by a scripted transport and a clock that stands.
import Content
import Signing
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite struct RetryTests {
  private let clock = FakeClock()

  private func service(
    _ transport: ScriptedTransport, _ source: (any CredentialSource)? = nil, random: Double = 0.5
  ) throws -> ServiceClient {
    ServiceClient(
      signer: Signer(
        region: "r", service: "s", pathRule: .encodedAgain(normalized: true),
        sendsPayloadHash: false),
      base: try #require(ServiceURL("http://localhost")),
      credentials: CredentialProvider(
        source ?? FixedCredentials(testCredentials), now: { [clock] in clock.now }),
      transport: transport, timing: clock.timing(random: random))
  }

  private func get(_ service: ServiceClient) throws -> (text: String, attempts: Int) {
    let answer = try service.send(
      HTTPRequest("GET", service.base), payload: try Digest.of([])
    ) { MemorySink(limit: 100) }
    return (String(decoding: answer.sink.bytes, as: UTF8.self), answer.attempts)
  }

  private static func error(_ code: String) -> String {
    "<Error><Code>\(code)</Code><Message>m</Message><RequestId>id</RequestId></Error>"
  }

  @Test(arguments: [408, 429, 500, 502, 503, 504])
  func transientStatusesAreTriedAgain(_ status: Int) throws {
    let transport = ScriptedTransport([.answer(status), .answer(status), .answer(200, body: "x")])
    #expect(try get(try service(transport)) == ("x", 3))
    // Full jitter: half of 0.2 and half of 0.4.
    #expect(abs(clock.slept - 0.3) < 1e-6)
  }

  @Test(arguments: ["SlowDown", "RequestTimeout", "ThrottlingException"])
  func transientCodesAreTriedAgain(_ code: String) throws {
    let transport = ScriptedTransport([
      .answer(400, body: Self.error(code)), .answer(200, body: "x"),
    ])
    #expect(try get(try service(transport)).attempts == 2)
  }

  @Test(arguments: [
    TransportFailure.Kind.resolve, .connect, .reset, .timeout, .truncated,
  ])
  func brokenConnectionsAreTriedAgain(_ kind: TransportFailure.Kind) throws {
    let transport = ScriptedTransport([.failure(kind), .answer(200, body: "x")])
    #expect(try get(try service(transport)).attempts == 2)
  }

  @Test(arguments: [TransportFailure.Kind.library, .tls, .bodyUnreadable, .cancelled, .other])
  func hopelessFailuresAreNot(_ kind: TransportFailure.Kind) throws {
    let transport = ScriptedTransport([.failure(kind), .answer(200)])
    let service = try service(transport)
    #expect(throws: TransportFailure(kind, "scripted")) { _ = try get(service) }
    #expect(transport.requests.count == 1)
    #expect(clock.slept == 0)
  }

  @Test(arguments: [400, 401, 403, 404, 405, 409, 411, 412, 416, 301, 304, 501])
  func refusalsAreNot(_ status: Int) throws {
    let transport = ScriptedTransport([.answer(status, body: Self.error("Code")), .answer(200)])
    let service = try service(transport)
    #expect(
      throws: ServiceFault(status: status, code: "Code", message: "m", requestID: "id")
    ) { _ = try get(service) }
    #expect(transport.requests.count == 1)
  }

  @Test func attemptsAreBounded() throws {
    let transport = ScriptedTransport(Array(repeating: .answer(503), count: 50))
    let service = try service(transport, random: 1)
    #expect(throws: ServiceFault.self) { _ = try get(service) }
    #expect(transport.requests.count == 6)
    #expect(abs(clock.slept - (0.2 + 0.4 + 0.8 + 1.6 + 3.2)) < 1e-6)
  }

  @Test func theServersWishIsObeyed() throws {
    let wish = HTTPField("retry-after", "7")
    let transport = ScriptedTransport([
      .answer(503, body: Self.error("SlowDown"), fields: [wish]), .answer(200, body: "x"),
    ])
    #expect(try get(try service(transport)).attempts == 2)
    #expect(abs(clock.slept - 7) < 1e-6)
  }

  @Test func aWishTooLongEndsIt() throws {
    let wish = HTTPField("Retry-After", "86400")
    let transport = ScriptedTransport([.answer(503, fields: [wish]), .answer(200)])
    let service = try service(transport)
    #expect(throws: ServiceFault.self) { _ = try get(service) }
    #expect(clock.slept == 0)
  }

  @Test func aWishMayBeADate() {
    let now = UnixTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT") ?? UnixTime(seconds: 0)
    let head = HTTPHead(
      status: 503, fields: [HTTPField("Retry-After", "Sun, 06 Nov 1994 08:49:49 GMT")])
    #expect(ServiceFault(HTTPAnswer(head: head), now: now).retryAfter == 12)
  }

  @Test func patienceEnds() {
    let policy = RetryPolicy()
    let failure = TransportFailure(.timeout, "")
    #expect(policy.verdict(on: failure, attempt: 2, elapsed: 299.9, random: 0.99) == .giveUp)
    #expect(
      policy.verdict(on: failure, attempt: 2, elapsed: 200, random: 0.5) == .retry(after: 0.2))
  }

  @Test func pausesStayBelowTheLongest() {
    var policy = RetryPolicy()
    policy.attempts = 1000
    policy.patience = .infinity
    let verdict = policy.verdict(
      on: TransportFailure(.reset, ""), attempt: 900, elapsed: 0, random: 1)
    #expect(verdict == .retry(after: 30))
  }

  @Test func expiredCredentialsAreReplacedOnce() throws {
    let expired = ScriptedTransport.Step.answer(400, body: Self.error("ExpiredToken"))
    let source = CountingSource(clock: clock, lifetime: nil)
    let transport = ScriptedTransport([expired, .answer(200, body: "x")])
    #expect(try get(try service(transport, source)).attempts == 2)
    #expect(source.fetches == 2)
    #expect(
      transport.requests.map { request in
        request.fields.first { $0.name == "Authorization" }?.value.contains("AKID2/")
      } == [false, true])

    let again = try service(ScriptedTransport([expired, expired, .answer(200)]), source)
    #expect(throws: ServiceFault.self) { _ = try get(again) }
  }

  @Test func fixedCredentialsThatExpiredAreAnError() throws {
    let transport = ScriptedTransport([
      .answer(403, body: Self.error("ExpiredToken")), .answer(200),
    ])
    let service = try service(transport)
    #expect(throws: ServiceFault.self) { _ = try get(service) }
    #expect(transport.requests.count == 1)
  }

  @Test func aCancelledPauseEnds() throws {
    let transport = ScriptedTransport([
      .answer(503, fields: [HTTPField("Retry-After", "20")]), .answer(200),
    ])
    var service = try service(transport)
    service.isCancelled = { [clock] in clock.slept > 1 }
    let cancelled = service
    #expect(throws: TransportFailure(.cancelled, "")) { _ = try get(cancelled) }
    #expect(clock.slept < 1.5)
  }

  @Test func everyAttemptIsSignedAnew() throws {
    let transport = ScriptedTransport([
      .answer(503, fields: [HTTPField("Retry-After", "1")]), .answer(200, body: "x"),
    ])
    var service = try service(transport)
    let clock = clock
    service.timing.now = {
      clock.advance(10)
      return clock.now
    }
    _ = try get(service)
    let dates = transport.requests.compactMap { request in
      request.fields.first { $0.name == "X-Amz-Date" }?.value
    }
    #expect(Set(dates).count == 2)
  }

  @Test func callsInJSONAndForms() throws {
    let transport = ScriptedTransport([
      .answer(200, body: #"{"a":1}"#),
      .answer(200, body: "<XResponse><XResult><Y>z</Y></XResult></XResponse>"),
      .answer(
        400, body: #"{"__type":"com.amazonaws.x#ResourceNotFoundException","message":"no"}"#),
    ])
    let service = try service(transport)
    #expect(try service.json("t.Op", ["k": "v"])["a"]?.integer == 1)
    #expect(
      try service.query("X", version: "v", [QueryItem("P", "a b&c")]).text(of: "Y") == "z")
    if case .bytes(let body) = transport.requests[1].body {
      #expect(String(decoding: body, as: UTF8.self) == "Action=X&P=a%20b%26c&Version=v")
    } else {
      Issue.record("a form has a body")
    }
    #expect(
      throws: ServiceFault(status: 400, code: "ResourceNotFoundException", message: "no")
    ) { _ = try service.json("t.Op", [:]) }
  }

  @Test func aLateErrorOfACopyIsTriedAgain() throws {
    let transport = ScriptedTransport([
      .answer(200, body: Self.error("InternalError")),
      .answer(200, body: "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>"),
    ])
    let client = S3Client(
      location: S3Location(bucket: "b", endpoint: try #require(ServiceURL("http://h"))),
      region: "r",
      credentials: CredentialProvider(
        FixedCredentials(testCredentials), now: { [clock] in clock.now }),
      transport: transport, timing: clock.timing())
    #expect(try client.copy("a b", to: "c") == "\"e\"")
    let source = transport.requests.last?.fields.first { $0.name == "x-amz-copy-source" }
    #expect(source?.value == "/b/a%20b")
  }

  @Test func errorsAreTypedAndNameThePlace() throws {
    func error(_ status: Int, _ code: String) throws -> S3Error {
      let client = S3Client(
        location: S3Location(bucket: "b", endpoint: try #require(ServiceURL("http://h:9"))),
        region: "r",
        credentials: CredentialProvider(
          FixedCredentials(testCredentials), now: { [clock] in clock.now }),
        transport: ScriptedTransport([.answer(status, body: Self.error(code))]),
        retries: .never, timing: clock.timing())
      return try #require(s3Error { _ = try client.get("k") })
    }
    #expect(try error(404, "NoSuchKey").kind == .notFound)
    #expect(try error(404, "NoSuchBucket").kind == .noSuchBucket)
    #expect(try error(412, "PreconditionFailed").kind == .preconditionFailed)
    #expect(try error(409, "ConditionalRequestConflict").kind == .conflict)
    #expect(try error(403, "AccessDenied").kind == .accessDenied)
    #expect(try error(501, "NotImplemented").kind == .notImplemented)
    #expect(
      try error(503, "SlowDown").kind
        == .other(status: 503, code: "SlowDown", message: "m", requestID: "id"))
    #expect(try error(503, "SlowDown").meansUnreachable)
    let text = try error(404, "NoSuchBucket").description
    #expect(
      text == "cannot get s3://b/k at http://h:9: NoSuchBucket: m (request id); "
        + "make the bucket, or correct s3_bucket_name or the endpoint")
  }
}
