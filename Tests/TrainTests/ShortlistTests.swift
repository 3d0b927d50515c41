// Which draws are trained in full: ties, order, fewer probes than places, and a draw that moves.
import AtelierTesting
import LearningTools
import Testing

@testable import Train

@Suite struct ShortlistTests {
  private let space: TemporarySpace

  init() throws { space = try TemporarySpace() }

  private func probe(_ number: Int, auc: Double) throws -> String {
    let draw = SearchSpace.draw(seed: 1, number: number)
    let path = "\(space.path)/\(number)-\(auc).json"
    try JSONReport.write(
      ProbeReport(
        draw: draw, xgboost: XGBoostSettings(draw.hyperparameters, seed: draw.sampleSeed),
        accuracy: 0.75, auc: auc, trainingRows: 1, probeRows: 1), to: path)
    return path
  }

  private func listed(
    _ probes: [(Int, Double)], places: Int
  ) throws -> [(number: Int, bytes: [UInt8])] {
    var inputs: [String: String] = [:]
    for (index, one) in probes.enumerated() {
      inputs["probes.\(index)"] = try probe(one.0, auc: one.1)
    }
    let step = try Shortlist(probes: probes.map { _ in .test }, places: places)
    let result = try StepHarness.run(step, inputs: inputs)
    #expect(result.outputs.count == min(places, probes.count))
    return try (0..<result.outputs.count).map { index in
      let name = Shortlist.place(index)
      let draw = try JSONReport.read(Draw.self, from: result.outputs[name] ?? "", named: name)
      #expect(draw == SearchSpace.draw(seed: 1, number: draw.number))
      return (draw.number, try result.bytes(name))
    }
  }

  @Test func theBestAreListedAndTiesGoToTheLowestNumber() throws {
    let probes = [(0, 0.7), (10, 0.8), (9, 0.8), (2, 0.9), (4, 0.1)]
    #expect(try listed(probes, places: 3).map(\.number) == [2, 9, 10])
    #expect(try listed(probes.reversed(), places: 3).map(\.number) == [2, 9, 10])
    #expect(try listed(probes, places: 1).map(\.number) == [2])
    #expect(try listed(probes, places: 8).map(\.number) == [2, 9, 10, 0, 4])
    // More than ten places are in order, too.
    let many = (0..<14).map { ($0, 1 - Double($0) / 100) }
    #expect(try listed(many, places: 12).map(\.number) == Array(0..<12))
  }

  @Test func aDrawThatMovesToAnotherPlaceIsTheSameArtifact() throws {
    let before = try listed([(0, 0.7), (1, 0.8)], places: 2)
    let after = try listed([(0, 0.75), (1, 0.8), (2, 0.9)], places: 3)
    #expect(after.map(\.number) == [2, 1, 0])
    #expect(after[1].bytes == before[0].bytes && after[2].bytes == before[1].bytes)
  }

  @Test func aProbeGivenTwiceIsRefused() throws {
    #expect(
      stepFailure { _ = try listed([(1, 0.5), (1, 0.6)], places: 1) }
        == "a probe's result is given twice: [1, 1]")
  }
}
