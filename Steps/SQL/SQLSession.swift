// The whole SQL of one run: views, the user's statements, checks and files. It knows no step.
import AtelierStep
import DuckDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Makes a user's statements into one script that writes each output, and tells what was wrong.
struct SQLSession {
  private let file: String
  private let views: String
  private let variables: [String: SQLValue]
  private let context: StepContext

  init(script: String, _ arguments: ScriptArguments, in context: StepContext) throws {
    file = script
    self.context = context
    views = try arguments.inputs.sorted { $0.key < $1.key }.map { name, input in
      let relation = try SQLRelation(input, called: name, in: context)
      return "CREATE VIEW \(SQLName.quoted(name)) AS FROM \(relation.text);\n"
    }.joined()
    variables = try arguments.parameters.mapValues(SQLValue.init(parameter:))
  }

  /// Runs the statements and writes the outputs.
  func run(_ text: SQLText, outputs: [String], orderedBy: [String: [String]]) throws {
    try text.checkVariables(parameters: variables.keys.sorted())
    var script = views
    var own = text.statements
    if let output = outputs.first, outputs.count == 1, let last = own.last, last.isQuery {
      own.removeLast()
      script += statements(own)
      script += begin(last.line)
      // The statement begins a line, as it does in the file or as if it did.
      script +=
        Self.lines(last.line - 2) + "CREATE TABLE \(Self.result(output)) AS\n\(last.text)\n;\n"
    } else {
      script += statements(own) + begin(0)
      for output in outputs {
        script += "CREATE TABLE \(Self.result(output)) AS\nFROM \(SQLName.quoted(output));\n"
      }
    }
    script += begin(0)
    for output in outputs {
      script += try writing(output, SQLOrder(orderedBy[output] ?? []))
    }
    let printed: String
    do {
      printed = try DuckDB(in: context).run(script, with: variables, isScanned: true)
    } catch let failure as StepFailure {
      throw SQLProblem(
        failure.description, file: file, outputs: outputs, begun: begunLine
      ).failure
    }
    // What the user's own queries said, for whoever reads the log.
    for line in printed.split(separator: "\n") { context.log(String(line)) }
  }

  private func statements(_ all: [SQLText.Statement]) -> String {
    all.map { begin($0.line) + Self.lines($0.line - 1) + "\($0.text)\n;\n" }.joined()
  }

  /// How many lines the first line of the user's file lies below the beginning of what DuckDB counts: more
  /// than any statement of ours has.
  static let lead = 100

  /// A comment of so many lines more, after which DuckDB counts lines as the user's file does.
  private static func lines(_ count: Int) -> String {
    "/*" + String(repeating: "\n", count: lead + count) + "*/ "
  }

  /// Notes that the user's statement of a line begins, for complaints in which DuckDB names no line; 0 is
  /// what is ours.
  private func begin(_ line: Int) -> String {
    "COPY (SELECT \(line)) TO \(text(context.scratch("line"))) (FORMAT csv, HEADER false);\n"
  }

  /// The line of the statement that was begun last.
  private var begunLine: Int? {
    (try? String(contentsOfFile: context.scratch("line"), encoding: .utf8))
      .flatMap { Int($0.filter(\.isNumber)) }.flatMap { $0 == 0 ? nil : $0 }
  }

  /// The table with an output's rows, under a name that a user would not give.
  private static func result(_ output: String) -> String { SQLName.quoted("output \(output)") }

  /// Writes an output in its order, once that was found to be one.
  private func writing(_ output: String, _ order: SQLOrder) throws -> String {
    let path = try context.path(output: output)
    guard let format = SQLFileFormat(path: path) else {
      throw StepFailure(
        "the output '\(output)' is no table: give it a format whose files end in one of "
          + SQLFileFormat.endings)
    }
    let table = Self.result(output)
    return columns(of: output, order) + equalRows(of: output, order)
      + "COPY (FROM \(table)\(order.clause)) TO \(text(path)) (\(format.writing));\n"
  }

  /// Fails where the output has not the columns of its order.
  private func columns(of output: String, _ order: SQLOrder) -> String {
    guard !order.columns.isEmpty else { return "" }
    let columns = "(SELECT column_name AS own FROM (DESCRIBE \(Self.result(output))))"
    let start = text(Self.mark + "\(file): the output '\(output)' has no column '")
    let names = SQLValue.list(order.columns.map { .text($0) }).literal
    return """
      \(Self.silently)
      SELECT error(\(start) || name || \(text("', which orderedBy names; it has ")) || (
        SELECT string_agg(own, ', ') FROM \(columns)))
      FROM (SELECT unnest(\(names)) AS name)
      WHERE lower(name) NOT IN (SELECT lower(own) FROM \(columns));

      """
  }

  /// Fails where two rows of an output are equal in its order.
  private func equalRows(of output: String, _ order: SQLOrder) -> String {
    let table = Self.result(output)
    guard !order.columns.isEmpty else {
      let start = text(Self.mark + "\(file): the output '\(output)' has ")
      let advice = text(" rows and no order: name the columns that tell them apart in orderedBy")
      return """
        \(Self.silently)
        SELECT error(\(start) || n || \(advice))
        FROM (SELECT count(*) AS n FROM \(table) HAVING count(*) > 1);

        """
    }
    let columns = SQLName.list(order.columns)
    let values = order.columns.map {
      "\(text("\($0) = ")) || coalesce(\(SQLName.quoted($0))::VARCHAR, 'null')"
    }.joined(separator: " || ', ' || ")
    let middle = text(" rows of the output '\(output)' have ")
    let advice = text(": orderedBy must name columns that tell rows apart")
    return """
      \(Self.silently)
      SELECT error(\(text(Self.mark + "\(file): ")) || "count of rows" || \(middle)
        || \(values) || \(advice))
      FROM (
        SELECT count(*) AS "count of rows", \(columns) FROM \(table) GROUP BY \(columns)
        HAVING count(*) > 1 ORDER BY ALL LIMIT 1);

      """
  }

  private func text(_ value: String) -> String { SQLValue.text(value).literal }

  /// Stands before a check, which prints nothing then: what is printed is the log of the user's queries.
  private static let silently = "CREATE OR REPLACE TEMP TABLE \"atelier check\" AS"

  /// Stands before an error of ours in what DuckDB says.
  static let mark = "atelier: "
}

extension SQLValue {
  /// A parameter as SQL reads it.
  init(parameter: ScriptValue) throws {
    switch parameter {
    case .text(let text): self = .text(text)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .bool(let value): self = .bool(value)
    case .list(let values): self = .list(try values.map(SQLValue.init(parameter:)))
    case .object:
      throw StepFailure("SQL reads no objects: pass their members as parameters of their own")
    }
  }
}
