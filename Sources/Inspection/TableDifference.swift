// Which rows and columns of two tables differ: by a key where the first columns are one, else by
// position.
import Terminal

package struct TableDifference {
  /// So many differing rows are named.
  private static let mostNamed = 3
  /// So many leading columns are tried as a key.
  private static let widestKey = 3

  /// All that differs, for people.
  package var lines: [String] { columns + named + sums }
  /// The same without what is in a row.
  package var linesWithoutRows: [String] { columns + sums }

  /// Of columns that are gone, new or in another order.
  private var columns: [String] = []
  /// Of the first rows that differ.
  private var named: [String] = []
  private var sums: [String] = []

  package init(_ old: Table, _ new: Table) {
    let gone = old.columns.filter { !new.columns.contains($0) }
    let added = new.columns.filter { !old.columns.contains($0) }
    if !gone.isEmpty { columns.append("columns gone: \(gone.joined(separator: ", "))") }
    if !added.isEmpty { columns.append("columns new: \(added.joined(separator: ", "))") }
    if gone.isEmpty, added.isEmpty, old.columns != new.columns {
      columns.append("columns in another order: \(new.columns.joined(separator: ", "))")
    }
    compareRows(old, new)
  }

  private mutating func compareRows(_ old: Table, _ new: Table) {
    let key = Self.key(old, new)
    let before = Self.rows(old, key)
    let after = Self.rows(new, key)
    let shared = old.columns.enumerated().compactMap { position, name in
      new.columns.firstIndex(of: name).map { (name, position, $0) }
    }
    var moved: [String: Int] = [:]
    var counts = (changed: 0, gone: 0, new: 0)
    func note(_ line: @autoclosure () -> String) {
      if named.count < Self.mostNamed { named.append(line()) }
    }
    for (name, row) in before.rows {
      guard let other = after.find[name] else {
        counts.gone += 1
        note("\(name): gone")
        continue
      }
      let cells = shared.filter { Self.cell(row, $0.1) != Self.cell(after.rows[other].row, $0.2) }
      if cells.isEmpty { continue }
      counts.changed += 1
      for cell in cells { moved[cell.0, default: 0] += 1 }
      note(
        "\(name): "
          + cells.prefix(4).map {
            "\($0.0) \(Self.cell(row, $0.1)) -> \(Self.cell(after.rows[other].row, $0.2))"
          }.joined(separator: ", ") + (cells.count > 4 ? ", ..." : ""))
    }
    for (name, _) in after.rows where before.find[name] == nil {
      counts.new += 1
      note("\(name): new")
    }
    guard counts != (0, 0, 0) else {
      let isOrdered = before.rows.map(\.name) == after.rows.map(\.name)
      if columns.isEmpty { sums.append(isOrdered ? "no cell differs" : "rows in another order") }
      return
    }
    let movedColumns = shared.compactMap { name, _, _ in moved[name].map { "\(name) (\($0))" } }
    if !movedColumns.isEmpty {
      sums.append("columns that moved, with their rows: \(movedColumns.joined(separator: ", "))")
    }
    sums.append(
      "rows: \(counts.changed) changed, \(counts.gone) gone, \(counts.new) new; "
        + "\(old.rows.count) -> \(new.rows.count)")
  }

  private static func cell(_ row: [String], _ position: Int) -> String {
    position < row.count ? row[position] : ""
  }

  /// The leading columns whose cells tell all rows apart in both tables; empty for none.
  private static func key(_ old: Table, _ new: Table) -> [String] {
    for width in 1...widestKey {
      let names = Array(old.columns.prefix(width))
      guard names.count == width, new.columns.starts(with: names) else { break }
      let isKey = [old, new].allSatisfy { table in
        Set(table.rows.map { Array($0.prefix(width)) }).count == table.rows.count
      }
      if isKey { return names }
    }
    return []
  }

  private static func rows(
    _ table: Table, _ key: [String]
  ) -> (rows: [(name: String, row: [String])], find: [String: Int]) {
    let rows = table.rows.enumerated().map { position, row in
      let name =
        key.isEmpty
        ? "row \(position + 1)" : zip(key, row).map { "\($0)=\($1)" }.joined(separator: ",")
      return (name: name, row: row)
    }
    let find = Dictionary(rows.enumerated().map { ($1.name, $0) }) { first, _ in first }
    return (rows, find)
  }
}
