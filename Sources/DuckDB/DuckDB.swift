// Runs SQL in the DuckDB program with settings that give the same bytes on every machine.
// It knows nothing of what the SQL is for.
import AtelierStep
import Subprocess

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Program {
  /// The DuckDB command line program.
  public static let duckdb = Program("duckdb")
}

/// A value that SQL reads with `getvariable('name')`.
public enum SQLValue: Sendable, Hashable {
  case text(String)
  case integer(Int64)
  case number(Double)
  case bool(Bool)
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
    case .bool(let value): "\(value)"
    case .list(let values): "[" + values.map(\.literal).joined(separator: ", ") + "]"
    }
  }
}

/// A session of the DuckDB program inside a step.
public struct DuckDB: Sendable {
  private let context: StepContext
  private let program: String
  private let memoryLimit: String

  /// The memory limit of a session that asks for no other.
  public static let standardMemoryLimit = "2GB"

  /// A session in a step that lists `.duckdb` among its programs.
  ///
  /// The limit is fixed, never a share of the machine's memory: what spills may differ in bytes.
  public init(in context: StepContext, memoryLimit: String = standardMemoryLimit) throws {
    self.context = context
    self.memoryLimit = memoryLimit
    program = try context.path(.duckdb)
  }

  /// Runs a script; values are read in it with `getvariable('name')`.
  ///
  /// One thread, UTC, no extension, no dot command. Paths may be relative to the step's directory.
  /// Returns what the script printed as CSV with a header. With `isScanned` the caller knows that lines
  /// which begin with a dot are within statements, where they are no commands.
  @discardableResult
  public func run(
    _ sql: String, with variables: [String: SQLValue] = [:], isScanned: Bool = false
  ) throws -> String {
    try run(sql, with: variables, mode: .csv, isScanned: isScanned)
  }

  /// How answers are printed.
  enum Mode: String {
    case csv = "-csv"
    case json = "-json"
  }

  func run(
    _ sql: String, with variables: [String: SQLValue], mode: Mode, isScanned: Bool = false
  ) throws -> String {
    for line in sql.split(whereSeparator: \.isNewline) where !isScanned && line.hasPrefix(".") {
      throw StepFailure("SQL must not hold a dot command: \(line)")
    }
    let script = context.scratch("query.sql")
    let values = variables.sorted { $0.key < $1.key }
      .map { "SET VARIABLE \"\($0.key)\" = \($0.value.literal);\n" }.joined()
    // The program reads lines as C does: what follows a NUL may come to stand where a line begins.
    guard !(values + sql).utf8.contains(0) else {
      throw StepFailure("SQL and its values must not hold a NUL character; take it out")
    }
    try (Self.settings(scratch: context.scratch("duckdb"), memoryLimit: memoryLimit) + values + sql)
      .write(toFile: script, atomically: false, encoding: .utf8)
    return try launch(["-no-init", "-no-stdin", "-batch", "-bail", mode.rawValue, "-f", script])
  }

  /// The statements that open every session: one thread, UTC, a fixed memory limit, no extension.
  ///
  /// `scratch` is the folder for what does not fit into memory; DuckDB makes it.
  public static func settings(scratch: String, memoryLimit: String = standardMemoryLimit)
    -> String
  {
    """
    SET threads = 1;
    SET memory_limit = '\(memoryLimit)';
    SET temp_directory = \(SQLValue.text(scratch).literal);
    SET TimeZone = 'UTC';
    SET autoinstall_known_extensions = false;
    SET autoload_known_extensions = false;
    SET preserve_insertion_order = true;

    """
  }

  private func launch(_ arguments: [String]) throws -> String {
    // In the worker's own group and under its supervisor: whoever ends the worker ends this.
    let command = Command(
      executable: program, arguments: arguments,
      environment: environment, directory: context.directory, supervised: false, newGroup: false)
    let captured = try capture(command)
    guard captured.exit.succeeded else {
      let ending =
        switch captured.exit.status {
        case .exited(let code): "exit \(code)"
        case .signalled(let signal): "killed by signal \(signal)"
        case .timedOut, .cancelled: "ended early"
        }
      throw StepFailure("DuckDB failed (\(ending)): \(captured.errorText)")
    }
    return captured.text
  }

  private var environment: [String: String] {
    var environment = ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.scratch("")]
    // Chooses processor features, never bytes; a test switches some off to prove that.
    environment["GLIBC_TUNABLES"] = ProcessInfo.processInfo.environment["GLIBC_TUNABLES"]
    return environment
  }
}
