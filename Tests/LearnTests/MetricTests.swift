// Metrics of fractional labels and of knowing nothing, and data of one class.
import AtelierStep
import AtelierTesting
import Content
import Foundation
import Testing
import XGBoost

@testable import Learn

@Suite struct MetricTests {
  private func value(_ metric: Metric, _ values: [Float], _ labels: [Float]) throws -> Double {
    try metric.value(BoosterPredictions(values: values, width: 1), labels: labels)
  }

  @Test("steps 3.9: log loss counts a label between 0 and 1 for both classes in its proportion")
  func logLossOfFractions() throws {
    let (values, labels): ([Float], [Float]) = ([0.8, 0.25, 0.5, 0.999], [0.3, 0.75, 0, 1])
    let expected =
      zip(values, labels).reduce(0.0) { sum, row in
        let (p, y) = (Double(row.0), Double(row.1))
        return sum - (y * log(p) + (1 - y) * log(1 - p))
      } / 4
    #expect(abs(try value(.logloss, values, labels) - expected) < 1e-9)
    // As before where labels are 0 and 1, and never infinite.
    #expect(abs(try value(.logloss, [0, 1], [0, 1])) < 1e-9)
    #expect(try value(.logloss, [0], [1]) == 36.8413614879)
  }

  @Test("steps 3.9: XGBoost's own log loss of fractional labels is the same")
  func logLossIsXGBoosts() throws {
    let data = try LearningTable(change: "UPDATE rows SET price = ((row * 37) % 101) / 100;")
      .matrices()
    let model = try train(
      data,
      BoosterSettings(
        objective: "reg:logistic", rounds: 5, seed: 1, evalMetric: "logloss", parameters: [:]))
    let found = try JSONValue(parsing: measure(data, model).text("measured"))["metrics"]?["logloss"]
    let tree = data.outputs["data"] ?? ""
    let rows = try TrainingMeta(in: tree).rows(of: ["validation"], in: tree)
    let library = try XGBoostLibrary(path: TestTools.path(of: "xgboost") ?? "")
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: model.outputs["model"] ?? "")))
    let scores = try Booster(library, model: bytes).predict(
      DMatrix(library, values: rows.features, columns: 3))
    let expected =
      zip(scores, rows.labels).reduce(0.0) { sum, row in
        sum - (Double(row.1) * log(Double(row.0)) + (1 - Double(row.1)) * log(1 - Double(row.0)))
      } / Double(scores.count)
    #expect(rows.labels.contains { $0 > 0.2 && $0 < 0.8 })
    #expect(found?.number.map { abs($0 - expected) < 1e-9 } == true)
  }

  @Test("data D4: the best constant prediction of each metric")
  func constants() {
    #expect(Metric.rmse.constant(labels: [1, 2, 3, 6]) == 1.87082869339)
    #expect(Metric.mae.constant(labels: [1, 2, 3, 10]) == 2.5)
    #expect(Metric.error.constant(labels: [0, 0, 0, 1]) == 0.25)
    #expect(Metric.merror.constant(labels: [0, 1, 1, 2, 2, 2]) == 0.5)
    #expect(Metric.auc.constant(labels: [0, 1]) == 0.5)
    #expect(Metric.logloss.constant(labels: [0, 0, 0, 1]) == 0.562335144619)
    #expect(Metric.logloss.constant(labels: [0.5, 0.5]) == 0.69314718056)
    #expect(Metric.mlogloss.constant(labels: [0, 1, 2, 2]) == 1.03972077084)
  }

  @Test(
    "data D4: a part of one class is neither trained nor measured on",
    arguments: [
      ("binary:logistic", "yes", [:]), ("multi:softprob", "kind", ["num_class": "3"]),
    ] as [(String, String, [String: String])])
  func oneClass(objective: String, label: String, parameters: [String: String]) throws {
    let settings = try BoosterSettings(
      objective: objective, rounds: 2, seed: 1, parameters: parameters)
    let whole = try LearningTable().matrices(label: label)
    let model = try train(whole, settings)
    let one = try LearningTable(change: "UPDATE rows SET \(label) = 0;").matrices(label: label)
    let said = "has one class only: the label of all its"
    #expect(
      stepFailure { try train(one, settings) }?.hasPrefix("the part 'train' \(said) 420 rows is 0")
        == true)
    #expect(
      stepFailure { try measure(one, model) }?.hasPrefix(
        "the part 'validation' \(said) 120 rows is 0")
        == true)
  }

  @Test(
    "data D4: labels that follow from nothing give a model that is not better than the constant")
  func noise() throws {
    // One row in 25 is positive, whatever its features.
    let table = try LearningTable(
      rows: 2000, change: "UPDATE rows SET yes = draw(row, 'any', 25) = 0;")
    let data = try table.matrices(label: "yes")
    let settings = try BoosterSettings(
      objective: "binary:logistic", rounds: 100, seed: 1, evalMetric: "error",
      parameters: ["max_depth": "5", "eta": "0.2", "gamma": "4", "min_child_weight": "6"])
    let measured = try measure(data, train(data, settings))
    let document = try JSONValue(parsing: measured.text("measured"))
    let error = try #require(document["metrics"]?["error"]?.number)
    #expect(error < 0.1)
    #expect(document["constant"]?["error"]?.number.map { error >= $0 } == true)
    let decided = try StepHarness.run(
      DecideByMetric(measured: .test, metric: .error, threshold: 0.1),
      inputs: ["measured": measured.outputs["measured"] ?? ""])
    #expect(try Choice.parse(Array(decided.text("choice").utf8)) == false)
  }
}
