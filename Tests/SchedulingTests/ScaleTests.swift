// Long chains and wide fans: nothing recurses, no cost grows with the square.
import Atelier
import AtelierStep
import AtelierTesting
import Execution
import Planning
import Testing

@Suite(.serialized) struct ScaleTests {
  private let lab: Laboratory
  private static let count = 10_000

  init() throws { lab = try Laboratory() }

  /// Two executions, for the head of equal outputs is equal: all later links are hits in the run.
  private func chain(_ count: Int, in lab: Laboratory) throws -> Graph {
    try lab.graph { p in
      var last = p.add("a.first", Join(text: "x", journal: lab.journal)).out
      for number in 0..<count {
        last = p.add("a.link.\(number)", Head(from: last, journal: lab.journal)).out
      }
    }
  }

  /// Eight times the links cost eight times as much, and not 64 times: to wire, to run, to look up.
  @Test(.timeLimit(.minutes(10))) func theCostGrowsWithTheGraph() throws {
    func cost(_ count: Int) throws -> Double {
      let lab = try Laboratory()
      return try Cost.seconds {
        let graph = try chain(count, in: lab)
        #expect(try lab.run(graph).summary.outcome == .ok)
        let again = try lab.run(graph)
        #expect(again.summary.hits == count + 1)
        try lab.with(readOnly: true) { environment in
          let planner = try Planner(graph, environment: environment)
          #expect(
            planner.plan(try Selection(["a.link.\(count - 1)"], in: graph)).count == count + 1)
        }
      }
    }
    let (some, many) = (try cost(Self.count / 32), try cost(Self.count / 4))
    #expect(many < 24 * some, "\(many) s of CPU, and \(some) s for an eighth of the steps")
  }

  @Test(.timeLimit(.minutes(10))) func aLongChain() throws {
    let graph = try chain(Self.count, in: lab)
    let outcome = try lab.run(graph)
    #expect(outcome.summary.outcome == .ok)
    #expect((outcome.summary.built, outcome.summary.hits) == (2, Self.count - 1))
    try lab.with(readOnly: true) { environment in
      let planner = try Planner(graph, environment: environment)
      let states = planner.plan(try Selection(["a.link.\(Self.count - 1)"], in: graph))
      #expect(states.count == Self.count + 1)
      #expect(states.allSatisfy { $0.state.word == "current" })
      let ancestry = try planner.ancestry(of: Self.count, in: graph)
      #expect(ancestry.map(\.depth) == Array(0...Self.count))
      #expect(ancestry.last?.name == "a.first")
    }
  }

  @Test(.timeLimit(.minutes(10))) func aWideFanAndItsEnd() throws {
    let graph = try lab.graph { p in
      let root = p.add("a.root", Join(text: "x", journal: lab.journal)).out
      let leaves = (0..<Self.count).map { number in
        // Twins in groups of a hundred, so that the test is about the graph and not the disk.
        p.add(
          "a.leaf.\(number)", Head(from: root, count: 1 + number / 100, journal: lab.journal)
        ).out
      }
      let parts = stride(from: 0, to: Self.count, by: 20).map { leaves[$0] }
      p.add("b.end", Join(parts: parts, text: "", journal: lab.journal))
    }
    let outcome = try lab.run(graph)
    #expect(outcome.summary.outcome == .ok)
    #expect((outcome.summary.built, outcome.summary.hits) == (102, Self.count - 100))
    #expect(try lab.text(outcome, "b.end") == String(repeating: "x", count: Self.count / 20))
  }

  @Test(.timeLimit(.minutes(10))) func aFailureAtTheRootOfALongChainSkipsIt() throws {
    let graph = try lab.graph { p in
      var last = p.add("a.first", Forgetful()).out
      for number in 0..<Self.count {
        last = p.add("a.link.\(number)", Head(from: last, journal: lab.journal)).out
      }
    }
    let outcome = try lab.run(graph, options: RunOptions(jobs: 2, keepGoing: true))
    #expect((outcome.summary.failed, outcome.summary.skipped) == (1, Self.count))
    #expect(outcome.report("a.link.9999")?.message == "needs a.link.9998")
  }
}
