// Progress bars and clocks as text that does not flicker.

/// A bar of ASCII characters: it is the same in every locale.
package enum Bar {
  /// A bar of that many cells, brackets included.
  package static func text(_ fraction: Double, _ width: Int) -> String {
    let room = max(0, width - 2)
    let full = Int(min(1, max(0, fraction)) * Double(room))
    let tip = full < room ? ">" : ""
    return "[" + String(repeating: "=", count: full) + tip
      + String(repeating: " ", count: room - full - tip.count) + "]"
  }
}

/// Times that do not flicker: whole seconds, and rounder the longer they are.
package enum ClockText {
  /// `4 s`, `2 min 05 s`, `1 h 10 min`.
  package static func whole(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
  }

  /// A rounded time: `4 s`, `35 s`, `2 min 30 s`, `12 min`, `1 h 10 min`; at least a second.
  package static func about(_ seconds: Double) -> String {
    let step: Double
    switch seconds {
    case ..<10: step = 1
    case ..<60: step = 5
    case ..<300: step = 30
    case ..<3600: step = 60
    default: step = 600
    }
    let whole = Int(min(max(1, (seconds / step).rounded() * step), 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole >= 3600 { return self.whole(Double(whole)) }
    return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
