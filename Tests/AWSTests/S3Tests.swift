// The S3 client against servers that run here: moto (lax, complete) and rclone (checks signatures).
import AtelierTesting
import CSystem
import Content
import Foundation
import Subprocess
import Testing

@testable import AWS
@testable import CloudFormation
@testable import HTTP
@testable import S3

@Suite(.enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct S3Tests {
  enum Server: String, CaseIterable, Sendable {
    case moto, rclone

    func client(
      secret: String = TestKeys.secret, options: S3Options = S3Options()
    ) throws -> S3Client {
      switch self {
      case .moto:
        let client = try AWSTests.client(try LocalServers.motoServer().url, options: options)
        try makeBucket(client)
        return client
      case .rclone:
        return try AWSTests.client(
          try LocalServers.rcloneServer().url, secret: secret, options: options)
      }
    }
  }

  /// Small parts, so that small objects have several.
  private static let smallParts: S3Options = {
    var options = S3Options()
    options.partSize = 5 << 20
    options.multipartThreshold = 5 << 20
    options.rangeCheck = 1 << 20
    options.rangeSeconds = 0
    options.parallelism = 3
    return options
  }()

  private static let oddKeys = [
    "a b", "1+1=2", "a=b/c=d", "ünï/日本", "percent%20", "quote\"&<x>'", "tilde~!*()", "a//b",
    "dot/./x", "dot/../y", "semi;colon,comma:at@", "q?x#y", "back\\slash", "e\u{301}-combined",
  ]

  @Test(arguments: Server.allCases) func putGetHeadDelete(_ server: Server) throws {
    let client = try server.client()
    let key = "plain/\(UUID().uuidString)"
    let bytes = noise(100_000)
    let etag = try client.put(bytes, key: key)
    #expect(etag.hasPrefix("\"") && etag.hasSuffix("\"") && etag.count > 10)
    let (found, object) = try client.get(key)
    #expect(found == bytes)
    #expect(object.size == 100_000 && object.etag == etag)
    #expect(try client.head(key).size == 100_000)
    #expect(try client.get(key, range: 10..<20).bytes == Array(bytes[10..<20]))
    try client.delete(key)
    try client.delete(key)
    #expect(s3Error { _ = try client.get(key) }?.kind == .notFound)
    #expect(s3Error { _ = try client.head(key) }?.kind == .notFound)
  }

  @Test func motoKeepsOurChecksum() throws {
    let client = try Server.moto.client()
    let digest = try Digest.of("text")
    try client.put(Array("text".utf8), key: "checksum")
    #expect(try client.head("checksum").digest == digest)
  }

  @Test(arguments: Server.allCases) func emptyObjects(_ server: Server) throws {
    let client = try server.client()
    let folder = try TemporaryFolder()
    let path = try folder.write("", to: "empty")
    try client.put(file: path, key: "empty")
    #expect(try client.get("empty").bytes == [])
    for size in [nil, Int64(0)] {
      let target = folder(UUID().uuidString)
      let down = try client.get("empty", file: target, size: size, expecting: try Digest.of([]))
      #expect(down.object.size == 0)
      #expect(try TestFiles.read(target) == [])
    }
  }

  @Test(arguments: Server.allCases, [(5 << 20) + 1, 64 << 20])
  func largeFilesInParts(_ server: Server, _ size: Int) throws {
    let client = try server.client(options: Self.smallParts)
    let folder = try TemporaryFolder()
    let bytes = noise(size)
    try TestFiles.write(bytes, to: folder("up"))
    let digest = try Digest.of(bytes)
    let key = "large/\(size)"
    let etag = try client.put(file: folder("up"), key: key, digest: digest)
    if server == .moto { #expect(etag.hasSuffix("-\((size + (5 << 20) - 1) / (5 << 20))\"")) }
    for known in [nil, Int64(size)] {
      let target = folder(UUID().uuidString)
      let down = try client.get(key, file: target, size: known, expecting: digest)
      #expect(down.digest == digest && down.object.size == Int64(size))
      #expect(try Digest.of(file: target).digest == digest)
    }
    let whole = try server.client()
    #expect(try whole.get(key, file: folder("whole"), size: Int64(size)).digest == digest)
    #expect(try client.pendingUploads(prefix: key).isEmpty)
    try client.delete(key)
  }

  @Test func oddKeysOnMoto() throws {
    let client = try Server.moto.client()
    for key in Self.oddKeys {
      try client.put(Array(key.utf8), key: "odd/" + key)
      #expect(try client.get("odd/" + key).bytes == Array(key.utf8), "\(key)")
    }
    var listing = client.list(prefix: "odd/", pageSize: 3)
    let listed = try listing.all().map(\.key)
    #expect(Set(listed) == Set(Self.oddKeys.map { "odd/" + $0 }))
    #expect(listed.count == Self.oddKeys.count)
    try client.copy("odd/1+1=2", to: "odd/copy of 1+1=2")
    #expect(try client.get("odd/copy of 1+1=2").bytes == Array("1+1=2".utf8))
    #expect(try client.delete(listed + ["odd/copy of 1+1=2", "odd/never was"]) == [])
    #expect(try client.list(prefix: "odd/").isEmpty())
  }

  @Test func conditionsOnMoto() throws {
    let client = try Server.moto.client(options: Self.smallParts)
    let key = "condition/\(UUID().uuidString)"
    let etag = try client.put([1], key: key, condition: .absent)
    #expect(
      s3Error { try client.put([2], key: key, condition: .absent) }?.kind == .preconditionFailed)
    #expect(
      s3Error { try client.put([2], key: key, condition: .unchanged(etag: "\"0\"")) }?.kind
        == .preconditionFailed)
    try client.put([3], key: key, condition: .unchanged(etag: etag))
    #expect(try client.get(key).bytes == [3])

    let folder = try TemporaryFolder()
    try TestFiles.write(noise(6 << 20), to: folder("up"))
    let late = s3Error { try client.put(file: folder("up"), key: key, condition: .absent) }
    #expect(late?.kind == .preconditionFailed)
    #expect(try client.get(key).bytes == [3])
    #expect(try client.pendingUploads(prefix: key).isEmpty)
  }

  @Test func oneOfManyCreates() async throws {
    let client = try Server.moto.client()
    let key = "race/\(UUID().uuidString)"
    let winners = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          s3Error { try client.put([UInt8(number)], key: key, condition: .absent) } == nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
  }

  @Test func whatAnEndpointCanDo() throws {
    let key = "probe/\(UUID().uuidString)"
    #expect(
      try Server.moto.client().probe(key: key)
        == S3Capabilities(createsOnlyOnce: true, replacesOnlyKnown: true, ranges: true))
    #expect(
      try Server.rclone.client().probe(key: key)
        == S3Capabilities(createsOnlyOnce: false, replacesOnlyKnown: false, ranges: true))
    #expect(s3Error { _ = try Server.moto.client().head(key) }?.kind == .notFound)
  }

  @Test(arguments: Server.allCases) func manyKeys(_ server: Server) async throws {
    let client = try server.client()
    let keys = (0..<2500).map { "many/\($0 % 50)/key \($0)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<8 {
        group.addTask {
          for index in stride(from: lane, to: keys.count, by: 8) {
            try client.put([UInt8(index % 251)], key: keys[index])
          }
        }
      }
      try await group.waitForAll()
    }
    var listing = client.list(prefix: "many/")
    var pages = 0
    var found: [String] = []
    while let page = try listing.nextPage() {
      pages += 1
      found += page.objects.map(\.key)
      #expect(page.objects.allSatisfy { $0.size == 1 })
    }
    #expect(pages == 3)
    #expect(found.count == 2500 && Set(found) == Set(keys))
    var folders = client.list(prefix: "many/", delimiter: "/")
    #expect(try folders.nextPage()?.prefixes.count == 50)
    if server == .moto {
      var after = client.list(prefix: "many/", startAfter: found[2400])
      #expect(try after.all().count == 99)
    }
    #expect(try client.delete(keys) == [])
    #expect(try client.list(prefix: "many/").isEmpty())
  }

  @Test func pendingUploadsAreListedAndGivenUp() throws {
    let client = try Server.moto.client()
    let key = "pending/ü \(UUID().uuidString)"
    let root = try client.exchangeXML(
      client.request("POST", key, query: [QueryItem("uploads")]))
    let id = try #require(root.text(of: "UploadId"))
    let found = try client.pendingUploads(prefix: "pending/")
    #expect(found.map(\.key) == [key] && found.map(\.uploadID) == [id])
    try client.abort(found[0])
    #expect(try client.pendingUploads(prefix: "pending/").isEmpty)
  }

  @Test func presignedURLs() throws {
    let client = try Server.rclone.client()
    try client.put(Array("text".utf8), key: "signed/a b")
    let url = try client.presigned("GET", "signed/a b", seconds: 60)
    let script = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())"
    let shown = try capture(
      Command(
        executable: StandIns.python, arguments: ["-c", script, url],
        environment: ["NO_PROXY": "127.0.0.1"]))
    #expect(shown.text == "text\n", "\(shown.errorText)")
  }

  @Test func aWrongSecretIsRefused() throws {
    let client = try Server.rclone.client(secret: "wrong")
    let error = try #require(s3Error { try client.put([1], key: "k") })
    #expect(error.kind == .accessDenied)
    #expect("\(error)".contains("AWS_SECRET_ACCESS_KEY"))
    #expect("\(error)".contains("s3://tests/k at http://127.0.0.1:"))
  }

  @Test func aMissingBucketIsNamed() throws {
    let url = try LocalServers.motoServer().url
    let settings = try AWSSettings(environment: [
      "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": url,
    ])
    let client = try S3Client(bucket: "nowhere", settings: settings)
    #expect(s3Error { try client.put([1], key: "k") }?.kind == .noSuchBucket)
    #expect(s3Error { _ = try client.list().isEmpty() }?.kind == .noSuchBucket)
  }

  @Test func virtualHostsOnMoto() throws {
    let server = try LocalServers.motoServer()
    let endpoint = try #require(ServiceURL("http://localhost:\(server.port)"))
    let plain = try Server.moto.client()
    let client = S3Client(
      location: S3Location(bucket: "tests", endpoint: endpoint, addressing: .virtual),
      region: "us-east-1", credentials: plain.service.credentials,
      transport: plain.service.transport)
    try client.put([7], key: "by host")
    #expect(try plain.get("by host").bytes == [7])
  }

  @Test func rolesOnMoto() throws {
    let url = try LocalServers.motoServer().url
    let folder = try TemporaryFolder()
    try folder.write(
      """
      [profile role]
      role_arn = arn:aws:iam::123456789012:role/any
      source_profile = keys
      endpoint_url = \(url)
      region = eu-west-1
      [profile keys]
      aws_access_key_id = AKIDKEYS
      aws_secret_access_key = s
      """, to: "config")
    let settings = try AWSSettings(environment: [
      "AWS_CONFIG_FILE": folder("config"), "AWS_PROFILE": "role", "HOME": folder.path,
    ])
    let credentials = try settings.credentials(transport: CurlTransport())
    let found = try credentials.current()
    #expect(found.accessKeyID.hasPrefix("ASIA") && found.expiration != nil)
    let sts = try settings.client("sts", credentials: credentials, transport: CurlTransport())
    let identity = try sts.query("GetCallerIdentity", version: "2011-06-15")
    #expect(identity.text(of: "Arn")?.contains("any/atelier-") == true)
    let secrets = try settings.client(
      "secretsmanager", id: "secrets manager", credentials: credentials, transport: CurlTransport())
    let name = "secret \(UUID().uuidString)"
    _ = try secrets.json(
      "secretsmanager.CreateSecret",
      [
        "Name": .string(name), "SecretString": "x",
        "ClientRequestToken": .string(UUID().uuidString),
      ])
    let value = try secrets.json("secretsmanager.GetSecretValue", ["SecretId": .string(name)])
    #expect(value["SecretString"]?.string == "x")
  }

  @Test(arguments: Server.allCases) func aDownloadLeavesNothingBehind(_ server: Server) throws {
    let client = try server.client()
    let folder = try TemporaryFolder()
    try client.put([1, 2, 3], key: "three")
    let wrong = try Digest.of("other")
    let error = s3Error { _ = try client.get("three", file: folder("x"), expecting: wrong) }
    #expect(error?.kind == .damaged(expected: wrong, found: try Digest.of([1, 2, 3])))
    #expect(
      s3Error { _ = try client.get("three", file: folder("x"), size: 4) }?.kind
        == .wrongSize(expected: 4, found: 3))
    #expect(s3Error { _ = try client.get("absent", file: folder("x")) }?.kind == .notFound)
    #expect(TestFiles.list(folder.path) == [])
    try folder.write("mine", to: "mine")
    #expect(s3Error { _ = try client.get("three", file: folder("mine")) }?.kind == .file)
    #expect(try TestFiles.text(folder("mine")) == "mine")
  }

  // In a process of its own, since other tests hold whole objects.
  @Test func memoryDoesNotGrowWithTheObject() throws {
    let folder = try TemporaryFolder()
    let words = try probe(["memory", folder.path], try LocalServers.rcloneServer().url)
      .split(separator: " ")
    try #require(words.count == 5)
    #expect(Int(words[0]) == 400 << 20)
    let more = try #require(Int(words[2]))
    #expect(more < 40, "MiB for 400 MiB")
  }
}

extension S3Listing {
  fileprivate func isEmpty() throws -> Bool {
    var copy = self
    return try copy.next() == nil
  }
}
