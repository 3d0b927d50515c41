// What is short: room on the disk, names on it, the right to write, file descriptors. A clear word,
// nothing lost, nothing half, and the next run is right.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.serialized, .serialPrograms) struct ScarcityTests {
  /// Two steps in a row, one beside them, a delivery: about 150 KiB and 50 names.
  private static let graph: [JSONValue] = [
    [
      "name": "one.a", "tools": ["head", "tr"],
      "script": "head -c 20000 /dev/zero | tr '\\0' a > $out",
    ],
    ["name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a $one_a > $out"],
    [
      "name": "two.c", "inputs": ["one.b"], "tools": ["cat"],
      "script": "cat $one_b > $out; echo >> $out",
    ],
    ["name": "two.free", "script": "echo free > $out; echo noted >&2"],
    ["name": "two.published", "deliver": "one.b", "dataset": "data"],
  ]

  private static let isSoak = ProcessInfo.processInfo.environment["ATELIER_SOAK"] != nil

  /// The digests of a run that lacks nothing.
  private static func digests(_ run: EndedProgram) -> [String: Digest] {
    ["one.a", "one.b", "two.c", "two.free"].reduce(into: [:]) { all, name in
      all[name] = try? run.digest(of: name)
    }
  }

  private static let expected = Result {
    let run = try FixtureSpace(graph).run()
    guard run.code == 0 else { throw ProgramError(run.err) }
    return digests(run)
  }

  enum Limit: String, CaseIterable {
    /// Each write fails in turn.
    case size
    /// Each new name fails in turn.
    case names = "nr_inodes"
  }

  @Test(
    .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.absence)),
    arguments: Limit.allCases)
  func aDiskThatIsFull(_ limit: Limit) throws {
    let budget = FuzzBudget("a full disk")
    let expected = try Self.expected.get()
    // Pages of 4 KiB, and names from none to enough.
    let range = 4...72
    let stride = Self.isSoak ? 1 : 6
    var failed = 0
    var built = 0
    for step in Swift.stride(
      from: range.lowerBound + Int(budget.seed % UInt64(stride)), through: range.upperBound,
      by: stride)
    {
      let option = limit == .size ? "size=\(step * 4)k" : "nr_inodes=\(step)"
      let space = try FixtureSpace(Self.graph)
      let disk = try SmallDisk(at: space.store, option)
      defer { disk.remove() }
      let run = try space.start(["run", "--json", "--jobs", "2"], by: disk.entry).wait(seconds: 60)
      #expect([0, 1, 2, 5].contains(run.code) && run.signal == 0, "\(option): \(run.err)")
      if run.code == 0 { built += 1 } else { failed += 1 }
      if run.code != 0 {
        let said = run.out + run.err
        #expect(said.contains("No space left on device"), "\(option): \(said)")
      }
      try Self.expectNothingHalf(disk.visible(space.store), option)

      try disk.remount(limit == .size ? "size=64m" : "nr_inodes=100000", space.folder)
      let next = try space.start(["run", "--json"], by: disk.entry).wait(seconds: 60)
      #expect(next.code == 0, "\(option): \(next.err)\(next.out)")
      #expect(Self.digests(next) == expected, "\(option)")
      try Self.expectNothingHalf(disk.visible(space.store), option)
      let published = TestFiles.list(disk.visible(space.store))
      #expect(published.contains { $0.contains("/data/exportTime=") }, "\(option)")
      let last = try space.start(["run", "--json"], by: disk.entry).wait(seconds: 60)
      #expect(Set(last.statuses.values) == ["hit"] && last.code == 0, "\(option): \(last.out)")
    }
    print("\(limit): \(failed) runs found the disk full, \(built) did not mind")
    #expect(failed > 0)
  }

  /// All that lies at a final path is whole.
  private static func expectNothingHalf(_ store: String, _ option: String) throws {
    for name in TestFiles.list(store) {
      let path = "\(store)/\(name)"
      if name.hasPrefix(".atelier/cas/") {
        #expect(
          try Digest.of(TestFiles.read(path)).hex == name.split(separator: "/").last ?? "",
          "\(option): \(name)")
      } else if name.hasPrefix(".atelier/ac/") || name.hasPrefix(".atelier/runs/") {
        let json = try? JSONValue(parsing: TestFiles.read(path))
        #expect(json?.object != nil, "\(option): \(name)")
        for output in (json?["outputs"]?.object ?? [:]).values {
          let hex = output["digest"]?.string.flatMap { Digest($0) }?.hex ?? "?"
          let blob = "\(store)/.atelier/cas/sha256/\(hex.prefix(2))/\(hex)"
          #expect(FileManager.default.fileExists(atPath: blob), "\(option): \(name) lacks \(hex)")
        }
      } else if name.contains("/data/exportTime=") {
        let digest = try Digest.of(TestFiles.read(path))
        #expect(try digest == expected.get()["one.b"], "\(option): \(name)")
      }
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.absence)))
  func aStoreThatBecomesReadOnly() throws {
    let space = try FixtureSpace(Self.graph)
    let disk = try SmallDisk(at: space.store, "size=64m")
    defer { disk.remove() }
    func call(_ words: String...) throws -> EndedProgram {
      try space.start(words, by: disk.entry).wait(seconds: 60)
    }
    #expect(try call("run", "--json").code == 0)
    try disk.remount("ro", space.folder)
    for verb in [
      ["status"], ["explain", "one.b"], ["why", "two.c"], ["log", "two.free"], ["graph"],
      ["show", "one.b", "--format", "path"], ["list", "runs"], ["run", "--dry-run"],
    ] {
      let ended = try space.start(verb, by: disk.entry).wait(seconds: 60)
      #expect(ended.code == 0, "\(verb): \(ended.err)")
    }
    try space.setGraph(Self.graph + [["name": "two.new", "script": "echo new > $out"]])
    #expect(try call("status").code == 3)
    let refused = try call("run")
    #expect(refused.code == 5, "\(refused.out)")
    #expect(refused.err.contains("Read-only file system") && refused.err.contains(space.store))
    try disk.remount("rw", space.folder)
    let again = try call("run", "--json")
    #expect(again.code == 0)
    #expect(again.statuses.filter { $0.value == "built" }.keys.elementsEqual(["two.new"]))
  }

  @Test func fewFileDescriptors() throws {
    let expected = try Self.expected.get()
    let budget = FuzzBudget("few file descriptors")
    let stride = Self.isSoak ? 1 : 4
    var failed = 0
    for count in Swift.stride(from: 4 + Int(budget.seed % UInt64(stride)), through: 44, by: stride)
    {
      let space = try FixtureSpace(Self.graph)
      let run = try space.start(
        ["run", "--json", "--jobs", "2"], by: ["prlimit", "--nofile=\(count)"]
      )
      .wait(seconds: 60)
      // 127: not even the program's own libraries could be opened.
      #expect([0, 1, 2, 5, 127].contains(run.code) && run.signal == 0, "\(count): \(run.err)")
      if run.code != 0 {
        failed += 1
        let said = run.out + run.err
        let isClear =
          said.contains("Too many open files") || said.contains("Error 24")
          || said.contains("EMFILE")
        #expect(isClear, "\(count): \(said)")
      }
      try Self.expectNothingHalf(space.store, "\(count) descriptors")
      let next = try space.run()
      #expect(next.code == 0, "\(count): \(next.err)\(next.out)")
      #expect(Self.digests(next) == expected, "\(count)")
      #expect(ProcessTable.left(mentioning: space.folder.path).isEmpty)
    }
    #expect(failed > 0)
  }
}
