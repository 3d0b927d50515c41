// Results, outputs and settings that somebody made up: refused in words, and nothing outside of the
// store and a step's own directory is touched.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct HostileStoreTests {
  private static let chain: [JSONValue] = [
    ["name": "one.a", "script": "echo a > $out"],
    [
      "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
      "script": "cat $one_a > $out; echo b >> $out",
    ],
  ]

  /// How a result lies; its blobs and its key document are sound.
  enum Lie: String, CaseIterable {
    case otherName, upwards, noOutput, oneMore, tree, otherType, size, noSuchBlob, negativeSize
  }

  private static func lying(_ file: [UInt8], _ lie: Lie) throws -> [UInt8] {
    var json = try JSONValue(parsing: file).object ?? [:]
    var outputs = json["outputs"]?.object ?? [:]
    var out = outputs["out"]?.object ?? [:]
    switch lie {
    case .otherName: outputs = ["other": .object(out)]
    case .upwards: outputs = ["../../../x": .object(out)]
    case .noOutput: outputs = [:]
    case .oneMore: outputs["../../../x"] = .object(out)
    case .tree: out["kind"] = "tree"
    case .otherType: out["mediaType"] = "text/html\u{1B}[31m"
    case .size: out["size"] = 1_000_000
    case .negativeSize: out["size"] = -1
    case .noSuchBlob: out["digest"] = .string(try Digest.of("nowhere").description)
    }
    if outputs["out"] != nil { outputs["out"] = .object(out) }
    json["outputs"] = .object(outputs)
    return try JSONValue.object(json).canonicalBytes()
  }

  @Test(arguments: Lie.allCases)
  func aResultThatLiesInTheLocalStore(_ lie: Lie) throws {
    let space = try FixtureSpace(Self.chain)
    let first = try space.run()
    let key = try #require(first.step("one.a")?["key"]?.string.flatMap { Digest($0) })
    let file = "\(space.store)/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
    try TestFiles.write(Self.lying(TestFiles.read(file), lie), to: file)
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: space.store + "/.atelier/index.sqlite" + suffix)
    }
    try? FileManager.default.removeItem(atPath: space.store + "/.atelier/current")
    let run = try space.run()
    #expect(run.code == 0, "\(run.err)\(run.out)")
    #expect(run.statuses == ["one.a": "built", "one.b": "hit"], "\(lie)")
    #expect(try run.digest(of: "one.a") == first.digest(of: "one.a"))
    #expect(try space.run().statuses == ["one.a": "hit", "one.b": "hit"])
  }

  @Test(
    .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)),
    arguments: Lie.allCases)
  func aResultThatLiesInTheBucket(_ lie: Lie) throws {
    let project = try SharedProject(Self.chain)
    let first = try project.run("a")
    let digest = try #require(first.step("one.a")?["key"]?.string.flatMap { Digest($0) })
    let key = "team/project/.atelier/ac/\(digest.hex.prefix(2))/\(digest.hex).json"
    try project.client.put(Self.lying(project.client.get(key).bytes, lie), key: key)
    // The blob is here already, so that only the size in the result is another.
    try FileManager.default.createDirectory(
      atPath: project.store("b"), withIntermediateDirectories: true)
    let second = try project.run("b")
    #expect(second.code == 0, "\(lie): \(second.err)\(second.out)")
    #expect(second.statuses["one.a"] == "built", "\(lie): \(second.out)")
    #expect(try second.digest(of: "one.a") == first.digest(of: "one.a"))
    #expect(second.step("one.a")?["outputs"]?["out"]?["size"] == 2)
    // And the bucket has an honest one again.
    let third = try project.run("c")
    #expect(third.fromRemote.contains("one.a"), "\(lie): \(third.notices)")
  }

  // MARK: Outputs of a step

  @Test(arguments: [
    ("ln -s $outside $out", ["expected a file"]),
    ("ln $outside $out", ["ermitted", "enied", "nvalid"]),
    ("mkfifo $out", ["expected a file"]), ("mkdir $out; echo x > $out/x", ["expected a file"]),
    (
      "ln -s / ${out}x; echo x > $out; rm $out; ln -s ${out}x/etc/passwd $out",
      ["expected a file", "wrote no output"]
    ),
    ("ln -s $outside $out; echo mine > $out", ["enied", "expected a file"]),
    (
      "rm -rf ${out%/*}; ln -s /etc ${out%/*}",
      ["enied", "wrote no output", "expected a file", "cannot"]
    ),
  ])
  func anOutputThatPointsOut(_ script: String, _ words: [String]) throws {
    let space = try FixtureSpace([])
    let outside = try space.folder.write("theirs\n", to: "outside/file.txt")
    chmod(outside, 0o640)
    try space.setGraph([
      [
        "name": "one.a", "script": .string(script), "environment": ["outside": .string(outside)],
        "tools": ["ln", "mkfifo", "mkdir", "rm"],
      ]
    ])
    let run = try space.start(["run", "--json"]).wait(seconds: 60)
    #expect(run.code == 1, "\(run.out)\(run.err)")
    #expect(run.statuses == ["one.a": "failed"])
    let message = run.step("one.a")?["message"]?.string ?? ""
    #expect(words.contains { message.contains($0) }, "\(message)")
    #expect(try TestFiles.text(outside) == "theirs\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: outside)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(attributes[.referenceCount] as? Int == 1)
    #expect(TestFiles.list(space.store + "/.atelier/cas").isEmpty)
    #expect(TestFiles.list(space.store + "/.atelier/ac").isEmpty)
    // And the place can be cleaned up without following anything.
    #expect(try space.call("status").code == 3)
    #expect(TestFiles.list(space.folder("outside")) == ["file.txt"])
  }

  // MARK: Settings

  /// What is wrong with a configuration, and how a run over it ends.
  enum Config: CaseIterable {
    case longValue, longLine, longKey, longSection, openReference, nul, nulInAPath, escapes

    var code: Int32 {
      switch self {
      case .longValue, .longKey, .longSection: 0
      case .longLine, .openReference, .nul, .nulInAPath, .escapes: 2
      }
    }

    var text: String {
      // Names are hashed at each look, byte by byte, which a debug build is slow at.
      let isName = self == .longKey || self == .longSection
      let long = String(repeating: "u", count: isName ? 500_000 : 10_000_000)
      return switch self {
      case .longValue: "[Fixture]\nunused = \(long)\n"
      case .longLine: "[Fixture]\n\(long)\n"
      case .longKey: "[Fixture]\n\(long) = 1\n"
      case .longSection: "[\(long)]\n"
      case .openReference: "[Fixture]\nunused = %(\(long)\n"
      case .nul: "[Fixture]\nunused = a\0b\n"
      case .nulInAPath: "[Atelier]\nroot = /tmp/x\0/../y\n"
      case .escapes: "[Fixture]\ngraph = \u{1B}]0;title\u{7}.json\n"
      }
    }
  }

  @Test(arguments: Config.allCases)
  func aHostileConfiguration(_ config: Config) throws {
    let space = try FixtureSpace(
      [["name": "one.a", "script": "echo a > $out"]], config: config.text)
    for verb in [["run"], ["config", "--show-origin"], ["status"]] {
      let ended = try space.start(verb).wait(seconds: 60)
      #expect(ended.signal == 0)
      #expect(ended.err.utf8.count < 30_000, "\(ended.err.utf8.count) bytes")
      #expect(!ended.err.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\0" })
      if verb == ["run"] {
        #expect(ended.code == config.code, "\(ended.err.prefix(1000))")
        if config.code != 0 { #expect(!ended.err.isEmpty) }
      }
    }
  }
}
