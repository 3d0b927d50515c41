// The one line that wires an SQL file, and what a wrong one is told before anything runs.
import Atelier
import AtelierStep
import AtelierTesting
import Content
import LearningFormats
import SQL
import ScriptSteps
import Testing

private enum Binary: ArtifactFormat {
  static let mediaType = "application/octet-stream"
  static let fileExtension = "bin"
}

@Suite struct SQLWiringTests {
  private func builder() -> PipelineBuilder {
    PipelineBuilder(
      workshop: "shop", stages: [Stage("week1", "first")],
      scripts: ScriptFolder(path: "", builtIn: ["daily.sql": "FROM events", "b.sql": "FROM daily"]))
  }

  @Test func oneLineMakesAStep() throws {
    var p = builder()
    let events: Artifact<ParquetTable> = p.source("week1.events", path: "e.parquet")
    let daily = p.stage("week1") { week1 in
      week1.sql(
        "daily", "daily.sql", ["events": [events, events]], parameters: ["from": 3],
        as: CSVTable.self, orderedBy: ["day"])
    }
    p.sql("week1.b", "b.sql", ["daily": daily], as: CSVTable.self, orderedBy: ["day"])
    let graph = try p.finish()
    let node = graph.nodes[1]
    #expect(node.name == "week1.daily")
    #expect(node.inputs.map(\.description.name) == ["events.0", "events.1"])
    #expect(node.outputs.map(\.fileName) == ["table.csv"])
    #expect(node.step?.sql == ["daily.sql": "FROM events"])
    #expect(
      node.step?.parameters == ["from": 3, "orderedBy": ["table": ["day"]], "script": "daily.sql"])
    #expect(graph.nodes[2].dependencies == [1])
  }

  @Test func severalOutputsHaveTheirOwnTypes() throws {
    var p = builder()
    let (days, hours): (Artifact<CSVTable>, Artifact<ParquetTable>) = p.sql(
      "week1.counts", "daily.sql", [:],
      outputs: ScriptOutput("days", as: CSVTable.self, orderedBy: ["day"]),
      ScriptOutput("hours", as: ParquetTable.self, orderedBy: ["hour"]))
    p.sql("week1.b", "b.sql", ["d": days, "h": hours], as: CSVTable.self)
    let graph = try p.finish()
    #expect(graph.nodes[0].outputs.map(\.fileName) == ["days.csv", "hours.parquet"])
    #expect(graph.nodes[1].inputs.map(\.from.output) == ["days", "hours"])
  }

  @Test func allMistakesAreNamedAtOnce() throws {
    var p = builder()
    let binary: Artifact<Binary> = p.source("week1.binary", path: "b.bin")
    let lost = p.sql("week1.a", "dialy.sql", [:], as: CSVTable.self)
    // What needs a step that could not be wired makes no second mistake.
    p.sql("week1.b", "b.sql", ["daily": lost], as: CSVTable.self)
    p.sql("week1.c", "b.sql", ["daily": binary], as: CSVTable.self)
    p.sql("week1.d", "b.sql", [:], as: Binary.self)
    p.sql("week1.e", "b.sql", ["orderedBy": binary], as: CSVTable.self)
    p.sql("week1.f", "b.sql", ["x-y": [Artifact<CSVTable>]()], as: CSVTable.self)
    p.sql("week1.g", "b.sql", [:], parameters: ["x": ["y": 1]], as: CSVTable.self)
    do {
      _ = try p.finish()
      Issue.record("no error")
    } catch let errors as WiringErrors {
      #expect(
        errors.description == """
          workshop shop, step 'week1.a': script 'dialy.sql': there is no such file in Scripts, which \
          has b.sql, daily.sql
          workshop shop, step 'week1.c': the input 'daily' is application/octet-stream, and SQL reads \
          tables: files that end in parquet, csv, json, jsonl
          workshop shop, step 'week1.d': the output 'table' is application/octet-stream, and SQL \
          writes tables: files that end in parquet, csv, json, jsonl
          workshop shop, step 'week1.e': the input 'orderedBy' is application/octet-stream, and SQL \
          reads tables: files that end in parquet, csv, json, jsonl
          workshop shop, step 'week1.f': 'x-y' is no name for a script; give letters, digits and \
          '_', beginning with a letter
          workshop shop, step 'week1.g': SQL reads no objects: pass the members of 'x' as parameters \
          of their own
          """)
    }
  }

  /// As a node of a cluster does it, which has the key document alone.
  @Test func aDecodedStepIsTakenApartAgainTheSame() throws {
    let step = RunSQL(
      Script(name: "daily.sql", text: "FROM events"),
      arguments: try ScriptArguments(
        inputs: [
          "events": [Artifact<ParquetTable>.test, .test].files,
          "one": Artifact<CSVTable>.test.files,
        ],
        parameters: ["seed": .integer(3), "share": .number(2)], reserved: RunSQL.reserved),
      orderedBy: ["days": ["day"]],
      outputs: try Outputs([
        ArtifactDescription(name: "days", format: CSVTable.self),
        ArtifactDescription(name: "hours", format: ParquetTable.self),
      ]))
    let template = try StepTemplate(of: step)
    #expect(template.unkeyed.isEmpty)
    let decoded = try StepTemplate.decode(
      RunSQL.self, parameters: template.parameters, inputs: template.inputs.map(\.description.name),
      outputs: template.outputs.map(\.name), texts: step.sql,
      shapes: StepShapes(inputs: template.inputs.map(\.description), outputs: template.outputs))
    let again = try StepTemplate(of: decoded)
    #expect(again.parameters == template.parameters && again.outputs == template.outputs)
    #expect(again.inputs.map(\.description) == template.inputs.map(\.description))
    #expect(decoded.sql == step.sql)
  }
}
