// The layered layout: wires lead downwards, and boxes keep their distance.
import AtelierTesting
import Testing

@testable import Report

@Suite struct LayoutTests {
  @Test func wiresLeadDownAndBoxesStandApart() {
    var random = SeededGenerator(state: 7)
    for _ in 0..<40 {
      let count = Int.random(in: 1...30, using: &random)
      var wires: Set<StepGraph.Wire> = []
      for _ in 0..<Int.random(in: 0...(count * 2), using: &random) where count > 1 {
        let from = Int.random(in: 0..<(count - 1), using: &random)
        wires.insert(.init(from: from, to: Int.random(in: (from + 1)..<count, using: &random)))
      }
      let links = wires.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
      let measure = LayeredLayout.Measure()
      let layout = LayeredLayout(count: count, wires: links, measure: measure)
      #expect(layout.boxes.count == count && layout.wires.count == links.count)
      for (wire, path) in zip(links, layout.wires) {
        #expect(layout.boxes[wire.from].y < layout.boxes[wire.to].y)
        #expect(path.first?.x == layout.boxes[wire.from].x)
        #expect(path.last?.x == layout.boxes[wire.to].x)
        #expect(zip(path, path.dropFirst()).allSatisfy { $0.y <= $1.y })
      }
      for one in 0..<count {
        #expect(layout.boxes[one].x >= measure.boxWidth / 2)
        #expect(layout.boxes[one].x + measure.boxWidth / 2 <= layout.size.x)
        for other in 0..<one where layout.boxes[one].y == layout.boxes[other].y {
          let apart = (layout.boxes[one].x - layout.boxes[other].x).magnitude
          #expect(apart > measure.boxWidth + measure.gap - 0.001)
        }
      }
    }
  }

  @Test func aChainIsOneColumnAndNothingIsNothing() {
    let chain = LayeredLayout(count: 3, wires: [.init(from: 0, to: 1), .init(from: 1, to: 2)])
    #expect(Set(chain.boxes.map(\.x)).count == 1)
    #expect(LayeredLayout(count: 0, wires: []).boxes.isEmpty)
  }
}
