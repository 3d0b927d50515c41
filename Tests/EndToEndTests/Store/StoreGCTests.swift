// Collecting garbage with the built program: what stays is whole, a second run is all hits, and
// neither readers nor runs nor kills are in the way.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct StoreGCTests {
  /// a -> b, whose text a test changes.
  private static func graph(_ text: String) -> [JSONValue] {
    [
      ["name": "one.a", "script": "echo a > $out"],
      [
        "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
        "script": .string("cat $one_a > $out; echo \(text) >> $out"),
      ],
    ]
  }

  /// A store with four results of b, the last of which is current.
  private func used() throws -> FixtureSpace {
    let space = try FixtureSpace(Self.graph("1"))
    for text in ["1", "2", "3", "4"] {
      try space.setGraph(Self.graph(text))
      let run = try space.run()
      try #require(run.code == 0, "\(run.err)")
    }
    return space
  }

  private func gc(_ space: FixtureSpace, _ words: String...) throws -> EndedProgram {
    let ended = try space.start(["store", "gc", "--json"] + words).wait()
    #expect(ended.code == 0, "\(ended.err)")
    return ended
  }

  @Test func aDryRunRemovesNothingAndDeleteWhatItSaid() throws {
    let space = try used()
    let disk = StoreOnDisk(space.store)
    let before = TestFiles.list(space.store)
    let dry = try gc(space, "--keep-runs", "1", "--max-age", "0d")
    #expect(TestFiles.list(space.store) == before)
    #expect(dry.steps(in: "remove") == ["one.b", "one.b", "one.b"])
    #expect(dry.events.last?["removed"]?["blobs"] == 3 && dry.events.last?["deleted"] == false)

    let wet = try gc(space, "--keep-runs", "1", "--max-age", "0d", "--delete")
    #expect(wet.events.last?["removed"]?["results"] == 3)
    #expect(wet.events.last?["kept"]?["results"] == 2)
    #expect(disk.results.count == 2 && disk.blobs.count == 2 && disk.runs.count == 1)
    #expect(try disk.incomplete().isEmpty)
    let again = try space.run()
    #expect(again.statuses == ["one.a": "hit", "one.b": "hit"], "\(again.out)")
    #expect(try gc(space, "--keep-runs", "1", "--max-age", "0d").steps(in: "remove").isEmpty)
    // Going back is a run, and gives what it gave.
    try space.setGraph(Self.graph("2"))
    let back = try space.run()
    #expect(back.statuses == ["one.a": "hit", "one.b": "built"])
    #expect(try back.digest(of: "one.b") == Digest.of("a\n2\n"))
  }

  @Test func whatIsYoungEnoughStaysByDefault() throws {
    let space = try used()
    #expect(try gc(space, "--delete", "--keep-runs", "1").steps(in: "remove").isEmpty)
    #expect(StoreOnDisk(space.store).results.count == 5)
  }

  @Test func aSizeTakesTheOldestFirst() throws {
    let space = try used()
    // Blobs of 2 and four times 4 bytes.
    let ended = try gc(space, "--delete", "--keep-runs", "1", "--max-size", "10B")
    #expect(ended.steps(in: "remove").count == 2)
    #expect(ended.events.last?["kept"]?["bytes"] == 10)
    try space.setGraph(Self.graph("3"))
    #expect(try space.run().statuses["one.b"] == "hit")
    try space.setGraph(Self.graph("2"))
    #expect(try space.run().statuses["one.b"] == "built")
  }

  @Test func aTagKeepsWhatItsRunHolds() throws {
    let space = try used()
    let runs = try space.call("list", "runs", "--json").events.compactMap { $0["run"]?.string }
    #expect(runs.count == 4)
    let oldest = try #require(runs.min())
    #expect(try space.call("store", "tag", "first", oldest).code == 0)
    #expect(try space.call("store", "tag", "newest").code == 0)
    let tags = try space.call("store", "tag").out.split(separator: "\n").map(String.init)
    #expect(tags.count == 2 && tags[0].hasPrefix("first ") && tags[0].hasSuffix(oldest))
    #expect(try space.call("store", "tag", "x", "20260101T000000.000-000000000000").code == 2)
    #expect(
      try gc(space, "--delete", "--keep-runs", "1", "--max-age", "0s").steps(in: "remove").count
        == 2)
    try space.setGraph(Self.graph("1"))
    #expect(try space.run().statuses["one.b"] == "hit")
    let wrong = try space.call("store", "untag", "frist")
    #expect(wrong.code == 2 && wrong.err.contains("Did you mean 'first'?"), "\(wrong.err)")
    #expect(try space.call("store", "untag", "first").code == 0)
  }

  @Test func theMarkOfWhatStaysStillAnswers() throws {
    let space = try used()
    for _ in 0..<3 { _ = try space.call("run") }
    let before = TestFiles.list(space.store + "/.atelier/current").count
    _ = try gc(space, "--delete", "--keep-runs", "1", "--max-age", "0s")
    #expect(try space.call("run").err.contains("fixture: 2 cached, 0 ran"))
    #expect(before > 0 && TestFiles.list(space.store + "/.atelier/current").count > 0)
  }

  @Test func besideARunNothingIsRemovedAndARunWaits() throws {
    let folder = try TemporaryFolder()
    let space = try FixtureSpace([["name": "one.held", "held": .string(folder.path)]])
    try folder.write("say x\n", to: "one.held")
    let run = try space.start(["run", "--json"])
    try waitUntil("the run has begun") { run.hasSaid("start") }
    let refused = try space.start(["store", "gc", "--delete"]).wait()
    #expect(refused.code == 5 && refused.err.contains("a run"), "\(refused.err)")
    #expect(try space.call("store", "gc").code == 0)
    try folder.write("say x\ngo\n", to: "one.held")
    #expect(try run.wait().code == 0)
    #expect(try space.call("store", "gc", "--delete").code == 0)
  }

  @Test(arguments: [
    (["gc", "--max-age", "5"], "30d"), (["gc", "--max-size", "big"], "20GB"),
    (["gc", "extra"], "takes no arguments"), (["gc", "--all"], "unknown option '--all'"),
    (["fsck", "--delete"], "unknown option '--delete'"),
    (["gcc"], "Did you mean 'store gc'?"),
    (["tag", "a/b"], "not a valid tag"), (["untag"], "missing argument: NAME"),
  ])
  func mistakesAreNamed(_ words: [String], _ said: String) throws {
    let space = try FixtureSpace(Self.graph("1"))
    let ended = try space.start(["store"] + words).wait()
    #expect(ended.code == 2 && ended.err.contains(said), "\(ended.err)")
  }

  // MARK: - In the middle

  /// Kills a collection while it removes; what is left must be whole, and a run right.
  @Test func aKilledCollectionLeavesOnlyWholeResults() throws {
    let space = try FixtureSpace(KillGraph.nodes)
    let disk = StoreOnDisk(space.store)
    var interrupted = 0
    var random = SeededGenerator(state: 1)
    for number in 1...20 {
      try space.folder.write("seed \(number)\n", to: "seed.txt")
      let run = try space.run("--jobs", "3")
      try #require(run.code == 0, "\(run.err)")
      let garbage = try disk.addGarbage("kill \(number)", 300)
      let collecting = try space.start(
        ["store", "gc", "--delete", "--keep-runs", "1", "--max-age", "0s"])
      let end = Date().addingTimeInterval(60)
      while Date() < end, !garbage.prefix(16).contains(where: { access($0, F_OK) != 0 }) {
        usleep(100)
      }
      // Each other one at once, when most is still there.
      if number % 2 == 0 { usleep(UInt32.random(in: 0...25_000, using: &random)) }
      collecting.signal(SIGKILL)
      let ended = try collecting.wait()
      #expect(disk.results.count < 300 + KillGraph.steps.count, "nothing was removed")
      if ended.signal == SIGKILL { interrupted += 1 }
      #expect(try disk.incomplete().isEmpty, "kill \(number)")
      let next = try space.run("--jobs", "3")
      #expect(Set(next.statuses.values) == ["hit"], "kill \(number): \(next.out)")
      #expect(
        try next.digest(of: "two.h") == Digest.of(KillGraph.result(of: "seed \(number)\n")))
      #expect(try space.call("store", "fsck").code == 0)
    }
    print("StoreGCTests: \(interrupted) of 20 kills came in the middle of removing")
    #expect(interrupted > 0)
    let last = try gc(space, "--delete", "--keep-runs", "1", "--max-age", "0s")
    #expect(last.events.last?["kept"]?["results"]?.integer == Int64(KillGraph.steps.count))
    #expect(disk.results.count == KillGraph.steps.count)
    #expect(disk.blobs.count == KillGraph.steps.count)
  }

  @Test func readersAndARunBesideCollectionsAreRight() throws {
    let space = try FixtureSpace(KillGraph.nodes)
    try space.folder.write("seed\n", to: "seed.txt")
    let first = try space.run("--jobs", "3")
    try #require(first.code == 0, "\(first.err)")
    let expected = KillGraph.result(of: "seed\n")
    for round in 0..<5 {
      // Garbage to collect: results of another seed, then back.
      for seed in ["other \(round)\n", "seed\n"] {
        try space.folder.write(seed, to: "seed.txt")
        try #require(try space.run("--jobs", "3").code == 0)
      }
      let collecting = try (0..<2).map { _ in
        try space.start(["store", "gc", "--delete", "--keep-runs", "1", "--max-age", "0s"])
      }
      let shows = try (0..<4).map { _ in try space.start(["show", "two.h", "--format", "path"]) }
      let looks = try (0..<4).map { _ in try space.start(["status"]) }
      let run = try space.start(["run", "--json", "--jobs", "2"])
      for show in shows {
        let ended = try show.wait()
        #expect(ended.code == 0, "\(ended.err)")
        let path = ended.out.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try TestFiles.text(path) == expected)
      }
      for look in looks {
        let ended = try look.wait()
        #expect(ended.code == 0, "\(ended.out)\(ended.err)")
      }
      let ended = try run.wait()
      #expect(ended.code == 0 && Set(ended.statuses.values) == ["hit"], "\(ended.out)\(ended.err)")
      for one in collecting {
        let ended = try one.wait()
        #expect([0, 5].contains(ended.code), "\(ended.err)")
      }
      #expect(try StoreOnDisk(space.store).incomplete().isEmpty)
    }
  }

  @Test func aRunThatMakesSomethingBesideACollectionIsWhole() throws {
    let space = try FixtureSpace(KillGraph.nodes)
    for round in 0..<4 {
      try space.folder.write("seed \(round)\n", to: "seed.txt")
      let run = try space.start(["run", "--json", "--jobs", "2"])
      var codes: Set<Int32> = []
      for _ in 0..<3 {
        let collecting = try space.start(
          ["store", "gc", "--delete", "--keep-runs", "0", "--max-age", "0s"])
        codes.insert(try collecting.wait().code)
      }
      #expect(codes.isSubset(of: [0, 5]))
      let ended = try run.wait()
      #expect(ended.code == 0, "\(ended.out)\(ended.err)")
      #expect(try ended.digest(of: "two.h") == Digest.of(KillGraph.result(of: "seed \(round)\n")))
      #expect(try StoreOnDisk(space.store).incomplete().isEmpty)
    }
  }
}
