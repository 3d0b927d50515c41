// Brings the chosen nodes of a graph up to date. One thread owns the state of the run and never
// blocks on work: looking up keys happens here, running happens on an engine.
import Atelier
import AtelierStep
import Content
import Effects
import Engines
import Execution
import FileTools
import LiveRuns
import LocalStores
import Planning
import RemoteCache
import RunStates
import Subprocess
import Workers

/// Gives the engine of a run, with that of this machine and a way to report events.
package typealias EngineMaker = (LocalEngine, @escaping @Sendable (RunEvent) -> Void) throws
  -> any StepEngine

/// One run over one graph.
package final class Scheduler {
  private enum Message: Sendable {
    /// An engine has done with a node, or with a producer that ran once more.
    case ran(Int, EndedStep)
    case remade(Int, EndedStep)
    case published(Int, Result<Delivery, any Error>, seconds: Double)
    /// What the shared store has for a node.
    case answered(Int, ActionResult?)
    /// What this machine's store has for a node, where that took a while to check.
    case found(Int, Result<Lookup, any Error>)
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
  private let engine: any StepEngine
  private let explainer: Explainer
  private let progress: RunProgress
  private let recovery: BlobRecovery
  private var publications: Publications
  private var resolution: NodeResolution
  private let journal = OpenJournal()
  /// Resolving further ahead would only keep the key documents of what waits in memory.
  private static let mostWaiting = 512

  /// Whether the engine was told to begin nothing more.
  private var hasDropped = false

  /// What kept the engine from running steps, where it was not the steps' own fault.
  package var engineFault: EngineFault? { engine.fault }

  private var graph: Graph { progress.graph }
  private var state: RunState { progress.state }

  /// Prepares a run.
  ///
  /// `report` is called on the thread that calls `run()`; `engine` gives what runs steps, from the
  /// engine of this machine.
  package init(
    graph: Graph, selection: Selection, environment: EngineEnvironment, options: RunOptions,
    token: CancellationToken, engine: EngineMaker = { local, _ in local },
    report: @escaping (RunEvent) -> Void
  ) throws {
    let usesPlatform = GoneResults.matter(to: selection, of: graph)
    var options = options
    if usesPlatform, options.cache != .off {
      options.gone = try GoneResults(graph, environment).find(in: selection, forced: options.forced)
    }
    self.selection = selection
    self.environment = environment
    self.options = options
    self.token = token
    id = try environment.store.runs.nextID(
      now: Timestamp(secondsSince1970: environment.clock()))
    let resolver = Resolver(environment: environment)
    explainer = try Explainer(
      environment: environment, graph: graph, against: nil, series: options.series)
    let mailbox = self.mailbox
    let runner = try ActionRunner(
      environment: environment, runID: id, token: token, cache: options.cache,
      report: { mailbox.post(.event($0)) })
    self.runner = runner
    slots = try SlotPool(count: options.jobs)
    let sources = SourceReader(
      resolver: resolver, slots: slots, token: token,
      done: { mailbox.post(.read($0, $1)) }, progressed: { mailbox.post(.event($0)) })
    let cached = ResultReader(
      resolver, token, done: { mailbox.post(.found($0, $1)) },
      progressed: { mailbox.post(.event($0)) })
    let local = LocalEngine(slots: slots, runner: runner, clock: { token.seconds })
    let others = try engine(local) { mailbox.post(.event($0)) }
    self.engine =
      usesPlatform
      ? try PlatformEngine(
        others: others, ownSlots: max(1, options.jobs), runner: runner, token: token)
      : others
    let journal = self.journal
    progress = RunProgress(
      graph, selection, keepsGoing: options.keepGoing, fillsCache: options.cache == .rw,
      logPath: { runner.logPath($0) },
      report: { event in
        journal.run?.take(event, seconds: environment.clock())
        report(event)
      })
    recovery = BlobRecovery(
      progress: progress, resolver: resolver, engine: self.engine, environment: environment,
      done: { mailbox.post(.remade($0, $1)) })
    resolution = NodeResolution(
      progress, resolver, environment, options: options, token: token, explainer: explainer,
      sources: sources, cached: cached, answered: { mailbox.post(.answered($0, $1)) })
    publications = Publications(
      progress, environment, options, run: id.description,
      isCancelled: { token.isCancelled })
    environment.shared?.setTalk { mailbox.post(.event(.notice($0))) }
  }

  /// Runs to the end, however that comes about, and writes the run record.
  package func run() throws -> RunSummary {
    let start = environment.clock()
    let began = token.seconds
    beginJournal(at: start)
    defer { journal.run = nil }
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
    var summary = recorder.summary(
      seconds: token.seconds - began, token, hasFailed: !failures.isEmpty)
    summary.irreproducible = Set(summary.irreproducible + runner.differing).sorted()
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

  /// Lets others see how the run goes on, where the store can be written.
  private func beginJournal(at start: Double) {
    guard !environment.store.isReadOnly else { return }
    journal.run = RunJournal.begin(
      environment.store.layout,
      .init(
        id: id, workshop: graph.workshop, series: options.series,
        startedAt: CivilTime(secondsSince1970: start).iso8601, platform: KeyMaker.platform,
        host: environment.host, settings: environment.settings,
        targets: selection.targets.map { graph.nodes[$0].name },
        nodes: selection.nodes.map { graph.nodes[$0].name }))
  }

  /// The journal of the run while it goes on.
  private final class OpenJournal {
    var run: RunJournal?
  }

  private func recorder(since start: Double) -> RunRecorder {
    RunRecorder(
      id: id, graph: graph, selection: selection, environment: environment,
      series: options.series, execution: options.execution, results: progress.results,
      startedAt: start)
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
        resolution.resolve(index)
      } else if state.running > 0 || state.asked > 0 {
        engine.flush()
        handle(mailbox.next())
      } else if state.queued == 0 {
        break
      }
    }
  }

  private var isInterrupted: @Sendable () -> Bool { { [token] in token.isCancelled } }

  private var abandonsUploads: @Sendable () -> Bool { options.abandonsUploads ?? isInterrupted }

  /// Takes in what has arrived already.
  private func takeMessages() { while let message = mailbox.nextIfAny() { handle(message) } }

  private func handle(_ message: Message) {
    switch message {
    case .event(let event): progress.report(event)
    case .ran(let index, let ended): finish(index, ended)
    case .remade(let index, let ended): recovery.finish(index, ended)
    case .published(let index, let result, let seconds):
      switch result {
      case .success(let delivery): publications.finish(index, delivery, seconds: seconds)
      case .failure(let lost as LostBlobs): recovery.recover(lost, for: index)
      case .failure(is LostAgainstOthers):
        // All that rests on the result is worked on again before the run ends.
        progress.skip(index, "another run was first with a result that it rests on")
      case .failure(let failure): resolution.failOrSkip(index, failure)
      }
    case .read(let index, let result): resolution.endSource(index, result)
    case .found(let index, let found): resolution.endLocalLookup(index, found)
    case .answered(let index, let result): resolution.endLookup(index, result)
    }
  }

  // MARK: - Running

  /// Starts what waits while a slot is free.
  private func fillSlots() {
    if progress.isStopped, !hasDropped {
      hasDropped = true
      engine.drop()
    }
    while state.running < (engine.width ?? max(1, options.jobs)), let index = state.nextQueued {
      if resolution.isStopped {
        progress.skip(index, resolution.whyStopped)
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
    engine.start(action) { [mailbox] in mailbox.post(.ran(index, $0)) }
  }

  private func startPublication(_ index: Int) {
    do {
      guard let work = try publications.work(on: index) else { return }
      progress.transition(.start(index))
      let name = graph.nodes[index].name
      slots.run { [mailbox, isInterrupted, token] in
        let began = token.seconds
        let progress = FileProgress { mailbox.post(.event(.files(name: name, $0))) }
        let result = Result {
          try Interruption.heeding(isInterrupted) { try progress.counting(work) }
        }
        mailbox.post(.published(index, result, seconds: token.seconds - began))
      }
    } catch {
      progress.fail(index, ErrorText.of(error))
    }
  }

  private func finish(_ index: Int, _ ended: EndedStep) {
    switch ended.outcome {
    case .built(let result, let warnings, let isCached):
      progress.endAsBuilt(
        index, result, warnings: warnings, isCached: isCached, seconds: ended.seconds,
        site: ended.site)
    case .shared(let result): progress.endAsHit(index, result)
    case .failed(let message, let warnings):
      progress.fail(
        index, message, warnings: warnings, seconds: ended.seconds, site: ended.site)
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
      failures.note { _ = try shared.drain(isCancelled: abandonsUploads) }
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
    let remaining = try shared.drain(isCancelled: abandonsUploads)
    takeMessages()
    guard remaining > 0 else { return }
    progress.report(
      .notice(
        "\(remaining) \(remaining == 1 ? "object is" : "objects are") not in "
          + "\(shared.remote.name) yet; the next run uploads what is left"))
  }
}
