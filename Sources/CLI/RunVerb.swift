// `atelier run`: brings targets up to date and reports as it goes.
import CSystem
import Engine
import RemoteCache
import Subprocess
import Synchronization

enum RunVerb {
  static func run(_ arguments: Arguments, _ house: House) throws -> Int32 {
    let session = try Session(arguments, targets: arguments.positionals, house)
    if arguments.has("dry-run") { return try DryRun.run(arguments, session) }
    _ = try session.configuredJobs(arguments)
    let question = try session.upToDateQuestion(arguments)
    if let question, let code = try Self.answer(question, session) { return code }
    let graph = try session.graph()
    let selection = try session.selection(graph)
    let jobs = try session.jobs(arguments)
    let cache = arguments.value("cache").flatMap(RunOptions.CacheMode.init) ?? .rw
    let signals = try Signals()
    let environment = try session.environment(
      graph, selection, readOnly: false,
      use: RemoteUse(
        cache: cache, isRequired: arguments.has("require-remote"),
        isCancelled: { signals.token.isCancelled }))
    // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
    defer { try? environment.store.close() }
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
      jobs: jobs, keepGoing: arguments.has("keep-going"), cache: cache)
    let comparison =
      arguments.has("compare")
      ? try RunComparison(workshop: graph.workshop, environment: environment) : nil
    let coordinator = try Coordinator(
      graph: graph, selection: selection, environment: environment, options: options,
      token: signals.token,
      report: { event in
        comparison?.take(event)
        // The event `run` is the last line.
        if case .ended = event, arguments.has("json"), let lines = try? comparison?.json() {
          Console.data(lines)
        }
        renderer.show(event)
      })
    let summary = try coordinator.run()
    if let question { try coordinator.remember(summary, under: question) }
    if let comparison, !arguments.has("json") {
      Console.data(
        comparison.text(width: OutputTerminal.width, isFull: arguments.has("verbose")))
    }
    switch summary.outcome {
    case .ok: return summary.irreproducible.isEmpty ? ExitCode.fine : ExitCode.notReproducible
    case .failed: return ExitCode.stepFailed
    case .cancelled:
      return signals.received == 15 ? ExitCode.terminated : ExitCode.interrupted
    }
  }
}

extension RunVerb {
  /// Says that nothing is to be done, if that is remembered and nothing has moved since.
  private static func answer(_ question: UpToDateQuestion, _ session: Session) throws -> Int32? {
    let start = cs_wall_clock()
    let locator = ProgramLocator(
      projectRoot: session.projectRoot, environment: session.environmentVariables)
    // What earlier runs could not upload goes out with this one.
    let usesBucket = try session.usesBucket()
    if usesBucket, try SharedStore.hasPending(root: session.storeRoot()) {
      return nil
    }
    guard
      let found = try UpToDate.recall(
        question, mayRecord: !usesBucket, locate: { try locator.path(of: $0) }, host: session.host,
        clock: { Double(cs_wall_clock()) / 1e9 })
    else { return nil }
    let renderer = PlainRunRenderer(verbose: false, workshop: session.workshop.name)
    renderer.show(.began(id: "", nodes: found.nodes))
    renderer.show(
      .ended(
        RunSummary(
          id: "", outcome: .ok, hits: found.hits, built: 0, failed: 0, skipped: 0,
          seconds: Double(cs_wall_clock() - start) / 1e9)))
    return ExitCode.fine
  }
}

extension Session {
  /// What a run will find depends on this, beside files; nil where each node has to be shown.
  func upToDateQuestion(_ arguments: Arguments) throws -> UpToDateQuestion? {
    let showsNodes = ["json", "verbose", "compare"].contains(where: arguments.has)
    guard !showsNodes, ["rw", nil].contains(arguments.value("cache")) else { return nil }
    return try UpToDateQuestion(
      workshop: workshop.name, targets: targets, projectRoot: projectRoot,
      storeRoot: try storeRoot(),
      configuration: .object(settings.all().mapValues { .string($0) }))
  }
}

/// Turns SIGINT, SIGTERM and SIGHUP into a cancelled token; a second one ends the program at once.
final class Signals: Sendable {
  let token: CancellationToken
  private let last = Atomic<Int32>(0)

  init() throws {
    token = try CancellationToken()
    let descriptor = cs_catch_signals()
    guard descriptor >= 0 else {
      throw UsageError("cannot catch signals: \(String(cString: cs_error()))")
    }
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
