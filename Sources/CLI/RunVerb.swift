// `atelier run`: brings targets up to date and reports as it goes.
import CSystem
import Engine
import Subprocess
import Synchronization

enum RunVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(arguments, targets: arguments.positionals, house)
    if arguments.has("dry-run") { return try StatusVerb.dryRun(arguments, session) }
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let jobs = try session.jobs(arguments)
    let environment = try session.environment(graph, selection, readOnly: false)
    // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
    defer { try? environment.store.close() }
    let signals = try Signals()
    let renderer: any RunRenderer
    if arguments.has("json") {
      renderer = JSONRunRenderer()
    } else if let terminal = Terminal(environment: session.environmentVariables) {
      renderer = try LiveRunRenderer(
        terminal, RunPlan(graph, selection), workshop: graph.workshop, slots: jobs,
        verbose: arguments.has("verbose"), runs: environment.store.runs, token: signals.token)
    } else {
      renderer = PlainRunRenderer(verbose: arguments.has("verbose"), workshop: graph.workshop)
    }
    defer { renderer.close() }
    let options = RunOptions(
      jobs: jobs, keepGoing: arguments.has("keep-going"),
      cache: arguments.value("cache").flatMap(RunOptions.CacheMode.init) ?? .rw)
    let coordinator = try Coordinator(
      graph: graph, selection: selection, environment: environment, options: options,
      token: signals.token, report: { renderer.show($0) })
    let summary = try coordinator.run()
    switch summary.outcome {
    case .ok: return ExitCode.fine
    case .failed: return ExitCode.stepFailed
    case .cancelled:
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    }
  }
}

/// Turns SIGINT, SIGTERM and SIGHUP into a cancelled token; a second one ends the program at once.
final class Signals: Sendable {
  let token: CancellationToken
  private let last = Atomic<Int32>(0)

  init() throws {
    token = try CancellationToken()
    let descriptor = cs_catch_signals()
    guard descriptor >= 0 else { throw UsageError("cannot catch signals") }
    let pool = try SlotPool(count: 1)
    pool.run { [self] in
      var number: UInt8 = 0
      guard cs_read(descriptor, &number, 1) == 1 else { return }
      last.store(Int32(number), ordering: .relaxed)
      token.cancel()
    }
  }

  /// The signal that came, or 0.
  var received: Int32 { last.load(ordering: .relaxed) }
}
