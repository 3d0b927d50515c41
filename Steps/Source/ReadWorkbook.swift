// The step that makes CSV of an Excel workbook, by openpyxl. It knows no column.
import AtelierStep
import LearningFormats
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes one sheet of a workbook as CSV, a record a row, streaming.
///
/// Whole numbers are written without a point, other numbers with the fewest digits that give them
/// again, and dates by `dateFormat` where it loses nothing of them, else by ISO 8601. Empty rows are
/// empty records, but for those at the end. A formula without a stored value and an error value such as `#REF!` are refused with
/// their cell. Merged cells have their value in the first cell; the others are empty, as Excel keeps
/// them.
public struct ReadWorkbook: Step {
  /// The workbook (.xlsx) as the user gives it.
  public var file: Artifact<TableFile>
  /// The sheet's name, or its place among all sheets, from 1 up; empty: the only visible one.
  public var sheet: String = ""
  /// How dates and times are written, in the notation of strftime.
  public var dateFormat: String = "%Y-%m-%d %H:%M:%S"
  /// The file's SHA-256; empty: not compared.
  public var sha256: String = ""
  /// What the user calls the file.
  @Unkeyed public var name: String = "the workbook"
  /// The sheet as CSV, a record per row.
  public var rows = Output<TableFile>()

  /// Python with the packages openpyxl and et_xmlfile.
  public var programs: [Program] { [.python, .openpyxl, .etXMLFile] }

  /// Reads the sheet; fails with the cell of the first value that cannot be written.
  public func run(in context: StepContext) throws {
    let path = try context.path(file)
    try FileDigest.check(path, is: sha256, name: name)
    let script = context.scratch("workbook.py")
    try Data(WorkbookScript.text.utf8).write(to: URL(fileURLWithPath: script))
    let command = Command(
      executable: try context.path(.python),
      arguments: [
        // Isolated, without site packages, without byte code: nothing of the machine's own.
        "-I", "-S", "-B", script, try context.path(.openpyxl), try context.path(.etXMLFile), path,
        try context.path(rows), sheet, dateFormat,
      ], environment: ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.scratch("")],
      directory: context.directory, supervised: false, newGroup: false)
    let captured = try capture(command)
    guard captured.exit.succeeded else {
      let words =
        captured.errorText.split(separator: "\n").last.map(String.init) ?? "no reason given"
      throw StepFailure("\(name): \(words)")
    }
  }
}
