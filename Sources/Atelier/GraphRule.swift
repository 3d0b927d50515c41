// The rules of a whole graph, one small check each, applied before the first step runs.

/// One rule that a finished graph must obey.
public struct GraphRule: Sendable {
  let name: String
  let check: @Sendable (Graph) throws -> Void

  static let all: [GraphRule] = [knownStages, plainNames, onePlacePerDelivery, uniqueOutputs]

  static let knownStages = GraphRule(name: "known stages") { graph in
    let stages = Set(graph.stages.map(\.name))
    for node in graph.nodes where !stages.contains(node.stage) {
      throw WiringError(
        workshop: graph.workshop, node: node.name,
        problem: "there is no stage '\(node.stage)'; stages are "
          + graph.stages.map(\.name).joined(separator: ", "))
    }
  }

  /// Names stand in file names, targets and JSON, so they keep to a plain alphabet.
  static let plainNames = GraphRule(name: "plain names") { graph in
    for node in graph.nodes {
      let parts = node.name.split(separator: ".", omittingEmptySubsequences: false)
      let plain = parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
              || $0 == 0x2D || $0 == 0x5F
          }
      }
      guard plain, parts.count >= 2 else {
        throw WiringError(
          workshop: graph.workshop, node: node.name,
          problem: "expected a name such as 'week2.features' of letters, digits, '-' and '_'")
      }
    }
  }

  static let onePlacePerDelivery = GraphRule(name: "one place a delivery") { graph in
    // By folder: neither another file name in it nor another end of the bucket makes two places.
    var owners: [String: String] = [:]
    for node in graph.nodes {
      let (place, advice): (String, String)
      switch node.kind {
      case .delivery(let publication):
        (place, advice) = (publication.place, "give one of them another data set id")
      case .ingestion(let features):
        (place, advice) = (features.place, "join the records first, for their order counts")
      default: continue
      }
      if let other = owners.updateValue(node.name, forKey: place) {
        throw WiringError(
          workshop: graph.workshop, node: node.name,
          problem: "'\(other)' delivers to the same place, \(place); \(advice)")
      }
    }
  }

  static let uniqueOutputs = GraphRule(name: "unique outputs") { graph in
    for node in graph.nodes where Set(node.outputs.map(\.name)).count != node.outputs.count {
      throw WiringError(
        workshop: graph.workshop, node: node.name, problem: "two outputs have the same name")
    }
  }
}
