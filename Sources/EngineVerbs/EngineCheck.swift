// `atelier engine check`: whether a job of the cluster can do what a run will ask of it.
import CSystem
import Clusters
import CommandLine
import Engines
import FileTools
import Project
import RemoteSteps
import Subprocess
import Terminal

struct EngineCheck: Verb {
  let name = "check"
  let summary =
    "try the cluster: the queue, the shared folder from a node, the program there, clocks"
  let examples = [Example("atelier engine check", "submits one small job and reads what it saw")]
  let wait = Option("wait", in: 1...86_400, "seconds to wait for the job (default: 120)")
  var parameters: [any Parameter] { [wait] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let engine = try EngineCall(call, context)
    return try Signals.guarding { signals in
      let output = context.output
      let limits = try engine.driver.limits()
      try output.data(
        "\(engine.driver.name): answers; arrays of up to \(limits.longestArray) tasks\n")
      _ = try engine.store.probe()
      try output.data("\(engine.store.name): can be written, and the first of two writers wins\n")
      let settings = try engine.session.cluster().settings
      let program = try engine.store.install(program: OwnProgram.path())
      let began = cs_monotonic()
      let (batch, job) = try engine.queue.submit(
        TaskList(tasks: [[]], lifetime: settings.milliseconds, logLimit: 1 << 20),
        named: "check-" + RandomName.make().replacing("-", with: ""), program: program)
      defer { try? engine.store.remove(notice: NoticeName.batch(batch)) }
      let answer = try answer(
        engine, batch, job: job, seconds: Double(call[wait] ?? 120), signals.token
      )
      guard let answer else {
        let task = ClusterTask.ID(job: job, index: 0)
        try engine.driver.cancel([task])
        if signals.token.isCancelled { return signals.code }
        let printed = engine.queue.lastLines(3, of: task, batch: batch)
        output.error(
          "atelier: job \(job) gave no answer in \(call[wait] ?? 120) s\(printed.map { " and printed: " + $0 } ?? ""); "
            + "`squeue -j \(job)` reports what it waits for, and it is cancelled now")
        return ExitCode.storeUnusable
      }
      let seconds = Double(cs_monotonic() - began) / 1e9
      let skew = answer.clock - Double(cs_wall_clock()) / 1e9
      try output.data(
        """
        \(answer.node): sees the folder, and \(program) starts there (after \(Text.fixed(seconds, 1)) s)
        \(answer.node): \(answer.isConfined ? "confines steps" : "cannot confine steps to files (no Landlock)")
        \(answer.node): its clock is \(Text.fixed(abs(skew), 1)) s off

        """)
      guard abs(skew) < settings.lifetime else {
        output.error(
          "atelier: the clock of \(answer.node) is off by more than [Atelier] lease_seconds; set the clocks, "
            + "or allow more seconds")
        return ExitCode.storeUnusable
      }
      return ExitCode.success
    }
  }

  private func answer(
    _ engine: EngineCall, _ batch: String, job: String, seconds: Double, _ token: CancellationToken
  ) throws -> NodeSight? {
    let end = cs_monotonic() + Int64(seconds * 1e9)
    let folder = NoticeName.answers(batch)
    while cs_monotonic() < end, !token.isCancelled {
      for name in try engine.store.notices(in: folder) {
        if let bytes = try engine.store.notice("\(folder)/\(name)"),
          let sight = NodeSight(bytes: bytes)
        {
          return sight
        }
      }
      token.wait(seconds: 0.25)
    }
    return nil
  }
}
