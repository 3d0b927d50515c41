// What the test part says of a model: against definitions, and against other people's programs.
import AtelierTesting
import Content
import Foundation
import LearningTools
import Testing
import XGBoost

@testable import Train

@Suite struct EvaluateModelTests {
  private let data: StepHarness.Result
  private let trial: StepHarness.Result
  private let baseline: StepHarness.Result
  private let version: StepHarness.Result

  init() throws {
    data = try Fixture().prepare()
    trial = try Fixture.trial(data, number: 1)
    baseline = try StepHarness.run(
      TrainBaseline(data: .test, seed: 1), inputs: ["data": data.outputs["data"] ?? ""])
    version = try SelectModelTests.select(baseline, [trial])
  }

  private func evaluate() throws -> StepHarness.Result {
    try StepHarness.run(
      EvaluateModel(data: .test, model: .test, baseline: .test),
      inputs: [
        "data": data.outputs["data"] ?? "", "model": trial.outputs["model"] ?? "",
        "baseline": baseline.outputs["model"] ?? "",
      ])
  }

  private func explain() throws -> [[String]] {
    try table(
      StepHarness.run(
        ExplainModel(data: .test, model: .test),
        inputs: [
          "data": data.outputs["data"] ?? "", "model": trial.outputs["model"] ?? "",
        ]
      ).text("importances"))
  }

  private func table(_ text: String) -> [[String]] {
    text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func metrics(_ evaluated: StepHarness.Result) throws -> [String: Double] {
    let rows = try table(evaluated.text("metrics"))
    return Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1].compactMap(Double.init)))
  }

  /// The labels of the test part and the model's scores, by XGBoost's wrapper alone.
  private func scored(_ model: StepHarness.Result) throws -> [(score: Float, label: Float)] {
    let rows = try PreparedData(data).rows(.test)
    let zero = try model.report().hyperparameters.nulls == .zero
    let library = try library()
    let scores = try Booster(library, model: model.bytes("model")).predict(
      DMatrix(
        library, values: rows.features.map { $0.isNaN && zero ? 0 : $0 }, columns: rows.width))
    return zip(scores, rows.labels).map { (min(max($0, 0), 1), $1) }
  }

  @Test(
    "steps 3.7: the numbers are those of rows that had no say in the choice, with what the choice saw"
  )
  func metricsAreThoseOfTheTestPart() throws {
    let found = try metrics(evaluate())
    let scored = try scored(trial)
    func count(_ positive: Bool, _ label: Float) -> Double {
      Double(scored.count { ($0.score > 0.5) == positive && $0.label == label })
    }
    #expect(scored.count == 500)
    #expect(found["rows"] == 500)
    #expect(found["trueNegatives"] == count(false, 0))
    #expect(found["falsePositives"] == count(true, 0))
    #expect(found["falseNegatives"] == count(false, 1))
    #expect(found["truePositives"] == count(true, 1))
    #expect(found["accuracy"] == (count(false, 0) + count(true, 1)) / 500)
    let positives = count(false, 1) + count(true, 1)
    #expect(found["positives"] == positives && found["positiveShare"] == positives / 500)
    #expect(found["majorityAccuracy"] == max(positives, 500 - positives) / 500)
    #expect(try found["validationAuc"] == trial.report().auc)
    let beaten = try self.scored(baseline)
    let right = beaten.count { ($0.score > 0.5) == ($0.label == 1) }
    #expect(found["baselineAccuracy"] == Double(right) / 500)
    let (low, auc, high) = (found["aucLow"] ?? 9, found["auc"] ?? 9, found["aucHigh"] ?? 0)
    #expect(low < auc && auc < high && high - low > 0.005 && high - low < 0.2)
  }

  @Test("data 4: lift, precision and calibration by their definitions")
  func tablesByDefinition() throws {
    let evaluated = try evaluate()
    let scored = try scored(trial).sorted { $0.score > $1.score }
    let positives = scored.count { $0.label == 1 }
    let lift = try table(evaluated.text("lift")).dropFirst().map { $0.compactMap(Double.init) }
    #expect(lift.count == 10 && lift.allSatisfy { $0[1] == 50 })
    #expect(abs(lift.reduce(0) { $0 + $1[2] } - Double(positives)) < 1e-9)
    #expect(lift.last?[5] == 1)
    for row in lift {
      #expect(abs(row[3] - row[2] / 50) < 1e-11)
      #expect(abs(row[4] - row[3] / (Double(positives) / 500)) < 1e-10)
    }
    #expect(lift[0][4] > 1.5)
    let points = try table(evaluated.text("precisionRecall")).dropFirst()
    #expect(points.first == ["0", "1", "1.000001"])
    for point in points.dropFirst() {
      let threshold = try #require(Float(point[2]))
      let called = scored.filter { $0.score >= threshold }
      let found = called.count { $0.label == 1 }
      #expect(
        point[0] == Ratio(found, of: positives).text
          && point[1] == Ratio(found, of: called.count).text)
    }
    let calibration = try table(evaluated.text("calibration")).dropFirst()
    #expect(calibration.count == 20)
    for row in calibration {
      let (from, to) = (try #require(Double(row[0])), try #require(Double(row[1])))
      let inside = scored.filter {
        Double($0.score) >= from && (Double($0.score) < to || to == 1)
      }
      #expect(row[2] == String(inside.count))
      let share =
        inside.isEmpty ? nil : Double(inside.count { $0.label == 1 }) / Double(inside.count)
      #expect(Double(row[4]).map { abs($0 - (share ?? 9)) < 1e-11 } ?? (share == nil))
    }
  }

  @Test("data D18: the thresholds of the ROC curve are the scores themselves")
  func thresholdsAreExact() throws {
    let scores = Set(try scored(trial).map { PredictionText.text($0.score) })
    let roc = try table(evaluate().text("roc"))
    #expect(roc.first == ["falsePositiveRate", "truePositiveRate", "threshold"])
    #expect(roc[1] == ["0", "0", "1.000001"])
    #expect(roc.count > 50 && roc.count <= 201)
    #expect(Set(roc.dropFirst(2).map { $0[2] }).isSubset(of: scores))
  }

  @Test("data 4: the contributions of the features are XGBoost's, and add up to the score")
  func importances() throws {
    let rows = try explain()
    #expect(rows[0] == ["feature", "meanAbsoluteShap", "gain"])
    #expect(Set(rows.dropFirst().map { $0[0] }) == Set(Fixture.features))
    let sizes = rows.dropFirst().compactMap { Double($0[1]) }
    #expect(sizes == sizes.sorted(by: >) && sizes.count == 14)
    // What the labels follow from counts most.
    #expect(rows[1...3].map { $0[0] }.contains("emailsClicked"))
    let library = try library()
    let part = try PreparedData(data).rows(.test)
    let booster = try Booster(library, model: trial.bytes("model"))
    let matrix = try DMatrix(library, values: part.features, columns: part.width)
    let sums = try booster.contributions(of: matrix)
    for (row, prediction) in try booster.predict(matrix).enumerated() {
      let margin = sums[row * 15..<row * 15 + 15].reduce(0.0) { $0 + Double($1) }
      #expect(abs(1 / (1 + exp(-margin)) - Double(prediction)) < 1e-5)
    }
  }

  @Test("data D18: what a result says of XGBoost's settings trains the very model again")
  func trainedAgain() throws {
    for model in [trial, baseline] {
      let report = try model.report()
      let rows = try PreparedData(data).rows(.training)
      let zero = report.hyperparameters.nulls == .zero
      let library = try library()
      let again = try Booster(
        training: DMatrix(
          library, values: rows.features.map { $0.isNaN && zero ? 0 : $0 }, columns: rows.width,
          labels: rows.labels), rounds: report.xgboost.rounds,
        parameters: report.xgboost.parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      let first = try Booster(library, model: model.bytes("model"))
      let matrix = try DMatrix(library, values: rows.features, columns: rows.width)
      #expect(try again.predict(matrix) == first.predict(matrix))
    }
    let chosen = try JSONReport.read(
      VersionReport.self, from: version.outputs["version"] ?? "", named: "version")
    #expect(try chosen.xgboost == trial.report().xgboost)
    #expect(
      chosen.xgboost.parameters["seed"] != nil && chosen.xgboost.parameters["max_bin"] == "128")
  }

  @Test(
    "data D18: scikit-learn and XGBoost's Python measure the same, and train the same model again",
    .enabled(if: Judge.isThere, "\(Judge.advice)"), arguments: [false, true])
  func judged(ofTheBaseline: Bool) throws {
    let model = ofTheBaseline ? baseline : trial
    let said = try JSONValue(
      parsing: [UInt8](
        Judge.says(
          "models.py",
          [
            data.outputs["data"] ?? "", "test", model.outputs["model"] ?? "",
            model.outputs["result"] ?? "",
          ])))
    #expect(said["again"]?.number == 0)
    let found = try metrics(evaluate())
    func agrees(_ own: String, _ theirs: String) -> Bool {
      abs((found[own] ?? 9) - (said[theirs]?.number ?? -9)) < 1e-9
    }
    guard !ofTheBaseline else {
      #expect(agrees("baselineAuc", "auc") && agrees("baselineAccuracy", "accuracy"))
      return
    }
    for name in ["auc", "accuracy", "averagePrecision", "majorityAccuracy"] {
      #expect(agrees(name, name), "\(name)")
    }
    #expect(abs((found["brier"] ?? 9) - (said["brier"]?.number ?? -9)) < 1e-7)
    let shap = zip(Fixture.features, said["shap"]?.array ?? []).map { ($0, $1.number ?? -1) }
    let own = Dictionary(
      uniqueKeysWithValues: try explain().dropFirst().map { ($0[0], Double($0[1]) ?? -9) })
    #expect(shap.count == 14 && shap.allSatisfy { abs((own[$0.0] ?? 9) - $0.1) < 2e-6 })
  }
}
