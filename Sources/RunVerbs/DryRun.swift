// `run --dry-run`: what a run would do, why, and about how long it would take.
import Atelier
import CommandLine
import Content
import Execution
import Inspection
import Planning
import Project
import RunDisplay
import Terminal

enum DryRun {
  static func run(
    _ session: Session, jobs: Int, cache: RunOptions.CacheMode, isJSON: Bool, isVerbose: Bool
  ) throws -> Int32 {
    // A run that may not fill the cache publishes nothing.
    let status = try GraphStatus(session, foreseesEffects: cache != .ro)
    try session.checkInputs(status.graph, status.selection)
    let plan = Plan(status, isCacheOff: cache == .off, publishes: cache != .ro, jobs: jobs)
    let reasons = status.planner.partialExplanation
    let text =
      isJSON
      ? try StatusText.json(plan.states) + plan.json().canonicalText() + "\n"
      : StatusText.text(
        plan.states, all: isVerbose, isFull: isVerbose,
        reasons: reasons) + plan.text(reasons: reasons)
    try session.output.data(text)
    return plan.states.contains(where: \.isDue) ? ExitCode.outOfDate : ExitCode.success
  }

  /// What is due, and how long it takes.
  private struct Plan {
    let states: [PlannedNode]
    let jobs: Int
    /// How many steps are due and how many are current.
    let due: Int
    let current: Int
    /// How many deliveries would be made; those of steps that would run are among them.
    let deliveries: Int
    /// How many ingestions would be made, counted in the same way.
    let ingestions: Int
    var effects: Int { deliveries + ingestions }
    let estimate: RunEstimate

    init(_ status: GraphStatus, isCacheOff: Bool, publishes: Bool, jobs: Int) {
      self.jobs = jobs
      let found = status.states
      states = isCacheOff ? Self.withCacheOff(found) : found
      let graph = status.graph
      // Deliveries and sources are no steps, though they are listed and may be due.
      let pairs = zip(status.selection.nodes, states)
      let steps = pairs.filter { graph.nodes[$0.0].step != nil }
      due = steps.count { $0.1.isDue }
      current = steps.count { if case .upToDate = $0.1.state { true } else { false } }
      let effects = publishes ? pairs.filter { $0.1.isDue } : []
      deliveries = effects.count {
        if case .delivery = graph.nodes[$0.0].kind { true } else { false }
      }
      ingestions = effects.count {
        if case .ingestion = graph.nodes[$0.0].kind { true } else { false }
      }
      let dueNodes = pairs.filter { $0.1.isDue }
      estimate = RunEstimate(
        graph, due: Set(dueNodes.map(\.0)),
        seconds: dueNodes.reduce(into: [:]) { $0[$1.0] = $1.1.lastSeconds }, jobs: jobs)
    }

    /// The states of a run that runs each step: of those with the same key the first one.
    private static func withCacheOff(_ found: [PlannedNode]) -> [PlannedNode] {
      var first: [ActionKey: String] = [:]
      return found.map { planned in
        guard case .upToDate = planned.state, let key = planned.key else { return planned }
        if let twin = first[key] { return planned.waiting(for: twin) }
        first[key] = planned.name
        return planned.withCacheOff
      }
    }

    private var publications: String {
      let parts = [
        deliveries == 0 ? nil : Text.count(deliveries, "delivery"),
        ingestions == 0 ? nil : Text.count(ingestions, "ingestion"),
      ].compactMap(\.self)
      return parts.isEmpty ? "" : parts.joined(separator: " and ") + " would be made; "
    }

    func text(reasons: (PlannedNode) -> Explanation?) -> String {
      guard due > 0 else {
        let steps = "\(Text.count(current, "step")) up to date\n"
        return effects == 0 ? "nothing would run; " + steps : publications + steps
      }
      let causes = StatusText.causes(of: states, reasons: reasons)
      var text =
        (causes.isEmpty ? "" : "because of \(causes.joined(separator: ", "))\n") + publications
        + "\(Text.count(due, "step")) would run, \(current) \(current == 1 ? "is" : "are") current; "
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
        "current": .integer(Int64(current)), "effects": .integer(Int64(effects)),
        "jobs": .integer(Int64(jobs)),
        "seconds": .number(Self.rounded(estimate.seconds)),
        "work": .number(Self.rounded(estimate.work)),
        "chain": .array(estimate.chain.map { .string($0) }),
        "unknown": .array(estimate.unknown.map { .string($0) }),
      ]
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
  }
}
