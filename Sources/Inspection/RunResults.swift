// The outputs that a run record names, with what their bytes are, and the bytes themselves.
import Atelier
import Content
import Execution
import Planning
import Project
import Terminal

/// The results of one run.
package struct RunResults {
  /// One output of the run.
  package struct Output {
    package let step: String
    package let output: String
    package let status: String
    package let record: OutputRecord
    /// The name without the number of siblings, where there are any.
    package let family: String?

    package var name: String { "\(step).\(output)" }
  }

  package let record: RunRecord
  package let environment: EngineEnvironment
  /// In the order of the graph; steps that it lacks come last.
  package let outputs: [Output]

  package init(
    _ record: RunRecord, _ graph: Graph, _ environment: EngineEnvironment, _ catalogue: RunCatalogue
  ) {
    self.record = record
    self.environment = environment
    let steps = record.json["steps"]?.object ?? [:]
    let nodes = Dictionary(
      graph.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let order = Self.order(record, graph)
    let families = Self.families(order)
    outputs = order.flatMap { name -> [Output] in
      let made = steps[name]?["outputs"]?.object ?? [:]
      let known = nodes[name]?.outputs ?? []
      let first = known.map(\.name).filter { made[$0] != nil }
      let names = first + made.keys.filter { !first.contains($0) }.sorted()
      return names.compactMap { output in
        guard let digest = made[output]?["digest"]?.string.flatMap({ Digest($0) }) else {
          return nil
        }
        var (mediaType, isTree) = ("application/octet-stream", false)
        if let shape = known.first(where: { $0.name == output }) {
          (mediaType, isTree) = (shape.mediaType, shape.isTree)
        } else if let shape = record.step(name).flatMap(catalogue.document)?["outputs"]?[output] {
          (mediaType, isTree) = (shape["mediaType"]?.string ?? mediaType, shape["kind"] == "tree")
        }
        return Output(
          step: name, output: output, status: steps[name]?["status"]?.string ?? "",
          record: OutputRecord(
            digest: digest, size: made[output]?["size"]?.integer ?? 0, mediaType: mediaType,
            kind: isTree ? .tree : .file),
          family: families.contains(Text.withoutNumber(name)) ? Text.withoutNumber(name) : nil
        )
      }
    }
  }

  /// The steps of a run in the order of a graph; those that it lacks come last.
  package static func order(_ record: RunRecord, _ graph: Graph) -> [String] {
    let steps = record.json["steps"]?.object ?? [:]
    let known = graph.nodes.map(\.name).filter { steps[$0] != nil }
    return known + Set(steps.keys).subtracting(known).sorted()
  }

  /// The names, without a number, that several steps share.
  package static func families(_ names: [String]) -> Set<String> {
    let numbered = names.filter { Text.withoutNumber($0) != $0 }
    let counts = Dictionary(grouping: numbered, by: Text.withoutNumber)
    return Set(counts.filter { $0.value.count > 1 }.keys)
  }

  /// Outputs that steps made, without what was only looked at or handed on.
  package var made: [Output] { outputs.filter { ["hit", "built"].contains($0.status) } }

  /// The bytes of a file of at most so many; nil where they are not to be had.
  package func bytes(_ record: OutputRecord, atMost limit: Int64) -> [UInt8]? {
    guard record.kind == .file, record.size <= limit else { return nil }
    return bytes(record.digest, atMost: limit)
  }

  /// The same by digest.
  package func bytes(_ digest: Digest, atMost limit: Int64) -> [UInt8]? {
    environment.bytes(of: digest, atMost: limit)
  }
}
