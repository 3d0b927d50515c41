// Graphs of any size and of four shapes, made of steps that do next to nothing.
import Atelier
import AtelierStep
import Synthetic

enum SyntheticWorkshop: Workshop {
  static let name = "synthetic"
  static let folder = "Synthetic"
  static let summary = "graphs that measure the engine"
  static let stages = [Stage("graph", "all steps")]
  static let settings = [
    Setting("Bench", "shape", default: "chain", "chain, fan, fan-in or layers"),
    Setting("Bench", "steps", default: "10", "how many; fan and fan-in have one more"),
    Setting("Bench", "width", default: "10", "steps of a layer"),
    Setting("Bench", "isolation", default: "process", "process or in-process"),
    Setting("Bench", "value", default: "1", "a parameter of the first step"),
    Setting("Bench", "label", default: "", "a parameter of the first step that changes no byte"),
    Setting("Bench", "bytes", default: "16", "size of every output"),
  ]

  static func wire(_ p: inout PipelineBuilder, _ settings: Settings) throws {
    var wiring = try SyntheticWiring(settings)
    let steps = try settings.integer("Bench", "steps", in: 1...10_000_000)
    switch try settings.choice("Bench", "shape", among: ["chain", "fan", "fan-in", "layers"]) {
    case "fan":
      let first = try wiring.add(to: &p, inputs: [])
      for _ in 0..<steps { try wiring.add(to: &p, inputs: [first]) }
    case "fan-in":
      var all: [Artifact<SyntheticFile>] = []
      for _ in 0..<steps { all.append(try wiring.add(to: &p, inputs: [])) }
      try wiring.add(to: &p, inputs: all)
    case "layers":
      try layers(steps, width: settings.integer("Bench", "width", in: 1...100_000), &wiring, &p)
    default:
      var last: [Artifact<SyntheticFile>] = []
      for _ in 0..<steps { last = [try wiring.add(to: &p, inputs: last)] }
    }
  }

  /// Each step uses two of the layer before: the one at its place and the next.
  private static func layers(
    _ steps: Int, width: Int, _ wiring: inout SyntheticWiring, _ p: inout PipelineBuilder
  ) throws {
    var before: [Artifact<SyntheticFile>] = []
    var layer: [Artifact<SyntheticFile>] = []
    for _ in 0..<steps {
      let place = layer.count
      let next = before.count > 1 ? [before[(place + 1) % before.count]] : []
      let inputs = before.isEmpty ? [] : [before[place]] + next
      layer.append(try wiring.add(to: &p, inputs: inputs))
      if layer.count == width {
        before = layer
        layer = []
      }
    }
  }
}

/// Adds numbered steps of one kind; the first has the value and the label of the configuration.
private struct SyntheticWiring {
  private let isInProcess: Bool
  private let value: Int
  private let label: String
  private let bytes: Int
  private var count = 0

  init(_ settings: Settings) throws {
    let isolation = try settings.choice("Bench", "isolation", among: ["process", "in-process"])
    isInProcess = isolation == "in-process"
    value = try settings.integer("Bench", "value", in: 0...Int.max)
    label = try settings.string("Bench", "label")
    bytes = try settings.integer("Bench", "bytes", in: 1...1 << 31)
  }

  @discardableResult
  mutating func add(
    to p: inout PipelineBuilder, inputs: [Artifact<SyntheticFile>]
  ) throws -> Artifact<SyntheticFile> {
    let isFirst = count == 0
    let recipe = Recipe(
      number: count, value: isFirst ? value : 0, bytes: bytes, label: isFirst ? label : "")
    let name = "graph.step.\(count)"
    count += 1
    if isInProcess { return p.add(name, DeriveInProcess(recipe: recipe, inputs: inputs)).file }
    return p.add(name, Derive(recipe: recipe, inputs: inputs)).file
  }
}
