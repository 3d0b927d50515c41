// An execution that is followed to its end, and the run record that is made of it.
import CommandLine
import Content
import Project
import Terminal
import Workflows

/// Follows an execution, and records it.
struct FollowedExecution {
  static let noFetch = Flag(
    "no-fetch", "record the run, and leave the bytes of results in the bucket")

  let workflow: WorkflowCall
  let isJSON: Bool

  private var output: Console { workflow.output }

  /// Waits for the end; says each state whose status changes.
  func wait(for name: String, of deployed: DeployedWorkflow) throws -> WorkflowExecution {
    var told: [String: StateStatus] = [:]
    var failure: OutputFailure?
    let advice =
      "the execution \(name) keeps running; follow it: "
      + workflow.command("progress", options: [.grain, .training])
    let (execution, _) = try workflow.deployment.follow(name, of: deployed, advice: advice) {
      _, states in
      for state in states where told[state.name] != state.status {
        told[state.name] = state.status
        do throws(OutputFailure) { try show(state) } catch { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
    return execution
  }

  private func show(_ state: StateProgress) throws(OutputFailure) {
    guard !isJSON else {
      let line = (try? WorkflowText.lines([WorkflowText.json(state)])) ?? ""
      return try output.data(line)
    }
    let time = WorkflowText.time(state.ended ?? state.started).suffix(9).dropLast()
    output.message(
      Text.pad(String(time), 10) + Text.pad(state.status.rawValue, 11) + state.name
        + (state.reason.map { ": \($0)" } ?? ""))
  }

  /// Records an execution that has ended, says how it ended, and gives the exit code.
  func record(
    _ execution: WorkflowExecution, _ compilation: WorkflowCompilation, fetches: Bool
  ) throws -> Int32 {
    let report = try WorkflowRecord(
      compilation: compilation, execution: execution, token: workflow.signals.token
    ).write(fetches: fetches)
    if isJSON {
      var members = WorkflowText.json(execution, of: workflow.name).object ?? [:]
      members["event"] = "recorded"
      members["new"] = .bool(report.isNew)
      members["run"] = report.run.map { .string($0) } ?? .null
      members["found"] = .integer(Int64(report.found))
      members["missing"] = .array(report.missing.map { .string($0) })
      try output.data(WorkflowText.lines([.object(members)]))
    } else {
      try output.data(
        "\(execution.name) \(execution.status.words)"
          + (execution.reason.map { ": \($0)" } ?? "") + "\n")
      let word = report.isNew ? "recorded" : "was recorded before"
      let record = report.run.map { "run \($0) \(word)" } ?? "no run recorded"
      output.message("\(record): \(Text.count(report.found, "result")) of the bucket")
      if report.missing.isEmpty, execution.status != .succeeded {
        output.message(
          "every step of the plan has a result, so that run has no failed step: what failed in the "
            + "execution is not part of the plan, such as a built-in training, or ran after the "
            + "results were stored; \(workflow.command("events")) lists what happened")
      }
      if let first = report.missing.first {
        let more = report.missing.count - 1
        output.message(
          "not in the bucket: \(first)" + (more > 0 ? " and \(Text.count(more, "other step"))" : "")
        )
      }
    }
    switch execution.status {
    case .succeeded: return report.missing.isEmpty ? ExitCode.success : ExitCode.outOfDate
    default: return ExitCode.stepFailed
    }
  }
}
