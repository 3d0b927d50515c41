// The wheels of an environment as a run has unpacked them, read from the store. It unpacks none.
import Atelier
import AtelierStep
import Content
import Execution
import LocalStores
import Planning
import Project
import Python
import Terminal
import Trees

/// One wheel in the folder of an environment.
struct UnpackedWheel {
  /// The bytes of its files.
  let bytes: Int64
  /// Its licence, as far as it states one.
  let license: String?

  /// Why nothing is known of an environment's wheels.
  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  /// The wheels of a lock by their normal names.
  ///
  /// Throws ``Unknown`` where no step of the workshop has unpacked this lock.
  static func all(of lock: Script, _ session: Session) throws -> [String: UnpackedWheel] {
    let graph: Graph
    do {
      graph = try session.graph()
    } catch {
      throw Unknown(description: "\(error)")
    }
    let node = graph.nodes.firstIndex { $0.step.map { isUnpacking(lock, $0) } ?? false }
    guard let node else { throw Unknown(description: "no step has environment: \"\(lock.name)\"") }
    let name = graph.nodes[node].name
    let chosen = try Selection([name], in: graph)
    let environment = try session.environment(graph, chosen, readOnly: true)
    let planner = try Planner(graph, environment: environment)
    _ = planner.plan(chosen)
    guard let output = graph.nodes[node].outputs.first,
      let record = planner.artifact(node, output.name)?.record
    else { throw Unknown(description: "`atelier run \(session.path(of: name))` unpacks them") }
    try environment.fetch(record)
    return try wheels(in: environment.store.trees.manifest(of: record)) {
      try environment.store.objects.bytes(of: $0)
    }
  }

  private static func isUnpacking(_ lock: Script, _ step: StepDescription) -> Bool {
    step.step == "\(UnpackEnvironment.self)" && step.scripts[lock.name] == lock.text
  }

  private static func wheels(
    in manifest: TreeManifest, bytes: (Digest) throws -> [UInt8]
  ) throws -> [String: UnpackedWheel] {
    var wheels: [String: UnpackedWheel] = [:]
    let files = Dictionary(manifest.entries.map { ($0.path, $0) }) { first, _ in first }
    for entry in manifest.entries where entry.path.hasSuffix(".dist-info/METADATA") {
      let metadata = WheelMetadata(String(decoding: try bytes(entry.digest), as: UTF8.self))
      let folder = entry.path.dropLast("METADATA".count)
      guard let name = metadata.name, let record = files["\(folder)RECORD"] else { continue }
      // The list has no header, so its first line stands where the columns' names would.
      let list = Table(csv: try bytes(record.digest))
      let own = Set(([list.columns] + list.rows).compactMap(\.first)).compactMap { files[$0] }
      wheels[WheelMetadata.normal(name)] = UnpackedWheel(
        bytes: own.saturatedSum(\.size), license: metadata.license)
    }
    return wheels
  }
}
