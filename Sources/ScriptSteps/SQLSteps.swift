// A step of an SQL file in one line of wiring. It knows no workshop.
import Atelier
import AtelierStep
import SQL

extension PipelineBuilder {
  /// Adds a step that is an SQL file of the workshop's folder `Scripts`, with one output, `table`.
  ///
  ///     let daily = p.sql(
  ///       "week1.daily", "daily.sql", ["events": events], as: CSVTable.self, orderedBy: ["day"])
  ///
  /// Inputs are views by their names, parameters are read by `getvariable('name')`, and the last
  /// statement is the query for the output. Its rows are written in the order of `orderedBy`, whose
  /// columns tell them apart; only an output of one row needs none. ` desc` after a name turns its
  /// order round.
  @discardableResult
  public mutating func sql<Format: ArtifactFormat>(
    _ name: String, _ file: String, _ inputs: [String: any ScriptInput],
    parameters: [String: any ScriptParameter] = [:], as format: Format.Type = Format.self,
    orderedBy: [String] = [], limits: StepLimits? = nil
  ) -> Artifact<Format> {
    sql(
      name, file, inputs, parameters: parameters,
      outputs: ScriptOutput<Format>("table", orderedBy: orderedBy), limits: limits)
  }

  /// Adds a step that is an SQL file, with several outputs: tables or views that it makes.
  ///
  ///     let (days, hours) = p.sql(
  ///       "week1.counts", "counts.sql", ["events": events],
  ///       outputs: ScriptOutput("days", as: CSVTable.self, orderedBy: ["day"]),
  ///       ScriptOutput("hours", as: CSVTable.self, orderedBy: ["day", "hour"]))
  @discardableResult
  public mutating func sql<each Format: ArtifactFormat>(
    _ name: String, _ file: String, _ inputs: [String: any ScriptInput],
    parameters: [String: any ScriptParameter] = [:],
    outputs: repeat ScriptOutput<each Format>, limits: StepLimits? = nil
  ) -> (repeat Artifact<each Format>) {
    var described: [ArtifactDescription] = []
    var orders: [String: [String]] = [:]
    for output in repeat each outputs {
      described.append(output.description)
      orders[output.name] = output.orderedBy
    }
    let node: Node<RunSQL>?
    do {
      try checkTables(inputs, described)
      for case (let name, .object) in parameters.mapValues(\.scriptValue) {
        throw StepFailure(
          "SQL reads no objects: pass the members of '\(name)' as parameters of their own")
      }
      let step = RunSQL(
        try script(file),
        arguments: try ScriptArguments(
          inputs: inputs.mapValues(\.files), parameters: parameters.mapValues(\.scriptValue),
          reserved: RunSQL.reserved),
        orderedBy: orders, outputs: try Outputs(described))
      node = add(name, step, limits: limits)
    } catch {
      fail(name, "\(error)")
      node = nil
    }
    return (repeat (each outputs).artifact(of: node, in: self))
  }

  /// What SQL can read and write, as far as formats tell.
  private func checkTables(
    _ inputs: [String: any ScriptInput], _ outputs: [ArtifactDescription]
  ) throws {
    let endings = SQLFileFormat.endings
    for (name, input) in inputs.sorted(by: { $0.key < $1.key }) {
      for case let format? in input.files.artifacts.map(\.format) where !format.isTree {
        guard SQLFileFormat(rawValue: format.fileExtension) != nil else {
          throw StepFailure(
            "the input '\(name)' is \(format.mediaType), and SQL reads tables: files that end in "
              + endings)
        }
      }
    }
    for output in outputs {
      guard !output.isTree, SQLFileFormat(rawValue: output.fileExtension) != nil else {
        throw StepFailure(
          "the output '\(output.name)' is \(output.mediaType), and SQL writes tables: files that end "
            + "in \(endings)")
      }
    }
  }
}
