// `run --dry-run`: what a run would do, why, and about how long it would take.
import Atelier
import CommandLine
import Content
import Inspection
import Planning
import Project
import RunDisplay
import Terminal

enum DryRun {
  static func run(
    _ session: Session, jobs: Int, isCacheOff: Bool, isJSON: Bool, isVerbose: Bool
  ) throws -> Int32 {
    let status = try GraphStatus(session)
    let plan = Plan(status, isCacheOff: isCacheOff, jobs: jobs)
    let text =
      isJSON
      ? try StatusText.json(plan.states) + plan.json().canonicalText() + "\n"
      : StatusText.text(
        plan.states, all: isVerbose, reasons: { status.planner.partialChanges($0) }) + plan.text()
    try session.output.data(text)
    return ExitCode.success
  }

  /// What is due, and how long it takes.
  private struct Plan {
    let states: [PlannedNode]
    let jobs: Int
    /// How many steps are due and how many are current.
    let due: Int
    let current: Int
    let estimate: RunEstimate

    init(_ status: GraphStatus, isCacheOff: Bool, jobs: Int) {
      self.jobs = jobs
      let found = status.states
      states = isCacheOff ? found.map(\.withCacheOff) : found
      let graph = status.graph
      // Deliveries and sources are no steps, though they are listed and may be due.
      let pairs = zip(status.selection.nodes, states)
      let steps = pairs.filter { graph.nodes[$0.0].step != nil }
      due = steps.count { $0.1.isDue }
      current = steps.count { if case .upToDate = $0.1.state { true } else { false } }
      let dueNodes = pairs.filter { $0.1.isDue }
      estimate = RunEstimate(
        graph, due: Set(dueNodes.map(\.0)),
        seconds: dueNodes.reduce(into: [:]) { $0[$1.0] = $1.1.lastSeconds }, jobs: jobs)
    }

    func text() -> String {
      guard due > 0 else { return "nothing would run; \(Text.count(current, "step")) up to date\n" }
      var text =
        "\(Text.count(due, "step")) would run, \(current) \(current == 1 ? "is" : "are") current; "
      let unknown = estimate.unknown
      if unknown.count == due {
        return text + "how long they take is unknown: none has run yet\n"
      }
      text += "about \(Text.seconds(estimate.seconds)) with \(jobs) at a time"
      text += " (\(Text.seconds(estimate.work)) of work by the last times"
      if estimate.chain.count > 1, let first = estimate.chain.first, let last = estimate.chain.last
      {
        text += "; longest chain: \(estimate.chain.count) steps from \(first) to \(last)"
      }
      text += ")"
      if !unknown.isEmpty {
        let names = unknown.prefix(3).joined(separator: ", ")
        let more = unknown.count > 3 ? ", ..." : ""
        text +=
          ", plus \(Text.count(unknown.count, "step")) without a recorded time: \(names)\(more)"
      }
      return text + "\n"
    }

    func json() -> JSONValue {
      [
        "v": 1, "event": "dry-run", "due": .integer(Int64(due)),
        "current": .integer(Int64(current)), "jobs": .integer(Int64(jobs)),
        "seconds": .number(Self.rounded(estimate.seconds)),
        "work": .number(Self.rounded(estimate.work)),
        "chain": .array(estimate.chain.map { .string($0) }),
        "unknown": .array(estimate.unknown.map { .string($0) }),
      ]
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
  }
}
