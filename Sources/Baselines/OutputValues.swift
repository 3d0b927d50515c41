// What an output says, apart from its bytes: rows, columns, and numbers under names.
import Content

/// One column of a table: its name, its type, and how its values are distributed.
package struct Column: Equatable, Sendable {
  package let name: String
  package let type: String
  /// Numbers and texts by name: `nulls`, `distinct`, `min`, `max`, `mean`, `p25`, `p50`, `p75`, and
  /// `top`, an object of the commonest values and their counts.
  package let values: [String: JSONValue]

  package init(name: String, type: String, values: [String: JSONValue] = [:]) {
    self.name = name
    self.type = type
    self.values = values
  }
}

/// What can be compared of an output beside its bytes; empty where it is neither table nor document.
package struct OutputValues: Equatable, Sendable {
  /// The count of a table's rows; nil where it is no table.
  package var rows: Int64?
  /// A table's columns, in order.
  package var columns: [Column]
  /// The numbers of a document by their JSON pointers, or of a small table by row and column.
  package var numbers: [String: Double]
  /// The texts, booleans and nulls of a document by their JSON pointers, or a digest of many; nil
  /// where they are not known, as in a baseline that did not keep them yet.
  package var texts: [String: JSONValue]?

  package init(
    rows: Int64? = nil, columns: [Column] = [], numbers: [String: Double] = [:],
    texts: [String: JSONValue]? = nil
  ) {
    self.rows = rows
    self.columns = columns
    self.numbers = numbers
    self.texts = texts
  }

  /// Whether there is nothing that a tolerance could be for.
  package var isEmpty: Bool { rows == nil && columns.isEmpty && numbers.isEmpty }

  /// A name and what stands under it.
  package typealias Value = (name: String, value: JSONValue)

  /// Count of rows and columns with types, which hold on every platform.
  package var schema: [Value] {
    guard let rows else { return [] }
    let list = columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    return [("rows", .number(Double(rows))), ("columns", .string(list))]
  }

  /// Everything else: numbers and distributions, `score.mean`, `event.top.click`.
  package var values: [Value] {
    var all: [Value] = numbers.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }
    all += (texts ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for column in columns {
      for (name, value) in column.values.sorted(by: { $0.key < $1.key }) {
        if let members = value.object {
          all += members.sorted { $0.key < $1.key }.map {
            ("\(column.name).\(name).\($0.key)", $0.value)
          }
        } else {
          all.append(("\(column.name).\(name)", value))
        }
      }
    }
    return all
  }
}
