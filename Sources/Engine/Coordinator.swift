// Brings the chosen nodes of a graph up to date. One thread owns the state of every node and
// never blocks on work: looking up keys happens here, running happens on the slots.
import Atelier
import AtelierStep
import Content
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
  var queue: [Int] = []
  /// Nodes that need a slot, the first of the graph last.
  private var waiting: [Int] = []
  var running = 0
  var building: [ActionKey: [Int]] = [:]
  var finished: [ActionKey: ActionResult] = [:]
  var failed: [ActionKey: String] = [:]
  /// Of the steps that did not turn out to be hits.
  var actions: [Int: Action] = [:]
  var explanations: [Int: Explanation] = [:]
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

  func artifact(_ reference: OutputReference) throws -> KnownArtifact {
    guard case .settled(_, let outputs)? = states[reference.node],
      let artifact = outputs[reference.output]
    else {
      throw EngineFailure(
        "\(graph.nodes[reference.node].name) gave no output '\(reference.output)'")
    }
    return artifact
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
}
