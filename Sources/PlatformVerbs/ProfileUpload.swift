// Simulated profiles, sent to their data set: each file once.
import AdobePlatform
import Atelier
import Content
import Execution
import Planning
import Project
import Terminal

/// Sends the profiles that the workshop has simulated.
struct ProfileUpload {
  private let platform: PlatformCall
  private let dataset: String
  private static let step = "week1.profiles"

  init(_ platform: PlatformCall, dataset: String) {
    self.platform = platform
    self.dataset = dataset
  }

  /// Sends each file whose batch is not there; says so where none was simulated.
  ///
  /// A batch is named after the data set and the file's bytes, so that equal profiles are sent once.
  func send() throws {
    let session = try localSession()
    // With real events there are no profiles, and wiring would ask for them.
    guard try session.settings.string("Atelier", "events").isEmpty else { return }
    let graph = try session.graph()
    let nodes = graph.nodes.indices.filter {
      graph.nodes[$0].name.hasPrefix(Self.step + ".")
    }
    guard !nodes.isEmpty else { return }
    let selection = try Selection(nodes.map { graph.nodes[$0].name }, in: graph)
    let environment = try session.environment(graph, selection, readOnly: true)
    let planner = try Planner(graph, environment: environment)
    _ = planner.plan(selection)
    for index in nodes {
      guard let output = graph.nodes[index].outputs.first,
        let artifact = planner.artifact(index, output.name),
        let file = try environment.localPath(of: artifact)
      else {
        platform.output.message(
          "note: no profiles are sent: type `atelier run \(session.path(of: Self.step))`, then deploy "
            + "again")
        return
      }
      try send(
        graph.nodes[index].name, artifact.record.digest,
        file: file, environment.store.layout.platform)
    }
  }

  /// The session whose graph makes the profiles: the platform's own needs data sets that may be missing.
  private func localSession() throws -> Session {
    let key = "Platform.backend"
    var overrides = ["Platform.backend": "local"]
    for (name, value) in try platform.call.assignments where name.lowercased() != key.lowercased() {
      overrides[name] = value
    }
    return try platform.session.with(overrides: overrides)
  }

  private func send(
    _ node: String, _ digest: Digest, file: String, _ intents: String
  ) throws {
    let content: JSONValue = [
      "dataset": .string(dataset), "digest": .string(digest.description), "effect": "load-batch",
    ]
    let name = IntentFile.name(of: ActionKey(try Digest.of(content.canonicalBytes())))
    let intent = IntentFile(name: name, path: "\(intents)/\(name).json")
    platform.output.message("\(node): batch '\(name)' of the data set \(dataset)")
    let batch = try Ingestion(platform.client).loadBatch(
      name: name, dataset: dataset, file: file, format: .parquet, intent: intent)
    platform.output.message(
      "\(node): batch \(batch.id) has \(Text.count(Int(batch.records ?? 0), "record"))")
  }
}
