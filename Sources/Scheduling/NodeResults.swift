// What a run has found and made so far, by node and by key. It decides nothing.
import Atelier
import AtelierStep
import Content
import Execution
import LocalStores
import RunStates
import Workers

/// The artifacts, reports and actions of a run's nodes.
package struct NodeResults {
  private let graph: Graph
  /// The newest report of each node that ended, and what its users can read.
  private var ends: [Int: (report: NodeReport, outputs: [String: KnownArtifact])] = [:]
  /// The reports in the order of their coming; the last of a node counts.
  package private(set) var reports: [NodeReport] = []
  /// Of the steps that did not turn out to be hits.
  package var actions: [Int: Action] = [:]
  package var explanations: [Int: Explanation] = [:]
  /// Results of this run by key.
  package var finished: [ActionKey: ActionResult] = [:]
  /// The keys of those that were kept for the user only.
  package var uncached: Set<ActionKey> = []
  /// The names of steps that failed, by key.
  package var failed: [ActionKey: String] = [:]

  package init(_ graph: Graph) { self.graph = graph }

  /// The end of a node; nil where it has not ended.
  package func end(of index: Int) -> (report: NodeReport, outputs: [String: KnownArtifact])? {
    ends[index]
  }

  /// An output of a node that ended with it.
  package func artifact(_ reference: OutputReference) throws -> KnownArtifact {
    guard let artifact = ends[reference.node]?.outputs[reference.output] else {
      throw EngineFailure(
        "\(graph.nodes[reference.node].name) gave no output '\(reference.output)'")
    }
    return artifact
  }

  /// The artifacts that a node reads, by the names of its inputs.
  package func inputs(of node: GraphNode) throws -> [String: KnownArtifact] {
    var inputs: [String: KnownArtifact] = [:]
    for wire in node.inputs { inputs[wire.description.name] = try artifact(wire.from) }
    return inputs
  }

  package mutating func record(
    _ index: Int, _ report: NodeReport, _ outputs: [String: KnownArtifact]
  ) {
    ends[index] = (report, outputs)
    reports.append(report)
  }

  /// Puts a report in the place of a node's earlier ones; its outputs stay those that were used.
  package mutating func replace(_ index: Int, _ report: NodeReport) {
    ends[index]?.report = report
    reports.removeAll { $0.name == report.name }
    reports.append(report)
  }

  /// Forgets what these nodes gave: they are to be worked on again.
  package mutating func forget(_ nodes: Set<Int>) {
    let names = Set(nodes.map { graph.nodes[$0].name })
    reports.removeAll { names.contains($0.name) }
    for index in nodes {
      ends[index] = nil
      actions[index] = nil
    }
  }

  /// The step behind an output, through publications and branches; nil for a source.
  package func producer(of reference: OutputReference) -> Int? {
    let node = graph.nodes[reference.node]
    switch node.kind {
    case .step: return reference.node
    case .source, .ingestion: return nil
    case .delivery: return node.inputs.first.flatMap { producer(of: $0.from) }
    case .select(let then, let otherwise, _):
      let isNotTaken = ends[then.node]?.report.status == .notTaken
      return producer(of: isNotTaken ? otherwise : then)
    }
  }

  /// The steps that made the lost bytes that a node reads; nil where one cannot be told.
  package func producers(of lost: LostBlobs, readBy index: Int) -> Set<Int>? {
    var producers: Set<Int> = []
    for wire in graph.nodes[index].inputs {
      guard let artifact = try? artifact(wire.from), lost.digests.contains(artifact.record.digest)
      else { continue }
      guard let producer = producer(of: wire.from) else { return nil }
      producers.insert(producer)
    }
    return producers.isEmpty ? nil : producers
  }
}

extension NodeStatus {
  /// What the status means for the nodes that need this one.
  package var end: RunState.End {
    switch self {
    case .hit, .built, .source, .delivered, .unchanged, .selected: .usable
    case .failed: .failed
    case .skipped: .skipped
    case .notTaken: .notTaken
    }
  }
}
