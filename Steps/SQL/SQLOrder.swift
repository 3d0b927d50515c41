// The order of an output's rows, by columns that tell them apart. It runs nothing.
import AtelierStep
import DuckDB

/// Columns such as `day` or `users desc`.
struct SQLOrder {
  /// A column and its direction.
  private struct Item {
    let column: String
    let isDescending: Bool
  }

  private let items: [Item]

  /// Reads columns as the wiring gives them.
  init(_ columns: [String]) {
    items = columns.map { text in
      let lower = text.lowercased()
      for ending in [" desc", " asc"] where lower.hasSuffix(ending) {
        let name = text.dropLast(ending.count).reversed().drop { $0 == " " }.reversed()
        return Item(column: String(name), isDescending: ending == " desc")
      }
      return Item(column: text, isDescending: false)
    }
  }

  /// The names of the columns.
  var columns: [String] { items.map(\.column) }

  /// The clause with a space before it; empty without columns.
  var clause: String {
    items.isEmpty
      ? ""
      : " ORDER BY "
        + items.map { SQLName.quoted($0.column) + ($0.isDescending ? " DESC" : "") }
        .joined(separator: ", ")
  }
}
