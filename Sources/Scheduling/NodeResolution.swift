// Finds out what is known of a node and moves it on: to its end, or into the queue. One thread owns it;
// it starts no step.
import Atelier
import AtelierStep
import Content
import Execution
import FileTools
import LocalStores
import Planning
import RemoteCache
import RunStates
import Subprocess
import Workers

/// Resolves the nodes of a run.
package struct NodeResolution {
  package let progress: RunProgress
  package let resolver: Resolver
  private let environment: EngineEnvironment
  private let options: RunOptions
  private let token: CancellationToken
  private let explainer: Explainer
  private let sources: SourceReader
  private let cached: ResultReader
  /// Gets what the shared store has for a node, from any thread.
  private let answered: @Sendable (Int, ActionResult?) -> Void
  /// Steps that make the decisions of branches.
  private let decisions: Set<Int>
  private var lookups = RemoteLookups()

  private var graph: Graph { progress.graph }

  package init(
    _ progress: RunProgress, _ resolver: Resolver, _ environment: EngineEnvironment,
    options: RunOptions, token: CancellationToken, explainer: Explainer,
    sources: SourceReader, cached: ResultReader,
    answered: @escaping @Sendable (Int, ActionResult?) -> Void
  ) {
    self.progress = progress
    self.resolver = resolver
    self.environment = environment
    self.options = options
    self.token = token
    self.explainer = explainer
    self.sources = sources
    self.cached = cached
    self.answered = answered
    let choices = progress.graph.nodes.flatMap { node in
      var choices = node.guards.map(\.choice)
      if case .select(_, _, let choice) = node.kind { choices.append(choice) }
      return choices
    }
    decisions = Set(choices.compactMap { progress.results.producer(of: $0) })
  }

  /// Why nothing more begins.
  package var whyStopped: String {
    token.isCancelled ? "stopped by you" : "an earlier step failed"
  }

  /// Whether what has not begun never will.
  package var isStopped: Bool {
    if token.isCancelled { progress.stop() }
    return progress.isStopped
  }

  /// Finds out what is known of a node, and moves it on.
  package mutating func resolve(_ index: Int) {
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

  /// Ends a source that was read.
  package func endSource(_ index: Int, _ result: SourceReading) {
    switch result {
    case .success(let outputs):
      progress.end(
        index, NodeReport(name: graph.nodes[index].name, status: .source), outputs)
    case .failure(let error): failOrSkip(index, error)
    }
  }

  /// What was interrupted did not fail.
  package func failOrSkip(_ index: Int, _ error: any Error) {
    if error is Interrupted, token.isCancelled { return progress.skip(index, whyStopped) }
    progress.fail(index, ErrorText.of(error))
  }

  private mutating func resolve(_ step: StepDescription, of node: GraphNode, _ index: Int) throws {
    var action = try resolver.action(node, step, inputs: progress.results.inputs(of: node))
    let isGone = options.gone.contains(index)
    action.isForced = isGone || options.forced.contains(index)
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
    if progress.state.owner(of: key) != nil {
      progress.transition(.share(index, key))
      return
    }
    if options.cache == .off { return mustRun(index, action, .cacheOff) }
    if action.isForced { return mustRun(index, action, isGone ? .goneFromPlatform : .forced) }
    guard let found = try cached.lookUp(key, index, name: node.name) else {
      progress.transition(.ask(index, key))
      return
    }
    if !end(index, action, found) { progress.transition(.ask(index, key)) }
  }

  /// Takes in what the store of this machine has for a node that waits for it.
  package mutating func endLocalLookup(_ index: Int, _ found: Result<Lookup, any Error>) {
    guard let action = progress.results.actions[index] else { return }
    switch found {
    case .success(let found): _ = end(index, action, found)
    case .failure(let error): failOrSkip(index, error)
    }
  }

  /// Moves a node on by what this machine has; false where the shared store was asked.
  private mutating func end(_ index: Int, _ action: Action, _ found: Lookup) -> Bool {
    switch found {
    case .hit(let result):
      if canRead(result, of: index) {
        progress.endAsHit(index, result)
      } else {
        mustRun(index, action, .blobMissing)
      }
    case .miss(let cause):
      if let shared = environment.shared,
        lookups.ask(shared, action.key, index, cause, { [answered] in answered(index, $0) })
      {
        return false
      }
      mustRun(index, action, cause)
    }
    return true
  }

  /// Takes in what the shared store has for a node.
  package func endLookup(_ index: Int, _ result: ActionResult?) {
    guard let action = progress.results.actions[index] else { return }
    if let result, canRead(result, of: index) {
      progress.endAsHit(index, result, isFromRemote: true)
    } else {
      mustRun(index, action, lookups.cause(of: index))
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
      guard progress.state.isUsable(barrier.choice.node) else {
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
        progress.state.nodes[$0] != .ended(.notTaken)
      }
    }
    return needed.first { !progress.state.isUsable($0) }
      .map { progress.skipped(index, "needs \(graph.nodes[$0].name)") }
  }
}
