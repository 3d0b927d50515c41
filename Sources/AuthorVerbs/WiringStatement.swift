// One statement of a function `wire` that adds a step, read as text. It knows no graph.
import Content

/// The statement that wires a node: its lines, the names that keep what the node makes, and what the
/// text says of its outputs.
struct WiringStatement {
  /// The node's name.
  let node: String
  /// The first line's number among the source's.
  let start: Int
  /// All of it in one line.
  let text: String
  private let indent: String

  /// Nil where the function `wire` itself has no such statement.
  init?(of node: String, in lines: [String], after wire: Int) {
    let indent = lines[wire].prefix { $0 == " " } + "  "
    let end = lines[wire...].firstIndex(of: String(indent.dropLast(2)) + "}") ?? lines.endIndex
    guard let line = lines[wire..<end].firstIndex(where: { $0.contains("\"\(node)\"") }) else {
      return nil
    }
    func begins(_ index: Int) -> Bool {
      lines[index].hasPrefix(indent) && lines[index].dropFirst(indent.count).first != " "
        && lines[index].dropFirst(indent.count).first != ")"
    }
    guard line > wire, let start = lines[(wire + 1)...line].indices.last(where: { begins($0) })
    else { return nil }
    let stop = lines[(start + 1)..<max(end, start + 1)].indices.first { begins($0) } ?? end
    self.node = node
    self.start = start
    self.indent = String(indent)
    text = lines[start..<stop].map { $0.drop { $0 == " " } }.joined(separator: " ")
  }

  /// The names after `let`, one an output where they are in brackets; nil where there is no `let`.
  private var names: [String]? {
    guard let found = text.firstMatch(of: #/^let (\([^)]*\)|\w+)/#) else { return nil }
    return found.1.split { "(), ".contains($0) }.map(String.init)
  }

  /// Whether a name after `let` is that of an artifact, and not of a step with several.
  private var isArtifact: Bool {
    let makers = [
      ".source(", ".sql(", ".python(", ".command(", ".deliver(", ".ingest(", ".branch(",
    ]
    let tail = text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == " " }
    return makers.contains { text.contains($0) } || text.dropLast(tail.count).hasSuffix(").")
  }

  /// The outputs that the text itself names: those of a script; nil where a Swift type says them.
  var outputs: [String]? {
    let named = text.matches(of: #/\bScriptOutput(?:<\w+>)?\(\s*"([^"]+)"/#).map { String($0.1) }
    if !named.isEmpty { return named }
    return isArtifact
      ? [text.contains(".sql(") || text.contains(".python(") ? "table" : "out"] : nil
  }

  /// The Swift type of a step that is one.
  var type: String? {
    text.firstMatch(of: #/\.add\(\s*"[^"]*",\s*(\w+)\(/#).map { String($0.1) }
  }

  /// The Swift expression for an output, of those that the node has; gives the statement a name in
  /// `lines` where it has none.
  ///
  /// Nil where the statement is no plain call that could have one.
  func expression(
    for output: String, of outputs: [String], in lines: inout [String], after wire: Int
  ) -> String? {
    if let names {
      guard isArtifact else { return names.count == 1 ? "\(names[0]).\(output)" : nil }
      if names.count == 1 { return names[0] == "_" ? nil : names[0] }
      guard let place = outputs.firstIndex(of: output), place < names.count else { return nil }
      guard names[place] == "_" else { return names[place] }
      let own = free(Self.camel(output), in: lines, after: wire)
      return put(own, at: place, in: &lines) ? own : nil
    }
    guard text.contains(#/^\w+\.\w+\(/#) else { return nil }
    let isTuple = isArtifact && outputs.count > 1
    let own = free(
      Self.camel(isTuple ? output : String(node.drop { $0 != "." }.dropFirst())), in: lines,
      after: wire)
    let bound =
      isTuple
      ? "(" + outputs.map { $0 == output ? own : "_" }.joined(separator: ", ") + ")" : own
    lines[start] = indent + "let \(bound) = " + lines[start].dropFirst(indent.count)
    return isArtifact ? own : "\(own).\(output)"
  }

  /// Replaces one `_` of the names in brackets.
  private func put(_ name: String, at place: Int, in lines: inout [String]) -> Bool {
    guard let open = lines[start].firstIndex(of: "("), let close = lines[start].firstIndex(of: ")"),
      open < close
    else { return false }
    var names = lines[start][open...].dropFirst().prefix { $0 != ")" }
      .split(separator: ",").map { String($0.drop { $0 == " " }) }
    guard place < names.count else { return false }
    names[place] = name
    lines[start].replaceSubrange(
      lines[start].index(after: open)..<close, with: names.joined(separator: ", "))
    return true
  }

  /// A name that the function has not.
  private func free(_ name: String, in lines: [String], after wire: Int) -> String {
    let words = Set(
      lines[wire...].flatMap { line in
        line.replacing(#/"[^"]*"/#, with: "").matches(of: #/\w+/#).map { String($0.output) }
      })
    let isTaken = { words.contains($0) || NewSwiftStep.words.contains($0) }
    guard isTaken(name) else { return name }
    return (2...).lazy.map { "\(name)\($0)" }.first { !isTaken($0) } ?? name
  }

  /// `top-items.0` as `topItems0`.
  private static func camel(_ name: String) -> String {
    let words = name.split { !$0.isLetter && !$0.isNumber }
    let joined =
      words.prefix(1).map { $0.prefix(1).lowercased() + $0.dropFirst() }.joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return joined.first?.isLetter == true ? joined : "step\(joined)"
  }
}
