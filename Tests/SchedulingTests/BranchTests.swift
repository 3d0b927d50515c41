// Branches: the arm not taken never runs, and both run and status say so.
import Atelier
import AtelierStep
import Execution
import Testing

@Suite struct BranchTests {
  private let lab: Laboratory

  init() throws { lab = try Laboratory() }

  private func graph(_ word: String) throws -> Graph {
    try lab.graph { p in
      let word = p.add("a.word", Join(text: word, journal: lab.journal))
      let choice = p.add("a.decide", Decide(from: word.out)).choice
      let taken = p.branch("b.which", on: choice) { p in
        let inner = p.add("b.then", Join(text: "then", journal: lab.journal))
        return p.add("b.then-two", Join(parts: [inner.out], text: "2", journal: lab.journal))
          .out
      } otherwise: { p in
        p.add("b.else", Join(text: "else", journal: lab.journal)).out
      }
      p.add("b.end", Join(parts: [taken], text: ".", journal: lab.journal))
    }
  }

  @Test func theArmThatIsChosenRuns() throws {
    let yes = try lab.run(graph("yes"))
    #expect(
      yes.statuses == [
        "a.word": .built, "a.decide": .built, "b.then": .built, "b.then-two": .built,
        "b.else": .notTaken, "b.which": .selected, "b.end": .built,
      ])
    #expect(yes.summary.outcome == .ok)
    #expect(try lab.text(yes, "b.end") == "then2.")
    #expect(try lab.executions().sorted() == ["join .", "join 2", "join then", "join yes"])
    #expect(yes.report("b.else")?.message == "the branch b.which took the other arm")

    let no = try lab.run(graph("no"))
    #expect(
      no.statuses == [
        "a.word": .built, "a.decide": .built, "b.then": .notTaken, "b.then-two": .notTaken,
        "b.else": .built, "b.which": .selected, "b.end": .built,
      ])
    #expect(try lab.text(no, "b.end") == "else.")
    #expect(try lab.executions().sorted() == ["join .", "join else", "join no"])
    // Another word with the same decision: the decision's bytes are equal, the rest is a hit.
    let again = try lab.run(graph("never"))
    #expect(again.names(.built) == ["a.word", "a.decide"])
    #expect(again.names(.hit) == ["b.else", "b.end"])
  }

  /// F6b, R22: a source may be a decision, and is read anew by each run.
  @Test func f6bASourceDecides() throws {
    func graph() throws -> Graph {
      try lab.graph { p in
        let choice: Artifact<Choice> = p.source("a.choice", path: "choice.json")
        _ = p.branch("b.which", on: choice) { p in
          p.add("b.then", Join(text: "then", journal: lab.journal)).out
        } otherwise: { p in
          p.add("b.else", Join(text: "else", journal: lab.journal)).out
        }
      }
    }
    try lab.space.write("choice.json", #"{"choice": true}"#)
    #expect(try lab.status(graph())["b.then"]?.state.word == "will run: firstRun")
    #expect(try lab.run(graph()).names(.built) == ["b.then"])
    try lab.space.write("choice.json", #"{"choice": false}"#)
    #expect(try lab.run(graph()).names(.built) == ["b.else"])
    try lab.space.write("choice.json", #"{"choice": "maybe"}"#)
    #expect(try lab.run(graph()).summary.outcome == .failed)
  }

  @Test func statusShowsTheArmsAsTheyAre() throws {
    #expect(
      try lab.status(graph("yes")).mapValues(\.state.word) == [
        "a.word": "will run: firstRun", "a.decide": "waits for a.word",
        "b.then": "waits for a.decide", "b.then-two": "waits for a.decide",
        "b.else": "waits for a.decide", "b.which": "waits for a.decide",
        "b.end": "waits for b.which",
      ])
    try lab.run(graph("yes"))
    #expect(
      try lab.status(graph("yes")).mapValues(\.state.word) == [
        "a.word": "current", "a.decide": "current", "b.then": "current", "b.then-two": "current",
        "b.else": "not taken", "b.which": "follows", "b.end": "current",
      ])
  }

  @Test func aFailedDecisionSkipsBothArms() throws {
    let graph = try lab.graph { p in
      let word = p.add(
        "a.word", Fragile(needs: lab.space.path + "/none", journal: lab.journal))
      let choice = p.add("a.decide", Decide(from: word.out)).choice
      let own = p.add("a.own", Join(text: "own", journal: lab.journal)).out
      let taken = p.branch("b.which", on: choice) { p in
        p.add("b.then", Join(text: "then", journal: lab.journal)).out
      } otherwise: { _ in
        own
      }
      p.add("b.end", Join(parts: [taken], text: ".", journal: lab.journal))
    }
    let outcome = try lab.run(graph, options: RunOptions(jobs: 1, keepGoing: true))
    #expect(
      outcome.statuses == [
        "a.word": .failed, "a.decide": .skipped, "a.own": .built, "b.then": .skipped,
        "b.which": .skipped, "b.end": .skipped,
      ])
  }
}
