// The block at the bottom of the terminal: a pure function of the run's state, size and time.
import Terminal

/// Lays out the state of a run.
package enum LiveFrame {
  /// The lines for a terminal: at most eight, each shorter than its width.
  ///
  /// Two rows are left: one for the cursor and one for what scrolls.
  package static func lines(_ status: LiveStatus, size: Terminal.Size, now: Double) -> [StyledLine]
  {
    // A line that fills a row would leave the cursor in doubt.
    let width = max(1, size.columns - 1)
    let height = max(1, min(8, size.rows - 2))
    var lines = [header(status, width, now)]
    if height > 1 { lines.append(counts(status)) }
    let room = height - lines.count
    let fits = status.running.count <= room
    let shown = status.running.prefix(fits ? room : max(0, room - 1))
    let column = min(shown.map(\.name.count).max() ?? 0, max(16, width / 2 - 2))
    lines += shown.map { line($0, column, width, now) }
    if !fits, room > 0 {
      lines.append(StyledLine("  and \(status.running.count - shown.count) more", .dim))
    }
    return lines.map { $0.cut(to: width) }
  }

  // MARK: - Header

  private static func header(_ status: LiveStatus, _ width: Int, _ now: Double) -> StyledLine {
    let count = "\(status.done)/\(status.total)"
    let elapsed = ClockText.whole(max(0, now - status.began))
    let left = left(status)
    let times = left.map { "\(elapsed), \($0)" } ?? elapsed
    let fraction = status.total > 0 ? Double(status.done) / Double(status.total) : 0
    let around = status.workshop.count + 2 + 2 + count.count + 2
    let bar = min(32, width - around - max(times.count, 24))
    var line = StyledLine()
    if bar >= 10 {
      line.add(status.workshop, .bold)
      line.add("  " + Bar.text(fraction, bar) + "  \(count)  \(times)")
      return line
    }
    let texts = [
      "\(status.workshop) \(count)  \(times)", "\(count)  \(times)",
      "\(count)  \(left ?? elapsed)", "\(count)  \(elapsed)",
    ]
    return StyledLine(texts.first { $0.count <= width } ?? count, .bold)
  }

  private static func left(_ status: LiveStatus) -> String? {
    if status.isStopping { return "stopping" }
    guard let left = status.left else { return nil }
    return left > 0 ? "about \(ClockText.about(left)) left" : "longer than last time"
  }

  private static func counts(_ status: LiveStatus) -> StyledLine {
    var line = StyledLine("  ")
    if status.failed > 0 { line.add("\(status.failed) failed", .red) }
    func add(_ count: Int, _ word: String, always: Bool = false) {
      guard count > 0 || always else { return }
      line.add((line.pieces.count > 1 ? ", " : "") + "\(count) \(word)")
    }
    add(status.running.count, "running", always: true)
    add(status.built, "ran", always: true)
    add(status.hits, "cached")
    add(status.skipped, "not run")
    return line
  }

  // MARK: - Steps

  private static func line(
    _ step: RunningStep, _ column: Int, _ width: Int, _ now: Double
  ) -> StyledLine {
    let elapsed = ClockText.whole(max(0, now - step.since))
    var time = elapsed
    if let expected = step.expected { time += " of about \(ClockText.about(expected))" }
    if let note = step.note { time += ", " + note }
    let percent = step.fraction.map { fraction in
      Text.padLeft("\(Int(min(1, max(0, fraction)) * 100)) %", 5)
    }
    // What says least goes first where there is no room.
    let parts: [[String?]] = [
      [step.fraction.map { Bar.text($0, 16) }, percent, time], [percent, time], [time], [elapsed],
    ]
    let texts = parts.map { "  " + $0.compactMap(\.self).joined(separator: "  ") }
    guard let fitting = texts.first(where: { 2 + column + $0.count <= width }) else {
      return StyledLine("  " + step.name)
    }
    var line = StyledLine("  " + Text.pad(DisplayText.cut(step.name, to: column), column))
    line.add(fitting, .dim)
    return line
  }
}
