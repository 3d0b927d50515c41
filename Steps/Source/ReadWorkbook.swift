// The step that makes CSV of an Excel workbook, by openpyxl. It knows no column.
import AtelierStep
import LearningFormats
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Program {
  /// The Python interpreter of the system.
  static let python = Program("python3", python: .standard)
  /// The wheels that Python loads, as files: so their digests are in the key.
  static let openpyxl = Program("openpyxl", isExecutable: false)
  static let etXMLFile = Program("et-xmlfile", isExecutable: false)
}

/// Writes one sheet of a workbook as CSV, a record a row, streaming.
///
/// Whole numbers are written without a point, other numbers with the fewest digits that give them
/// again, and dates by `dateFormat`. Empty rows at the end are left out. An error value such as
/// `#REF!` is refused with its line and column.
public struct ReadWorkbook: Step {
  public static let code = CodeFingerprint.module

  public var file: Artifact<TableFile>
  /// The sheet's place among the sheets, from 1 up.
  public var sheet: Int
  /// How dates and times are written, in the notation of strftime.
  public var dateFormat: String
  /// The file's SHA-256; empty: not compared.
  public var sha256: String
  public var rows = Output<TableFile>()

  public init(
    file: Artifact<TableFile>, sheet: Int = 1, dateFormat: String = "%Y-%m-%d %H:%M:%S",
    sha256: String = ""
  ) {
    self.file = file
    self.sheet = sheet
    self.dateFormat = dateFormat
    self.sha256 = sha256
  }

  public var programs: [Program] { [.python, .openpyxl, .etXMLFile] }

  public func run(in context: StepContext) throws {
    let path = try context.path(file)
    try FileDigest.check(path, is: sha256)
    let script = context.scratch("workbook.py")
    try Data(Self.script.utf8).write(to: URL(fileURLWithPath: script))
    let command = Command(
      executable: try context.path(.python),
      arguments: [
        // Isolated, without site packages, without byte code: nothing of the machine's own.
        "-I", "-S", "-B", script, try context.path(.openpyxl), try context.path(.etXMLFile), path,
        try context.path(rows), "\(sheet)", dateFormat,
      ], environment: ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.scratch("")],
      directory: context.directory, supervised: false, newGroup: false)
    let captured = try capture(command)
    guard captured.exit.succeeded else {
      let words =
        captured.errorText.split(separator: "\n").last.map(String.init) ?? "no reason given"
      throw StepFailure("the workbook can't be read: \(words)")
    }
  }

  private static let script = #"""
    import csv, datetime, mimetypes, sys
    # The machine's own list of types, which openpyxl would read and has no use for.
    mimetypes.knownfiles = []
    openpyxl_wheel, et_xmlfile_wheel, source, target, number, date_format = sys.argv[1:]
    sys.path[:0] = [openpyxl_wheel, et_xmlfile_wheel]
    import openpyxl

    ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}

    def text(value, row, column):
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        if isinstance(value, (datetime.datetime, datetime.date)):
            return value.strftime(date_format)
        if isinstance(value, str) and value in ERRORS:
            sys.exit(f"line {row}, column {column} holds the error {value}; correct it")
        return str(value)

    def rows(sheet):
        sheet.reset_dimensions()
        width, empty = None, 0
        for row, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            fields = [text(value, row, column) for column, value in enumerate(cells, 1)]
            if not any(fields):
                empty += 1
                continue
            if width is None:
                while fields and not fields[-1]:
                    fields.pop()
                width = len(fields)
            for _ in range(empty):
                yield [""] * width
            empty = 0
            if any(fields[width:]):
                sys.exit(f"line {row} has a value in column {len(fields)}, the first line has {width} columns")
            yield (fields + [""] * width)[:width]

    try:
        book = openpyxl.load_workbook(open(source, "rb"), read_only=True, data_only=True)
    except Exception as error:
        sys.exit(f"it is no Excel workbook (.xlsx): {error}")
    sheets = book.worksheets
    if not 1 <= int(number) <= len(sheets):
        sys.exit(f"it has {len(sheets)} sheets, sheet {number} is asked for")
    with open(target, "w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows(sheets[int(number) - 1]))
    """#
}
