// Objects in buckets as inputs: other bytes are seen whatever their size and time, and nothing else
// costs a run.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import S3
import Testing

extension ConformanceTests {
  @Suite(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  struct SourceObjects {
    /// A source in a bucket, a step that copies it, and one that does not use it.
    private static func graph(
      _ bucket: String, script: String = "cat $one_in > $out", tools: JSONValue = ["cat", "sleep"]
    ) -> [JSONValue] {
      [
        ["name": "one.in", "source": .string("s3://\(bucket)/in put/a+b=ü.csv")],
        [
          "name": "one.copy", "script": .string(script), "tools": tools,
          "inputs": ["one.in"],
        ],
        ["name": "two.other", "script": "echo other > $out", "inputs": []],
      ]
    }

    private static let key = "in put/a+b=ü.csv"

    private let project: SharedProject
    private let input: S3Client
    private let bucket: String

    init() throws {
      let server = try BucketServer.common.get()
      bucket = try server.makeBucket()
      input = try server.client(bucket)
      project = try SharedProject(Self.graph(bucket))
    }

    @Test("dvc#3454: an object written in parts has another ETag, and runs nothing")
    func theSameBytesUnderAnotherETagRunNothing() throws {
      let path = project.space.folder("large")
      try TestFiles.write((0..<(6 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: path)
      let digest = try Digest.of(TestFiles.read(path))
      try project.space.setGraph(
        Self.graph(bucket, script: "cat $one_in | head -c 3 > $out", tools: ["cat", "head"]))
      try input.put(file: path, key: Self.key, digest: digest)
      let whole = try input.head(Self.key).etag
      #expect(try run().statuses == ["one.copy": "built", "two.other": "built"])

      var parted = input
      parted.options.multipartThreshold = 5 << 20
      parted.options.partSize = 5 << 20
      try parted.put(file: path, key: Self.key, digest: digest)
      let other = try input.head(Self.key).etag
      #expect(other != whole && other.contains("-2"))
      #expect(try run().statuses == ["one.copy": "hit", "two.other": "hit"])

      // One bit in the second part.
      var bytes = try TestFiles.read(path)
      bytes[(5 << 20) + 7] ^= 1
      try TestFiles.write(bytes, to: path)
      try parted.put(file: path, key: Self.key, digest: Digest.of(bytes))
      #expect(try run().statuses == ["one.copy": "built", "two.other": "hit"])
    }

    private func write(_ text: String) throws {
      _ = try input.put(Array(text.utf8), key: Self.key)
    }

    /// A run on a machine whose results stay there.
    private func run(_ words: String...) throws -> EndedProgram {
      try project.start("a", words + ["--set", "Atelier.store=local"]).wait()
    }

    private func text(_ run: EndedProgram) throws -> String {
      let digest = try run.digest(of: "one.copy")
      return try TestFiles.text(
        "\(project.store("a"))/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)")
    }

    @Test("The key holds the bytes, not the address: an object of other bytes runs its consumer")
    func otherBytesOfTheSameSizeRunTheConsumerAgain() throws {
      try write("x,1\n")
      let first = try run()
      #expect(first.code == 0, "\(first.err)\(first.out)")
      #expect(try text(first) == "x,1\n")
      #expect(try run().statuses == ["one.copy": "hit", "two.other": "hit"])

      try write("x,2\n")
      let second = try run()
      #expect(second.statuses == ["one.copy": "built", "two.other": "hit"], "\(second.err)")
      #expect(try text(second) == "x,2\n")
      let step = try #require(second.step("one.copy"))
      let field = try #require(step["reasons"]?.array?.first)
      #expect(field["field"]?.string?.hasPrefix("inputs.") == true, "\(second.out)")
      #expect(field["old"]?.string == "\(try Digest.of("x,1\n"))")
      #expect(field["new"]?.string == "\(try Digest.of("x,2\n"))")

      // The same bytes written once more are no change, and going back is a hit.
      try write("x,2\n")
      #expect(try run().statuses == ["one.copy": "hit", "two.other": "hit"])
      try write("x,1\n")
      #expect(try run().statuses == ["one.copy": "hit", "two.other": "hit"])
    }

    @Test func everyOverwriteIsSeenAtOnce() throws {
      for number in 0..<6 {
        try write("number \(number)\n")
        let ended = try run()
        #expect(ended.code == 0, "\(ended.err)")
        #expect(try text(ended) == "number \(number)\n")
      }
    }

    @Test func aPlainRunIsNotAnsweredByItsMark() throws {
      try write("one")
      let words = ["run", "--set", "Atelier.store=local"]
      #expect(try project.start("a", verb: words).wait().code == 0)
      #expect(try project.start("a", verb: words).wait().code == 0)
      try write("two")
      let changed = try project.start("a", verb: words).wait()
      #expect((changed.out + changed.err).contains("1 ran"), "\(changed.out)\(changed.err)")
    }

    @Test("dvc#11058: an object overwritten while the step runs is not recorded as used")
    func anOverwriteDuringTheRunIsNoticed() throws {
      try project.space.setGraph(Self.graph(bucket, script: "sleep 1000; cat $one_in > $out"))
      try write("before")
      let running = try project.start("a", ["--set", "Atelier.store=local"])
      try ProcessTable.wait(for: "sleep", in: project.space.folder.path)
      try write("after!")
      try ProcessTable.endSleep(of: 1000, in: project.space.folder.path)
      let ended = try running.wait()
      #expect(ended.code == 0, "\(ended.err)")
      // The step had the version that its key names.
      #expect(try text(ended) == "before")
      let warnings = ended.step("one.copy")?["warnings"]?.array?.compactMap(\.string) ?? []
      #expect(
        warnings.contains { $0.contains("was overwritten while the step ran") }, "\(ended.out)")
      let again = try project.start("a", ["--set", "Atelier.store=local"])
      try ProcessTable.endSleep(of: 1000, in: project.space.folder.path)
      let next = try again.wait()
      #expect(next.statuses["one.copy"] == "built")
      #expect(try text(next) == "after!")
    }

    @Test func whatWasSeenBeforeTheRunIsNotAskedForOnceMore() throws {
      let proxy = try BucketServer(spoiling: project.server)
      func run() throws -> EndedProgram {
        try project.start("a", ["--set", "Atelier.store=local"], endpoint: proxy.url).wait()
      }
      try write("text")
      #expect(try run().code == 0)
      try proxy.spoil([])
      let ended = try run()
      #expect(ended.statuses == ["one.copy": "hit", "two.other": "hit"], "\(ended.err)")
      let requests = try proxy.requests()
      // An object that was written within the last tick comes down again, which asks once more.
      let downloads = requests.count { $0.hasPrefix("GET") }
      #expect(requests.count { $0.hasPrefix("HEAD") } == 1 + downloads, "\(requests)")
    }

    @Test func anotherMachineNeedsTheObjectOnlyForItsDigest() throws {
      try write("shared")
      #expect(try project.run("a").code == 0)
      let second = try project.run("b")
      #expect(second.statuses == ["one.copy": "hit", "two.other": "hit"], "\(second.err)")
      #expect(second.fromRemote == ["one.copy", "two.other"])
    }

    @Test func whatIsNotThereIsSaidBeforeAnythingIsWritten() throws {
      let ended = try run()
      #expect(ended.code == 2)
      #expect(ended.err.contains("one.in: expected an object at s3://\(bucket)/\(Self.key)"))
      #expect(!FileManager.default.fileExists(atPath: project.store("a")))
      let endpoint = "http://127.0.0.1:\(try LoopbackPort.free())"
      let down = try project.start(
        "a", ["--set", "Atelier.store=local"], endpoint: endpoint
      ).wait()
      #expect(down.code == 5, "\(down.err)")
      #expect(!FileManager.default.fileExists(atPath: project.store("a")))
    }

    @Test func statusLooksAtTheObjectToo() throws {
      try write("one")
      _ = try run()
      let verb = ["status", "--set", "Atelier.store=local"]
      #expect(try project.start("a", verb: verb).wait().code == 0)
      try write("two")
      let status = try project.start("a", verb: verb).wait()
      #expect(status.code == 3, "\(status.out)\(status.err)")
      let explained = try project.start(
        "a", verb: ["explain", "one.copy", "--set", "Atelier.store=local"]
      ).wait()
      #expect(explained.out.contains(try Digest.of("two").hex.prefix(12)), "\(explained.out)")
    }

    @Test func aBlobThatWasRemovedHereComesAgain() throws {
      try write("again")
      _ = try run()
      let digest = try Digest.of("again")
      let blob =
        "\(project.store("a"))/.atelier/cas/sha256/\(digest.hex.prefix(2))/\(digest.hex)"
      try FileManager.default.removeItem(atPath: blob)
      try project.space.setGraph(Self.graph(bucket, script: "cat $one_in $one_in > $out"))
      let ended = try run()
      #expect(ended.code == 0, "\(ended.err)\(ended.out)")
      #expect(try text(ended) == "againagain")
    }
  }
}
