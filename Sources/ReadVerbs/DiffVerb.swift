// `atelier diff`: what differs between two runs, from code and parameters to the numbers they gave.
import CommandLine
import Content
import Execution
import Inspection
import LocalStores
import Planning
import Project
import Terminal

package struct DiffVerb: Verb {
  package let name = "diff"
  package let summary = "differences between two runs: settings, key numbers, code, inputs, numbers"
  package let details = """
    RUN is the id of a run, the beginning of one, `latest`, `latest~N` for the N-th before it, or a
    tag; the second one is `latest` unless given, and without any the last two runs are compared. Runs of
    the shared store count, too. First the settings that differ and the key numbers; then for each step
    whose key differs: the fields, old -> new, or the steps that it follows where nothing else changed;
    for each output with numbers (JSON, CSV of up to 100 rows): old, new, difference and percent.
    --verbose and --json show every field of every step. Runs that change nothing are not recorded, so
    they cannot be named here. Exits 0 whether or not the runs differ.
    """
  package let examples = [
    Example("atelier diff", "what the newest run changed, cause first"),
    Example("atelier diff latest~1", "what the newest run changed"),
    Example("atelier diff 20261121T1349 latest --json", "from that run to the newest, as events"),
    Example("atelier diff latest~1 latest --exit-code > changes.txt", "3 when anything differs"),
  ]
  let runs = Argument("[[workshop/]RUN [RUN]]", count: 0...2, completion: .named("latest-runs"))
  let exitCode = Flag("exit-code", "exit 3 when the runs differ, as `git diff` exits 1")
  let json = Shared.json

  package var parameters: [any Parameter] { [runs, exitCode, json] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let (session, runs) = try Session.open(call, runs: call[runs], context)
    let store = try LocalStore.open(root: session.storeRoot(), readOnly: true)
    let shared = try session.remote(store, RemoteUse())?.shared
    let catalogue = RunCatalogue(
      store: store, shared: shared, workshop: session.workshop.name)
    let old = try catalogue.record(runs.first ?? "latest~1")
    let new = try catalogue.record(runs.count > 1 ? runs[1] : "latest")
    guard old.workshop == new.workshop else {
      throw UsageError(
        "\(old.id) is a run of the workshop \(old.workshop), \(new.id) one of \(new.workshop); "
          + "name two runs of one workshop")
    }
    let difference = RunDifference(old, new, document: catalogue.document)
    let comparison = OutputComparison(store: store, shared: shared)
    // The declarations are the wiring's as it is now; a record that says more needs none.
    let keys = (try? session.graph(isOffline: true)).map { graph in
      KeyRecords(graph) { comparison.bytes(of: $0) }
    }
    let account = DifferenceAccount(
      old: old, new: new, difference: difference, comparison: comparison,
      causes: RunCauses(old, new) { keys?.results(of: $0) ?? $0.keyResults })
    try context.output.data(
      call[json]
        ? account.json() : account.text(width: context.output.width, isFull: call.isVerbose))
    return call[exitCode] && !difference.nodes.isEmpty ? ExitCode.outOfDate : ExitCode.success
  }
}

/// A difference as text and as events.
struct DifferenceAccount {
  let old: RunRecord
  let new: RunRecord
  let difference: RunDifference
  let comparison: OutputComparison
  let causes: RunCauses

  /// The outputs of a node that both runs have.
  private func changes(of node: RunDifference.Node) -> [OutputChange] {
    node.outputs.compactMap { output in
      guard let old = output.old, let new = output.new else { return nil }
      let shape = node.document?["outputs"]?[output.name]
      let (metrics, note): ([MetricChange]?, String?)
      if let mediaType = shape?["mediaType"]?.string {
        (metrics, note) = comparison.compare(
          old,
          OutputRecord(
            digest: new, size: output.newSize, mediaType: mediaType,
            kind: shape?["kind"] == "tree" ? .tree : .file))
      } else {
        (metrics, note) = (nil, node.newStatus ?? "")
      }
      return OutputChange(
        step: node.name, output: output.name, run: self.old.id, old: old, new: new,
        metrics: metrics, note: note)
    }
  }

  func text(width: Int?, isFull: Bool) -> String {
    var text = ""
    for (side, run) in [("old", old), ("new", new)] {
      let host = run.json["host"]?.string ?? "?"
      text += "\(side)  \(run.id)  \(run.workshop)  \(run.status)  \(host)\n"
    }
    for line in causes.lines { text += DisplayText.clean(line) + "\n" }
    let followers = isFull ? [:] : self.followers
    for group in groups(of: difference.nodes.filter { followers[$0.name] == nil }, isFull: isFull) {
      text += lines(group).joined(separator: "\n") + "\n"
    }
    text += followed(followers)
    // What was delivered is the output of the node that it follows.
    let all = difference.nodes.filter { followers[$0.name] == nil || $0.document != nil }
      .flatMap(changes)
    let (shown, folded) = isFull ? (all, []) : OutputChange.fold(all)
    text += OutputChange.text(shown, few: isFull ? Int.max : OutputChange.few, width: width)
    for (name, count) in folded { text += "\(name): \(count) outputs changed (--verbose)\n" }
    let count = difference.nodes.count
    return text
      + (count == 0
        ? "no difference in \(Text.count(difference.equal, "node"))\n"
        : "\(Text.count(count, "node")) differ\(count == 1 ? "s" : ""), "
          + "\(difference.equal) \(difference.equal == 1 ? "is" : "are") equal\n")
  }

  /// The nodes of which nothing but inputs changed that other nodes of the run made, and those nodes.
  private var followers: [String: [String]] {
    var makers: [String: String] = [:]
    // What is delivered was made by another node.
    for node in difference.nodes where node.document != nil || node.newStatus == "source" {
      for output in node.outputs { makers[output.new?.description ?? ""] = node.name }
    }
    var followers: [String: [String]] = [:]
    for node in difference.nodes where node.kind == .changed {
      guard let changes = node.changes else { continue }
      if changes.isEmpty {
        let names = node.outputs.compactMap { makers[$0.new?.description ?? ""] }
        if !names.isEmpty, node.newStatus != "source" { followers[node.name] = names }
        continue
      }
      let names = changes.compactMap { change -> String? in
        guard change.field.hasPrefix("inputs.") else { return nil }
        // A size or a file name goes with the digest of the same input.
        guard let digest = change.new?.string.flatMap({ Digest($0) }) else { return "" }
        return makers[digest.description]
      }
      let known = names.filter { !$0.isEmpty }
      if names.count == changes.count, !known.isEmpty {
        followers[node.name] = ReasonSummary.folded(known)
      }
    }
    return followers
  }

  /// A line for the nodes that follow the same ones.
  private func followed(_ followers: [String: [String]]) -> String {
    let pairs = difference.nodes.compactMap { node in
      followers[node.name].map { (name: node.name, cause: Text.few($0)) }
    }
    return Text.grouped(pairs, by: \.cause).map { group in
      "\(Text.few(ReasonSummary.folded(group.map(\.name)))): "
        + "\(group.count == 1 ? "follows" : "follow") \(group.first?.cause ?? "")\n"
    }.joined()
  }

  /// Nodes, or those of one step made many times that differ in the same fields.
  private func groups(
    of nodes: [RunDifference.Node], isFull: Bool
  ) -> [[RunDifference.Node]] {
    if isFull { return nodes.map { [$0] } }
    return Text.grouped(nodes) { node in
      let fields = node.changes?.map(\.field).joined(separator: " ") ?? "?"
      return "\(Text.withoutNumber(node.name)) \(node.kind) \(fields)"
    }
  }

  private func lines(_ group: [RunDifference.Node]) -> [String] {
    guard let node = group.first else { return [] }
    var outcome = ""
    if node.kind == .outcome { outcome = ": \(node.oldStatus ?? "?") -> \(node.newStatus ?? "?")" }
    if group.count > 1 {
      let fields = node.changes?.map(\.field).joined(separator: ", ") ?? ""
      return [
        "\(Text.withoutNumber(node.name)).*: \(group.count) of them \(node.kind.words)\(outcome)"
          + (fields.isEmpty ? "" : ": \(fields)") + " (--verbose)"
      ]
    }
    var lines = ["\(node.name): \(node.kind.words)\(outcome)"]
    guard let changes = node.changes else {
      return lines + ["  the fields are unknown: a key document is no longer in the store"]
    }
    for change in changes { lines += Text.change(change).map { "  " + $0 } }
    if node.kind == .changed, node.outputs.isEmpty { lines.append("  its outputs are equal") }
    return lines
  }

  func json() throws -> String {
    var events = causes.events
    for node in difference.nodes {
      func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
      events.append([
        "v": 1, "event": "difference", "step": .string(node.name),
        "kind": .string(node.kind.rawValue),
        "status": ["old": text(node.oldStatus), "new": text(node.newStatus)],
        "reasons": node.changes.map { .array($0.map(\.json)) } ?? .null,
        "outputs": .object(
          Dictionary(
            uniqueKeysWithValues: node.outputs.map { output in
              (
                output.name,
                ["old": text(output.old?.description), "new": text(output.new?.description)]
              )
            })),
      ])
      events += changes(of: node).flatMap(\.events)
    }
    events.append([
      "v": 1, "event": "diff", "old": .string(old.id), "new": .string(new.id),
      "differ": .integer(Int64(difference.nodes.count)),
      "equal": .integer(Int64(difference.equal)),
    ])
    return try events.map { try $0.canonicalText() + "\n" }.joined()
  }
}
