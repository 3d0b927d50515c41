// How features of a group are scaled: learnt from its first ingestion, whatever comes later.
import AtelierTesting
import Content
import Features
import Foundation
import LearningFormats
import Testing

@Suite struct LearnScalingTests {
  let groups: Groups

  init() throws { groups = try Groups() }

  private func batch(_ name: String, _ values: String) throws -> StepHarness.Result {
    try StepHarness.run(
      MakeRecords(
        table: .test,
        encoding: RecordEncoding(
          recordIdentifier: "id", eventTime: "held",
          features: [
            EncodedFeature("id", .integral, from: .column(name: "id")),
            EncodedFeature("held", .fractional, from: .column(name: "held")),
            EncodedFeature("v", .fractional, from: .column(name: "v")),
            EncodedFeature("w", .fractional, from: .column(name: "w")),
          ])),
      inputs: ["table": try groups.table(name, "(VALUES \(values)) t(id, held, v, w)")])
  }

  private func learn(
    _ history: String, _ features: [String], declared: [String: FeatureScale] = [:]
  ) throws -> [String: FeatureScale] {
    let result = try StepHarness.run(
      LearnScaling(history: .test, features: features, declared: declared),
      inputs: ["history": history])
    return try JSONDecoder().decode(
      [String: FeatureScale].self, from: Data(result.bytes("scaling")))
  }

  @Test(
    "steps 1, features: scaling is learnt once a group, as StandardScaler does, and later files change nothing"
  )
  func onceAGroup() throws {
    let first = try batch("a", "(1, 0.0, 1.0, 5.0), (2, 0.0, 2.0, 5.0), (3, 0.0, 4.5, NULL)")
    let second = try batch("b", "(4, 9.0, 1000.0, 7.0), (1, 9.0, -50.0, 8.0)")
    let alone = try learn(groups.history("one", [first]), ["v", "w"])
    let mean = 2.5
    let deviation = (((1.5 * 1.5) + (0.5 * 0.5) + (2.0 * 2.0)) / 3).squareRoot()
    #expect(alone["v"]?.mean == mean)
    #expect(alone["v"].map { abs($0.deviation - deviation) < 1e-11 } == true)
    // All equal: nothing to divide by.
    #expect(alone["w"] == FeatureScale(mean: 5, deviation: 1))
    #expect(try learn(groups.history("two", [first, second]), ["v", "w"]) == alone)
    // As a scaler for each file would have it, the second one's is another.
    #expect(try learn(groups.history("other", [second]), ["v", "w"]) != alone)
  }

  @Test("steps 1, features: what is declared is taken as it is, and what is not there is named")
  func declared() throws {
    let history = try groups.history("one", [batch("a", "(1, 0.0, 1.0, NULL::DOUBLE)")])
    let given = ["v": FeatureScale(mean: 0.5, deviation: 2)]
    #expect(try learn(history, [], declared: given) == given)
    #expect(
      stepFailure { try learn(history, ["x"]) } == "the feature group has no feature 'x' to scale")
    #expect(stepFailure { try learn(history, ["w"]) }?.contains("has no value of 'w'") == true)
  }
}
