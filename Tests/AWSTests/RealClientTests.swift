// Our client and those that everybody uses, boto3 and awscli, on the same objects.
import AtelierTesting
import Content
import Foundation
import S3
import Subprocess
import Testing

@Suite(.enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct RealClientTests {
  /// An object as a client sees it.
  ///
  /// Keys are compared by their bytes: to Swift the two spellings of `é` are one.
  private struct Seen: Hashable, CustomStringConvertible {
    let key: [UInt8]
    let size: Int64
    /// nil where it was listed and not read.
    let sha256: String?

    init(_ key: String, size: Int64, sha256: String?) {
      self.key = Array(key.utf8)
      self.size = size
      self.sha256 = sha256
    }

    var description: String { "\(String(decoding: key, as: UTF8.self)) \(size) \(sha256 ?? "")" }
  }

  /// What is to be written: the ends of keys, and files with the bytes.
  private struct Contents {
    var files: [(name: String, path: String)] = []

    init(_ names: [String], in folder: TemporaryFolder, sizes: [Int]) throws {
      for (number, name) in names.enumerated() {
        // An empty one here and there.
        files.append((name, try folder.write(number % 3 == 0 ? "" : name, to: "text-\(number)")))
      }
      for size in sizes {
        try TestFiles.write(noise(size), to: folder("noise-\(size)"))
        files.append(("of \(size) bytes", folder("noise-\(size)")))
      }
    }

    func seen(_ prefix: String) throws -> Set<Seen> {
      Set(
        try files.map { name, path in
          let (digest, size) = try Digest.of(file: path)
          return Seen(prefix + name, size: size, sha256: digest.hex)
        })
    }

    /// The list that `real_clients.py write` reads.
    func list(_ prefix: String, to path: String) throws {
      let entries = files.map { name, path -> JSONValue in
        ["key": .string(prefix + name), "file": .string(path)]
      }
      try TestFiles.write(try JSONValue.array(entries).canonicalBytes(), to: path)
    }
  }

  private static let odd = [
    "a b", " around ", "1+1=2", "a=b/c=d&e", "e\u{301}", "\u{e9}", "日本/😀", "percent%20%",
    "quote\"'<x>", "q?x#y", ".leading/.dot", "a//b", "dot/./x", "dot/../y", "slash/", "tab\there",
    "back\\slash", "semi;colon,comma:at@", "tilde~!*()$",
  ]
  private static let plain = ["a", "b/c", "b/d.json", "exportTime=20240701000000/part-0"]

  /// Words of `real_clients.py`, and what its lines say.
  private func clients(_ words: [String], _ server: LocalServer) throws -> [Set<Seen>] {
    let result = try capture(
      Command(
        executable: StandIns.python,
        arguments: [TestTools.root + "/Tests/AWSTests/real_clients.py"] + words,
        environment: [
          "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "NO_PROXY": "127.0.0.1",
          "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": TestKeys.id,
          "AWS_SECRET_ACCESS_KEY": TestKeys.secret, "AWS_DEFAULT_REGION": "us-east-1",
          "AWS_EC2_METADATA_DISABLED": "true",
        ]))
    try #require(result.exit.succeeded, "\(result.errorText)")
    return try result.text.split(separator: "\n").map { line in
      Set(
        try (try JSONValue(parsing: String(line)).array ?? []).map { entry in
          Seen(
            try #require(entry["key"]?.string), size: try #require(entry["size"]?.integer),
            sha256: entry["sha256"]?.string)
        })
    }
  }

  private func server(_ kind: S3Tests.Server) throws -> LocalServer {
    try kind == .moto ? LocalServers.motoServer() : LocalServers.rcloneServer()
  }

  /// What our client lists and reads below a prefix.
  private func ours(
    _ client: S3Client, _ prefix: String, in folder: TemporaryFolder
  ) throws -> Set<Seen> {
    var listing = client.list(prefix: prefix, pageSize: 10)
    return Set(
      try listing.all().map { object in
        let path = folder(UUID().uuidString)
        let down = try client.get(object.key, file: path, size: object.size)
        let (digest, size) = try Digest.of(file: path)
        #expect(down.digest == digest && down.object.size == size)
        return Seen(object.key, size: object.size, sha256: digest.hex)
      })
  }

  @Test(arguments: S3Tests.Server.allCases)
  func allReadWhatTheOthersWrote(_ kind: S3Tests.Server) throws {
    let folder = try TemporaryFolder()
    var options = S3Options()
    options.partSize = 5 << 20
    options.multipartThreshold = 5 << 20
    let client = try kind.client(options: options)
    let contents = try Contents(
      kind == .moto ? Self.odd : Self.plain, in: folder, sizes: [(5 << 20) + 1, 64 << 20])
    for (name, path) in contents.files {
      try client.put(file: path, key: "clients/ours/" + name)
    }
    try contents.list("clients/boto3/", to: folder("boto3.json"))
    try contents.list("clients/aws/", to: folder("aws.json"))
    let found = try clients(
      [
        "read", "boto3", "clients/ours/", "read", "aws", "clients/ours/",
        "write", "boto3", folder("boto3.json"), "write", "aws", folder("aws.json"),
      ], try server(kind))
    try #require(found.count == 4)
    let written = try contents.seen("clients/ours/")
    #expect(written.count == contents.files.count)
    #expect(found[0] == written)
    #expect(found[1] == written)
    for other in ["clients/boto3/", "clients/aws/"] {
      #expect(try ours(client, other, in: folder) == contents.seen(other))
    }
  }

  @Test func allSeeManyKeys() async throws {
    let folder = try TemporaryFolder()
    let client = try S3Tests.Server.moto.client()
    let names = (0..<2500).map { "\($0 % 50)/key \($0)" }
    let mine = names.map { Array($0.utf8) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<8 {
        group.addTask {
          for index in stride(from: lane, to: names.count, by: 8) {
            try client.put(mine[index], key: "crowd/ours/" + names[index])
          }
        }
      }
      try await group.waitForAll()
    }
    let entries = names.map { name -> JSONValue in
      ["key": .string("crowd/boto3/" + name), "text": .string(name)]
    }
    try TestFiles.write(try JSONValue.array(entries).canonicalBytes(), to: folder("boto3.json"))
    let found = try clients(
      [
        "sample", "boto3", "crowd/ours/", "list", "aws", "crowd/ours/", "write", "boto3",
        folder("boto3.json"),
      ], try server(.moto))
    try #require(found.count == 3)

    func written(_ prefix: String) throws -> [[UInt8]: Seen] {
      let all = try names.map { name in
        Seen(
          prefix + name, size: Int64(name.utf8.count),
          sha256: try Digest.of(Array(name.utf8)).hex)
      }
      return Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
    }
    let ours = try written("crowd/ours/")
    #expect(found[0].count == 2500 && found[0].count { $0.sha256 != nil } == 100)
    for seen in found[0].union(found[1]) {
      let expected = try #require(ours[seen.key])
      #expect(seen.size == expected.size && [nil, expected.sha256].contains(seen.sha256))
    }
    #expect(found[1].count == 2500)

    let theirs = try written("crowd/boto3/")
    var listing = client.list(prefix: "crowd/boto3/")
    let listed = try listing.all()
    #expect(Set(listed.map { Array($0.key.utf8) }) == Set(theirs.keys) && listed.count == 2500)
    for object in stride(from: 0, to: listed.count, by: 25).map({ listed[$0] }) {
      let bytes = try client.get(object.key).bytes
      #expect(try theirs[Array(object.key.utf8)]?.sha256 == Digest.of(bytes).hex)
    }
  }
}
