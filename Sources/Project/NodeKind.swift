// What a node of the graph is, in a word.
import Atelier

extension GraphNode {
  /// The kind of node in a word.
  package var kindName: String {
    switch kind {
    case .step: "step"
    case .source: "source"
    case .delivery: "delivery"
    case .ingestion: "ingestion"
    case .select: "branch"
    }
  }
}
