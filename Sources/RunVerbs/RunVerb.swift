// `atelier run`: brings targets up to date and reports as it goes.
import Atelier
import CSystem
import CommandLine
import Execution
import Inspection
import LocalStores
import Project
import RemoteCache
import RunDisplay
import Scheduling
import StoreFolder
import Subprocess
import Terminal

package struct RunVerb: Verb {
  package let name = "run"
  package let summary = "bring stages or steps up to date"
  package let details =
    "A stage stands for its steps and all earlier stages. Without a target: all stages. A run ends with "
    + "the workshop's key numbers and decisions. --dry-run exits 3 when anything would run, be delivered or "
    + "be ingested."
  package let examples = [
    Example("atelier run week3", "weeks 1 to 3; what is up to date does not run again"),
    Example("atelier run week4.metrics --set Atelier.trials=20", "one step and what it needs"),
    Example("atelier run week4 --compare --set Atelier.seed=2", "old -> new of every metric"),
    Example("atelier run week5 --dry-run", "what would run, why, and about how long"),
  ]
  let targets = Shared.targets
  let jobs = Shared.jobs
  let keepGoing = Flag("keep-going", short: "k", "keep running the steps that need no failed step")
  let force = Flag(
    "force", short: "f",
    "run the named steps although they are cached, and say whether their bytes differ")
  let dryRun = Flag(
    "dry-run", short: "n", "say what would run, why and about how long; run nothing")
  let compare = Flag(
    "compare", "show which numbers of JSON and small CSV outputs changed since the last run")
  let cache = CacheOption.option(
    "rw: use and fill the cache (default); ro: use only; off: run everything, keep nothing")
  let requireRemote = Flag(
    "require-remote", "exit 5 when the shared store, a bucket or a folder, is unreachable")
  let engine = Option(
    "engine", value: "NAME", completion: .words(RunEngine.names),
    "where steps run: local, slurm or sagemaker (default: [Atelier] engine)"
  ) { text in
    guard RunEngine.names.contains(text) else {
      throw UsageError(
        "--engine takes \(RunEngine.names.joined(separator: ", ")), not '\(text)'."
          + Suggestion.text(for: text, among: RunEngine.names))
    }
    return text
  }
  let detach = Flag(
    "detach", "let a job of the cluster do all of this, and return at once; prints the job")
  let lineage = LineageWriter.option
  let json = Shared.json

  package var parameters: [any Parameter] {
    [
      targets, jobs, keepGoing, force, dryRun, compare, cache, requireRemote, engine, detach,
      lineage, json,
    ]
  }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let session = try Session(call, targets: call[targets], context)
    try checkForce(call, session)
    guard call[lineage] == nil || !(call[dryRun] || call[detach]) else {
      throw UsageError("--lineage is about what a run does here; leave out --dry-run or --detach")
    }
    if call[dryRun] {
      return try DryRun.run(
        session, jobs: session.jobs(call), cache: call[cache] ?? .rw, isJSON: call[json],
        isVerbose: call.isVerbose)
    }
    if call[detach] { return try DetachedRun.submit(session, words: detachedWords(call, session)) }
    _ = try session.configuredJobs(call)
    let question = try upToDateQuestion(session, call)
    if let question, let code = try Self.answer(question, session) { return code }
    let graph = try session.graph()
    session.warn(of: graph)
    let selection = try session.selection(graph)
    let jobs = try session.jobs(call)
    let mode = call[cache] ?? .rw
    return try Signals.guarding { signals in
      let environment: EngineEnvironment
      do {
        environment = try session.environment(
          graph, selection, readOnly: false,
          use: RemoteUse(
            cache: mode, isRequired: call[requireRemote],
            isCancelled: { signals.token.isCancelled }))
      } catch let error as StoreError {
        // Who may only read a store can still be told that all in it is up to date.
        guard case .notWritable = error, mode != .off, !call[compare], call[lineage] == nil,
          try ReadOnlyRun.show(session, plainRenderer(call, session, signals.token))
        else { throw error }
        return ExitCode.success
      }
      // Keeps the stat memo and takes scratch away; the next run sweeps what this one cannot.
      defer { try? environment.store.close() }
      let output = context.output
      let renderer: any RunRenderer
      if call[json] {
        renderer = JSONRunRenderer(output, token: signals.token)
      } else if let terminal = output.terminal {
        let live = try LiveRunRenderer(
          terminal, RunPlan(graph, selection), workshop: graph.workshop, slots: jobs,
          verbose: call.isVerbose, root: session.projectRoot, runs: environment.store.runs,
          token: signals.token)
        signals.onPause(leave: live.pause, enter: live.resume)
        renderer = live
      } else {
        renderer = plainRenderer(call, session, signals.token)
      }
      defer { renderer.close() }
      var options = RunOptions(
        jobs: jobs, keepGoing: call[keepGoing], cache: mode)
      if call[force] { options.forced = Set(selection.targets) }
      let lineage = try call[self.lineage].map { try LineageWriter($0, graph, session) }
      let comparison =
        call[compare]
        ? try RunComparison(workshop: graph.workshop, environment: environment) : nil
      let outcome = RunOutcome(graph, environment)
      let scheduler = try Scheduler(
        graph: graph, selection: selection, environment: environment, options: options,
        token: signals.token,
        engine: try RunEngine.maker(
          RunEngine.name(call[engine], session), session, environment, cache: mode,
          workshop: graph.workshop,
          names: selection.nodes.map { graph.nodes[$0].name }, token: signals.token),
        report: { event in
          comparison?.take(event)
          outcome?.take(event)
          lineage?.take(event)
          // The event `run` is the last line.
          if case .ended = event, call[json] {
            if let lines = try? comparison?.json() { try? output.data(lines) }
            if let lines = try? outcome?.json() { try? output.data(lines) }
          }
          renderer.show(event)
        })
      let summary = try scheduler.run()
      lineage?.finish()
      if let question { try scheduler.remember(summary, under: question) }
      if let failure = output.failure { throw failure }
      if let outcome, !call[json], summary.outcome == .ok {
        let width = output.terminal?.size.columns
        for line in outcome.lines(width: width) { output.message(line) }
        if width != nil { for line in outcome.hint(session) { output.message(line) } }
      }
      if let comparison, !call[json] {
        try output.data(outcome?.changes ?? "")
        try output.data(comparison.text(width: output.width, isFull: call.isVerbose))
      }
      switch summary.outcome {
      case .ok: return summary.irreproducible.isEmpty ? ExitCode.success : ExitCode.notReproducible
      case .failed:
        switch scheduler.engineFault {
        case .settings?: return ExitCode.usage
        case .cluster?: return ExitCode.storeUnusable
        case nil: return ExitCode.stepFailed
        }
      case .cancelled: return signals.code
      }
    }
  }
}

extension RunVerb {
  /// What `--force` goes with.
  private func checkForce(_ call: Call, _ session: Session) throws {
    guard call[force] else { return }
    guard !call[targets].isEmpty else {
      throw UsageError("--force runs the steps that you name: give one, such as week4.model")
    }
    guard !call[dryRun], !call[detach], call[cache] ?? .rw == .rw else {
      throw UsageError("--force goes with neither --dry-run nor --detach nor --cache; leave it out")
    }
    guard try RunEngine.name(call[engine], session) == "local" else {
      throw UsageError("--force runs steps on this machine: add --engine local")
    }
  }

  /// The words of the run that a job is to do.
  private func detachedWords(_ call: Call, _ session: Session) throws -> [String] {
    var words = ["run"] + call[targets]
    words += ["--project", session.projectRoot, "--workshop", session.workshop.name]
    words += ["--config", session.configPath]
    for (name, value) in try call.assignments { words += ["--set", "\(name)=\(value)"] }
    words += ["--engine", try Self.clusterName(RunEngine.name(call[engine], session))]
    if let jobs = call[jobs] { words += ["--jobs", "\(jobs)"] }
    if call[keepGoing] { words.append("--keep-going") }
    if call.isVerbose { words.append("--verbose") }
    return words
  }

  /// The engine of a run that is itself a job: never the machine that the command was typed on.
  private static func clusterName(_ name: String) throws -> String {
    guard name != "sagemaker" else {
      throw UsageError(
        "--detach is for Slurm: `atelier workflow start` lets AWS do all of a run")
    }
    return name == "local" ? "slurm" : name
  }

  /// Lines, for people or for programs.
  private func plainRenderer(
    _ call: Call, _ session: Session, _ token: CancellationToken
  ) -> any RunRenderer {
    call[json]
      ? JSONRunRenderer(session.output, token: token)
      : PlainRunRenderer(session.output, verbose: call.isVerbose, workshop: session.workshop.name)
  }

  /// Says that nothing is to be done, if that is remembered and nothing has moved since.
  private static func answer(_ question: UpToDateQuestion, _ session: Session) throws -> Int32? {
    let start = cs_wall_clock()
    let locator = session.locator
    // What earlier runs could not upload goes out with this one.
    let usesShared = try session.usesBucket() || session.sharedFolder() != nil
    if usesShared, try SharedStore.hasPending(root: session.storeRoot()) {
      return nil
    }
    guard
      let found = try UpToDate.recall(
        question, mayRecord: !usesShared, locate: { try locator.path(of: $0) }, host: session.host,
        clock: { Double(cs_wall_clock()) / 1e9 })
    else { return nil }
    let renderer = PlainRunRenderer(session.output, verbose: false, workshop: session.workshop.name)
    renderer.show(.began(id: "", nodes: found.nodes))
    renderer.show(
      .ended(
        RunSummary(
          id: "", outcome: .ok, hits: found.hits, built: 0, failed: 0, skipped: 0,
          seconds: Double(cs_wall_clock() - start) / 1e9)))
    if let terminal = session.output.terminal {
      for line in RunOutcome.recorded(session, width: terminal.size.columns) {
        session.output.message(line)
      }
    }
    return ExitCode.success
  }

  /// What a run will find depends on this, beside files; nil where each node has to be shown.
  private func upToDateQuestion(
    _ session: Session, _ call: Call
  ) throws -> UpToDateQuestion? {
    guard !call[json], !call.isVerbose, !call[compare], call[cache] ?? .rw == .rw,
      !call[requireRemote], !call[force], call[lineage] == nil
    else {
      return nil
    }
    return try UpToDateQuestion(
      workshop: session.workshop.name, targets: session.targets,
      projectRoot: session.projectRoot, storeRoot: try session.storeRoot(),
      configuration: .object(session.settings.all().mapValues { .string($0) }))
  }
}
