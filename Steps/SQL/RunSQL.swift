// The step that runs somebody's SQL file. It knows nothing of what the SQL is for.
import AtelierStep
import DuckDB

/// Runs an SQL file over tables, and writes tables.
///
/// Inputs are views by their names, parameters are read by `getvariable('name')`. With one output the
/// last statement is the query for it; with several each is a table or view of its name that the
/// file makes. Rows are written in the order of columns that tell them apart.
///
/// The text is in this step's key alone. What differs from run to run (the clock, chance without a
/// seed) is refused with its line; sums of fractions are as exact as the order of their rows, which
/// is that of the inputs.
public struct RunSQL: Step {
  /// The SQL file.
  public var script: Script
  /// The inputs and parameters by name.
  public var arguments: ScriptArguments
  /// The columns that order the rows, by output; ` desc` after a name turns its order round.
  public var orderedBy: [String: [String]]
  /// The tables.
  public var outputs: Outputs

  /// Runs a script; `orderedBy` is empty for an output that has at most one row.
  public init(
    _ script: Script, arguments: ScriptArguments, orderedBy: [String: [String]], outputs: Outputs
  ) {
    self.script = script
    self.arguments = arguments
    self.orderedBy = orderedBy
    self.outputs = outputs
  }

  /// The names that no argument can have.
  public static let reserved = Set(CodingKeys.allCases.map(\.rawValue))

  private enum CodingKeys: String, CodingKey, CaseIterable { case script, orderedBy, outputs }

  /// Decodes the members by their names; all others are arguments of the script.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    script = try members.decode(Script.self, forKey: .script)
    orderedBy = try members.decode([String: [String]].self, forKey: .orderedBy)
    outputs = try members.decode(Outputs.self, forKey: .outputs)
    arguments = try ScriptArguments(from: decoder, reserved: Self.reserved)
  }

  /// Encodes arguments beside the other members, so that each has a line of its own in the key.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(script, forKey: .script)
    try members.encode(orderedBy, forKey: .orderedBy)
    try members.encode(outputs, forKey: .outputs)
    try arguments.encode(to: encoder)
  }

  /// DuckDB, which runs the file.
  public var programs: [Program] { [.duckdb] }
  /// The script's text by its name.
  public var sql: [String: String] { [script.name: script.text] }

  /// Runs the file; fails with the line of a statement that is refused or wrong.
  public func run(in context: StepContext) throws {
    let text = try SQLText(Script(name: script.name, text: context.sql(script.name)))
    let session = try SQLSession(script: script.name, arguments, in: context)
    try session.run(text, outputs: outputs.names, orderedBy: orderedBy)
  }
}
