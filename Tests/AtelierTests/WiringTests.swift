// What a builder makes of well-wired steps: nodes, wires, guards.
import Atelier
import AtelierStep
import Testing

@Suite struct WiringTests {
  @Test func nodesHoldWhatTheKeyNeeds() throws {
    var p = builder()
    let first = p.add("one.pick", Pick(count: 3))
    let second = p.add("one.pick-more", Pick())
    p.add("two.press", Press(apples: first.apples, pears: [second.pears, first.pears]))
    let graph = try p.finish()
    #expect(graph.workshop == "orchard")
    #expect(graph.nodes.map(\.name) == ["one.pick", "one.pick-more", "two.press"])
    let press = graph.nodes[2]
    #expect(press.stage == "two")
    #expect(press.inputs.map(\.description.name) == ["apples", "pears.0", "pears.1"])
    #expect(press.inputs.map(\.from.node) == [0, 1, 0])
    #expect(press.inputs.map(\.from.output) == ["apples", "pears", "pears"])
    #expect(press.inputs.map(\.description.isTree) == [false, true, true])
    #expect(press.dependencies == [0, 1])
    #expect(press.outputs == [ArtifactDescription(name: "juice", format: Apples.self)])
    let step = try #require(press.step)
    #expect(step.family == "Test")
    #expect(step.step == "Press")
    #expect(step.parameters == [:])
    #expect(step.sql == ["press.sql": "SELECT 1"])
    #expect(step.programs == [Program("press")])
    #expect(step.isolation == .process)
    #expect(graph.nodes[0].step?.parameters == ["count": 3])
    #expect(graph.nodes[0].outputs.map(\.fileName) == ["apples.txt", "pears"])
  }

  @Test func sourcesAndDeliveriesAreNodes() throws {
    var p = builder()
    let place = Publication(bucket: "b", prefix: "p", dataset: "d")
    let source: Artifact<Apples> = p.source("one.file", path: "data/apples.txt")
    let delivered = p.deliver("one.out", source, to: place)
    p.add("two.press", Press(apples: delivered))
    let graph = try p.finish()
    guard case .source("data/apples.txt") = graph.nodes[0].kind,
      case .delivery(place) = graph.nodes[1].kind
    else {
      Issue.record("kinds: \(graph.nodes.map(\.kind))")
      return
    }
    #expect(graph.nodes[1].inputs.map(\.from.node) == [0])
    #expect(graph.nodes[2].inputs.map(\.from) == [delivered.reference])
    #expect(delivered.reference?.output == "delivered")
  }

  @Test func aBranchGuardsTheNodesOfItsArms() throws {
    var p = builder()
    let pick = p.add("one.pick", Pick())
    let choice = p.add("one.decide", Decide(apples: pick.apples)).choice
    let result = p.branch("two.which", on: choice) { p in
      let inner = p.add("two.a", Press(apples: pick.apples))
      return p.branch("two.inner", on: choice) { p in
        p.add("two.b", Press(apples: inner.juice)).juice
      } otherwise: { _ in
        inner.juice
      }
    } otherwise: { _ in
      pick.apples
    }
    p.add("two.end", Press(apples: result))
    let graph = try p.finish()
    let guards = Dictionary(
      uniqueKeysWithValues: graph.nodes.map { node in
        (node.name, node.guards.map { "\($0.branch)=\($0.arm)" })
      })
    #expect(
      guards == [
        "one.pick": [], "one.decide": [], "two.a": ["two.which=true"],
        "two.b": ["two.which=true", "two.inner=true"], "two.inner": ["two.which=true"],
        "two.which": [], "two.end": [],
      ])
    #expect(
      graph.nodes.map(\.dependencies) == [
        [], [0], [0, 1], [1, 2], [1, 2, 3], [0, 1, 4], [5],
      ])
  }

  @Test func oneArtifactMayFeedManyInputs() throws {
    var p = builder()
    let pick = p.add("one.pick", Pick())
    let step = Press(apples: pick.apples, pears: [pick.pears, pick.pears])
    p.add("two.press", step)
    #expect(try p.finish().nodes[1].dependencies == [0])
  }
}

extension Artifact {
  fileprivate var reference: OutputReference? {
    if case .wired(let reference) = source { reference } else { nil }
  }
}
