// Rows and columns of text: read from CSV, printed with aligned numbers.

/// A table of texts; a missing value is nil.
struct Table {
  let columns: [String]
  let rows: [[String]]

  /// Reads RFC 4180 CSV with a header row.
  init(csv bytes: [UInt8]) {
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

  init(columns: [String], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// Aligned text: numbers to the right, at most `limit` rows.
  func text(limit: Int) -> String {
    let shown = rows.prefix(limit)
    let isNumber = columns.indices.map { column in
      shown.contains { $0.indices.contains(column) && !$0[column].isEmpty }
        && shown.allSatisfy {
          !$0.indices.contains(column) || $0[column].isEmpty || Double($0[column]) != nil
        }
    }
    let widths = columns.indices.map { column in
      min(
        60,
        ([columns[column].count]
          + shown.map { $0.indices.contains(column) ? $0[column].count : 0 }).max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padded = columns.indices.map { column -> String in
        var cell = cells.indices.contains(column) ? cells[column] : ""
        if cell.count > 60 { cell = cell.prefix(57) + "..." }
        return isNumber[column]
          ? Text.padLeft(cell, widths[column]) : Text.pad(cell, widths[column])
      }
      var line = padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    var text = line(columns) + line(widths.map { String(repeating: "-", count: $0) })
    for row in shown { text += line(row) }
    if rows.count > limit {
      text += "... \(rows.count - limit) more rows (--limit, --format csv)\n"
    }
    return text
  }
}
