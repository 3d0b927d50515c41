// Graphs of any size and of four shapes, made of steps that do next to nothing.
import Atelier
import AtelierStep
import Synthetic

enum SyntheticWorkshop: Workshop {
  static let name = "synthetic"
  static let folder = "Synthetic"
  static let summary = "graphs that measure the engine"
  static let stages = [Stage("graph", "all steps")]
  static func wire(_ p: inout PipelineBuilder, _ settings: SyntheticSettings) throws {
    var wiring = SyntheticWiring(settings: settings)
    let steps = settings.steps
    switch settings.shape {
    case .fan:
      let first = wiring.add(to: &p, inputs: [])
      for _ in 0..<steps { wiring.add(to: &p, inputs: [first]) }
    case .fanIn:
      var all: [Artifact<SyntheticFile>] = []
      for _ in 0..<steps { all.append(wiring.add(to: &p, inputs: [])) }
      wiring.add(to: &p, inputs: all)
    case .layers: layers(steps, width: settings.width, &wiring, &p)
    case .chain:
      var last: [Artifact<SyntheticFile>] = []
      for _ in 0..<steps { last = [wiring.add(to: &p, inputs: last)] }
    }
  }

  /// Each step uses two of the layer before: the one at its place and the next.
  private static func layers(
    _ steps: Int, width: Int, _ wiring: inout SyntheticWiring, _ p: inout PipelineBuilder
  ) {
    var before: [Artifact<SyntheticFile>] = []
    var layer: [Artifact<SyntheticFile>] = []
    for _ in 0..<steps {
      let place = layer.count
      let next = before.count > 1 ? [before[(place + 1) % before.count]] : []
      let inputs = before.isEmpty ? [] : [before[place]] + next
      layer.append(wiring.add(to: &p, inputs: inputs))
      if layer.count == width {
        before = layer
        layer = []
      }
    }
  }
}

/// Adds numbered steps of one kind; the first has the value and the label of the configuration.
private struct SyntheticWiring {
  let settings: SyntheticSettings
  private var count = 0

  init(settings: SyntheticSettings) { self.settings = settings }

  @discardableResult
  mutating func add(
    to p: inout PipelineBuilder, inputs: [Artifact<SyntheticFile>]
  ) -> Artifact<SyntheticFile> {
    let isFirst = count == 0
    let recipe = Recipe(
      number: count, value: isFirst ? settings.value : 0, bytes: settings.bytes,
      label: isFirst ? settings.label : "")
    let name = "graph.step.\(count)"
    count += 1
    if settings.isolation == .inProcess {
      return p.add(name, DeriveInProcess(recipe: recipe, inputs: inputs)).file
    }
    return p.add(name, Derive(recipe: recipe, inputs: inputs)).file
  }
}

/// Which graph is made, and of what.
struct SyntheticSettings: SettingsTable {
  @Setting("Bench", "shape", "how the steps hang together") var shape = Shape.chain
  @Setting("Bench", "steps", "how many; fan and fan-in have one more", in: 1...10_000_000)
  var steps = 10
  @Setting("Bench", "width", "steps of a layer", in: 1...100_000) var width = 10
  @Setting("Bench", "isolation", "where steps run") var isolation = Isolation.process
  @Setting("Bench", "value", "a parameter of the first step", in: 0...Int.max) var value = 1
  @Setting("Bench", "label", "a parameter of the first step that changes no byte")
  var label = ""
  @Setting("Bench", "bytes", "size of every output", in: 1...1 << 31) var bytes = 16

  enum Shape: String, SettingChoice {
    case chain, fan
    case fanIn = "fan-in"
    case layers
  }

  enum Isolation: String, SettingChoice {
    case process
    case inProcess = "in-process"
  }
}
