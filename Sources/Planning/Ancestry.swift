// Walks from a result back to its sources: what made it, from what, who and when.
import Atelier
import AtelierStep
import Content
import Execution
import Workers

/// One result on the way back, nearest first.
package struct Ancestor: Sendable {
  package let name: String
  /// How far it is from the result asked for.
  package let depth: Int
  package let kind: String
  package let key: ActionKey?
  package let result: ActionResult?
  package let document: KeyDocument?
  /// A source's path, or a delivery's place.
  package let place: String?
  /// The digest of each output.
  package let outputs: [String: Digest]
}

extension Planner {
  /// The node and everything that it was made from, nearest first, each once.
  ///
  /// Throws where the node has no current result.
  package func ancestry(of target: Int, in graph: Graph) throws -> [Ancestor] {
    var depths: [Int: Int] = [target: 0]
    var queue = [target]
    var position = 0
    while position < queue.count {
      let index = queue[position]
      position += 1
      for dependency in graph.nodes[index].dependencies where depths[dependency] == nil {
        depths[dependency] = (depths[index] ?? 0) + 1
        queue.append(dependency)
      }
    }
    return try queue.compactMap { index in
      guard let planned = states[index] else { return nil }
      let node = graph.nodes[index]
      let outputs = (known[index] ?? [:]).mapValues(\.record.digest)
      func ancestor(_ kind: String, _ result: ActionResult? = nil, _ place: String? = nil)
        -> Ancestor
      {
        Ancestor(
          name: node.name, depth: depths[index] ?? 0, kind: kind, key: planned.key,
          result: result, document: planned.document, place: place, outputs: outputs)
      }
      switch (planned.state, node.kind) {
      case (.upToDate(let result), _): return ancestor("step", result)
      case (_, .source(let path)): return ancestor("source", nil, path)
      case (.derived, .delivery(let publication)), (.due, .delivery(let publication)):
        return ancestor("delivery", nil, publication.place)
      case (.derived, .ingestion(let place)), (.due, .ingestion(let place)):
        return ancestor("ingestion", nil, place.place)
      case (.derived, _): return ancestor("branch")
      case (.notTaken, _): return nil
      default:
        throw EngineFailure(
          "\(node.name) has no current result; run "
            + "`atelier run \(graph.workshop)/\(graph.nodes[target].name)` first")
      }
    }
  }
}
