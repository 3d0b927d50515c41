// The counts of a classification agree with its metrics, and an endpoint says what it serves.
import AtelierStep
import AtelierTesting
import Content
import Foundation
import LearningFormats
import Testing

@testable import Learn

@Suite struct DescribeClassesTests {
  private func settings(
    _ objective: String, _ parameters: [String: String] = ["max_depth": "3"]
  ) throws -> BoosterSettings {
    try BoosterSettings(objective: objective, rounds: 10, seed: 1, parameters: parameters)
  }

  private func describe(
    _ data: StepHarness.Result, _ model: StepHarness.Result
  ) throws -> StepHarness.Result {
    try withExtendedLifetime((data, model)) {
      try StepHarness.run(
        DescribeClasses(data: .test, model: .test, parts: ["validation"]),
        inputs: ["data": data.outputs["data"] ?? "", "model": model.outputs["model"] ?? ""])
    }
  }

  private func rows(_ result: StepHarness.Result, _ output: String) throws -> [[Double]] {
    try result.text(output).split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",").compactMap { Double($0) }
    }
  }

  @Test(arguments: [
    ("binary:logistic", "yes", "error", 2), ("multi:softprob", "kind", "merror", 3),
    ("multi:softmax", "kind", "merror", 3),
  ])
  func countsAgreeWithTheMetric(
    objective: String, label: String, metric: String, classes: Int
  ) throws {
    let data = try LearningTable().matrices(label: label)
    let parameters =
      classes == 2 ? ["max_depth": "3"] : ["max_depth": "3", "num_class": "\(classes)"]
    let model = try train(data, settings(objective, parameters))
    let described = try describe(data, model)
    let confusion = try rows(described, "confusion")
    #expect(confusion.count == classes * classes && confusion.reduce(0) { $0 + $1[2] } == 120)
    let wrong = confusion.reduce(0) { $0 + ($1[0] == $1[1] ? 0 : $1[2]) }
    let measured = try JSONValue(parsing: measure(data, model).text("measured"))
    let error = try #require(measured["metrics"]?[metric]?.number)
    #expect(abs(wrong / 120 - error) < 1e-11)
    let histogram = try rows(described, "histogram")
    #expect(histogram.count == classes * 20)
    for one in 0..<classes {
      let own = histogram.filter { $0[0] == Double(one) }
      let expected = confusion.reduce(0) { $0 + ($1[0] == Double(one) ? $1[2] : 0) }
      #expect(own.reduce(0) { $0 + $1[3] } == expected)
      #expect(own.map { $0[1] } == (0..<20).map { Double($0) / 20 })
    }
    guard classes == 2 else { return }
    // Of two classes the score itself says how a row is decided.
    let high = histogram.reduce(0) { $0 + ($1[1] >= 0.5 ? $1[3] : 0) }
    #expect(high == confusion.reduce(0) { $0 + ($1[1] == 1 ? $1[2] : 0) })
  }

  @Test func aRegressionHasNoClasses() throws {
    let data = try LearningTable().matrices()
    let model = try train(data, settings("reg:squarederror"))
    let failure = #expect(throws: StepFailure.self) { try describe(data, model) }
    #expect(failure?.description.contains("the model's objective is reg:squarederror") == true)
  }

  @Test func anEndpointServesTheVeryModel() throws {
    let data = try LearningTable().matrices(label: "yes")
    let model = try train(data, settings("binary:logistic"))
    let measured = try measure(data, model)
    let path = model.outputs["model"] ?? ""
    func configure(_ artifacts: [Artifact<ModelMetrics>]) throws -> StepHarness.Result {
      try StepHarness.run(
        ConfigureEndpoint(
          model: .test, measured: artifacts, endpoint: "shop", title: "shop-a",
          algorithm: "xgboost", contentType: "text/csv"),
        inputs: ["model": path, "measured.0": measured.outputs["measured"] ?? ""])
    }
    let configured = try configure([.test])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let served = URL(fileURLWithPath: configured.outputs["served"] ?? "")
    #expect(try Data(contentsOf: served) == bytes)
    let document = try JSONValue(parsing: configured.text("configuration"))
    #expect(document["model"]?.string == (try Digest.of([UInt8](bytes)).description))
    #expect(document["features"] == 3 && document["label"] == "yes")
    let metrics = try JSONValue(parsing: measured.text("measured"))["metrics"]
    #expect(document["metrics"] == metrics && document["status"] == "configured")
    #expect(document["constant"]?["auc"] == 0.5)
    let unmeasured = try JSONValue(parsing: configure([]).text("configuration"))
    #expect(unmeasured["metrics"] == .null && unmeasured["title"] == "shop-a")
  }
}
