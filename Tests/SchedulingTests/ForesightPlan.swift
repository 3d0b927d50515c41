// A random graph with sources, branches, deliveries and ingestions as plain data, and what may happen
// to it between two runs.
import Atelier
import AtelierStep
import AtelierTesting
import Content
import Foundation

/// A graph as plain data; a node refers to earlier ones by their positions.
struct ForesightPlan {
  enum Node {
    case source(text: String)
    case join(parts: [Int], text: String)
    case head(from: Int, count: Int)
    case branch(decision: Int, then: String, otherwise: String)
    case delivery(from: Int)
    case ingestion(day: Int, text: String)
  }

  private(set) var nodes: [Node] = []
  private var bucket = 0

  init(count: Int, using generator: inout SeededGenerator) {
    for index in 0..<count { nodes.append(Self.node(index, using: &generator)) }
  }

  private static func node(_ index: Int, using generator: inout SeededGenerator) -> Node {
    func earlier() -> Int { Int.random(in: 0..<index, using: &generator) }
    let text = ["yes", "no", "x", "y"].randomElement(using: &generator) ?? ""
    switch index == 0 ? 0 : Int.random(in: 0..<9, using: &generator) {
    case 0: return .source(text: text)
    case 1, 2:
      return .join(
        parts: (0..<Int.random(in: 0...3, using: &generator)).map { _ in earlier() }, text: text)
    case 3, 4: return .head(from: earlier(), count: Int.random(in: 1...3, using: &generator))
    case 5: return .branch(decision: earlier(), then: text, otherwise: "other")
    case 6: return .ingestion(day: Int.random(in: 1...9, using: &generator), text: text)
    default: return .delivery(from: earlier())
    }
  }

  /// Changes one node into another one of its place.
  mutating func edit(using generator: inout SeededGenerator) {
    let index = Int.random(in: nodes.indices, using: &generator)
    nodes[index] = Self.node(index, using: &generator)
  }

  /// Publishes elsewhere from now on.
  mutating func moveToAnotherBucket() { bucket += 1 }

  /// The folders of the data sets, below the store.
  var datasets: [String] {
    nodes.indices.compactMap { index in
      if case .delivery = nodes[index] { "bucket\(bucket)/pre/d\(index)" } else { nil }
    }
  }

  /// Writes the sources and wires the nodes.
  func wire(_ p: inout PipelineBuilder, _ lab: Laboratory) throws {
    var outputs: [Artifact<Words>] = []
    for (index, node) in nodes.enumerated() {
      outputs.append(try output(of: node, index, outputs, &p, lab))
    }
  }

  private func output(
    of node: Node, _ index: Int, _ outputs: [Artifact<Words>], _ p: inout PipelineBuilder,
    _ lab: Laboratory
  ) throws -> Artifact<Words> {
    let name = "a.n\(index)"
    switch node {
    case .source(let text):
      let path = try lab.space.write("sources/\(index)-\(text)", text)
      return p.source(name, path: path)
    case .join(let parts, let text):
      return p.add(
        name, Join(parts: parts.map { outputs[$0] }, text: text, journal: lab.journal)
      ).out
    case .head(let from, let count):
      return p.add(name, Head(from: outputs[from], count: count, journal: lab.journal)).out
    case .branch(let decision, let then, let otherwise):
      let choice = p.add("a.c\(index)", Decide(from: outputs[decision])).choice
      return p.branch(name, on: choice) { p in
        let step = Join(parts: [outputs[decision]], text: then, journal: lab.journal)
        return p.add("a.t\(index)", step).out
      } otherwise: { p in
        p.add("a.e\(index)", Join(text: otherwise, journal: lab.journal)).out
      }
    case .delivery(let from):
      return p.deliver(
        name, outputs[from],
        to: Publication(bucket: "bucket\(bucket)", prefix: "pre", dataset: "d\(index)"))
    case .ingestion(let day, let text):
      let note = p.add("a.r\(index)", Note(["2026-01-0\(day)": text]))
      let history = p.ingest(
        "a.i\(index)", note.records,
        into: FeaturePlace(bucket: "bucket\(bucket)", prefix: "pre", group: "g\(index)"))
      return p.add(name, Recall(history: history, journal: lab.journal)).out
    }
  }
}
