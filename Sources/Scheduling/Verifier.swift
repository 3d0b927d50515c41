// Runs steps again in clean scratch directories and compares the bytes with the kept results.
import Atelier
import Content
import Engines
import Execution
import Planning
import Subprocess

/// One output that came out differently.
package struct Irreproducible: Sendable {
  package let step: String
  package let output: String
  package let expected: OutputRecord
  package let found: OutputRecord
}

/// What verifying one step found.
package enum Verdict: Sendable {
  case same
  case differs([Irreproducible])
  case failed(String)
  /// It has no current result to compare with.
  case unknown
}

/// Re-executes steps; results of the cache are read, none is written.
package struct Verifier {
  private let environment: EngineEnvironment
  private let graph: Graph
  private let token: CancellationToken

  package init(_ graph: Graph, environment: EngineEnvironment, token: CancellationToken) {
    self.graph = graph
    self.environment = environment
    self.token = token
  }

  /// Verifies the steps among the targets, `jobs` at a time; `report` gets each verdict in the
  /// order of completion, on the calling thread.
  package func verify(
    _ selection: Selection, jobs: Int, report: (String, Verdict) throws -> Void
  ) throws {
    let planner = try Planner(graph, environment: environment)
    _ = planner.plan(selection)
    let id = RunID(startedAt: Timestamp(secondsSince1970: environment.clock()))
    let runner = try ActionRunner(
      environment: environment, runID: id, token: token, cache: .off, report: { _ in })
    let pool = try SlotPool(count: jobs)
    let mailbox = Mailbox<(String, Verdict)>()
    var open = 0
    for index in selection.targets {
      let node = graph.nodes[index]
      guard let step = node.step else { continue }
      // An arm that is not taken has no result, and needs none.
      if case .notTaken? = planner.states[index]?.state { continue }
      guard case .upToDate(let result)? = planner.states[index]?.state else {
        try report(node.name, .unknown)
        continue
      }
      var inputs: [String: KnownArtifact] = [:]
      for wire in node.inputs {
        inputs[wire.description.name] = planner.known[wire.from.node]?[wire.from.output]
      }
      let action = try Resolver(environment: environment).action(node, step, inputs: inputs)
      open += 1
      pool.run { mailbox.post((node.name, verdict(runner.execute(action), result, node.name))) }
    }
    for _ in 0..<open {
      let (name, verdict) = mailbox.next()
      try report(name, verdict)
    }
    try runner.drain()
  }
}

private func verdict(_ outcome: ActionOutcome, _ kept: ActionResult, _ step: String) -> Verdict {
  switch outcome {
  case .failed(let message, _): return .failed(message)
  case .lost(let lost): return .failed("\(lost)")
  case .cancelled: return .failed("cancelled")
  case .shared: return .same
  case .built(let result, _, _):
    let differing = kept.outputs.compactMap { name, expected -> Irreproducible? in
      guard let found = result.outputs[name], found.digest != expected.digest else { return nil }
      return Irreproducible(step: step, output: name, expected: expected, found: found)
    }
    return differing.isEmpty ? .same : .differs(differing.sorted { $0.output < $1.output })
  }
}
