// The cache that machines share: it costs time at worst, never a run and never the right bytes.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import HTTP
import Testing

extension ConformanceTests {
  @Suite(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  struct SharedCache {
    @Test("dvc#10449: a cache out of reach is said once, and the run goes on")
    func anOutageIsSaidOnceAndCostsOnlyTheSharing() throws {
      let project = try SharedProject(SharedProject.chain)
      let endpoint = "http://127.0.0.1:\(try LoopbackPort.free())"
      let began = Date()
      let alone = try project.run("a", endpoint: endpoint)
      #expect(alone.code == 0, "\(alone.err)")
      #expect(Set(alone.statuses.values) == ["built"])
      #expect(alone.notices.count { $0.contains("out of reach") } == 1, "\(alone.notices)")
      #expect(alone.notices.contains { $0.contains("the next run uploads") }, "\(alone.notices)")
      #expect(Date().timeIntervalSince(began) < 300)

      let required = try project.run("c", "--require-remote", endpoint: endpoint)
      #expect(required.code == 5, "\(required.out)")
      #expect(!required.statuses.values.contains("built"))
      #expect(!(required.out + required.err).contains("secret"))
    }

    @Test("dvc#10449: wrong bytes in the shared cache are never used, and get repaired")
    func wrongBytesInTheBucketAreNeverUsedAndGetRepaired() throws {
      let project = try SharedProject(SharedProject.chain)
      let first = try project.run("a")
      let damaged = project.blobKey(try first.digest(of: "one.b"))
      var bytes = try project.client.get(damaged).bytes
      bytes[0] ^= 1
      try project.client.put(bytes, key: damaged)

      let changed =
        SharedProject.chain.dropLast() + [
          SharedProject.step("one.c", ["one.b"], "cat $one_b $one_b > $out")
        ]
      try project.space.setGraph(Array(changed))
      let second = try project.run("b")
      #expect(second.code == 0, "\(second.err)\(second.out)")
      #expect(second.statuses == ["one.a": "hit", "one.b": "built", "one.c": "built"])
      #expect(second.notices.contains { $0.contains("wrong bytes") }, "\(second.notices)")
      let made = try second.digest(of: "one.c")
      #expect(made == (try Digest.of("a\nb\na\nb\n")))
      #expect(try project.client.get(damaged).bytes == Array("a\nb\n".utf8))
    }

    @Test("dvc#10449: a run that waits for a silent cache ends at once when told so")
    func aRunThatWaitsForASilentCacheEndsAtOnceWhenToldSo() throws {
      let server = try BucketServer()
      defer { server.program.end() }
      let project = try SharedProject(SharedProject.chain, server: server)
      server.program.signal(SIGSTOP)
      let running = try project.start("a")
      let port = try #require(ServiceURL(server.url)?.port)
      try waitUntil("the silent server is asked") { LoopbackPort.hasUnread(port) }
      running.signal(SIGINT)
      let ended = try running.wait(seconds: 5)
      #expect(ended.signal == SIGINT, "\(ended.out)\(ended.err)")
      #expect(ProcessTable.left(mentioning: project.space.folder.path).isEmpty)
    }

    @Test("dvc#3454: an object in parts keeps its digest, whatever its ETag says")
    func anObjectInPartsKeepsItsDigestToo() throws {
      let project = try SharedProject(SharedProject.chain)
      var client = project.client
      client.options.multipartThreshold = 5 << 20
      client.options.partSize = 5 << 20
      let path = project.space.folder("large")
      try TestFiles.write((0..<(6 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: path)
      let digest = try Digest.of(TestFiles.read(path))
      try client.put(file: path, key: "large", digest: digest)
      let object = try client.head("large")
      #expect(object.etag.hasSuffix("-2\""))
      #expect(object.digest == digest)
    }

  }
}
