// Turns one frame after another into what a terminal must be sent. It writes nothing.

/// The block at the bottom of a terminal, below which the cursor rests at a line's beginning.
///
/// The cursor is never hidden and the screen never cleared, so a program that is killed leaves a
/// terminal that needs no repair.
package struct LiveScreen: Sendable {
  private let color: Bool
  private var block: [StyledLine] = []
  private var columns = 0

  package init(color: Bool) { self.color = color }

  /// What replaces the old block by permanent lines and a new block; empty when nothing changed.
  ///
  /// The new block's lines must be shorter than the width. Permanent lines may be of any length.
  package mutating func update(
    permanent: [StyledLine], block new: [StyledLine], size: Terminal.Size
  ) -> String {
    if permanent.isEmpty, new == block, columns == size.columns || new.isEmpty { return "" }
    // A terminal that got narrower has wrapped the old lines.
    let rows = block.reduce(0) { $0 + max(1, ($1.cells + size.columns - 1) / size.columns) }
    let up = min(rows, size.rows - 1)
    var text = up > 0 ? "\r\u{1B}[\(up)A" : "\r"
    // What scrolls may wrap, so it wants clear rows. (Clearing the screen from its first row on
    // would make tmux keep the old block among the scrolled lines.)
    if !permanent.isEmpty, up > 0 {
      text += String(repeating: "\u{1B}[K\u{1B}[B", count: up) + "\u{1B}[\(up)A"
    }
    for line in permanent { text += line.rendered(color: color) + "\r\n" }
    // Cleared first: a row that was cleared behind its text still counts as long when it wraps.
    for line in new { text += "\u{1B}[K" + line.rendered(color: color) + "\r\n" }
    // What is left of a higher block, and what the keyboard echoed.
    text += "\u{1B}[J"
    block = new
    columns = size.columns
    return text
  }
}
