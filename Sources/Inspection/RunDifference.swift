// What two runs do not share. Pure: records and key documents come in, nothing is read.
import Content
import Planning

/// The nodes in which two runs differ, by name.
package struct RunDifference {
  /// How a node differs.
  package enum Kind: String {
    /// Only the old run held it.
    case onlyOld
    /// Only the new run held it.
    case onlyNew
    /// It was made from something else.
    case changed
    /// It was made from the same and is not the same.
    case otherBytes
    /// It failed or was left out in one of them.
    case outcome

    /// The kind as the end of a sentence about a step.
    package var words: String {
      switch self {
      case .onlyOld: "only in the old run"
      case .onlyNew: "only in the new run"
      case .changed: "changed"
      case .otherBytes: "NOT REPRODUCIBLE, other bytes under the same key"
      case .outcome: "ended differently"
      }
    }
  }

  /// One output; a side that lacks it is nil.
  package struct Output {
    package let name: String
    package let old: Digest?
    package let new: Digest?
    package let newSize: Int64
  }

  package struct Node {
    package let name: String
    package let kind: Kind
    package let oldStatus: String?
    package let newStatus: String?
    /// The fields of the key documents that differ; nil where one of the documents is gone.
    package let changes: [FieldChange]?
    /// The outputs that differ.
    package let outputs: [Output]
    /// The new key document, if there is one.
    package let document: JSONValue?
  }

  /// In the order of their names, numbers by value.
  package let nodes: [Node]
  /// How many do not differ.
  package let equal: Int

  /// `document` gives the key document of a step, asked for only where keys differ.
  package init(_ old: RunRecord, _ new: RunRecord, document: (StepRecord) -> JSONValue?) {
    let before = old.json["steps"]?.object ?? [:]
    let after = new.json["steps"]?.object ?? [:]
    let names = Set(before.keys).union(after.keys)
    nodes = names.sorted(by: Self.precedes).compactMap { name in
      Self.node(
        name, (before[name], old.step(name)), (after[name], new.step(name)), document: document)
    }
    equal = names.count - nodes.count
  }

  private typealias Side = (json: JSONValue?, step: StepRecord?)

  private static func node(
    _ name: String, _ old: Side, _ new: Side, document: (StepRecord) -> JSONValue?
  ) -> Node? {
    let outputs = Self.outputs(old.json, new.json)
    guard let kind = kind(old, new, outputs) else { return nil }
    let after = new.step.flatMap(document)
    var changes: [FieldChange]? = []
    if kind == .changed, old.step?.key != new.step?.key {
      let before = old.step.flatMap(document)
      changes = before.flatMap { old in after.map { KeyDocument.changes(from: old, to: $0) } }
    }
    return Node(
      name: name, kind: kind, oldStatus: old.step?.status, newStatus: new.step?.status,
      changes: changes, outputs: kind == .onlyOld || kind == .onlyNew ? [] : outputs,
      document: after)
  }

  private static func kind(_ old: Side, _ new: Side, _ outputs: [Output]) -> Kind? {
    guard let before = old.step else { return .onlyNew }
    guard let after = new.step else { return .onlyOld }
    // The arm of a branch that was not taken made nothing that could be compared.
    if isNotTaken(before) != isNotTaken(after) { return .outcome }
    if let one = before.key, let two = after.key, one != two { return .changed }
    if isWell(before) != isWell(after) { return .outcome }
    if outputs.isEmpty { return nil }
    // A source or a delivery has no key: its bytes are all that it is.
    return before.key == nil ? .changed : .otherBytes
  }

  /// Whether a step has a result, however it came by it.
  private static func isWell(_ step: StepRecord) -> Bool {
    !["failed", "skipped"].contains(step.status)
  }

  private static func isNotTaken(_ step: StepRecord) -> Bool { step.status == "not-taken" }

  private static func outputs(_ old: JSONValue?, _ new: JSONValue?) -> [Output] {
    let before = old?["outputs"]?.object ?? [:]
    let after = new?["outputs"]?.object ?? [:]
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      let one = before[name]?["digest"]?.string.flatMap { Digest($0) }
      let two = after[name]?["digest"]?.string.flatMap { Digest($0) }
      return one == two
        ? nil : Output(name: name, old: one, new: two, newSize: after[name]?["size"]?.integer ?? 0)
    }
  }

  /// `week1.events.2` before `week1.events.10`.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.split(separator: ".").lexicographicallyPrecedes(b.split(separator: ".")) { a, b in
      if let one = Int(a), let two = Int(b) { return one < two }
      return a < b
    }
  }
}
