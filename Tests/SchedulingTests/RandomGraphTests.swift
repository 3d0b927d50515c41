// Random graphs and random edits: status foretells the run, and every output is what a plain
// evaluation gives, whatever was cached before.
import Atelier
import AtelierStep
import AtelierTesting
import Content
import Execution
import Testing

/// A graph as plain data, which can be evaluated without an engine.
private struct Plan {
  enum Node {
    case join(parts: [Int], text: String)
    case head(from: Int, count: Int)
    case branch(decision: Int, then: String, otherwise: String)
  }

  var nodes: [Node] = []

  init(count: Int, using generator: inout SeededGenerator) {
    for index in 0..<count { nodes.append(Self.node(index, using: &generator)) }
  }

  static func node(_ index: Int, using generator: inout SeededGenerator) -> Node {
    func earlier() -> Int { Int.random(in: 0..<index, using: &generator) }
    let text = ["yes", "no", "x", "y"].randomElement(using: &generator) ?? ""
    switch index == 0 ? 0 : Int.random(in: 0..<6, using: &generator) {
    case 0: return .join(parts: [], text: text)
    case 1, 2:
      return .join(
        parts: (0..<Int.random(in: 1...3, using: &generator)).map { _ in earlier() }, text: text)
    case 3, 4: return .head(from: earlier(), count: Int.random(in: 1...3, using: &generator))
    default: return .branch(decision: earlier(), then: text, otherwise: "other")
    }
  }

  /// Changes one node into another one of its place.
  mutating func edit(using generator: inout SeededGenerator) {
    let index = Int.random(in: nodes.indices, using: &generator)
    nodes[index] = Self.node(index, using: &generator)
  }

  /// What each node gives.
  var values: [String] {
    var values: [String] = []
    for node in nodes {
      switch node {
      case .join(let parts, let text): values.append(parts.map { values[$0] }.joined() + text)
      case .head(let from, let count): values.append(String(values[from].prefix(count)))
      case .branch(let decision, let then, let otherwise):
        values.append(values[decision].hasPrefix("yes") ? values[decision] + then : otherwise)
      }
    }
    return values
  }

  func wire(_ p: inout PipelineBuilder, _ journal: Journal) throws {
    var outputs: [Artifact<Words>] = []
    for (index, node) in nodes.enumerated() {
      switch node {
      case .join(let parts, let text):
        let step = Join(parts: parts.map { outputs[$0] }, text: text, journal: journal)
        outputs.append(p.add("a.n\(index)", step).out)
      case .head(let from, let count):
        let step = Head(from: outputs[from], count: count, journal: journal)
        outputs.append(p.add("a.n\(index)", step).out)
      case .branch(let decision, let then, let otherwise):
        let choice = p.add("a.c\(index)", Decide(from: outputs[decision])).choice
        outputs.append(
          p.branch("a.n\(index)", on: choice) { p in
            let step = Join(parts: [outputs[decision]], text: then, journal: journal)
            return p.add("a.t\(index)", step).out
          } otherwise: { p in
            p.add("a.e\(index)", Join(text: otherwise, journal: journal)).out
          })
      }
    }
  }
}

@Suite struct RandomGraphTests {
  @Test(arguments: 1...6) func statusForetellsTheRun(_ seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let lab = try Laboratory()
    var plan = Plan(count: 14, using: &generator)
    for round in 0..<5 {
      if round > 0 { for _ in 0..<2 { plan.edit(using: &generator) } }
      try check(plan, in: lab, jobs: Int.random(in: 1...4, using: &generator))
    }
  }

  private func check(_ plan: Plan, in lab: Laboratory, jobs: Int) throws {
    let graph = try lab.graph { try plan.wire(&$0, lab.journal) }
    let before = try lab.status(graph)
    let outcome = try lab.run(graph, options: RunOptions(jobs: jobs))
    #expect(outcome.summary.outcome == .ok)
    #expect(outcome.reports.count == graph.nodes.count)
    let built = Set(outcome.reports.filter { $0.status == .built }.map(\.key))
    for (name, planned) in before {
      switch (planned.state, outcome.statuses[name]) {
      case (.upToDate, .hit?), (.notTaken, .notTaken?), (.derived, .selected?): continue
      // Of twins one is built and the other one is a hit.
      case (.stale, .built?), (.stale, .hit?): #expect(built.contains(planned.key))
      case (.blocked, _?): continue
      default: Issue.record("\(name): \(planned.state.word), then \(outcome.statuses)")
      }
    }
    // Whatever waited and then ran had something before it that ran.
    if !built.isEmpty { #expect(before.values.contains { $0.state.word.hasPrefix("will run") }) }

    for (name, planned) in try lab.status(graph) {
      #expect(["current", "follows", "not taken"].contains(planned.state.word), "\(name)")
    }
    for (index, value) in plan.values.enumerated() {
      var node = "a.n\(index)"
      if case .branch(let decision, _, _) = plan.nodes[index] {
        // What a branch gives is what the arm gives that it says it took.
        let isThen = plan.values[decision].hasPrefix("yes")
        let arm = isThen ? "a.t\(index)" : "a.e\(index)"
        #expect(outcome.report(node)?.message == (isThen ? "then: " : "otherwise: ") + arm)
        node = arm
      }
      #expect(
        outcome.report(node)?.outputs["out"]?.digest == (try Digest.of(value)), "\(node) of \(plan)"
      )
    }
    let again = try lab.run(graph)
    #expect(again.names(.built).isEmpty)
  }
}
