// What a table file must hold and how its text is written. It reads nothing.
import AtelierStep
import LearningFormats

/// The file formats of a table that a user supplies.
public enum TableFileFormat: String, Codable, Sendable, CaseIterable {
  case parquet
  /// Delimited text, UTF-8.
  case csv
  /// The same, compressed by gzip.
  case gzippedCSV = "csv.gz"
  /// An Excel workbook; `ReadWorkbook` makes CSV of it, whose records are the sheet's rows.
  case workbook = "xlsx"

  /// The format of a path or URL by its ending; nil for any other.
  public init?(path: String) {
    let name = path.prefix { $0 != "?" && $0 != "#" }.lowercased()
    let known = Self.byEnding.first { name.hasSuffix("." + $0.ending) }
    guard let known else { return nil }
    self = known.format
  }

  /// UCI calls delimited text `.data`.
  private static var byEnding: [(ending: String, format: Self)] {
    allCases.map { ($0.rawValue, $0) } + [("data", .csv)]
  }

  /// The endings that are known, for messages.
  public static var endings: String {
    byEnding.map { ".\($0.ending)" }.sorted().joined(separator: ", ")
  }
}

/// The columns that a table must have, and the quirks of its text form.
public struct TableSchema: Codable, Sendable {
  /// The columns to keep, in this order; a file with a header may have more, in any order.
  public var columns: [TableColumn]
  /// Whether the first row of a text file has names; without it, `columns` are the file's own.
  public var header: Bool
  /// One character between fields.
  public var delimiter: String
  /// Whether each row is one quoted field that holds the whole row.
  public var quotedRows: Bool
  /// How times are written, in the notation of strptime; nil for ISO 8601.
  public var timestampFormat: String?
  /// The name of a BIGINT column to add in front: the row's number, from 1 up.
  public var rowNumber: String?
  /// The name of a BIGINT column to add in front: the line of the file, or the row of Parquet and
  /// workbooks, as messages name it.
  public var lineNumber: String?
  /// The columns in which every row needs a value: a label, for example.
  public var required: [String]

  /// A schema; without further arguments that of a CSV file with a header.
  public init(
    columns: [TableColumn], header: Bool = true, delimiter: String = ",", quotedRows: Bool = false,
    timestampFormat: String? = nil, rowNumber: String? = nil, lineNumber: String? = nil,
    required: [String] = []
  ) {
    self.columns = columns
    self.header = header
    self.delimiter = delimiter
    self.quotedRows = quotedRows
    self.timestampFormat = timestampFormat
    self.rowNumber = rowNumber
    self.lineNumber = lineNumber
    self.required = required
  }

  /// Throws a `StepFailure` unless there are columns, each with a name of its own.
  func check() throws {
    let names = [rowNumber, lineNumber].compactMap(\.self) + columns.map(\.name)
    guard !columns.isEmpty, !names.contains(""),
      Set(names.map { $0.lowercased() }).count == names.count
    else {
      throw StepFailure(
        "a table needs columns with names of their own, whatever their case, but it has: "
          + names.joined(separator: ", "))
    }
    guard delimiter.utf8.count == 1, !"\"\n\r".contains(delimiter) else {
      throw StepFailure("the delimiter is '\(delimiter)': give one ASCII character")
    }
  }
}
