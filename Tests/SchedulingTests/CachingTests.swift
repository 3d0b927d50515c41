// What runs and what does not: early cut-off, going back, twins, failures, cache modes.
import Atelier
import AtelierStep
import Execution
import Foundation
import Planning
import Testing

@Suite struct CachingTests {
  private let lab: Laboratory

  init() throws { lab = try Laboratory() }

  /// a.first -> a.head -> b.last, where the head keeps one letter only.
  private func chain(_ text: String) throws -> Graph {
    try lab.graph { p in
      let first = p.add("a.first", Join(text: text, journal: lab.journal))
      let head = p.add("a.head", Head(from: first.out, journal: lab.journal))
      p.add("b.last", Join(parts: [head.out], text: "!", journal: lab.journal))
    }
  }

  @Test func aFirstRunBuildsAllAndASecondNothing() throws {
    let first = try lab.run(chain("alpha"))
    #expect(first.statuses == ["a.first": .built, "a.head": .built, "b.last": .built])
    #expect(first.summary.outcome == .ok)
    #expect((first.summary.built, first.summary.hits, first.summary.failed) == (3, 0, 0))
    #expect(try lab.text(first, "b.last") == "a!")
    #expect(try lab.executions() == ["join alpha", "head", "join !"])
    let second = try lab.run(chain("alpha"))
    #expect(second.statuses == ["a.first": .hit, "a.head": .hit, "b.last": .hit])
    #expect(second.report("b.last")?.outputs == first.report("b.last")?.outputs)
    #expect(try lab.executions() == [])
  }

  @Test func anEqualOutputCutsTheRunOffEarly() throws {
    let first = try lab.run(chain("alpha"))
    _ = try lab.executions()
    let second = try lab.run(chain("amber"))
    #expect(second.statuses == ["a.first": .built, "a.head": .built, "b.last": .hit])
    #expect(second.report("b.last")?.key == first.report("b.last")?.key)
    #expect(try lab.executions() == ["join amber", "head"])
    let third = try lab.run(chain("beta"))
    #expect(third.statuses == ["a.first": .built, "a.head": .built, "b.last": .built])
    #expect(try lab.text(third, "b.last") == "b!")
  }

  @Test func goingBackToAnEarlierParameterIsAHitAllTheWay() throws {
    for text in ["alpha", "beta", "gamma"] { try lab.run(chain(text)) }
    _ = try lab.executions()
    for text in ["beta", "alpha"] {
      #expect(try lab.run(chain(text)).names(.hit) == ["a.first", "a.head", "b.last"])
    }
    #expect(try lab.executions() == [])
  }

  @Test func aSourceEntersByItsBytesOnly() throws {
    let graph = try lab.graph { p in
      let source: Artifact<Words> = p.source("a.in", path: "words.txt")
      p.add("b.copy", Join(parts: [source], text: ".", journal: lab.journal))
    }
    try lab.space.write("words.txt", "one")
    #expect(try lab.run(graph).statuses == ["a.in": .source, "b.copy": .built])
    try lab.space.write("words.txt", "two")
    let second = try lab.run(graph)
    #expect(second.statuses["b.copy"] == .built)
    #expect(try lab.text(second, "b.copy") == "two.")
    try lab.space.write("words.txt", "one")
    #expect(try lab.run(graph).statuses["b.copy"] == .hit)
    try FileManager.default.removeItem(atPath: lab.space.path + "/words.txt")
    let gone = try lab.run(graph)
    #expect(gone.statuses == ["a.in": .failed, "b.copy": .skipped])
    #expect(gone.report("a.in")?.message?.contains("words.txt") == true)
  }

  @Test func twinsRunOnce() throws {
    let graph = try lab.graph { p in
      for name in ["a.one", "a.two", "a.three", "b.four"] {
        p.add(name, Join(text: "same", journal: lab.journal))
      }
    }
    let outcome = try lab.run(graph, options: RunOptions(jobs: 4))
    #expect(try lab.executions() == ["join same"])
    #expect(outcome.names(.built).count == 1)
    #expect(outcome.names(.hit).count == 3)
    #expect(Set(outcome.reports.map(\.key)).count == 1)
    #expect((outcome.summary.built, outcome.summary.hits) == (1, 3))
  }

  @Test func readOnlyKeepsNothingAndOffReadsNothing() throws {
    let graph = try chain("alpha")
    let readOnly = try lab.run(graph, options: RunOptions(jobs: 1, cache: .ro))
    #expect(readOnly.names(.built) == ["a.first", "a.head", "b.last"])
    #expect(readOnly.reports.allSatisfy { !$0.isCached })
    #expect(try lab.text(readOnly, "b.last") == "a!")
    #expect(try lab.run(graph).names(.built).count == 3)
    #expect(try lab.run(graph, options: RunOptions(jobs: 1, cache: .ro)).names(.hit).count == 3)
    _ = try lab.executions()
    let off = try lab.run(graph, options: RunOptions(jobs: 1, cache: .off))
    #expect(off.names(.built).count == 3)
    #expect(off.explanations.values.allSatisfy { $0.cause == .cacheOff })
    #expect(try lab.executions().count == 3)
    #expect(try lab.run(graph).names(.hit).count == 3)
  }

  @Test func aDamagedResultIsMadeAgain() throws {
    let graph = try chain("alpha")
    let first = try lab.run(graph)
    let digest = try #require(first.report("a.head")?.outputs["out"]?.digest)
    let blob = try lab.with(readOnly: true) { $0.store.layout.blob(digest) }
    try FileManager.default.removeItem(atPath: blob)
    let second = try lab.run(graph)
    #expect(second.statuses == ["a.first": .hit, "a.head": .built, "b.last": .hit])
    #expect(second.explanations["a.head"]?.cause == .blobMissing)
  }

  @Test func onlyWhatATargetNeedsRuns() throws {
    let graph = try chain("alpha")
    #expect(try lab.run(graph, ["a.head"]).names(.built) == ["a.first", "a.head"])
    #expect(
      try lab.run(graph, ["b"]).statuses == ["a.first": .hit, "a.head": .hit, "b.last": .built])
    #expect(throws: UnknownTarget.self) { try lab.run(graph, ["c"]) }
  }
}

@Suite struct FailureTests {
  private let lab: Laboratory
  private var door: String { lab.space.path + "/door" }

  init() throws { lab = try Laboratory() }

  private func graph() throws -> Graph {
    try lab.graph { p in
      let fragile = p.add("a.fragile", Fragile(needs: door, journal: lab.journal))
      let after = p.add("a.after", Join(parts: [fragile.out], text: "", journal: lab.journal))
      p.add("b.later", Join(parts: [after.out], text: "z", journal: lab.journal))
      let sound = p.add("b.sound", Join(text: "sound", journal: lab.journal))
      p.add("b.more", Join(parts: [sound.out], text: "more", journal: lab.journal))
    }
  }

  @Test func aFailureStopsTheRun() throws {
    let outcome = try lab.run(graph(), options: RunOptions(jobs: 1))
    #expect(outcome.summary.outcome == .failed)
    #expect(outcome.statuses["a.fragile"] == .failed)
    #expect(outcome.report("a.fragile")?.message?.hasPrefix("not yet") == true)
    #expect(outcome.names(.skipped).isSuperset(of: ["a.after", "b.later", "b.more"]))
    #expect(outcome.reports.count == 5)
  }

  @Test func keepGoingBuildsWhatDoesNotNeedIt() throws {
    let outcome = try lab.run(graph(), options: RunOptions(jobs: 1, keepGoing: true))
    #expect(
      outcome.statuses == [
        "a.fragile": .failed, "a.after": .skipped, "b.later": .skipped, "b.sound": .built,
        "b.more": .built,
      ])
    #expect(outcome.report("a.after")?.message == "needs a.fragile")
    #expect(outcome.report("b.later")?.message == "needs a.after")
    #expect(outcome.summary.outcome == .failed)
  }

  @Test func failuresAreNotCachedAndExplained() throws {
    let options = RunOptions(jobs: 1, keepGoing: true)
    let first = try lab.run(graph(), options: options)
    #expect(first.explanations["a.fragile"]?.cause == .firstRun)
    #expect(try lab.status(graph())["a.fragile"]?.state.word == "will run: failedBefore")
    let second = try lab.run(graph(), options: options)
    #expect(second.explanations["a.fragile"]?.cause == .failedBefore)
    #expect(second.explanations["a.fragile"]?.against == first.summary.id)
    try lab.space.write("door", "")
    _ = try lab.executions()
    let third = try lab.run(graph())
    #expect(third.names(.built) == ["a.fragile", "a.after", "b.later"])
    #expect(third.names(.hit) == ["b.sound", "b.more"])
    #expect(try lab.executions() == ["fragile", "join ", "join z"])
  }

  @Test func aMissingOutputIsAFailureThatNamesIt() throws {
    let graph = try lab.graph { $0.add("a.forgetful", Forgetful()) }
    let message = try lab.run(graph).report("a.forgetful")?.message
    #expect(
      message
        == "a.forgetful ended without its output 'out': expected a file at outputs/out.txt")
  }

  @Test func twinsOfAFailureFail() throws {
    let graph = try lab.graph { p in
      for name in ["a.one", "a.two"] {
        p.add(name, Fragile(needs: door, journal: lab.journal))
      }
    }
    let outcome = try lab.run(graph, options: RunOptions(jobs: 1, keepGoing: true))
    #expect(outcome.names(.failed).count == 1)
    #expect(outcome.names(.skipped).count == 1)
    #expect(try lab.executions() == ["fragile"])
  }
}
