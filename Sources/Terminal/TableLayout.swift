// Fits a table into a terminal: which columns, how wide, and where a number's point stands.

/// The cells of a table as aligned lines.
package struct TableLayout {
  /// The narrowest that a text is cut to before columns are left out.
  private static let narrowest = 8
  /// The widest cell where no width is given.
  private static let widest = 60
  private static let gap = 2

  /// All lines: the header, a rule, the rows, and a note where columns are left out.
  package let text: String

  /// Lays rows out; `width` is in terminal cells, nil for a pipe.
  package init(columns: [String], rows: [[String]], width: Int?) {
    var all = columns.indices.map { position in
      TableColumn(
        title: columns[position],
        cells: rows.map { position < $0.count ? $0[position] : "" },
        alignsPoints: width != nil)
    }
    if let width {
      Self.fit(&all, into: width)
    } else {
      for position in all.indices { all[position].width = min(Self.widest, all[position].width) }
    }
    let kept = all.filter { !$0.isHidden }
    var lines = [Self.line(kept.map(\.head))]
    lines.append(Self.line(kept.map { String(repeating: "-", count: $0.width) }))
    for row in rows.indices { lines.append(Self.line(kept.map { $0.line(row) })) }
    let hidden = all.filter(\.isHidden).map(\.title)
    if !hidden.isEmpty { lines.append(Self.note(hidden, width: width)) }
    text = lines.map { $0 + "\n" }.joined()
  }

  /// Cuts the widest texts first, then leaves out columns from the right; the first one stays.
  private static func fit(_ columns: inout [TableColumn], into width: Int) {
    func total() -> Int {
      let kept = columns.filter { !$0.isHidden }
      return kept.reduce(0) { $0 + $1.width } + gap * max(0, kept.count - 1)
    }
    for position in columns.indices.reversed() {
      let least = columns.filter { !$0.isHidden }
        .reduce(-gap) { $0 + $1.least(Self.narrowest) + gap }
      if least <= width || position == 0 { break }
      columns[position].isHidden = true
    }
    while total() > width {
      let candidates = columns.indices.filter {
        !columns[$0].isHidden && columns[$0].width > columns[$0].least(Self.narrowest)
      }
      guard let widest = candidates.max(by: { columns[$0].width < columns[$1].width }) else {
        break
      }
      columns[widest].width -= 1
    }
    // A single column that is still too long: nothing else is left to give way.
    if total() > width, let first = columns.indices.first, !columns[first].isNumeric {
      columns[first].width = max(1, width)
    }
  }

  private static func note(_ hidden: [String], width: Int?) -> String {
    let columns = hidden.count == 1 ? "column" : "columns"
    let note = "... \(hidden.count) more \(columns): \(hidden.joined(separator: ", "))"
    return width.map { TextWidth.cut(note, to: max(1, $0)) } ?? note
  }

  private static func line(_ cells: [String]) -> String {
    var line = cells.joined(separator: String(repeating: " ", count: gap))
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// One column: its title, its cells, and how wide it may be.
private struct TableColumn {
  let title: String
  let isNumeric: Bool
  private let cells: [String]
  private let widestNumber: Int
  var width: Int
  var isHidden = false

  /// With `alignsPoints` numbers are filled up behind their decimal point.
  init(title: String, cells: [String], alignsPoints: Bool) {
    self.title = TextWidth.oneLine(title)
    let shown = alignsPoints ? cells.map(TextWidth.oneLine) : cells
    let isNumeric =
      shown.contains { !$0.isEmpty } && shown.allSatisfy { Self.isNumber($0) || $0.isEmpty }
    self.isNumeric = isNumeric
    self.cells = isNumeric && alignsPoints ? Self.aligned(shown) : shown
    widestNumber = isNumeric ? self.cells.map(TextWidth.of).max() ?? 0 : 0
    width = max(TextWidth.of(self.title), self.cells.map(TextWidth.of).max() ?? 0)
  }

  /// What may not be undercut: numbers stay whole, texts keep their beginning.
  func least(_ narrowest: Int) -> Int {
    isNumeric ? max(widestNumber, min(width, narrowest)) : min(width, narrowest)
  }

  var head: String { padded(title) }
  func line(_ row: Int) -> String { padded(cells[row]) }

  private func padded(_ text: String) -> String {
    let cut = TextWidth.cut(text, to: width)
    let space = String(repeating: " ", count: max(0, width - TextWidth.of(cut)))
    return isNumeric ? space + cut : cut + space
  }

  /// A number, or one with a percent sign.
  private static func isNumber(_ text: String) -> Bool {
    Double(text) != nil || (text.hasSuffix("%") && Double(text.dropLast()) != nil)
  }

  private static func aligned(_ cells: [String]) -> [String] {
    func behind(_ cell: String) -> Int {
      let end = cell.firstIndex { $0 == "e" || $0 == "E" || $0 == "%" } ?? cell.endIndex
      let point = cell[..<end].firstIndex(of: ".") ?? end
      return cell.distance(from: point, to: cell.endIndex)
    }
    let longest = cells.map(behind).max() ?? 0
    return cells.map { cell in
      cell.isEmpty ? "" : cell + String(repeating: " ", count: longest - behind(cell))
    }
  }
}
