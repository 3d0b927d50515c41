// The rules of a whole graph, one small check each, applied before the first step runs.
import AtelierStep

/// One rule that a finished graph must obey.
public struct GraphRule: Sendable {
  let name: String
  /// Each node that breaks the rule, and how.
  let mistakes: @Sendable (Graph) -> [(node: String, problem: String)]

  /// Everything that breaks a rule.
  static func mistakes(in graph: Graph) -> [WiringError] {
    all.flatMap { rule in
      rule.mistakes(graph).map {
        WiringError(workshop: graph.workshop, node: $0.node, problem: $0.problem)
      }
    }
  }

  static let all: [GraphRule] = [plainNames, knownStages, onePlacePerDelivery, uniqueOutputs]

  static let knownStages = GraphRule(name: "known stages") { graph in
    let stages = Set(graph.stages.map(\.name))
    return graph.nodes.filter { isPlain($0.name) && !stages.contains($0.stage) }.map {
      (
        $0.name,
        "there is no stage '\($0.stage)'; stages are "
          + graph.stages.map(\.name).joined(separator: ", ")
      )
    }
  }

  /// Names stand in file names, targets and JSON, so they keep to a plain alphabet.
  static let plainNames = GraphRule(name: "plain names") { graph in
    graph.nodes.filter { !isPlain($0.name) }.map {
      ($0.name, "expected a name such as 'week2.features' of letters, digits, '-' and '_'")
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count >= 2 && parts.allSatisfy { PlainName.isPlain($0) }
  }

  static let onePlacePerDelivery = GraphRule(name: "one place a delivery") { graph in
    // By folder: neither another file name in it nor another end of the bucket makes two places.
    var owners: [String: String] = [:]
    return graph.nodes.compactMap { node in
      let (place, advice): (String, String)
      switch node.kind {
      case .delivery(let publication):
        (place, advice) = (publication.place, "give one of them another data set id")
      case .ingestion(let features):
        (place, advice) = (features.place, "join the records first, for their order counts")
      default: return nil
      }
      return owners.updateValue(node.name, forKey: place).map {
        (node.name, "'\($0)' delivers to the same place, \(place); \(advice)")
      }
    }
  }

  static let uniqueOutputs = GraphRule(name: "unique outputs") { graph in
    graph.nodes.filter { Set($0.outputs.map(\.name)).count != $0.outputs.count }.map {
      ($0.name, "two outputs have the same name")
    }
  }
}
