// The S3 client against a server that refuses what real ones refuse: conditions, tags, checksums.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import AWS
@testable import HTTP
@testable import S3

@Suite(.enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct StrictServerTests {
  private func client(_ kind: String, options: S3Options = S3Options()) throws -> S3Client {
    try AWSTests.client("\(try LocalServers.strictServer().url)/\(kind)", options: options)
  }

  /// Small parts, so that small objects have several.
  private static let smallParts: S3Options = {
    var options = S3Options()
    options.partSize = 5 << 20
    options.multipartThreshold = 5 << 20
    return options
  }()

  @Test(
    "Store 3 and 4: an ability counts where what holds is done and what does not is refused",
    arguments: [
      ("plain", true, true, false), ("quoted", true, true, true), ("tags", true, false, false),
      ("ignore", false, false, false), ("501", false, false, false), ("400", false, false, false),
      ("405", false, false, false), ("409", false, false, false), ("304", false, false, false),
      ("headers", true, true, false), ("headers+501", false, false, false),
      ("chunked", true, true, false),
    ])
  func abilities(_ kind: String, _ once: Bool, _ known: Bool, _ bare: Bool) throws {
    let client = try client(kind)
    let key = "probe/\(UUID().uuidString)"
    #expect(
      try client.probe(key: key)
        == S3Capabilities(
          createsOnlyOnce: once, replacesOnlyKnown: known, comparesBareTags: bare, ranges: true))
    #expect(s3Error { _ = try client.head(key) }?.kind == .notFound)
  }

  @Test("Store 4: a probe that is refused as such says why", arguments: ["deny", "quota", "301"])
  func refusedProbes(_ kind: String) throws {
    let found = s3Error { _ = try client(kind).probe(key: "probe/x") }
    switch kind {
    case "deny": #expect(found?.kind == .accessDenied)
    case "quota":
      #expect(found?.kind == .quotaExceeded)
      #expect("\(found.map { "\($0)" } ?? "")".contains("quota"))
    default: #expect(found?.concernsAllRequests == true)
    }
  }

  @Test(
    "Store 7: files in parts, whatever checksums the endpoint takes",
    arguments: ["plain", "parts", "headers", "parts+headers"])
  func filesInParts(_ kind: String) throws {
    let client = try client(kind, options: Self.smallParts)
    let folder = try TemporaryFolder()
    let bytes = noise(11 << 20)
    try TestFiles.write(bytes, to: folder("up"))
    let digest = try Digest.of(bytes)
    for key in ["large", "again"] {
      let etag = try client.put(file: folder("up"), key: key, digest: digest)
      #expect(etag.hasSuffix("-3\""))
      let down = try client.get(key, file: folder("down-\(key)"), expecting: digest)
      #expect(down.digest == digest)
    }
    #expect(client.dialect.sendsChecksums == !kind.contains("headers"))
    #expect(client.dialect.sendsPartChecksums == (kind == "plain"))
  }

  @Test("Store 9: wrong bytes are refused as such, not for their checksum")
  func aWrongDigest() throws {
    let client = try client("plain")
    let folder = try TemporaryFolder()
    let path = try folder.write("text", to: "up")
    let wrong = try Digest.of("other")
    #expect(s3Error { try client.put(file: path, key: "wrong", digest: wrong) } != nil)
    #expect(client.dialect.sendsChecksums)
  }

  @Test("Store 17: a listing is whole or refused", arguments: ["plain", "true"])
  func listings(_ kind: String) throws {
    let client = try client(kind)
    for name in ["a", "b", "c"] { try client.put([1], key: "list/\(name)") }
    let found = s3Error {
      var listing = client.list(prefix: "list/")
      let count = try listing.all().count
      #expect(count == 3)
    }
    #expect(found?.kind == (kind == "true" ? .malformedAnswer : nil))
  }

  @Test("Store 18: objects without a told length", arguments: [0, 1, 100_000])
  func chunkedAnswers(_ size: Int) throws {
    let client = try client("chunked")
    let key = "chunked/\(size)"
    let bytes = noise(size)
    try client.put(bytes, key: key)
    #expect(try client.get(key).bytes == bytes)
    if size > 0 { #expect(try client.head(key).size == Int64(size)) }
    let folder = try TemporaryFolder()
    let digest = try Digest.of(bytes)
    #expect(
      try client.get(key, file: folder("down"), size: Int64(size), expecting: digest).digest
        == digest)
    // No byte beyond what was expected is taken.
    if size > 1 {
      #expect(
        s3Error { _ = try client.get(key, file: folder("short"), size: Int64(size - 1)) } != nil)
      #expect(!FileManager.default.fileExists(atPath: folder("short")))
    }
  }

  @Test("F5: the limit of an answer is the object's own size") func limits() throws {
    let client = try client("plain")
    try client.put(noise(17 << 20), key: "large")
    #expect(s3Error { _ = try client.get("large") }?.kind == .tooLarge(limit: 16 << 20))
    #expect(try client.get("large", limit: 17 << 20).bytes.count == 17 << 20)
  }
}
