// Kills a run, its worker, or both at random moments; ATELIER_SOAK sets how often.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct KillTests {
  enum Victim: CaseIterable { case runner, worker, both }

  private static let lanes = 2

  /// Each lane has its own stores and half of the kills.
  @Test(arguments: 0..<lanes) func aKilledRunLeavesNothingBehind(lane: Int) throws {
    let variables = ProcessInfo.processInfo.environment
    let kills = (variables["ATELIER_SOAK"].flatMap { Int($0) } ?? 100) / Self.lanes
    let seed = variables["ATELIER_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
    print("KillTests: lane \(lane): \(kills) kills, ATELIER_SEED=\(seed)")
    var random = SeededGenerator(state: seed &+ UInt64(lane))
    var space = try FixtureSpace(KillGraph.nodes)
    var known: Set<String> = []
    // An undisturbed run says how long one takes, and that the expectation below is right.
    let length = try undisturbed(space)
    var counts: [Victim: Int] = [:]
    for number in 1...max(1, kills) {
      // A store meets many kills, but does not grow for ever.
      if number % 50 == 0 {
        space = try FixtureSpace(KillGraph.nodes)
        known = []
      }
      let words = "seed \(number)\n"
      try space.folder.write(words, to: "seed.txt")
      let victim = Victim.allCases[Int.random(in: 0..<3, using: &random)]
      let moment = Double.random(in: 0...length, using: &random)
      let running = try space.start(["run", "--json", "--jobs", "3"])
      // The moment of the kill is what varies: any will do.
      usleep(UInt32(moment * 1e6))
      if kill(victim, running, space) { counts[victim, default: 0] += 1 }
      let ended = try running.wait()
      let note = "kill \(number) of lane \(lane), seed \(seed): \(victim) after \(moment) s"
      #expect(ended.signal == SIGKILL || [0, 1].contains(ended.code), "\(note): \(ended.err)")
      try expectClean(space, &known, "\(note)")
      try expectContinues(space, words, note)
    }
    print("KillTests: lane \(lane): hit \(counts)")
    #expect(counts[.runner, default: 0] + counts[.both, default: 0] > 0)
  }

  /// The seconds of a run that nobody disturbs.
  private func undisturbed(_ space: FixtureSpace) throws -> Double {
    try space.folder.write("seed 0\n", to: "seed.txt")
    let began = Date()
    let run = try space.run("--jobs", "3")
    try #require(run.code == 0, "\(run.err)")
    try #require(try space.text(of: "two.h", in: run) == KillGraph.result(of: "seed 0\n"))
    return Date().timeIntervalSince(began)
  }

  /// Kills; false where the victim was gone or not there yet.
  private func kill(_ victim: Victim, _ running: RunningProgram, _ space: FixtureSpace) -> Bool {
    let workers =
      victim == .runner
      ? []
      : ProcessTable.mentioning(space.folder.path).filter {
        $0.arguments.hasSuffix("\0worker\0") && $0.name != "supervisor"
      }
    if victim != .worker { running.signal(SIGKILL) }
    for worker in workers.prefix(1) { Foundation.kill(worker.pid, SIGKILL) }
    return victim == .runner || !workers.isEmpty
  }

  /// No process stays, no blob is wrong, nothing half is published.
  private func expectClean(
    _ space: FixtureSpace, _ known: inout Set<String>, _ note: String
  ) throws {
    let left = ProcessTable.left(mentioning: space.folder.path)
    #expect(left.isEmpty, "\(note): \(left)")
    let wrong = try space.wrongBlobs(known: &known)
    #expect(wrong.isEmpty, "\(note): \(wrong)")
    let dataset = space.store + "/bucket/exports/numbers"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: dataset)) ?? []
    for name in names where !name.hasPrefix(".") {
      let text = try? TestFiles.text("\(dataset)/\(name)/part-00000")
      #expect(text.map { $0.hasSuffix("two.g\n") } == true, "\(note): \(name)")
    }
  }

  /// The next run needs no flag and gives what an undisturbed one gives.
  private func expectContinues(_ space: FixtureSpace, _ words: String, _ note: String) throws {
    let next = try space.run("--jobs", "3")
    #expect(next.code == 0, "\(note): \(next.out)\(next.err)")
    #expect(Set(next.statuses.keys) == Set(KillGraph.steps), "\(note)")
    let result = try next.digest(of: "two.h")
    #expect(
      try result == Digest.of(Array(KillGraph.result(of: words).utf8)), "\(note): \(next.out)")
    let dataset = space.store + "/bucket/exports/numbers"
    let names = try FileManager.default.contentsOfDirectory(atPath: dataset).sorted()
    #expect(names.allSatisfy { $0.hasPrefix("exportTime=") }, "\(note): \(names)")
    let newest = "\(dataset)/\(names.last ?? "")/part-00000"
    #expect(try TestFiles.text(newest) == KillGraph.published(of: words), "\(note)")
  }
}
