// Brings the chosen nodes of a graph up to date. One thread owns the state of the run and never
// blocks on work: looking up keys happens here, running happens on an engine.
import Atelier
import AtelierStep
import Content
import Effects
import Engines
import Execution
import FileTools
import LocalStores
import Planning
import RemoteCache
import Subprocess

/// One run over one graph.
package final class Scheduler {
  private enum Message: Sendable {
    /// An engine has done with a node, or with a producer that ran once more.
    case ran(Int, ActionOutcome, seconds: Double)
    case remade(Int, ActionOutcome, seconds: Double)
    case published(Int, Result<Delivery, any Error>, seconds: Double)
    /// What the shared store has for a node.
    case answered(Int, ActionResult?)
    /// A source was read.
    case read(Int, SourceReading)
    case event(RunEvent)
  }

  private let selection: Selection
  private let environment: EngineEnvironment
  private let options: RunOptions
  private let token: CancellationToken
  private let id: RunID
  private let mailbox = Mailbox<Message>()
  private let runner: ActionRunner
  /// Threads for publications and for the engine of this machine.
  private let slots: SlotPool
  /// Steps that make the decisions of branches.
  private let decisions: Set<Int>
  private let engine: any StepEngine
  private let resolver: Resolver
  private let sources: SourceReader
  private let explainer: Explainer
  private let progress: RunProgress
  private let recovery: BlobRecovery
  private var publications: Publications
  private var lookups = RemoteLookups()
  /// Resolving further ahead would only keep the key documents of what waits in memory.
  private static let mostWaiting = 512

  private var graph: Graph { progress.graph }
  private var state: RunState { progress.state }

  /// Prepares a run.
  ///
  /// `report` is called on the thread that calls `run()`.
  package init(
    graph: Graph, selection: Selection, environment: EngineEnvironment, options: RunOptions,
    token: CancellationToken, report: @escaping (RunEvent) -> Void
  ) throws {
    self.selection = selection
    self.environment = environment
    self.options = options
    self.token = token
    id = try environment.store.runs.nextID(
      now: Timestamp(secondsSince1970: environment.clock()))
    resolver = Resolver(environment: environment)
    explainer = try Explainer(
      environment: environment, graph: graph, against: nil, series: options.series)
    let mailbox = self.mailbox
    let runner = try ActionRunner(
      environment: environment, runID: id, token: token, cache: options.cache,
      report: { mailbox.post(.event($0)) })
    self.runner = runner
    slots = try SlotPool(count: options.jobs)
    sources = SourceReader(
      resolver: resolver, slots: slots, token: token,
      done: { mailbox.post(.read($0, $1)) })
    engine = LocalEngine(slots: slots, runner: runner, clock: { token.seconds })
    progress = RunProgress(
      graph, selection, keepsGoing: options.keepGoing, fillsCache: options.cache == .rw,
      logPath: { runner.logPath($0) },
      report: report)
    recovery = BlobRecovery(
      progress: progress, resolver: resolver, engine: engine, environment: environment,
      done: { mailbox.post(.remade($0, $1, seconds: $2)) })
    let choices = graph.nodes.flatMap { node in
      var choices = node.guards.map(\.choice)
      if case .select(_, _, let choice) = node.kind { choices.append(choice) }
      return choices
    }
    decisions = Set(choices.compactMap { [results = progress.results] in results.producer(of: $0) })
    publications = Publications(
      progress, environment, options, run: id.description,
      isCancelled: { token.isCancelled })
    environment.shared?.setTalk { mailbox.post(.event(.notice($0))) }
  }

  /// Runs to the end, however that comes about, and writes the run record.
  package func run() throws -> RunSummary {
    let start = environment.clock()
    let began = token.seconds
    progress.report(.began(id: id.description, nodes: selection.nodes.count))
    if let shortage = slots.shortage { progress.report(.notice(shortage)) }
    defer { environment.shared?.endLeases() }
    environment.shared?.checkIfRequired()
    if options.cache == .rw { try environment.shared?.resume() }
    Interruption.heeding(isInterrupted) { work() }
    // Whatever fails from here on, the run is recorded as far as can be, and its end reported.
    var failures = StoreFailures()
    finishUploads(&failures)
    failures.note { try runner.drain() }
    takeMessages()
    publications.warnOfForeignExports()
    let recorder = recorder(since: start)
    let summary = recorder.summary(
      seconds: token.seconds - began, token, hasFailed: !failures.isEmpty)
    failures.note {
      if try recorder.write(summary, unless: explainer) { environment.shared?.add(record: id) }
    }
    failures.note { try sayWhatRemains() }
    progress.report(.ended(summary))
    if let failure = environment.shared?.fatalFailure ?? failures.first { throw failure }
    try summary.checkReasons()
    return summary
  }

  /// What went wrong with the stores while a run ended; the first is thrown in the end.
  private struct StoreFailures {
    private(set) var first: (any Error)?

    var isEmpty: Bool { first == nil }

    mutating func note(_ work: () throws -> Void) {
      do { try work() } catch { first = first ?? error }
    }
  }

  private func recorder(since start: Double) -> RunRecorder {
    RunRecorder(
      id: id, graph: graph, selection: selection, environment: environment,
      series: options.series, results: progress.results, startedAt: start)
  }

  /// Remembers the end of this run for an equal one, which would find all of it to be current, if
  /// everything that it rests on can be vouched for.
  package func remember(_ summary: RunSummary, under question: UpToDateQuestion) throws {
    guard summary.outcome == .ok, summary.skipped == 0, options.cache == .rw else { return }
    try UpToDateWriter(
      graph: graph, selection: selection, environment: environment, results: progress.results,
      deliveries: publications.deliveries, recorder: recorder(since: environment.clock())
    ).write(summary, under: question)
  }

  // MARK: - The loop

  /// Works until every node has ended.
  private func work() {
    while true {
      if environment.shared?.fatalFailure != nil { progress.stop() }
      fillSlots()
      // Answers first: a slot that waits for work costs more than a look-up that waits.
      if let message = mailbox.nextIfAny() {
        handle(message)
      } else if state.queued + state.asked < Self.mostWaiting, let index = state.nextReady {
        resolve(index)
      } else if state.running > 0 || state.asked > 0 {
        engine.flush()
        handle(mailbox.next())
      } else if state.queued == 0 {
        break
      }
    }
  }

  /// Takes in what has arrived already.
  private func takeMessages() { while let message = mailbox.nextIfAny() { handle(message) } }

  private func handle(_ message: Message) {
    switch message {
    case .event(let event): progress.report(event)
    case .ran(let index, let outcome, let seconds): finish(index, outcome, seconds: seconds)
    case .remade(let index, let outcome, let seconds):
      recovery.finish(index, outcome, seconds: seconds)
    case .published(let index, let result, let seconds):
      switch result {
      case .success(let delivery): publications.finish(index, delivery, seconds: seconds)
      case .failure(let lost as LostBlobs): recovery.recover(lost, for: index)
      case .failure(is LostAgainstOthers):
        // All that rests on the result is worked on again before the run ends.
        progress.skip(index, "another run was first with a result that it rests on")
      case .failure(let failure): failOrSkip(index, failure)
      }
    case .read(let index, let result): endSource(index, result)
    case .answered(let index, let result):
      guard let action = progress.results.actions[index] else { return }
      if let result, canRead(result, of: index) {
        progress.endAsHit(index, result, isFromRemote: true)
      } else {
        mustRun(index, action, lookups.cause(of: index))
      }
    }
  }

  private var whyStopped: String {
    token.isCancelled ? "stopped by you" : "an earlier step failed"
  }

  /// Whether what has not begun never will.
  private var isStopped: Bool {
    if token.isCancelled { progress.stop() }
    return progress.isStopped
  }

  // MARK: - Resolving

  /// Finds out what is known of a node, and moves it on.
  private func resolve(_ index: Int) {
    let node = graph.nodes[index]
    if isStopped { return progress.skip(index, whyStopped) }
    do {
      if let early = try earlyEnd(of: node, index) { return progress.end(index, early) }
      switch node.kind {
      case .source(let path):
        if let result = sources.read(path, node, index) { return endSource(index, result) }
        progress.transition(.ask(index, nil))
      case .select(let then, let otherwise, let choice):
        let isThen = try resolver.choice(try progress.results.artifact(choice))
        let taken = isThen ? then : otherwise
        var report = NodeReport(name: node.name, status: .selected)
        report.message = (isThen ? "then: " : "otherwise: ") + graph.nodes[taken.node].name
        progress.end(
          index, report, ["taken": try progress.results.artifact(taken)])
      case .delivery, .ingestion: progress.transition(.queue(index, nil))
      case .step(let step): try resolve(step, of: node, index)
      }
    } catch {
      failOrSkip(index, error)
    }
  }

  private func endSource(_ index: Int, _ result: SourceReading) {
    switch result {
    case .success(let outputs):
      progress.end(
        index, NodeReport(name: graph.nodes[index].name, status: .source), outputs)
    case .failure(let error): failOrSkip(index, error)
    }
  }

  /// What was interrupted did not fail.
  private func failOrSkip(_ index: Int, _ error: any Error) {
    if error is Interrupted, token.isCancelled { return progress.skip(index, whyStopped) }
    progress.fail(index, ErrorText.of(error))
  }

  private var isInterrupted: @Sendable () -> Bool { { [token] in token.isCancelled } }

  private func resolve(_ step: StepDescription, of node: GraphNode, _ index: Int) throws {
    let action = try resolver.action(node, step, inputs: progress.results.inputs(of: node))
    let key = action.key
    if let result = progress.results.finished[key] {
      // The record keeps the document of what no result holds.
      if progress.results.uncached.contains(key) { progress.results.actions[index] = action }
      return progress.endAsHit(index, result)
    }
    if let other = progress.results.failed[key] {
      return progress.skip(index, "needs the same work as \(other)")
    }
    progress.results.actions[index] = action
    if state.owner(of: key) != nil {
      progress.transition(.share(index, key))
      return
    }
    if options.cache == .off { return mustRun(index, action, .cacheOff) }
    switch try resolver.lookupLocally(key) {
    case .hit(let result):
      guard canRead(result, of: index) else { return mustRun(index, action, .blobMissing) }
      progress.endAsHit(index, result)
    case .miss(let cause):
      guard let shared = environment.shared,
        lookups.ask(shared, key, index, cause, { [mailbox] in mailbox.post(.answered(index, $0)) })
      else { return mustRun(index, action, cause) }
      progress.transition(.ask(index, key))
    }
  }

  /// Whether the run can use a result: the bytes of a decision it reads itself, before any step does.
  private func canRead(_ result: ActionResult, of index: Int) -> Bool {
    guard decisions.contains(index) else { return true }
    do {
      for record in result.outputs.values { try environment.fetch(record) }
      return true
    } catch {
      environment.shared?.forget(result.key)
      return false
    }
  }

  /// Queues a step that is nowhere to be had.
  private func mustRun(_ index: Int, _ action: Action, _ cause: RunCause?) {
    progress.results.explanations[index] = explainer.explain(
      graph.nodes[index], action.document, key: action.key, cause: cause)
    progress.transition(.queue(index, action.key))
  }

  /// A skip because of a failed dependency, or an arm not taken.
  private func earlyEnd(of node: GraphNode, _ index: Int) throws -> NodeReport? {
    for barrier in node.guards {
      guard state.isUsable(barrier.choice.node) else {
        return progress.skipped(index, "needs \(graph.nodes[barrier.choice.node].name)")
      }
      if try resolver.choice(progress.results.artifact(barrier.choice)) != barrier.arm {
        var report = NodeReport(name: node.name, status: .notTaken)
        report.message = "the branch \(barrier.branch) took the other arm"
        return report
      }
    }
    var needed = node.dependencies
    if case .select(let then, let otherwise, let choice) = node.kind {
      needed = [choice.node, then.node, otherwise.node].filter {
        state.nodes[$0] != .ended(.notTaken)
      }
    }
    return needed.first { !state.isUsable($0) }
      .map { progress.skipped(index, "needs \(graph.nodes[$0].name)") }
  }

  // MARK: - Running

  /// Starts what waits while a slot is free.
  private func fillSlots() {
    while state.running < max(1, options.jobs), let index = state.nextQueued {
      if isStopped {
        progress.skip(index, whyStopped)
      } else if let action = progress.results.actions[index] {
        start(index, action)
      } else {
        startPublication(index)
      }
    }
  }

  private func start(_ index: Int, _ action: Action) {
    publications.warnOfForeignExports(before: index)
    if let explanation = progress.results.explanations[index] {
      progress.report(
        .started(
          name: graph.nodes[index].name, key: action.key, explanation: explanation))
    }
    progress.transition(.start(index))
    engine.start(action) { [mailbox] outcome, seconds in
      mailbox.post(.ran(index, outcome, seconds: seconds))
    }
  }

  private func startPublication(_ index: Int) {
    do {
      guard let work = try publications.work(on: index) else { return }
      progress.transition(.start(index))
      slots.run { [mailbox, isInterrupted, token] in
        let began = token.seconds
        let result = Result { try Interruption.heeding(isInterrupted, work) }
        mailbox.post(.published(index, result, seconds: token.seconds - began))
      }
    } catch {
      progress.fail(index, ErrorText.of(error))
    }
  }

  private func finish(_ index: Int, _ outcome: ActionOutcome, seconds: Double) {
    switch outcome {
    case .built(let result, let warnings, let isCached):
      progress.endAsBuilt(
        index, result, warnings: warnings, isCached: isCached, seconds: seconds)
    case .shared(let result): progress.endAsHit(index, result)
    case .failed(let message, let warnings):
      progress.fail(index, message, warnings: warnings, seconds: seconds)
    case .lost(let lost): recovery.recover(lost, for: index)
    case .cancelled:
      progress.stop()
      progress.skip(index, "cancelled")
    }
  }

  // MARK: - The shared store at the end

  /// Commits, waits for the uploads, and works again for as long as results lose against others.
  private func finishUploads(_ failures: inout StoreFailures) {
    failures.note { try runner.commit() }
    takeMessages()
    guard let shared = environment.shared else { return }
    var known = 0
    while true {
      failures.note { _ = try shared.drain(isCancelled: { token.isCancelled }) }
      takeMessages()
      let conflicts = shared.conflicts.dropFirst(known)
      if conflicts.isEmpty { return }
      known += conflicts.count
      for conflict in conflicts {
        publications.forget(progress.yield(to: conflict, selection))
      }
      work()
      failures.note { try runner.commit() }
    }
  }

  /// Says what the next run has to upload.
  private func sayWhatRemains() throws {
    guard let shared = environment.shared else { return }
    let remaining = try shared.drain(isCancelled: { token.isCancelled })
    takeMessages()
    guard remaining > 0 else { return }
    progress.report(
      .notice(
        "\(remaining) \(remaining == 1 ? "object is" : "objects are") not in "
          + "\(shared.remote.name) yet; the next run uploads what is left"))
  }
}
