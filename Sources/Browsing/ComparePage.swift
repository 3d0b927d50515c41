// Two runs side by side: settings, numbers, steps.
import Atelier
import Content
import Inspection
import LocalStores
import Planning
import Terminal

/// Values for the page of two runs.
package struct ComparePage {
  private static let mostNodes = 500
  private static let mostChanges = 12

  private let browsed: BrowsedStore
  private let old: RunRecord
  private let new: RunRecord
  private let graph: Graph?

  package init(_ browsed: BrowsedStore, _ old: BrowsedRun, _ new: BrowsedRun) {
    self.browsed = browsed
    self.old = old.record
    self.new = new.record
    graph = new.graph
  }

  package func json() -> JSONValue {
    let difference = RunDifference(old, new, document: browsed.catalogue(of: new.workshop).document)
    let shown = difference.nodes.prefix(Self.mostNodes)
    return [
      "v": 1, "runs": .array([old, new].map(Self.facts)), "settings": settings, "numbers": numbers,
      "steps": .array(shown.map(step)), "equal": .integer(Int64(difference.equal)),
      "left": .integer(Int64(difference.nodes.count - shown.count)),
    ]
  }

  private static func facts(_ run: RunRecord) -> JSONValue {
    [
      "id": .string(run.id), "series": .string(run.series), "status": .string(run.status),
      "startedAt": .string(run.startedAt), "seconds": .number(run.json["seconds"]?.number ?? 0),
      "host": .string(run.json["host"]?.string ?? ""),
      "steps": .integer(Int64(run.json["steps"]?.object?.count ?? 0)),
    ]
  }

  /// Name, old value, new value of the settings that differ.
  private var settings: JSONValue {
    let before = old.json["settings"]?.object ?? [:]
    let after = new.json["settings"]?.object ?? [:]
    return .array(
      Set(before.keys).union(after.keys).sorted().compactMap { name in
        let (one, two) = (before[name]?["value"], after[name]?["value"])
        return one == two ? nil : [.string(name), one ?? .null, two ?? .null]
      })
  }

  /// Name, old value, new value of every key number.
  private var numbers: JSONValue {
    guard let graph else { return [] }
    let reader = RunNumbers(graph, browsed.store)
    let before = reader.numbers(of: old)
    let after = reader.numbers(of: new)
    func table(_ numbers: [(name: String, value: Double)]) -> [String: Double] {
      Dictionary(numbers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    let (one, two) = (table(before), table(after))
    let names = after.map(\.name) + before.map(\.name).filter { two[$0] == nil }
    return .array(
      names.map { name in
        [
          .string(name), one[name].map(JSONValue.number) ?? .null,
          two[name].map(JSONValue.number) ?? .null,
        ]
      })
  }

  private func step(_ node: RunDifference.Node) -> JSONValue {
    let changes = (node.changes ?? []).prefix(Self.mostChanges).flatMap { Text.change($0) }
    let more = (node.changes?.count ?? 0) - Self.mostChanges
    return [
      "name": .string(node.name), "kind": .string(node.kind.words),
      "old": node.oldStatus.map(JSONValue.string) ?? .null,
      "new": node.newStatus.map(JSONValue.string) ?? .null,
      "changes": .array(
        changes.map { .string(String($0.prefix(400))) }
          + (more > 0 ? [.string("... \(Text.count(more, "more field"))")] : [])),
      "outputs": .array(node.outputs.map { .string($0.name) }),
    ]
  }
}
