// A workshop whose steps are shell commands, described by a JSON file beside its config.ini.
import Atelier
import AtelierStep
import Command
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads `[Fixture] graph`: `{"nodes": [{"name", "source"} | {"name", "script", "inputs": [names],
/// "environment": {}, "retries", "retryDelay", "timeout", "memory" (MiB), "mayGrow"}]}`.
///
/// A script runs as `sh -c`, or, with `"scriptFrom": "source name"`, as a file; `$name` of an input or
/// of `out` is its path, dots as underscores. `"tools": ["cat"]` names the programs that it starts.
/// `{"name", "invent": "csv" | "json"}` is a step whose result no two executions share, and
/// `{"name", "deliver": node, "dataset"}` publishes a result. `{"name", "held": "folder"}` obeys a
/// test while it runs, `{"name", "quick": "text"}` takes no time, and `{"name", "built": "text",
/// "input": name}` has the code that the variable FIXTURE_BUILD says. `{"name", "csv": "text"}` and
/// `{"name", "json": "text"}` write what they say. `{"name", "model": "path"}` is a model as a source.
/// `"as": "csv" | "gz"` gives a source another format, `"tree": "path"` is a folder as a source, and
/// `"makesTree": true` lets a script fill the folder `$out`. `"packages"`, `"network"` and `"program"`
/// are those of `Invocation`. `{"name", "python" or "sql": "file", "inputs", "parameters",
/// "environment", "orderedBy"}` is a file of Workshops/Fixture/Scripts that makes a CSV table.
enum FixtureWorkshop: Workshop {
  static let name = "fixture"
  static let folder = "Fixture"
  static let summary = "shell commands of a test"
  static let stages = [
    Stage("one", aliases: ["first"], "first stage"), Stage("two", "second stage"),
  ]
  static let landing: Landing? = Landing(
    place: .init("Fixture", "input"), file: .init("Fixture", "file"),
    object: .init("Fixture", "object"), endings: [".csv"])

  /// Tests keep groups there by themselves.
  static let keepsFeatures = true

  static func wire(_ p: inout PipelineBuilder, _ settings: FixtureSettings) throws {
    let json = try JSONValue(parsing: p.contents(ofFile: p.path(settings.graph)))
    var artifacts: [String: Artifact<AnyFile>] = [:]
    var others: [String: AnyArtifact] = [:]
    var trees: [String: Artifact<AnyTree>] = [:]
    if let arrived = settings.file { artifacts["one.file"] = p.source("one.file", path: arrived) }
    for node in json["nodes"]?.array ?? [] {
      guard let name = node["name"]?.string else {
        throw SettingError("Fixture", "graph", "no name")
      }
      if let source = node["source"]?.string, let format = node["as"]?.string {
        others[name] =
          format == "csv"
          ? AnyArtifact(p.source(name, path: source, as: CSVSource.self))
          : AnyArtifact(p.source(name, path: source, as: GzipSource.self))
      } else if let source = node["tree"]?.string {
        let tree: Artifact<AnyTree> = p.source(name, path: source)
        (trees[name], others[name]) = (tree, AnyArtifact(tree))
      } else if node["makesTree"]?.bool == true {
        let tree = try p.add(name, RunCommandTree(invocation(name, node, artifacts, others))).out
        (trees[name], others[name]) = (tree, AnyArtifact(tree))
      } else if let source = node["source"]?.string {
        artifacts[name] = p.source(name, path: source)
      } else if let model = node["model"]?.string {
        let _: Artifact<ModelFile> = p.source(name, path: model)
      } else if let kind = node["invent"]?.string {
        if kind == "csv" {
          p.add(name, InventRows())
        } else {
          p.add(name, InventDocument())
        }
      } else if let text = node["csv"]?.string {
        p.add(name, WriteRows(csv: text))
      } else if let text = node["json"]?.string {
        p.add(name, WriteDocument(json: text))
      } else if let file = node["python"]?.string {
        others[name] = AnyArtifact(ScriptNode(node, artifacts, others).python(name, file, &p))
      } else if let file = node["sql"]?.string {
        others[name] = AnyArtifact(ScriptNode(node, artifacts, others).sql(name, file, &p))
      } else if let folder = node["held"]?.string {
        p.add(name, Held(folder: folder, name: name))
      } else if let text = node["quick"]?.string {
        p.add(name, Quick(name: "\(name) \(text)"))
      } else if let text = node["built"]?.string,
        let input = node["input"]?.string.flatMap({ artifacts[$0] })
      {
        artifacts[name] = Artifact(anyOf: p.add(name, Built(text: text, input: input)).out)
      } else if let tree = node["deliver"]?.string.flatMap({ trees[$0] }) {
        let dataset = node["dataset"]?.string ?? "dataset"
        others[name] = AnyArtifact(
          p.deliver(
            name, tree, to: Publication(bucket: "bucket", prefix: "exports", dataset: dataset)))
      } else if let from = node["deliver"]?.string.flatMap({ artifacts[$0] }) {
        let dataset = node["dataset"]?.string ?? "dataset"
        artifacts[name] = p.deliver(
          name, from, to: Publication(bucket: "bucket", prefix: "exports", dataset: dataset))
      } else {
        artifacts[name] = try command(name, node, artifacts, others, &p)
      }
    }
  }

  private static func command(
    _ name: String, _ node: JSONValue, _ artifacts: [String: Artifact<AnyFile>],
    _ others: [String: AnyArtifact], _ p: inout PipelineBuilder
  ) throws -> Artifact<AnyFile> {
    let limits = StepLimits(
      retries: Int(node["retries"]?.integer ?? 0), retryDelay: node["retryDelay"]?.number ?? 0.01,
      timeout: node["timeout"]?.number, memory: node["memory"]?.integer.map { $0 << 20 },
      mayGrow: node["mayGrow"]?.bool ?? false)
    let step = RunCommand(
      try invocation(name, node, artifacts, others),
      captureStandardOutput: node["captures"]?.bool ?? false, limits: limits)
    return p.add(name, step).out
  }

  private static func invocation(
    _ name: String, _ node: JSONValue, _ artifacts: [String: Artifact<AnyFile>],
    _ others: [String: AnyArtifact]
  ) throws -> Invocation {
    var inputs: [String: AnyArtifact] = [:]
    for input in node["inputs"]?.array ?? [] {
      guard let from = input.string,
        let artifact = artifacts[from].map({ AnyArtifact($0) }) ?? others[from]
      else { throw SettingError("Fixture", "graph", "\(name) has an unknown input") }
      inputs[from.split(separator: ".").joined(separator: "_")] = artifact
    }
    var environment = (node["environment"]?.object ?? [:]).compactMapValues(\.string)
    environment["out"] = "{output:out}"
    for input in inputs.keys { environment[input] = "{input:\(input)}" }
    func texts(_ field: String) -> [String] { (node[field]?.array ?? []).compactMap(\.string) }
    let script = node["scriptFrom"]?.string.flatMap { artifacts[$0] }.map { AnyArtifact($0) }
    let arguments =
      node["arguments"] == nil
      ? (script == nil ? ["-c", node["script"]?.string ?? ""] : ["{script}"]) : texts("arguments")
    return Invocation(
      program: node["program"]?.string ?? "sh", arguments: arguments, environment: environment,
      tools: texts("tools"), packages: texts("packages"), network: node["network"]?.bool ?? false,
      script: script, inputs: inputs)
  }
}

/// Comma-separated values.
enum CSVSource: ArtifactFormat {
  static let mediaType = "text/csv"
  static let fileExtension = "csv"
}

/// Compressed bytes.
enum GzipSource: ArtifactFormat {
  static let mediaType = "application/gzip"
  static let fileExtension = "gz"
}

/// A model of XGBoost.
enum ModelFile: ArtifactFormat {
  static let mediaType = "application/vnd.xgboost.ubj"
  static let fileExtension = "ubj"
}

struct FixtureSettings: SettingsTable {
  @Setting("Fixture", "graph", "the steps") var graph = "Workshops/Fixture/graph.json"
  @Setting("Fixture", "unused", "no step reads it") var unused = ""
  @Setting("Fixture", "input", "where files arrive") var input = "input"
  @Setting("Fixture", "file", "the file that arrived: a source named one.file")
  var file: String? = nil
  @Setting("Fixture", "object", "its name") var object = ""
}
