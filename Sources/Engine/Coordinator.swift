// Brings the chosen nodes of a graph up to date. One thread owns the state of every node and
// never blocks on work: looking up keys happens here, running happens on the slots.
import Atelier
import AtelierStep
import Content
import Stores
import Subprocess

/// The state of a node in a run; changed by the coordinator only.
enum NodeState {
  /// Some dependencies are not settled.
  case waiting(unsettled: Int)
  /// All dependencies are settled; it is to be looked up, or waits for a slot.
  case ready
  /// A slot works on it, or it waits for an equal action of this run.
  case running
  case settled(NodeReport, [String: KnownArtifact])
}

/// One run over one graph.
public final class Coordinator {
  enum Message: Sendable {
    case action(Int, ActionOutcome, seconds: Double)
    case delivery(Int, Result<Delivery, any Error>, seconds: Double)
    /// What the shared store said of a step.
    case asked(Int, ActionResult?)
    /// A step ran once more, since its bytes were lost.
    case remade(Int, ActionOutcome, seconds: Double)
    case event(RunEvent)
  }

  let graph: Graph
  let selection: Selection
  let environment: EngineEnvironment
  let options: RunOptions
  let token: CancellationToken
  let report: (RunEvent) -> Void
  let id: RunID
  let mailbox = Mailbox<Message>()
  let resolver: Resolver
  let explainer: Explainer
  let runner: ActionRunner
  let pool: SlotPool
  /// By node; nil for a node that was not chosen.
  var states: [NodeState?]
  private(set) var users: [[Int]]
  /// Looking further ahead would only keep the key documents of what waits in memory.
  private static let mostWaiting = 512

  /// A stack of nodes to be looked up.
  private var queue: [Int] = []
  /// Nodes that need a slot, the first of the graph last.
  private var waiting: [Int] = []
  var running = 0
  var building: [ActionKey: [Int]] = [:]
  var finished: [ActionKey: ActionResult] = [:]
  private var failed: [ActionKey: String] = [:]
  /// Of the steps that did not turn out to be hits.
  var actions: [Int: Action] = [:]
  private var explanations: [Int: Explanation] = [:]
  var stopped = false
  var asking = Asking()
  var remaking = Remaking()
  var reports: [NodeReport] = []
  var deliveries: [Int: Delivery] = [:]

  /// Prepares a run.
  ///
  /// `report` is called on the thread that calls `run()`.
  public init(
    graph: Graph, selection: Selection, environment: EngineEnvironment, options: RunOptions,
    token: CancellationToken, report: @escaping (RunEvent) -> Void
  ) throws {
    self.graph = graph
    self.selection = selection
    self.environment = environment
    self.options = options
    self.token = token
    self.report = report
    states = Array(repeating: nil, count: graph.nodes.count)
    users = Array(repeating: [], count: graph.nodes.count)
    id = try environment.store.runs.nextID(
      now: Timestamp(milliseconds: Int64(environment.clock() * 1000)))
    resolver = Resolver(environment: environment)
    explainer = try Explainer(
      environment: environment, graph: graph, against: nil, series: options.series)
    let mailbox = self.mailbox
    runner = try ActionRunner(
      environment: environment, runID: id, token: token, cache: options.cache,
      report: { mailbox.post(.event($0)) })
    pool = try SlotPool(count: options.jobs)
    environment.shared?.setTalk { mailbox.post(.event(.notice($0))) }
  }

  /// Runs to the end, however that comes about, and writes the run record.
  public func run() throws -> RunSummary {
    let start = environment.clock()
    report(.began(id: id.description, nodes: selection.nodes.count))
    prepare()
    if options.cache == .rw { try environment.shared?.resume() }
    work()
    try finishUploads()
    try runner.drain()
    while let message = mailbox.nextIfAny() { handle(message) }
    checkDeliveries()
    let summary = summarize(since: start)
    if try record(summary, startedAt: start) { environment.shared?.add(record: id) }
    try sayWhatRemains()
    report(.ended(summary))
    if let failure = environment.shared?.fatalFailure { throw failure }
    return summary
  }

  /// Settles every node that is not.
  func work() {
    while true {
      if environment.shared?.fatalFailure != nil { stopped = true }
      fillSlots()
      // Answers first: a slot that waits for work costs more than a look-up that waits.
      if let message = mailbox.nextIfAny() {
        handle(message)
      } else if waiting.count + asking.count < Self.mostWaiting, let index = queue.popLast() {
        lookUp(index)
      } else if running > 0 || asking.count > 0 {
        handle(mailbox.next())
      } else if waiting.isEmpty {
        break
      }
    }
  }

  // MARK: - Order

  private func prepare() {
    for index in selection.nodes {
      let dependencies = graph.nodes[index].dependencies
      for dependency in dependencies { users[dependency].append(index) }
      states[index] = dependencies.isEmpty ? .ready : .waiting(unsettled: dependencies.count)
      if dependencies.isEmpty { queue.append(index) }
    }
    queue.reverse()  // a stack: the first node of the graph is taken first
  }

  /// Settles what needs no slot; the rest waits for one.
  private func lookUp(_ index: Int) {
    if hasStopped(index) { return }
    do {
      try resolve(index)
    } catch {
      fail(index, "\(error)")
    }
  }

  /// Starts what waits while a slot is free: what has not begun when a step fails never does.
  private func fillSlots() {
    while running < max(1, options.jobs), let index = waiting.popLast() {
      if hasStopped(index) { continue }
      do {
        switch graph.nodes[index].kind {
        case .delivery(let publication):
          try startDelivery(index, graph.nodes[index], publication)
        case .ingestion(let place): try startIngestion(index, graph.nodes[index], place)
        default: if let action = actions[index] { startAction(index, action) }
        }
      } catch {
        fail(index, "\(error)")
      }
    }
  }

  /// Settles a node that the end of the run has overtaken, with all that wait for the same work.
  private func hasStopped(_ index: Int) -> Bool {
    if token.isCancelled { stopped = true }
    guard stopped else { return false }
    let twins = actions[index].flatMap { building.removeValue(forKey: $0.key) } ?? []
    for node in [index] + twins { settle(node, skipped(node, "the run was stopped")) }
    return true
  }

  /// Queues a node for a slot: in the order of the graph, whatever order they were looked up in.
  func wait(_ index: Int) {
    var low = 0
    var high = waiting.count
    while low < high {
      let middle = (low + high) / 2
      if waiting[middle] > index { low = middle + 1 } else { high = middle }
    }
    waiting.insert(index, at: low)
  }

  private func resolve(_ index: Int) throws {
    let node = graph.nodes[index]
    if let early = try earlyEnd(of: node) {
      settle(index, early)
      return
    }
    switch node.kind {
    case .source(let path):
      settle(index, NodeReport(name: node.name, status: .source), try resolver.source(path, node))
    case .select(let then, let otherwise, let choice):
      let isThen = try resolver.choice(try artifact(choice))
      let taken = isThen ? then : otherwise
      var report = NodeReport(name: node.name, status: .selected)
      report.message = (isThen ? "then: " : "otherwise: ") + graph.nodes[taken.node].name
      settle(index, report, ["taken": try artifact(taken)])
    case .delivery, .ingestion: wait(index)
    case .step(let step): try resolveStep(index, node, step)
    }
  }

  /// A skip because of a failed dependency, or an arm not taken.
  private func earlyEnd(of node: GraphNode) throws -> NodeReport? {
    for barrier in node.guards {
      guard case .settled(let report, _)? = states[barrier.choice.node], report.isUsable else {
        return skipped(node, "needs \(graph.nodes[barrier.choice.node].name)")
      }
      if try resolver.choice(artifact(barrier.choice)) != barrier.arm {
        var report = NodeReport(name: node.name, status: .notTaken)
        report.message = "the branch \(barrier.branch) took the other arm"
        return report
      }
    }
    let needed: [Int]
    if case .select(let then, let otherwise, let choice) = node.kind {
      let failed = [choice.node, then.node, otherwise.node].filter {
        !isUsable($0) && !isNotTaken($0)
      }
      needed = failed
    } else {
      needed = node.dependencies.filter { !isUsable($0) }
    }
    guard let first = needed.first else { return nil }
    return skipped(node, "needs \(graph.nodes[first].name)")
  }

  private func isUsable(_ index: Int) -> Bool {
    if case .settled(let report, _)? = states[index] { report.isUsable } else { false }
  }

  func isNotTaken(_ index: Int) -> Bool {
    if case .settled(let report, _)? = states[index] { report.status == .notTaken } else { false }
  }

  func artifact(_ reference: OutputReference) throws -> KnownArtifact {
    guard case .settled(_, let outputs)? = states[reference.node],
      let artifact = outputs[reference.output]
    else {
      throw EngineFailure(
        "\(graph.nodes[reference.node].name) gave no output '\(reference.output)'")
    }
    return artifact
  }

  // MARK: - Steps

  private func resolveStep(_ index: Int, _ node: GraphNode, _ step: StepDescription) throws {
    var inputs: [String: KnownArtifact] = [:]
    for wire in node.inputs { inputs[wire.description.name] = try artifact(wire.from) }
    let action = try resolver.action(node, step, inputs: inputs)
    if let result = finished[action.key] {
      settleHit(index, result)
      return
    }
    if let twin = failed[action.key] {
      settle(index, skipped(index, "needs the same work as \(twin)"))
      return
    }
    actions[index] = action
    if building[action.key] != nil {
      building[action.key, default: []].append(index)
      states[index] = .running
      return
    }
    var cause: RunCause?
    if options.cache == .off {
      cause = .cacheOff
    } else {
      switch try resolver.lookupHere(action.key) {
      case .hit(let result):
        finished[action.key] = result.withoutDocument
        settleHit(index, result)
        return
      case .miss(let found):
        building[action.key] = []
        if let shared = environment.shared {
          ask(shared, index, action, found)
        } else {
          mustRun(index, action, found)
        }
        return
      }
    }
    building[action.key] = []
    mustRun(index, action, cause)
  }

  /// Queues a step that is nowhere to be had.
  func mustRun(_ index: Int, _ action: Action, _ cause: RunCause?) {
    explanations[index] = explainer.explain(
      action.node, action.document, key: action.key, cause: cause)
    wait(index)
  }

  private func startAction(_ index: Int, _ action: Action) {
    let node = graph.nodes[index]
    warnOfForeignDelivery(node)
    if let explanation = explanations[index] {
      report(.started(name: node.name, key: action.key, explanation: explanation))
    }
    let mailbox = self.mailbox
    let runner = self.runner
    let start = environment.clock
    occupySlot(index) {
      let began = start()
      let outcome = runner.execute(action)
      mailbox.post(.action(index, outcome, seconds: start() - began))
    }
  }

  func settleHit(_ index: Int, _ result: ActionResult, isFromRemote: Bool = false) {
    var report = NodeReport(name: graph.nodes[index].name, status: .hit)
    report.key = result.key
    report.outputs = result.outputs
    report.seconds = result.seconds
    report.isFromRemote = isFromRemote
    settle(index, report, known(result))
  }

  private func known(_ result: ActionResult) -> [String: KnownArtifact] {
    result.outputs.mapValues { KnownArtifact(record: $0, place: .store) }
  }

  /// Marks a node as running; its job must post a message.
  func occupySlot(_ index: Int, _ job: @escaping @Sendable () -> Void) {
    states[index] = .running
    running += 1
    pool.run(job)
  }

  // MARK: - Answers

  func handle(_ message: Message) {
    switch message {
    case .event(let event): report(event)
    case .action(let index, let outcome, let seconds):
      running -= 1
      finish(index, outcome, seconds: seconds)
    case .delivery(let index, let result, let seconds):
      running -= 1
      finishDelivery(index, result, seconds: seconds)
    case .asked(let index, let result): finishAsking(index, result)
    case .remade(let index, let outcome, let seconds):
      running -= 1
      finishRemaking(index, outcome, seconds: seconds)
    }
  }

  func finish(_ index: Int, _ outcome: ActionOutcome, seconds: Double) {
    guard let action = actions[index] else { return }
    if case .lost(let lost) = outcome {
      remake(lost, for: .node(index))
      return
    }
    let twins = building.removeValue(forKey: action.key) ?? []
    var report = NodeReport(name: action.node.name, status: .built)
    report.key = action.key
    report.seconds = seconds
    report.explanation = explanations[index]
    report.logPath = runner.logPath(action.key)
    switch outcome {
    case .built(let result, let warnings, let isCached):
      report.outputs = result.outputs
      report.warnings = warnings
      report.isCached = isCached
      finished[action.key] = result.withoutDocument
      if isCached { actions[index] = nil }
      settle(index, report, known(result))
      for twin in twins { settleHit(twin, result) }
      return
    case .shared(let result):
      finished[action.key] = result.withoutDocument
      for other in [index] + twins { settleHit(other, result) }
      return
    case .failed(let message, let warnings):
      report = NodeReport(name: action.node.name, status: .failed, copying: report)
      report.message = message
      report.warnings = warnings
      failed[action.key] = action.node.name
      if !options.keepGoing { stopped = true }
    case .cancelled, .lost:
      stopped = true
      report = skipped(index, "cancelled")
    }
    settle(index, report)
    for twin in twins { settle(twin, skipped(twin, "needs the same work as \(action.node.name)")) }
  }

  func fail(_ index: Int, _ message: String) {
    var report = NodeReport(name: graph.nodes[index].name, status: .failed)
    report.message = message
    if !options.keepGoing { stopped = true }
    settle(index, report)
  }

  private func skipped(_ index: Int, _ message: String) -> NodeReport {
    skipped(graph.nodes[index], message)
  }

  private func skipped(_ node: GraphNode, _ message: String) -> NodeReport {
    var report = NodeReport(name: node.name, status: .skipped)
    report.message = message
    return report
  }

  /// The one place where a node ends and its users come nearer to their turn.
  func settle(
    _ index: Int, _ nodeReport: NodeReport, _ outputs: [String: KnownArtifact] = [:]
  ) {
    states[index] = .settled(nodeReport, outputs)
    reports.append(nodeReport)
    report(.finished(nodeReport))
    // The queue is a stack: the first of them in graph order goes on last.
    for user in users[index].reversed() {
      guard case .waiting(let unsettled)? = states[user] else { continue }
      if unsettled > 1 {
        states[user] = .waiting(unsettled: unsettled - 1)
      } else {
        states[user] = .ready
        queue.append(user)
      }
    }
  }
}
