// Rows and columns of text: read from CSV, printed with aligned numbers.

/// A table of texts; a missing value is an empty text.
package struct Table {
  package let columns: [String]
  package let rows: [[String]]

  /// Reads RFC 4180 CSV with a header row.
  package init(csv bytes: [UInt8]) {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var quoted = false
    var position = 0
    func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }
    func take() {
      record.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    while position < bytes.count {
      let unit = bytes[position]
      if quoted {
        if unit == UInt8(ascii: "\"") {
          if byte(position + 1) == UInt8(ascii: "\"") {
            field.append(unit)
            position += 1
          } else {
            quoted = false
          }
        } else {
          field.append(unit)
        }
      } else if unit == UInt8(ascii: "\"") {
        quoted = true
      } else if unit == UInt8(ascii: ",") {
        take()
      } else if unit == 0x0A {
        if field.last == 0x0D { field.removeLast() }
        take()
        records.append(record)
        record = []
      } else {
        field.append(unit)
      }
      position += 1
    }
    if !field.isEmpty || !record.isEmpty {
      take()
      records.append(record)
    }
    columns = records.first ?? []
    rows = Array(records.dropFirst())
  }

  package init(columns: [String], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// A table of one row that would be wider than a terminal, with a line for each column; any other as it is.
  package func upright(over width: Int?) -> Table {
    guard let width, rows.count == 1, columns.count > 2, let row = rows.first else { return self }
    let widths = zip(columns, row).map { max(TextWidth.of($0), TextWidth.of($1)) + 2 }
    guard widths.reduce(-2, +) > width else { return self }
    return Table(columns: ["column", "value"], rows: zip(columns, row).map { [$0, $1] })
  }

  /// The table as RFC 4180 CSV with a header row.
  package var csv: String {
    ([columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// A cell of CSV, quoted where it must be.
  package static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }

  /// Aligned text: numbers to the right, at most `limit` rows.
  ///
  /// With a width no line is longer: texts are cut, then columns left out, and a last line says
  /// which. Without one a cell is cut at sixty characters only.
  package func text(limit: Int, width: Int? = nil) -> String {
    let shown = Array(rows.prefix(limit))
    let layout = TableLayout(columns: columns, rows: shown, width: width)
    var text = layout.text
    if rows.count > limit {
      text += "... \(rows.count - limit) more rows (--limit, --format csv)\n"
    }
    return text
  }
}
