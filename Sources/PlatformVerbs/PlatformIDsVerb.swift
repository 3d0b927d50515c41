// `atelier aep ids`: the ids of data sets, for the notebooks.
import AdobePlatform
import Atelier
import CommandLine
import Content
import Planning
import Project
import SchemaRegistry
import Terminal

struct PlatformIDs: Verb {
  let name = "ids"
  let summary = "print the ids of the workshop's data sets, and of those that a run made"
  let details = """
    With --write, ids that the notebooks read (dataset_id, scoring_dataset_id, featurized_dataset_id)
    go into config.ini. A run that made a data set a batch has no single featurized_dataset_id; then none
    is written.
    """
  let examples = [Example("atelier aep ids --write", "for the notebooks")]
  let write = Flag("write", "write the ids into config.ini")
  let json = Shared.json

  var parameters: [any Parameter] { [write, json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    try PlatformCall.run(call, context) { platform in
      var ids: [(name: String, key: String?, id: String)] = []
      let keys = ["events": "dataset_id", "scores": "scoring_dataset_id"]
      let deployment = try platform.deployment()
      for set in deployment.datasets {
        for found in try deployment.catalog.dataSets(named: set.name) {
          ids.append((set.role, keys[set.role], found.id))
        }
      }
      ids += try made(platform).map { (name: $0.node, key: nil, id: $0.version.dataset) }
      let featurized = Set(ids.filter { $0.name.hasPrefix("week2.") }.map(\.id))
      for (name, _, id) in ids { try print(name, id, platform) }
      if call[write] {
        var values = ids.compactMap { entry in
          entry.key.map { (section: "Platform", key: $0, value: entry.id) }
        }
        if featurized.count == 1, let id = featurized.first {
          values.append((section: "Platform", key: "featurized_dataset_id", value: id))
        }
        try platform.session.remember(values)
      }
      return ExitCode.success
    }
  }

  private func print(_ name: String, _ id: String, _ platform: PlatformCall) throws {
    if platform.call[json] {
      let line: JSONValue = [
        "v": 1, "event": "platform-id", "name": .string(name), "id": .string(id),
      ]
      try platform.output.data(line.canonicalText() + "\n")
    } else {
      try platform.output.data("\(Text.pad(name, 24)) \(id)\n")
    }
  }

  /// The versions of data sets that current results of the graph name.
  private func made(_ platform: PlatformCall) throws -> [(node: String, version: DataSetVersion)] {
    let graph = try platform.session.graph()
    let selection = try Selection([], in: graph)
    let environment = try platform.session.environment(graph, selection, readOnly: true)
    let planner = try Planner(graph, environment: environment)
    var found: [(node: String, version: DataSetVersion)] = []
    for (index, node) in graph.nodes.enumerated() where node.step != nil {
      for output in node.outputs where output.mediaType.hasPrefix(DataSetVersion.mediaType) {
        _ = planner.plan(try Selection([node.name], in: graph))
        guard let artifact = planner.artifact(index, output.name) else { continue }
        let bytes = try environment.store.objects.bytes(
          of: artifact.record.digest, atMost: ByteLimit.result)
        found.append((node.name, try DataSetVersion(parsing: bytes)))
      }
    }
    return found
  }
}
