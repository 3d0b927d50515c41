// The guard of a run's end: what was left out without a reason is no success.
import AtelierTesting
import Content
import Execution
import Planning
import Subprocess
import Testing

@testable import Scheduling

@Suite struct UnexplainedSkipTests {
  private func summary(_ statuses: [NodeStatus], isCancelled: Bool = false) throws -> RunSummary {
    let lab = try Laboratory()
    let graph = try lab.graph { p in
      for index in statuses.indices {
        p.add("a.n\(index)", Join(text: "\(index)", journal: lab.journal))
      }
    }
    return try lab.with { environment in
      var results = NodeResults(graph)
      for (index, status) in statuses.enumerated() {
        results.record(index, NodeReport(name: "a.n\(index)", status: status), [:])
      }
      let token = try CancellationToken()
      if isCancelled { token.cancel() }
      return RunRecorder(
        id: try environment.store.runs.nextID(now: Timestamp(milliseconds: 1_700_000_000_000)),
        graph: graph, selection: try Selection([], in: graph), environment: environment,
        series: nil, results: results, startedAt: 0
      ).summary(seconds: 1, token)
    }
  }

  @Test func okMeansThatNothingWasLeftOut_F7() throws {
    #expect(try summary([.built, .hit]).outcome == .ok)
    let bug = try summary([.built, .skipped])
    #expect(bug.outcome == .failed)
    #expect(throws: UnexplainedSkip.self) { try bug.checkReasons() }
    #expect(throws: Never.self) {
      try summary([.failed, .skipped]).checkReasons()
      try summary([.built, .skipped], isCancelled: true).checkReasons()
    }
  }
}
