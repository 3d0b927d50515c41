// A machine as text that draws it: Mermaid for Markdown, DOT for Graphviz.

extension StateMachine {
  /// The machine as a state diagram of Mermaid, which Markdown of code hosts shows.
  ///
  /// Machines within a state stand in a box of its name.
  public var mermaid: String { mermaid(nil) }

  /// The same of an execution: states in the colours of what became of them, by their names, and
  /// those that were not reached in grey.
  public func mermaid(marking marks: [String: StateMark]) -> String { mermaid(StateMarks(marks)) }

  private func mermaid(_ marks: StateMarks?) -> String {
    var count = 0
    var classes = (marks?.used ?? []).map { mark in
      "  classDef \(mark.rawValue) fill:\(mark.colours.0),stroke:\(mark.colours.1)"
    }
    if marks != nil {
      let (fill, line) = StateMarks.neutral
      classes.append("  classDef unreached fill:\(fill),stroke:\(line)")
    }
    return (["stateDiagram-v2"] + classes + mermaid("  ", &count, marks))
      .joined(separator: "\n") + "\n"
  }

  private func mermaid(
    _ indent: String, _ count: inout Int, _ marks: StateMarks?
  ) -> [String] {
    let picture = Picture(self, &count)
    var lines: [String] = []
    for node in picture.nodes {
      let title = "\(indent)state \"\(Self.escaped(node.name))\" as \(node.id)"
      guard !node.inner.isEmpty else {
        lines.append(title)
        continue
      }
      lines.append(title + " {")
      for (index, machine) in node.inner.enumerated() {
        if index > 0 { lines.append("\(indent)  --") }
        lines += machine.mermaid(indent + "  ", &count, marks)
      }
      lines.append("\(indent)}")
    }
    lines.append("\(indent)[*] --> \(picture.first)")
    for edge in picture.edges {
      let label = edge.label.isEmpty ? "" : " : \(edge.label.replacing(":", with: "#58;"))"
      lines.append("\(indent)\(edge.from) --> \(edge.to)\(label)")
    }
    let marked = picture.nodes.compactMap { node in
      marks.map { "\(indent)class \(node.id) \($0[node.name]?.rawValue ?? "unreached")" }
    }
    return lines + picture.ends.map { "\(indent)\($0) --> [*]" } + marked
  }

  /// The machine in the language of Graphviz.
  ///
  /// Machines within a state stand in a frame of its name, between a point where they begin and one where
  /// all have ended.
  public var dot: String { dot(nil) }

  /// The same of an execution: states in the colours of what became of them, by their names, and
  /// those that were not reached in grey.
  public func dot(marking marks: [String: StateMark]) -> String { dot(StateMarks(marks)) }

  private func dot(_ marks: StateMarks?) -> String {
    var count = 0
    var lines = [
      "digraph machine {", "  rankdir=TB;", "  node [shape=box, style=rounded];",
      "  start [shape=point];", "  end [shape=doublecircle, label=\"\", width=0.2];",
    ]
    lines += dot("  ", from: "start", to: "end", &count, marks)
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private func dot(
    _ indent: String, from start: String, to end: String, _ count: inout Int,
    _ marks: StateMarks?
  ) -> [String] {
    let picture = Picture(self, &count)
    var lines: [String] = []
    /// Where ways leave a state.
    var exits: [String: String] = [:]
    for node in picture.nodes {
      let title = Self.escaped(node.name)
      guard !node.inner.isEmpty else {
        let shape = node.type == "Choice" ? ", shape=diamond, style=solid" : ""
        let mark = marks.map {
          let (fill, line) = $0[node.name]?.colours ?? StateMarks.neutral
          return ", style=\"rounded,filled\", fillcolor=\"\(fill)\", color=\"\(line)\""
        }
        lines.append("\(indent)\(node.id) [label=\"\(title)\"\(shape)\(mark ?? "")];")
        continue
      }
      let exit = "\(node.id)_end"
      exits[node.id] = exit
      lines.append("\(indent)subgraph cluster_\(node.id) {")
      lines.append("\(indent)  label=\"\(title)\";")
      lines.append("\(indent)  \(node.id) [shape=point];")
      lines.append("\(indent)  \(exit) [shape=point];")
      for machine in node.inner {
        lines += machine.dot(indent + "  ", from: node.id, to: exit, &count, marks)
      }
      lines.append("\(indent)}")
    }
    func exit(_ id: String) -> String { exits[id] ?? id }
    lines.append("\(indent)\(start) -> \(picture.first);")
    for edge in picture.edges {
      let label = edge.label.isEmpty ? "" : " [label=\"\(Self.escaped(edge.label))\"]"
      lines.append("\(indent)\(exit(edge.from)) -> \(edge.to)\(label);")
    }
    return lines + picture.ends.map { "\(indent)\(exit($0)) -> \(end);" }
  }

  private static func escaped(_ text: String) -> String {
    String(text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] })
  }
}

/// States and ways of one machine, with identifiers that no other state of a picture has.
private struct Picture {
  let nodes: [(id: String, name: String, type: String, inner: [StateMachine])]
  let edges: [(from: String, to: String, label: String)]
  /// The identifier of the first state.
  let first: String
  /// The identifiers of the states that the machine ends with.
  let ends: [String]

  init(_ machine: StateMachine, _ count: inout Int) {
    var ids: [String: String] = [:]
    for name in machine.order {
      ids[name] = "s\(count)"
      count += 1
    }
    let known = machine.order.compactMap { name -> (String, State, String)? in
      guard let state = machine.states[name], let id = ids[name] else { return nil }
      return (name, state, id)
    }
    nodes = known.map { name, state, id in (id, name, state.typeName, state.machines) }
    edges = known.flatMap { _, state, id in
      state.ways.compactMap { next, label in ids[next].map { (id, $0, label) } }
    }
    first = ids[machine.startAt] ?? ""
    ends = known.filter { $0.1.isEnd }.map(\.2)
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
