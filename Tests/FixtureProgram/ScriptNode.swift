// A node of a test's graph that is an SQL or Python file. It knows no graph.
import Atelier
import AtelierStep
import Command
import Content
import LearningFormats
import ScriptSteps

/// What a node says of its file: inputs by the last part of their names, parameters, environment.
struct ScriptNode {
  private let inputs: [String: any ScriptInput]
  private let parameters: [String: any ScriptParameter]
  private let environment: String?
  private let orderedBy: [String]

  init(
    _ node: JSONValue, _ artifacts: [String: Artifact<AnyFile>], _ others: [String: AnyArtifact]
  ) {
    var inputs: [String: any ScriptInput] = [:]
    for case let name? in (node["inputs"]?.array ?? []).map(\.string) {
      let own = name.split(separator: ".").last.map(String.init) ?? name
      if let artifact = others[name] ?? artifacts[name].map({ AnyArtifact($0) }) {
        inputs[own] = artifact
      }
    }
    self.inputs = inputs
    parameters = (node["parameters"]?.object ?? [:]).mapValues(Self.value)
    environment = node["environment"]?.string
    orderedBy = (node["orderedBy"]?.array ?? []).compactMap(\.string)
  }

  func python(_ name: String, _ file: String, _ p: inout PipelineBuilder) -> Artifact<CSVTable> {
    p.python(name, file, inputs, parameters: parameters, environment: environment)
  }

  func sql(_ name: String, _ file: String, _ p: inout PipelineBuilder) -> Artifact<CSVTable> {
    p.sql(name, file, inputs, parameters: parameters, orderedBy: orderedBy)
  }

  private static func value(_ json: JSONValue) -> any ScriptParameter {
    switch json {
    case .null: ScriptValue.text("")
    case .bool(let value): ScriptValue.bool(value)
    case .integer(let value): ScriptValue.integer(value)
    case .number(let value): ScriptValue.number(value)
    case .string(let text): ScriptValue.text(text)
    case .array(let values): ScriptValue.list(values.map { value($0).scriptValue })
    case .object(let members): ScriptValue.object(members.mapValues { value($0).scriptValue })
    }
  }
}
