// The key numbers of runs: read from outputs once, and then from run records.
import Atelier
import Content
import Execution
import KeyNumbers
import LocalStores

/// Reads what the runs of a workshop came to.
package struct KeyRecords: Sendable {
  private let graph: Graph
  private let bytes: @Sendable (Digest) -> [UInt8]?

  /// `bytes` gives a short artifact; nil where it is not to be had.
  package init(_ graph: Graph, bytes: @escaping @Sendable (Digest) -> [UInt8]?) {
    self.graph = graph
    self.bytes = bytes
  }

  /// Reads from the environment's store, and from the one behind it.
  package init(_ graph: Graph, _ environment: EngineEnvironment) {
    self.init(graph) { environment.bytes(of: $0, atMost: KeyReader.longest) }
  }

  /// What these reports of one run come to, and what could not be read.
  package func results(of reports: [NodeReport]) -> (results: KeyResults, problems: [String]) {
    guard !graph.keys.isEmpty else { return (KeyResults(), []) }
    let outputs = Dictionary(
      reports.filter(\.isUsable).map { ($0.name, $0.outputs) }, uniquingKeysWith: { $1 })
    return read { step, output in outputs[step]?[output].map { ($0.digest, $0.size) } }
  }

  /// What outputs by `step.output` come to.
  package func results(of outputs: [String: OutputRecord]) -> KeyResults {
    guard !graph.keys.isEmpty else { return KeyResults() }
    return read { step, output in
      outputs["\(step).\(output)"].map { ($0.digest, $0.size) }
    }.results
  }

  /// What a recorded run came to: as the record says, or by its outputs where it is older.
  package func results(of record: RunRecord) -> KeyResults {
    let recorded = record.keyResults
    if !recorded.isEmpty || graph.keys.isEmpty { return recorded }
    return read { step, output in
      guard let step = record.json["steps"]?[step], step["status"]?.string != "failed",
        let made = step["outputs"]?[output],
        let digest = made["digest"]?.string.flatMap({ Digest($0) })
      else { return nil }
      return (digest, made["size"]?.integer ?? 0)
    }.results
  }

  private func read(
    _ find: @escaping (_ step: String, _ output: String) -> (digest: Digest, size: Int64)?
  ) -> (results: KeyResults, problems: [String]) {
    KeyReader(graph) { step, output in
      guard let found = find(step, output), found.size <= KeyReader.longest else { return nil }
      return bytes(found.digest)
    }.results()
  }
}

extension RunRecord {
  /// What the run came to, as it was recorded.
  package var keyResults: KeyResults { KeyResults(record: json) }

  /// So many records are looked through for key numbers.
  private static let reach = 20

  /// The newest record of a series that has key numbers or decisions; nil where none of the last ones has.
  package static func newestWithResults(of series: String, in runs: RunStore) -> RunRecord? {
    guard let ids = try? runs.list() else { return nil }
    return ids.prefix(reach).lazy.compactMap { id in
      (try? runs.read(id)).flatMap { $0 }.flatMap { RunRecord(json: $0) }
    }.first { $0.series == series && !$0.keyResults.isEmpty }
  }
}
