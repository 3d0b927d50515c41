// The publications of a run: exports and ingestions, started on a slot and checked at its end.
import Atelier
import Content
import Effects
import Execution

/// What a publication would show was made of a result that does not count.
package struct LostAgainstOthers: Error {}

/// Starts publications and knows what became of them; one thread owns it.
package struct Publications {
  package let progress: RunProgress
  package let environment: EngineEnvironment
  package let options: RunOptions
  package let run: String
  package let isCancelled: @Sendable () -> Bool
  /// What each publication found or made.
  package private(set) var deliveries: [Int: Delivery] = [:]

  package init(
    _ progress: RunProgress, _ environment: EngineEnvironment, _ options: RunOptions, run: String,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.progress = progress
    self.environment = environment
    self.options = options
    self.run = run
    self.isCancelled = isCancelled
  }

  /// Why this run leaves the published folders alone; nil where it does not.
  private var notWritten: String? {
    if !options.delivers { return "a check" }
    return options.cache == .ro ? "--cache ro" : nil
  }

  /// The work of publishing a node's input, to be done on a slot; nil where the node has ended
  /// without any.
  package func work(on index: Int) throws -> (@Sendable () throws -> Delivery)? {
    let node = progress.graph.nodes[index]
    guard let wire = node.inputs.first else { return nil }
    let input = try progress.results.artifact(wire.from)
    let isCancelled = isCancelled
    switch node.kind {
    case .delivery(let publication):
      if let notWritten {
        // The consumers use the same bytes.
        var report = NodeReport(name: node.name, status: .unchanged)
        report.message = "not delivered: \(notWritten)"
        progress.end(index, report, ["delivered": input])
        return nil
      }
      let deliverer = Deliverer(environment: environment)
      return { [counts = counts(index)] in
        try counts()
        return try deliverer.deliver(input, to: publication, isCancelled: isCancelled)
      }
    case .ingestion(let place):
      // What a check finds must not depend on what the group holds.
      let mode: IngestionMode =
        !options.delivers ? .alone : options.cache == .ro ? .foreseen : .added
      let ingester = Ingester(environment: environment, run: run)
      return { [counts = counts(index)] in
        if mode == .added { try counts() }
        return try ingester.ingest(input, into: place, mode, isCancelled: isCancelled)
      }
    case .step, .source, .select: return nil
    }
  }

  /// Throws `LostAgainstOthers` where one of the results that a node rests on turned out to be other than
  /// the one that was in the shared store first; waits until that is known.
  private func counts(_ index: Int) -> @Sendable () throws -> Void {
    guard let shared = environment.shared else { return {} }
    var results: [ActionKey: [String: OutputRecord]] = [:]
    var seen: Set<Int> = [index]
    var open = [index]
    while let node = open.popLast() {
      if let report = progress.results.end(of: node)?.report, let key = report.key {
        results[key] = report.outputs
      }
      open += progress.graph.nodes[node].dependencies.filter { seen.insert($0).inserted }
    }
    return { [isCancelled, results] in
      if shared.hasLost(anyOf: results, isCancelled: isCancelled) { throw LostAgainstOthers() }
    }
  }

  /// Ends the node of a publication that was made.
  package mutating func finish(_ index: Int, _ delivery: Delivery, seconds: Double) {
    let node = progress.graph.nodes[index]
    if options.delivers { deliveries[index] = delivery }
    var report = NodeReport(name: node.name, status: delivery.isNew ? .delivered : .unchanged)
    report.message = notWritten.map { "not delivered: \($0)" } ?? delivery.path
    report.seconds = seconds
    report.published = delivery.figures
    // A feature group's history is the result of no step, so the record is what keeps its bytes.
    if case .ingestion = node.kind { report.isCached = false }
    let output = node.outputs.first?.name ?? "delivered"
    report.outputs = [output: delivery.artifact.record]
    progress.end(index, report, [output: delivery.artifact])
  }

  /// Forgets publications whose inputs became others.
  package mutating func forget(_ nodes: Set<Int>) { for index in nodes { deliveries[index] = nil } }

  // MARK: - Others

  /// Warns where somebody else published a newer export than the one that a node is about to use.
  package mutating func warnOfForeignExports(before index: Int) {
    for wire in progress.graph.nodes[index].inputs { warnOfForeignExport(at: wire.from.node) }
  }

  /// Warns of every export that is no longer the newest one.
  package mutating func warnOfForeignExports() {
    for index in deliveries.keys.sorted() { warnOfForeignExport(at: index) }
  }

  private mutating func warnOfForeignExport(at index: Int) {
    // A history stays what it is, whatever is ingested later.
    guard case .delivery = progress.graph.nodes[index].kind, let delivery = deliveries[index],
      let newest = try? Deliverer(environment: environment).newest(in: delivery.dataset),
      newest != delivery.export
    else { return }
    deliveries[index] = nil  // said once
    progress.report(
      .notice(
        "\(progress.graph.nodes[index].name): this run delivered and uses \(delivery.export), but "
          + "\(newest) was published since in \(delivery.dataset)"))
  }
}
