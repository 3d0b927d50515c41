// Bytes that the shared store promised and does not give are made again, while who needs them waits.
import Atelier
import AtelierStep
import Content

/// Who waits for bytes that are made again.
enum Needer: Hashable {
  /// A step or a delivery of this run.
  case node(Int)
  /// A step that itself is run only to make lost bytes again.
  case maker(Int)

  var index: Int {
    switch self {
    case .node(let index), .maker(let index): index
    }
  }
}

/// Steps that run once more.
struct Remaking {
  /// By maker, who waits for it.
  fileprivate var needers: [Int: [Needer]] = [:]
  /// By needer, the makers it waits for.
  fileprivate var awaited: [Needer: Set<Int>] = [:]
  /// Makers that ran: none does so twice in a run.
  fileprivate var done: Set<Int> = []
}

extension Coordinator {
  /// Runs those steps again whose outputs are lost, then lets the needer try once more.
  func remake(_ lost: LostBlobs, for needer: Needer) {
    var makers: Set<Int> = []
    for wire in graph.nodes[needer.index].inputs {
      guard let artifact = try? artifact(wire.from), lost.digests.contains(artifact.record.digest)
      else { continue }
      guard let maker = maker(of: wire.from), !remaking.done.contains(maker) else {
        giveUp(needer, "\(lost)")
        return
      }
      makers.insert(maker)
    }
    guard !makers.isEmpty else {
      giveUp(needer, "\(lost)")
      return
    }
    remaking.awaited[needer] = makers
    for maker in makers.sorted() {
      let isFirst = remaking.needers[maker] == nil
      remaking.needers[maker, default: []].append(needer)
      if isFirst { start(maker) }
    }
  }

  /// The step behind an output, through deliveries and branches; nil for a source.
  private func maker(of reference: OutputReference) -> Int? {
    let node = graph.nodes[reference.node]
    switch node.kind {
    case .step: return reference.node
    case .source, .ingestion: return nil
    case .delivery: return node.inputs.first.flatMap { maker(of: $0.from) }
    case .select(let then, let otherwise, _):
      return maker(of: isNotTaken(then.node) ? otherwise : then)
    }
  }

  private func start(_ index: Int) {
    let node = graph.nodes[index]
    guard let step = node.step else { return }
    do {
      var inputs: [String: KnownArtifact] = [:]
      for wire in node.inputs { inputs[wire.description.name] = try artifact(wire.from) }
      let action = try resolver.action(node, step, inputs: inputs)
      environment.shared?.forget(action.key)
      report(
        .started(
          name: node.name, key: action.key, explanation: Explanation(cause: .blobMissing)))
      let (mailbox, runner, clock) = (self.mailbox, self.runner, environment.clock)
      running += 1
      pool.run {
        let began = clock()
        let outcome = runner.execute(action)
        mailbox.post(.remade(index, outcome, seconds: clock() - began))
      }
    } catch {
      settle(maker: index, failing: "\(error)")
    }
  }

  func finishRemaking(_ index: Int, _ outcome: ActionOutcome, seconds: Double) {
    switch outcome {
    case .built(let result, let warnings, let isCached):
      var report = NodeReport(name: graph.nodes[index].name, status: .built)
      report.key = result.key
      report.outputs = result.outputs
      report.warnings = warnings
      report.isCached = isCached
      report.seconds = seconds
      report.explanation = Explanation(cause: .blobMissing)
      report.logPath = runner.logPath(result.key)
      replace(index, report)
      settle(maker: index, made: result)
    case .shared(let result): settle(maker: index, made: result)
    case .failed(let message, _): settle(maker: index, failing: message)
    case .cancelled: settle(maker: index, failing: "cancelled")
    case .lost(let lost): remake(lost, for: .maker(index))
    }
  }

  /// Its outputs stay those that this run has used.
  private func replace(_ index: Int, _ nodeReport: NodeReport) {
    guard case .settled(_, let outputs)? = states[index] else { return }
    states[index] = .settled(nodeReport, outputs)
    reports.removeAll { $0.name == nodeReport.name }
    reports.append(nodeReport)
    report(.finished(nodeReport))
  }

  private func settle(maker index: Int, made result: ActionResult) {
    guard case .settled(_, let outputs)? = states[index] else { return }
    let isSame = outputs.allSatisfy { result.outputs[$0.key]?.digest == $0.value.record.digest }
    guard isSame else {
      settle(
        maker: index,
        failing: "it is not reproducible: its lost bytes came out otherwise; run again to key anew "
          + "what rests on them")
      return
    }
    remaking.done.insert(index)
    for needer in remaking.needers.removeValue(forKey: index) ?? [] {
      remaking.awaited[needer]?.remove(index)
      guard remaking.awaited[needer]?.isEmpty == true else { continue }
      remaking.awaited[needer] = nil
      switch needer {
      case .node(let node): wait(node)
      case .maker(let maker): start(maker)
      }
    }
  }

  private func settle(maker index: Int, failing message: String) {
    remaking.done.insert(index)
    for needer in remaking.needers.removeValue(forKey: index) ?? [] {
      giveUp(
        needer, "the bytes of \(graph.nodes[index].name) are lost and cannot be made: \(message)")
    }
  }

  private func giveUp(_ needer: Needer, _ message: String) {
    // It may wait for other makers, too: those need not tell it any more.
    for maker in remaking.awaited.removeValue(forKey: needer) ?? [] {
      remaking.needers[maker]?.removeAll { $0 == needer }
    }
    switch needer {
    case .node(let index) where actions[index] != nil:
      finish(index, .failed(message, warnings: []), seconds: 0)
    case .node(let index): fail(index, message)
    case .maker(let index): settle(maker: index, failing: message)
    }
  }
}
