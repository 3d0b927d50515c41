// The step that takes a user's own events in place of simulated ones. It knows the ways to read a
// file; import_events.sql knows what an event must be.
import AtelierStep
import DuckDB
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Checks a file of events and brings it into the shape and order of simulated events.
///
/// A file must have the columns `_id`, `eventType`, `timestamp` and `_<tenant>.cmle_id`; the other
/// columns of `EventTable` may be missing and are null then, further columns are left out. A
/// time without an offset is UTC. Every check names the column and the row; a JSON file's row is its
/// line, a CSV file's first row follows the header.
public struct ImportEvents: Step {
  public static let code = CodeFingerprint.module

  /// The file as the user gives it.
  public var file: Artifact<EventFile>
  /// The file's format.
  public var format: EventFileFormat
  /// The tenant's name, without the underscore of the column `_<tenant>`.
  public var tenant: String
  /// The events, ordered by (timestamp, _id).
  public var events = Output<EventTable>()

  /// The import of one file.
  public init(file: Artifact<EventFile>, format: EventFileFormat, tenant: String) {
    self.file = file
    self.format = format
    self.tenant = tenant
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] {
    ["import_events.sql": SQLText.importEvents, reader.name: reader.text]
  }

  public func run(in context: StepContext) throws {
    let path = try context.path(file)
    let problem = context.scratch("problem.txt")
    var values: [String: SQLValue] = [
      "file": .text(path), "format": .text(format.name), "problem": .text(problem),
      "events": .text(try context.path(events)),
    ]
    let bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    guard !bytes.isEmpty else {
      throw StepFailure("the \(format.name) file is empty: give at least one event")
    }
    if format == .csv { values["columns_json"] = .text(try CSVHeader(of: bytes).columns()) }
    let script = try TenantColumn(tenant).named(
      in: context.sql(reader.name) + context.sql("import_events.sql"))
    do {
      try DuckDB(in: context).run(script, with: values)
    } catch let failure as StepFailure {
      throw StepFailure("the \(format.name) file can't be read: \(cause(of: failure))")
    }
    let message = try String(contentsOfFile: problem, encoding: .utf8)
    if let line = message.split(separator: "\n").first { throw StepFailure(String(line)) }
  }

  private var reader: (name: String, text: String) {
    switch format {
    case .parquet: ("read_parquet.sql", SQLText.readParquet)
    case .csv: ("read_csv.sql", SQLText.readCSV)
    case .json: ("read_json.sql", SQLText.readJSON)
    }
  }

  /// DuckDB's words without the settings that it advises to change.
  private func cause(of failure: StepFailure) -> String {
    let lines = failure.description.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.prefix { !$0.hasPrefix("Possible fixes") }.joined(separator: "\n")
  }
}
