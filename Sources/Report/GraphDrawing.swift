// The graph as a drawing: a box a group of steps, with its status in words, sign and colour.

/// Draws groups of steps and their wires.
struct GraphDrawing {
  let graph: StepGraph

  /// Inline SVG; its text alternative refers to the table of steps.
  var html: String {
    let layout = LayeredLayout(count: graph.groups.count, wires: graph.wires)
    let (width, height) = (layout.size.x, layout.size.y)
    let label =
      "\(HTMLText.count(graph.groups.count, "group")) of steps in layers from top to bottom and "
      + "\(HTMLText.count(graph.wires.count, "wire")); each leads to its row in the table below"
    let wires = layout.wires.map { "<path d=\"\(Self.path($0))\"/>" }
    let boxes = zip(graph.groups, layout.boxes).enumerated().map { at, pair in
      "<a href=\"#step-\(at + 1)\">\(box(pair.0, at: pair.1))</a>"
    }
    return "<svg class=\"graph\" role=\"group\" aria-label=\"\(HTMLText.escape(label))\" "
      + "viewBox=\"0 0 \(HTMLText.coordinate(width)) \(HTMLText.coordinate(height))\" "
      + "style=\"--w:\(HTMLText.coordinate(width))px\">"
      + "<g class=\"wires\">\(wires.joined())</g>\(boxes.joined())</svg>"
  }

  private func box(_ group: StepGroup, at middle: LayeredLayout.Point) -> String {
    let measure = LayeredLayout.Measure()
    let place = { (value: Double) in HTMLText.coordinate(value) }
    let x = middle.x - measure.boxWidth / 2
    let y = middle.y - measure.boxHeight / 2
    let counts = group.counts
    var state =
      counts.count == 1
      ? (group.steps.count == 1 ? "" : "\(group.steps.count) ") + group.status.words
      : counts.map { "\($0.count) \($0.status.words)" }.joined(separator: ", ")
    if state.count > 20 { state = String(state.prefix(19)) + "\u{2026}" }
    if !group.time.isEmpty { state += " \u{00B7} \(group.time)" }
    // The pile behind a box tells that it stands for several.
    let pile =
      group.steps.count < 2
      ? ""
      : "<rect class=\"pile\" x=\"\(place(x + 4))\" y=\"\(place(y + 4))\" "
        + "width=\"\(place(measure.boxWidth))\" height=\"\(place(measure.boxHeight))\" rx=\"5\"/>"
    let name = group.name.count > 22 ? String(group.name.prefix(21)) + "\u{2026}" : group.name
    return "<g class=\"box s-\(group.status.rawValue)\"><title>"
      + HTMLText.escape(Self.title(group)) + "</title>\(pile)"
      + "<rect x=\"\(place(x))\" y=\"\(place(y))\" width=\"\(place(measure.boxWidth))\" "
      + "height=\"\(place(measure.boxHeight))\" rx=\"5\"/>"
      + "<path class=\"bar\" d=\"M\(place(x + 3)) \(place(y + 6))v\(place(measure.boxHeight - 12))\"/>"
      + "<text class=\"name\" x=\"\(place(x + 12))\" y=\"\(place(y + 19))\">"
      + HTMLText.escape(name) + "</text>"
      + "<text class=\"state\" x=\"\(place(x + 12))\" y=\"\(place(y + 36))\">"
      + "<tspan class=\"sign\">\(group.status.sign)</tspan> \(HTMLText.escape(state))</text></g>"
  }

  /// What a pointer over the box shows.
  private static func title(_ group: StepGroup) -> String {
    let counts = group.counts.map { "\($0.count) \($0.status.words)" }.joined(separator: ", ")
    let first = group.steps.first { $0.status == group.status }
    let reasons = (first?.reasons ?? []).prefix(4).joined(separator: "\n")
    return "\(group.name): \(counts)" + (reasons.isEmpty ? "" : "\n\(reasons)")
  }

  /// A path that leaves and enters layers upright.
  private static func path(_ points: [LayeredLayout.Point]) -> String {
    guard let first = points.first else { return "" }
    let text = { (value: Double) in HTMLText.coordinate(value) }
    var path = "M\(text(first.x)) \(text(first.y))"
    for (from, to) in zip(points, points.dropFirst()) {
      if from.x == to.x {
        path += "V\(text(to.y))"
      } else {
        let middle = (from.y + to.y) / 2
        path +=
          "C\(text(from.x)) \(text(middle)) \(text(to.x)) \(text(middle)) \(text(to.x)) \(text(to.y))"
      }
    }
    return path
  }
}
