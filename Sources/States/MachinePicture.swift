// A machine as text that draws it: Mermaid for Markdown, DOT for Graphviz.

extension StateMachine {
  /// The machine as a state diagram of Mermaid, which Markdown of code hosts shows.
  public var mermaid: String {
    var picture = Picture()
    picture.walk(self, within: "")
    var lines = ["stateDiagram-v2"]
    for node in picture.nodes {
      lines.append("  state \"\(Self.escaped(node.name, for: "\""))\" as \(node.id)")
    }
    lines += picture.edges.map { edge in
      let label = edge.label.isEmpty ? "" : " : \(edge.label.replacing(":", with: "#58;"))"
      return "  \(edge.from) --> \(edge.to)\(label)"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The machine in the language of Graphviz.
  public var dot: String {
    var picture = Picture()
    picture.walk(self, within: "")
    var lines = ["digraph machine {", "  rankdir=TB;", "  node [shape=box, style=rounded];"]
    for node in picture.nodes {
      let shape = node.type == "Choice" ? ", shape=diamond, style=solid" : ""
      lines.append("  \(node.id) [label=\"\(Self.escaped(node.name, for: "\""))\"\(shape)];")
    }
    if picture.edges.contains(where: { $0.from == "[*]" || $0.to == "[*]" }) {
      lines.append("  start [shape=point];")
      lines.append("  end [shape=doublecircle, label=\"\", width=0.2];")
    }
    lines += picture.edges.map { edge in
      let (from, to) = (
        edge.from == "[*]" ? "start" : edge.from, edge.to == "[*]" ? "end" : edge.to
      )
      let label = edge.label.isEmpty ? "" : " [label=\"\(Self.escaped(edge.label, for: "\""))\"]"
      return "  \(from) -> \(to)\(label);"
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String, for quote: Character) -> String {
    String(text.flatMap { $0 == quote || $0 == "\\" ? ["\\", $0] : [$0] })
  }
}

/// States and ways of a machine and of those within it.
private struct Picture {
  private(set) var nodes: [(id: String, name: String, type: String)] = []
  private(set) var edges: [(from: String, to: String, label: String)] = []

  mutating func walk(_ machine: StateMachine, within outer: String) {
    var ids: [String: String] = [:]
    for name in machine.order {
      ids[name] = "s\(nodes.count)"
      nodes.append((ids[name] ?? "", name, machine.states[name]?.typeName ?? ""))
    }
    if let first = ids[machine.startAt] {
      edges.append((outer.isEmpty ? "[*]" : outer, first, ""))
    }
    for name in machine.order {
      guard let state = machine.states[name], let from = ids[name] else { continue }
      func edge(_ name: String, _ label: String) {
        if let to = ids[name] { edges.append((from, to, label)) }
      }
      func then(_ transition: Transition) {
        switch transition {
        case .next(let name): edge(name, "")
        case .end: if outer.isEmpty { edges.append((from, "[*]", "")) }
        }
      }
      func caught(_ catching: [Catcher]) {
        for catcher in catching { edge(catcher.next, catcher.errors.joined(separator: ", ")) }
      }
      switch state.kind {
      case .task(let task, let next):
        then(next)
        caught(task.catching)
      case .pass(_, _, let next), .wait(_, let next): then(next)
      case .choice(let rules, let otherwise):
        for rule in rules { edge(rule.next, rule.condition.summary) }
        if let otherwise { edge(otherwise, "otherwise") }
      case .succeed, .fail, .failWith: if outer.isEmpty { edges.append((from, "[*]", "")) }
      case .parallel(let branches, let next, _, let catching):
        for branch in branches { walk(branch, within: from) }
        then(next)
        caught(catching)
      case .map(let machine, _, _, let next, _, let catching):
        walk(machine, within: from)
        then(next)
        caught(catching)
      }
    }
  }
}

extension Condition {
  /// The condition in a few characters.
  var summary: String {
    switch self {
    case .value(let path, let comparison): "\(path.text) \(comparison.summary)"
    case .and(let conditions): conditions.map(\.summary).joined(separator: " and ")
    case .or(let conditions): conditions.map(\.summary).joined(separator: " or ")
    case .not(let condition): "not (\(condition.summary))"
    }
  }
}

extension Comparison {
  fileprivate var summary: String {
    switch self {
    case .number(let order, let number):
      "\(order.sign) \(Int(exactly: number).map { "\($0)" } ?? "\(number)")"
    case .text(let order, let text), .time(let order, let text): "\(order.sign) '\(text)'"
    case .bool(let truth): "= \(truth)"
    case .path(_, let order, let path): "\(order.sign) \(path.text)"
    case .matches(let pattern): "matches '\(pattern)'"
    case .isKind(let kind, let truth):
      (truth ? "is " : "is not ") + kind.rawValue.dropFirst(2).lowercased()
    }
  }
}

extension Comparison.Order {
  fileprivate var sign: String {
    switch self {
    case .equals: "="
    case .lessThan: "<"
    case .greaterThan: ">"
    case .lessThanEquals: "<="
    case .greaterThanEquals: ">="
    }
  }
}
