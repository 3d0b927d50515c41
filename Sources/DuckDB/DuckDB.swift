// Runs SQL in the DuckDB program with settings that give the same bytes on every machine.
// It knows nothing of what the SQL is for.
import AtelierStep
import Foundation

extension Program {
  /// The DuckDB command line program.
  public static let duckdb = Program("duckdb")
}

/// A value that SQL reads with `getvariable('name')`.
public enum SQLValue: Sendable, Hashable {
  case text(String)
  case integer(Int64)
  case number(Double)
  case list([SQLValue])

  /// The value as an SQL literal.
  public var literal: String {
    switch self {
    case .text(let text):
      "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''") + "'"
    case .integer(let value): "\(value)::BIGINT"
    case .number(let value): "\(value)::DOUBLE"
    case .list(let values): "[" + values.map(\.literal).joined(separator: ", ") + "]"
    }
  }
}

/// A session of the DuckDB program inside a step.
public struct DuckDB: Sendable {
  private let context: StepContext
  private let program: String
  private let memoryLimit: String

  /// A session in a step that lists `.duckdb` among its programs.
  ///
  /// The limit is fixed, never a share of the machine's memory: what spills may differ in bytes.
  public init(in context: StepContext, memoryLimit: String = "2GB") throws {
    self.context = context
    self.memoryLimit = memoryLimit
    program = try context.path(.duckdb)
  }

  /// Runs a script; values are read in it with `getvariable('name')`.
  ///
  /// One thread, UTC, no extension, no dot command. Paths may be relative to the step's directory.
  /// Returns what the script printed as CSV with a header.
  @discardableResult
  public func run(_ sql: String, with variables: [String: SQLValue] = [:]) throws -> String {
    for line in sql.split(whereSeparator: \.isNewline) where line.hasPrefix(".") {
      throw StepFailure("SQL must not hold a dot command: \(line)")
    }
    let script = context.scratch("query.sql")
    let values = variables.sorted { $0.key < $1.key }
      .map { "SET VARIABLE \($0.key) = \($0.value.literal);\n" }.joined()
    try (settings + values + sql).write(toFile: script, atomically: false, encoding: .utf8)
    return try launch(["-no-init", "-no-stdin", "-batch", "-bail", "-csv", "-f", script])
  }

  private var settings: String {
    """
    SET threads = 1;
    SET memory_limit = '\(memoryLimit)';
    SET temp_directory = \(SQLValue.text(context.scratch("duckdb")).literal);
    SET TimeZone = 'UTC';
    SET autoinstall_known_extensions = false;
    SET autoload_known_extensions = false;
    SET preserve_insertion_order = true;

    """
  }

  private func launch(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: context.directory)
    process.environment = ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.directory]
    let out = Pipe()
    let errors = context.scratch("duckdb.stderr")
    FileManager.default.createFile(atPath: errors, contents: nil)
    process.standardOutput = out
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    let text = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw StepFailure("DuckDB failed (exit \(process.terminationStatus)): \(said)")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
