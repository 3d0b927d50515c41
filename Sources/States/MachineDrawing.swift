// A machine as SVG: states in rows, each below those that lead to it; machines within states as boxes.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension StateMachine {
  /// The machine as a picture that stands alone: no script, no font and no file beside it.
  public var svg: String { svg(nil) }

  /// The same of an execution: states in the colours of what became of them, by their names, and
  /// those that were not reached in grey.
  public func svg(marking marks: [String: StateMark]) -> String { svg(StateMarks(marks)) }

  private func svg(_ marks: StateMarks?) -> String {
    let drawing = MachineDrawing(self)
    let (width, height) = (drawing.width + 40, drawing.height + 40)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" "
        + "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/>"
        + "</marker></defs>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>",
    ]
    lines += drawing.lines(x: 20, y: 20, marks)
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }
}

/// Where the states of a machine stand, in whole pixels from its own upper left corner.
private struct MachineDrawing {
  /// A state's box.
  private struct Box {
    let name: String
    let type: String
    let rank: Int
    /// Pixels across that it takes in its row.
    var space = 0
    var x = 0
    var y = 0
    var width: Int
    var height: Int
    /// The machines within it, and where each stands from the box's corner.
    let inner: [(drawing: MachineDrawing, x: Int, y: Int)]

    var middle: Int { x + width / 2 }
  }

  /// A way from one state to another.
  private struct Way {
    let from: String
    let to: String
    let label: String
    /// Its place on the right, from 0, for one that goes back or passes rows; nil for one to the next row.
    var lane: Int?
  }

  private static let gap = 24
  private static let rowGap = 46
  private static let edge = 12
  private static let titleHeight = 22
  /// Pixels of a row of machines within a state, if each is narrower.
  private static let widestRow = 1100
  /// Pixels between ways that pass on the right.
  private static let lane = 14

  private(set) var width = 0
  private(set) var height = 0
  /// Where the lanes on the right begin.
  private var right = 0
  private var boxes: [Box] = []
  private var ways: [Way] = []
  private var lanes = 0

  init(_ machine: StateMachine) {
    let order = machine.order
    let ranks = Self.ranks(machine, order)
    for name in order {
      guard let state = machine.states[name] else { continue }
      boxes.append(Self.box(name, state, rank: ranks[name] ?? 0))
      for (next, label) in state.ways where machine.states[next] != nil {
        let rows = (ranks[next] ?? 0) - (ranks[name] ?? 0)
        var lane: Int?
        if rows != 1 {
          lane = lanes
          lanes += 1
        }
        ways.append(Way(from: name, to: next, label: label, lane: lane))
      }
    }
    // A label stands above the state that it leads to, so that none covers another.
    for index in boxes.indices {
      let labels = ways.filter { $0.to == boxes[index].name && $0.lane == nil }.map(\.label)
      boxes[index].space = max(boxes[index].width, (labels.map(\.count).max() ?? 0) * 6 + 8)
    }
    place()
  }

  private static func box(_ name: String, _ state: State, rank: Int) -> Box {
    var inner: [(drawing: MachineDrawing, x: Int, y: Int)] = []
    // Machines side by side, in rows of a readable width.
    var (x, y, tallest, widest) = (edge, titleHeight + edge, 0, 0)
    for drawing in state.machines.map({ MachineDrawing($0) }) {
      if x > edge, x + drawing.width > widestRow {
        (x, y, tallest) = (edge, y + tallest + gap, 0)
      }
      inner.append((drawing, x, y))
      x += drawing.width + gap
      tallest = max(tallest, drawing.height)
      widest = max(widest, x - gap + edge)
    }
    let text = max(90, name.count * 7 + 24)
    return Box(
      name: name, type: state.typeName, rank: rank, width: max(text, widest),
      height: inner.isEmpty ? 34 : y + tallest + edge, inner: inner)
  }

  /// The longest way from the start to each state, ways back left out.
  private static func ranks(_ machine: StateMachine, _ order: [String]) -> [String: Int] {
    var seen: Set<String> = []
    var finished: [String] = []
    func visit(_ name: String) {
      guard let state = machine.states[name], seen.insert(name).inserted else { return }
      for (next, _) in state.ways { visit(next) }
      finished.append(name)
    }
    visit(machine.startAt)
    // What nothing leads to comes first.
    for name in order { visit(name) }
    let places = Dictionary(
      finished.reversed().enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    var ranks: [String: Int] = [:]
    for name in finished.reversed() {
      let rank = ranks[name, default: 0]
      ranks[name] = rank
      for (next, _) in machine.states[name]?.ways ?? []
      where (places[next] ?? 0) > (places[name] ?? 0) {
        ranks[next] = max(ranks[next, default: 0], rank + 1)
      }
    }
    return ranks
  }

  private mutating func place() {
    let rows = Dictionary(grouping: boxes.indices, by: { boxes[$0].rank })
    func across(_ row: [Int]) -> Int {
      row.map { boxes[$0].space }.reduce(0, +) + Self.gap * max(row.count - 1, 0)
    }
    let inside = rows.values.map(across).max() ?? 0
    width = inside + (lanes > 0 ? Self.gap + lanes * Self.lane : 0)
    var y = 0
    for rank in rows.keys.sorted() {
      let row = rows[rank] ?? []
      var x = (inside - across(row)) / 2
      for index in row {
        boxes[index].x = x + (boxes[index].space - boxes[index].width) / 2
        boxes[index].y = y
        x += boxes[index].space + Self.gap
      }
      y += (row.map { boxes[$0].height }.max() ?? 0) + Self.rowGap
    }
    height = max(y - Self.rowGap, 0)
    right = inside
  }

  func lines(x left: Int, y top: Int, _ marks: StateMarks?) -> [String] {
    let byName = Dictionary(boxes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    var lines: [String] = []
    for box in boxes { lines += Self.lines(box, left, top, marks) }
    for way in ways {
      guard let from = byName[way.from], let to = byName[way.to] else { continue }
      lines += self.lines(way, from, to, left, top)
    }
    return lines
  }

  private func lines(_ way: Way, _ from: Box, _ to: Box, _ left: Int, _ top: Int) -> [String] {
    let path: String
    let (labelX, labelY, anchor): (Int, Int, String)
    let (x0, y0) = (left + from.middle, top + from.y + from.height)
    let (x1, y1) = (left + to.middle, top + to.y)
    if let lane = way.lane {
      // Down from the state, along its own lane on the right, and into the other from above.
      let x = left + right + Self.gap + lane * Self.lane
      let (below, above) = (y0 + 8 + lane % 3 * 4, y1 - 8 - lane % 3 * 4)
      path = "M\(x0 + 10) \(y0)V\(below)H\(x)V\(above)H\(x1 + 10)V\(y1)"
      (labelX, labelY, anchor) = (x - 4, below - 3, "end")
    } else {
      let half = (y0 + y1) / 2
      path = "M\(x0) \(y0)C\(x0) \(half) \(x1) \(half) \(x1) \(y1)"
      (labelX, labelY, anchor) = (x1, y1 - 9, "middle")
    }
    let isBack = way.lane != nil && to.rank <= from.rank
    var lines = [
      "<path d=\"\(path)\" fill=\"none\" stroke=\"#555\" marker-end=\"url(#arrow)\""
        + (isBack ? " stroke-dasharray=\"4 3\"/>" : "/>")
    ]
    if !way.label.isEmpty {
      lines.append(
        "<text x=\"\(labelX)\" y=\"\(labelY)\" text-anchor=\"\(anchor)\" font-size=\"10\" "
          + "fill=\"#555\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">"
          + "\(Self.escaped(way.label))</text>")
    }
    return lines
  }

  private static func lines(
    _ box: Box, _ left: Int, _ top: Int, _ marks: StateMarks?
  ) -> [String] {
    let (x, y) = (left + box.x, top + box.y)
    let mark = marks?[box.name]
    let unmarked =
      marks == nil ? colours[box.type] ?? ("#f4f4f4", "#666") : StateMarks.neutral
    let (fill, stroke) = mark?.colours ?? unmarked
    let word = marks == nil ? "" : ", \(mark?.rawValue ?? "not reached")"
    let title = box.type + word
    let radius = box.type == "Choice" ? 0 : 8
    var lines = [
      "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"\(radius)\" "
        + "fill=\"\(fill)\" stroke=\"\(stroke)\"><title>\(title)</title></rect>",
      "<text x=\"\(x + box.width / 2)\" y=\"\(y + (box.inner.isEmpty ? 21 : 16))\" "
        + "text-anchor=\"middle\" fill=\"#111\">\(escaped(box.name))</text>",
    ]
    for (drawing, across, down) in box.inner {
      lines += drawing.lines(x: x + across, y: y + down, marks)
    }
    return lines
  }

  /// Fill and line by the type of a state.
  private static let colours: [String: (String, String)] = [
    "Task": ("#e3f0fc", "#2f6fab"), "Choice": ("#fff3d6", "#b07a00"),
    "Wait": ("#f1ecfa", "#6a4fa3"), "Fail": ("#fde4e1", "#b3372b"),
    "Succeed": ("#e2f5e5", "#2f8a44"), "Parallel": ("#fbfbfb", "#888"),
    "Map": ("#fbfbfb", "#888"),
  ]

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }
}

extension State {
  /// The machines within it.
  var machines: [StateMachine] {
    switch kind {
    case .parallel(let branches, _, _, _): branches
    case .map(let machine, _, _, _, _, _): [machine]
    default: []
    }
  }

  /// What may follow, with what leads there.
  var ways: [(String, String)] {
    func then(_ transition: Transition) -> [(String, String)] {
      if case .next(let name) = transition { [(name, "")] } else { [] }
    }
    func caught(_ catching: [Catcher]) -> [(String, String)] {
      catching.map { ($0.next, $0.errors.joined(separator: ", ")) }
    }
    switch kind {
    case .task(let task, let next): return then(next) + caught(task.catching)
    case .pass(_, _, let next), .wait(_, let next): return then(next)
    case .choice(let rules, let otherwise):
      return rules.map { ($0.next, $0.condition.summary) }
        + (otherwise.map { [($0, "otherwise")] } ?? [])
    case .succeed, .fail, .failWith: return []
    case .parallel(_, let next, _, let catching): return then(next) + caught(catching)
    case .map(_, _, _, let next, _, let catching): return then(next) + caught(catching)
    }
  }
}
