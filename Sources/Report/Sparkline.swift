// A small curve of the last values of a number.

/// The last values of a number, oldest first.
struct Sparkline {
  let values: [Double?]

  private static let width = 96.0
  private static let height = 24.0
  private static let margin = 3.0

  /// Inline SVG with a text for those who do not see it; a text alone where there is no curve.
  var html: String {
    let known = values.enumerated().compactMap { at, value in value.map { (at, $0) } }
    guard known.count > 1, let low = known.map(\.1).min(), let high = known.map(\.1).max(),
      let last = known.last
    else { return "<span class=\"faint\">one run</span>" }
    func x(_ at: Int) -> String {
      let span = Double(max(1, values.count - 1))
      return HTMLText.coordinate(Self.margin + Double(at) / span * (Self.width - 2 * Self.margin))
    }
    func y(_ value: Double) -> String {
      let share = high > low ? (value - low) / (high - low) : 0.5
      return HTMLText.coordinate(
        Self.height - Self.margin - share * (Self.height - 2 * Self.margin))
    }
    // A run without the number leaves a gap.
    var lines: [[String]] = [[]]
    for (at, value) in values.enumerated() {
      if let value {
        lines[lines.count - 1].append("\(x(at)),\(y(value))")
      } else if lines.last?.isEmpty == false {
        lines.append([])
      }
    }
    let curves = lines.filter { $0.count > 1 }
      .map { "<polyline points=\"\($0.joined(separator: " "))\"/>" }
    let dots = lines.filter { $0.count == 1 }.map { points in
      let parts = points[0].split(separator: ",")
      return "<circle cx=\"\(parts[0])\" cy=\"\(parts[1])\" r=\"1.2\"/>"
    }
    let spoken =
      "\(known.count) runs: least \(low), greatest \(high), newest \(last.1)"
    return "<svg class=\"spark\" role=\"img\" aria-label=\"\(HTMLText.escape(spoken))\" "
      + "viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\">"
      + curves.joined() + dots.joined()
      + "<circle class=\"now\" cx=\"\(x(last.0))\" cy=\"\(y(last.1))\" r=\"2.4\"/></svg>"
  }
}
