// Numbers, times and sizes that files of a store claim: whatever they are, nothing crashes, and what
// cannot be is no result.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultClaimTests {
  private static let verbs = [
    ["run", "--json"], ["status"], ["explain"], ["store", "gc"], ["store", "fsck"],
  ]

  /// A project that ran once, without what else knows its results; the path of one.a's result.
  private func ran() throws -> (space: FixtureSpace, run: EndedProgram, result: String) {
    let space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"],
      ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"],
    ])
    let run = try space.run()
    try #require(run.code == 0, "\(run.err)")
    let key = try #require(run.step("one.a")?["key"]?.string.flatMap { Digest($0) })
    return (space, run, "\(space.store)/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json")
  }

  private func forget(_ space: FixtureSpace) {
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "current"] {
      try? FileManager.default.removeItem(atPath: "\(space.store)/.atelier/\(name)")
    }
  }

  /// No verb crashes or hangs; a run makes the step again.
  private func expectNoResult(_ space: FixtureSpace, _ before: EndedProgram, _ note: String) throws
  {
    for verb in Self.verbs.dropFirst() + Self.verbs.prefix(1) {
      forget(space)
      let ended = try space.start(verb).wait(seconds: 120)
      #expect(ended.signal == 0 && ended.code < 128, "\(note): \(verb): \(ended.code) \(ended.err)")
      guard verb.first == "run" else { continue }
      #expect(
        ended.code == 0 && ended.statuses["one.a"] == "built", "\(note): \(ended.out)\(ended.err)")
      #expect(try ended.digest(of: "one.a") == before.digest(of: "one.a"))
    }
  }

  private func replace(_ path: String, _ change: (inout [String: JSONValue]) -> Void) throws {
    var json = try JSONValue(parsing: TestFiles.read(path)).object ?? [:]
    change(&json)
    try TestFiles.write(JSONValue.object(json).canonicalBytes(), to: path)
  }

  @Test(arguments: [
    "9223372036854775807-01-01T00:00:00.000Z", "2026-9223372036854775807-01T00:00:00.000Z",
    "2026-01-01T00:00:9223372036854775807.000Z", "-292277026596-12-04T15:30:08.000Z",
    "2026-02-31T00:00:00.000Z", "0000-00-00T00:00:00.000Z",
  ])
  func f3ATimeThatCannotBe(_ time: String) throws {
    let (space, run, result) = try ran()
    try replace(result) { $0["startedAt"] = .string(time) }
    try expectNoResult(space, run, time)
  }

  @Test func f4SizesWhoseSumIsTooLarge() throws {
    let (space, run, result) = try ran()
    try replace(result) { json in
      var out = json["outputs"]?["out"]?.object ?? [:]
      out["size"] = .string("9223372036854775807")
      json["outputs"] = ["out": .object(out)]
    }
    // Results of a store with another layout of outputs: two that claim all that there is.
    let other = try JSONValue.object(["step": "forged"]).canonicalText()
    let key = try Digest.of(other)
    let claims = ["a", "b"].map {
      "\"\($0)\":{\"digest\":\"sha256:\(String(repeating: $0, count: 64))\",\"kind\":\"file\","
        + "\"mediaType\":\"text/plain\",\"size\":\"9223372036854775807\"}"
    }.joined(separator: ",")
    let forged =
      "{\"document\":\(other),\"exit\":0,\"host\":\"h\",\"key\":\"\(key)\",\"outputs\":{\(claims)},"
      + "\"seconds\":1,\"startedAt\":\"2026-01-01T00:00:00.000Z\",\"version\":1,\"versions\":{}}"
    let path = "\(space.store)/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
    try FileManager.default.createDirectory(
      atPath: String(path.dropLast(70)), withIntermediateDirectories: true)
    try TestFiles.write(Array(forged.utf8), to: path)
    try expectNoResult(space, run, "sizes")
    let gc = try space.call("store", "gc", "--delete")
    #expect(gc.code == 0 && gc.signal == 0, "\(gc.err)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  enum Sparse: String, CaseIterable { case result, record, tag, note, mark, manifest }

  @Test(arguments: Sparse.allCases)
  func f10AHugeSparseFile(_ file: Sparse) throws {
    let (space, run, result) = try ran()
    let base = space.store + "/.atelier"
    let path: String
    switch file {
    case .result: path = result
    case .record: path = "\(base)/runs/\(try #require(TestFiles.list(base + "/runs").last))"
    case .tag: path = base + "/tags/kept"
    case .note: path = base + "/sources/\(String(repeating: "a", count: 32)).json"
    case .mark: path = base + "/current/\(String(repeating: "a", count: 64))"
    case .manifest:
      // The result names a blob of 100 GB as a tree.
      let hex = String(repeating: "c", count: 64)
      path = "\(base)/cas/sha256/cc/\(hex)"
      try replace(result) { json in
        var out = json["outputs"]?["out"]?.object ?? [:]
        out["digest"] = .string("sha256:\(hex)")
        json["outputs"] = ["out": .object(out)]
      }
    }
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // fsck reads a blob whole, as it must.
    let size: Int64 = file == .manifest ? 1 << 30 : 10 << 40
    let ended = try RunningProgram(
      "/usr/bin/env", ["truncate", "-s", "\(size)", path], environment: [:], captures: space.folder
    ).wait()
    try #require(ended.code == 0, "\(ended.err)")
    switch file {
    case .result, .manifest: try expectNoResult(space, run, "\(file)")
    case .record, .tag, .note, .mark:
      for verb in Self.verbs {
        let ended = try space.start(verb).wait(seconds: 120)
        #expect(ended.signal == 0 && ended.code < 128, "\(verb): \(ended.code) \(ended.err)")
        if verb.first == "run" { #expect(ended.code == 0, "\(ended.err)") }
      }
    }
  }

  @Test(arguments: [0, 2, 4096])
  func f7AVersionFileThatAPowerCutEmptied(_ zeros: Int) throws {
    let (space, _, _) = try ran()
    let path = space.store + "/.atelier/version"
    try TestFiles.write(Array(repeating: 0, count: zeros), to: path)
    #expect(try space.call("store", "fsck").code == 0)
    let run = try space.run()
    #expect(run.code == 0 && Set(run.statuses.values) == ["hit"], "\(run.err)")
    #expect(try TestFiles.text(path) == "1\n")
  }
}
