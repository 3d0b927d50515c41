// A graph, its settings and the bytes that it begins with as one document: what engines elsewhere are
// given. It runs nothing and reads no file.
import Atelier
import AtelierStep
import Content

/// What a run would do, as a value: the chosen part of a graph, the settings that it was wired by, and
/// the digests of its sources.
///
/// Two plans with one ``digest`` run the same steps with the same settings on the same bytes, whatever
/// machine they are made on. Settings count as they are written: `1e1` is another plan than `10`, and may
/// run nothing that the other has not run. No secret is in it: settings are given without,
/// and no step can hold one.
public struct Plan: Sendable {
  /// The workshop's name.
  public let workshop: String
  /// The stages that have a node in the plan, in the workshop's order.
  public let stages: [Stage]
  /// The nodes, each after everything that it depends on.
  public let nodes: [PlanNode]
  /// The values of the workshop's settings by `Section.key`.
  public let settings: [String: String]
  /// The files and folders that settings name and that decided how the graph was wired.
  public let readings: WiringReadings
  /// The plan without its own digest, as canonical JSON has it.
  public let content: JSONValue
  /// SHA-256 of the canonical bytes of ``content``.
  public let digest: Digest

  /// A source whose bytes are not known: a plan says what it begins with.
  public struct UnknownSource: Error, CustomStringConvertible {
    /// The error in one sentence.
    public let description: String
  }

  /// The plan of some nodes of a graph, with all that they need.
  ///
  /// - Parameters:
  ///   - graph: the finished graph.
  ///   - nodes: indices of the nodes, ascending; what they depend on is among them.
  ///   - settings: values by `Section.key`, without secrets.
  ///   - sources: what is known of the bytes of each source node, by its index.
  ///   - projectRoot: the folder that is cut off the paths of sources and off settings.
  /// - Throws: `UnknownSource`, or `CanonicalJSONError` for a parameter that is no finite number.
  public init(
    _ graph: Graph, nodes: [Int], settings: [String: String], sources: [Int: OutputRecord],
    projectRoot: String
  ) throws {
    workshop = graph.workshop
    let root = projectRoot + "/"
    let settings = settings.mapValues {
      $0.hasPrefix(root) ? String($0.dropFirst(root.count)) : $0
    }
    self.settings = settings
    let used = Set(nodes.map { graph.nodes[$0].stage })
    stages = graph.stages.filter { used.contains($0.name) }
    self.nodes = try nodes.map { index in
      let node = graph.nodes[index]
      if case .source(let path) = node.kind, sources[index] == nil {
        throw UnknownSource(
          description: "\(node.name): the bytes of \(path) are not known; a plan holds the digest "
            + "of each source, so put the file there or name another one")
      }
      return PlanNode(
        index: index, node: node, source: sources[index], names: graph.nodes.map(\.name))
    }
    let documents = self.nodes.map { $0.document(projectRoot: projectRoot) }
    readings = graph.readings
    var members: [String: JSONValue] = [
      "v": 1, "workshop": .string(workshop),
      "stages": .array(stages.map { ["name": .string($0.name), "summary": .string($0.summary)] }),
      "settings": .object(settings.mapValues { .string($0) }), "nodes": .array(documents),
    ]
    if !readings.named.isEmpty || !readings.namedFolders.isEmpty {
      members["reads"] = readings.document(projectRoot: projectRoot)
    }
    content = .object(members)
    digest = try Digest.of(content.canonicalBytes())
  }

  /// The plan with its digest, as canonical JSON has it.
  public var document: JSONValue {
    guard case .object(var members) = content else { return content }
    members["digest"] = .string(digest.description)
    return .object(members)
  }

  /// The node of that name.
  public func node(_ name: String) -> PlanNode? { nodes.first { $0.name == name } }
}
