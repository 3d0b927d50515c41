// The numbers of a run that a table of runs shows: the key numbers of its workshop, or those of short outputs
// where it declares none.
import Atelier
import Content
import Inspection
import KeyNumbers
import LocalStores
import Planning
import Synchronization
import Terminal

/// Reads the numbers of runs of one workshop; what was read once is kept.
package final class RunNumbers: Sendable {
  /// An output with more numbers is data, not a summary.
  private static let few = 8
  private static let mostPerRun = 60

  private struct Source: Sendable {
    let step: String
    let output: String
    let mediaType: String
  }

  private let keys: KeyRecords
  private let sources: [Source]
  private let store: LocalStore
  private let known = Mutex<[Digest: [(name: String, text: String)]]>([:])

  /// Looks in JSON and CSV outputs of steps that a graph does not make many times.
  package init(_ graph: Graph, _ store: LocalStore) {
    self.store = store
    keys = KeyRecords(graph) { digest in try? store.objects.bytes(of: digest) }
    let families = RunResults.families(graph.nodes.map(\.name))
    sources = graph.nodes.filter { !families.contains(Text.withoutNumber($0.name)) }.flatMap {
      node in
      node.outputs.filter { !$0.isTree && Metrics.mayHold($0.mediaType) }
        .map { Source(step: node.name, output: $0.name, mediaType: $0.mediaType) }
    }
  }

  /// Names and numbers in the order of their declaration; else of the graph, and a name is
  /// `step.output number`.
  package func numbers(of record: RunRecord) -> [(name: String, value: Double)] {
    let declared = keys.results(of: record).numbers
    if !declared.isEmpty { return declared.map { ($0.name, $0.value) } }
    let steps = record.json["steps"]?.object ?? [:]
    var all: [(name: String, value: Double)] = []
    for source in sources where all.count < Self.mostPerRun {
      guard let made = steps[source.step]?["outputs"]?[source.output],
        ["hit", "built"].contains(steps[source.step]?["status"]?.string),
        let digest = made["digest"]?.string.flatMap({ Digest($0) }),
        made["size"]?.integer ?? .max <= Metrics.largestSize
      else { continue }
      for (name, text) in numbers(digest, source.mediaType) {
        guard let value = Double(text), value.isFinite else { continue }
        all.append(("\(source.step).\(source.output) \(Self.plain(name))", value))
      }
    }
    return all
  }

  private func numbers(_ digest: Digest, _ mediaType: String) -> [(name: String, text: String)] {
    if let known = known.withLock({ $0[digest] }) { return known }
    var values: [(name: String, text: String)] = []
    if let bytes = try? store.objects.bytes(of: digest),
      let metrics = Metrics(bytes, mediaType: mediaType, keyedLike: bytes),
      metrics.values.count <= Self.few
    {
      values = metrics.values
    }
    known.withLock { $0[digest] = values }
    return values
  }

  /// A pointer to a member of a flat document without its slash.
  private static func plain(_ name: String) -> String {
    name.hasPrefix("/") && !name.dropFirst().contains("/") ? String(name.dropFirst()) : name
  }
}
