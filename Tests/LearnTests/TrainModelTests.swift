// Models of any table: trained by configuration alone, measured, used, explained.
import AtelierStep
import AtelierTesting
import Content
import Foundation
import LearningFormats
import Testing
import XGBoost

@testable import Learn

@Suite struct TrainModelTests {
  private func settings(
    _ objective: String = "reg:linear", rounds: Int = 20, metric: String = "",
    _ parameters: [String: String] = ["max_depth": "3", "eta": "0.3"]
  ) throws -> BoosterSettings {
    try BoosterSettings(
      objective: objective, rounds: rounds, seed: 1, evalMetric: metric, parameters: parameters)
  }

  private func json(_ result: StepHarness.Result, _ output: String) throws -> JSONValue {
    try JSONValue(parsing: result.text(output))
  }

  /// The rows of `validation` with what the model says of them.
  private func predictions(
    _ data: StepHarness.Result, _ model: StepHarness.Result
  ) throws -> (values: [Float], width: Int, labels: [Float]) {
    let tree = data.outputs["data"] ?? ""
    let rows = try TrainingMeta(in: tree).rows(of: ["validation"], in: tree)
    let bytes = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: model.outputs["model"] ?? "")))
    let library = try XGBoostLibrary(path: TestTools.path(of: "xgboost") ?? "")
    let all = try Booster(library, model: bytes).predictions(
      of: DMatrix(library, values: rows.features, columns: 3))
    return (all.values, all.width, rows.labels)
  }

  @Test func aRegressionLearnsAndIsMeasuredByOurOwnSum() throws {
    let data = try LearningTable().matrices()
    let model = try train(data, settings())
    let result = try json(model, "result")
    #expect(result["settings"]?["objective"] == "reg:squarederror")
    #expect(result["trainingRows"] == 420 && result["validationRows"] == 120)
    let (values, _, labels) = try predictions(data, model)
    var squares = 0.0
    for (value, label) in zip(values, labels) {
      let error = Double(value) - Double(label)
      squares += error * error
    }
    let rmse = (squares / 120).squareRoot()
    let measured = try json(measure(data, model), "measured")
    let found = try #require(measured["metrics"]?["rmse"]?.number)
    #expect(abs(found - rmse) < 1e-9 && found > 0.2 && found < 3)
    #expect(result["metrics"]?["validation"]?["rmse"]?.number == found)
    #expect(measured["metrics"]?["mae"]?.number.map { $0 < found } == true)
    #expect(measured["parts"] == ["validation"] && measured["rows"] == 120)
    #expect(try train(data, settings()).text("result") == model.text("result"))
    #expect(try train(data, settings(rounds: 21)).text("result") != model.text("result"))
  }

  @Test func twoClassesHaveErrorLoglossAndAUC() throws {
    let data = try LearningTable().matrices(label: "yes")
    let model = try train(data, settings("binary:logistic", metric: "auc"))
    let (values, _, labels) = try predictions(data, model)
    var wrong = 0
    var losses = 0.0
    for (score, label) in zip(values, labels) {
      let decided: Float = score > 0.5 ? 1 : 0
      if decided != label { wrong += 1 }
      losses -= log(label == 1 ? Double(score) : 1 - Double(score))
    }
    var pairs = 0.0
    for (score, label) in zip(values, labels) where label == 1 {
      for (other, otherLabel) in zip(values, labels) where otherLabel == 0 {
        pairs += score > other ? 1 : score == other ? 0.5 : 0
      }
    }
    let positives = labels.reduce(0, +)
    let metrics = try json(measure(data, model), "measured")["metrics"]
    #expect(metrics?["error"]?.number.map { abs($0 - Double(wrong) / 120) < 1e-11 } == true)
    #expect(
      metrics?["logloss"]?.number.map { abs($0 - losses / 120) < 1e-9 } == true)
    let auc = pairs / Double(positives * (120 - positives))
    #expect(metrics?["auc"]?.number.map { abs($0 - auc) < 1e-11 } == true)
    #expect(auc > 0.8)
    #expect(
      try json(model, "result")["metrics"]?["validation"]?["auc"]?.number
        == metrics?["auc"]?.number)
  }

  @Test(arguments: ["multi:softprob", "multi:softmax"])
  func severalClassesHaveSeveralPredictions(objective: String) throws {
    let table = try LearningTable()
    let data = try table.matrices(label: "kind")
    let model = try train(data, settings(objective, ["num_class": "3", "max_depth": "3"]))
    let (values, width, labels) = try predictions(data, model)
    #expect(width == (objective == "multi:softprob" ? 3 : 1))
    var wrong = 0
    for (row, label) in labels.enumerated() {
      let scores = Array(values[row * width..<(row + 1) * width])
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      let found = width == 1 ? scores[0] : Float(best)
      if found != label { wrong += 1 }
    }
    let metrics = try json(measure(data, model), "measured")["metrics"]
    #expect(metrics?["merror"]?.number.map { abs($0 - Double(wrong) / 120) < 1e-11 } == true)
    #expect((metrics?["mlogloss"] != nil) == (width == 3))
    let predicted = try predict(table, model)
    let lines = try predicted.text("predictions").split(separator: "\n")
    #expect(
      lines[0] == (width == 3 ? "row,prediction_0,prediction_1,prediction_2" : "row,prediction"))
    #expect(lines.count == 61)
  }

  @Test func aLinearModelIsAnotherConfigurationOnly() throws {
    let data = try LearningTable().matrices()
    let model = try train(
      data, settings(rounds: 50, ["booster": "gblinear", "updater": "coord_descent", "eta": "0.5"]))
    let rmse = try json(measure(data, model), "measured")["metrics"]?["rmse"]?.number
    #expect(rmse.map { $0 < 5 } == true)
    let errors = try describe(data, model)
    let gains = try errors.text("gains").split(separator: "\n")
    #expect(gains.count == 4 && gains[0] == "feature,gain" && gains[1].hasPrefix("a,"))
  }

  @Test func everyRowOfAPartIsPredictedWithItsKey() throws {
    let table = try LearningTable()
    let data = try table.matrices()
    let model = try train(data, settings())
    let predicted = try predict(table, model, part: "validation")
    let lines = try predicted.text("predictions").split(separator: "\n").dropFirst()
    let (values, _, _) = try predictions(data, model)
    #expect(lines.map { Float($0.split(separator: ",")[1]) } == values)
    #expect(Set(lines.map { $0.split(separator: ",")[0] }).count == 120)
    #expect(
      try json(predicted, "outcome")
        == ["part": "validation", "rows": 120, "status": "predicted"])
    let named = try predict(table, model, keep: ["name"])
    let texts = try named.text("predictions").split(separator: "\n").dropFirst()
    #expect(texts.count == 60 && texts.allSatisfy { $0.hasPrefix(#""name, ""#) })
    #expect(
      stepFailure { try predict(table, model, part: "..") }?.hasPrefix("'..' is no name") == true)
  }

  @Test func errorsAreCountedAndSampled() throws {
    let data = try LearningTable().matrices()
    let errors = try describe(data, train(data, settings()))
    let sample = try errors.text("sample").split(separator: "\n")
    #expect(sample.count == 51 && sample[0] == "actual,predicted")
    let histogram = try errors.text("histogram").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(histogram.count == 10)
    let counts = histogram.map { $0[2] }
    #expect(counts.reduce(0, +) == 120)
    #expect(zip(histogram, histogram.dropFirst()).allSatisfy { $0[1] == $1[0] })
    let gains = try errors.text("gains").split(separator: "\n")
    #expect(gains.count == 4 && gains[1].hasPrefix("b,"))
  }

  @Test func labelsThatDoNotFitTheObjectiveAreRefused() throws {
    let data = try LearningTable().matrices()
    #expect(
      stepFailure { try train(data, settings("binary:logistic")) }?.hasSuffix(
        "the objective binary:logistic needs 0 or 1") == true)
    let kinds = try LearningTable().matrices(label: "kind")
    #expect(
      stepFailure { try train(kinds, settings("multi:softmax", ["num_class": "2"])) }?.hasSuffix(
        "the objective multi:softmax needs a whole number from 0 to 1") == true)
    let model = try train(data, settings())
    #expect(
      stepFailure { try measure(data, model, [.auc]) }
        == "auc does not fit the objective reg:squarederror; use rmse, mae")
  }

  private func predict(
    _ table: LearningTable, _ model: StepHarness.Result, part: String = "test",
    keep: [String] = ["row"]
  ) throws -> StepHarness.Result {
    let split = try table.split()
    return try withExtendedLifetime((split, model)) {
      try StepHarness.run(
        PredictTable(parts: .test, part: part, model: .test, keep: keep),
        inputs: [
          "parts": split.outputs["split"] ?? "", "model": model.outputs["model"] ?? "",
        ])
    }
  }

  private func describe(
    _ data: StepHarness.Result, _ model: StepHarness.Result
  ) throws -> StepHarness.Result {
    try withExtendedLifetime((data, model)) {
      try StepHarness.run(
        DescribeErrors(data: .test, model: .test, parts: ["validation"], sampleRows: 50, bins: 10),
        inputs: ["data": data.outputs["data"] ?? "", "model": model.outputs["model"] ?? ""])
    }
  }
}

@Suite struct BoosterSettingsTests {
  private func failure(
    _ parameters: [String: String], objective: String = "reg:squarederror", metric: String = "",
    rounds: Int = 1
  ) -> String? {
    stepFailure {
      try BoosterSettings(
        objective: objective, rounds: rounds, seed: 0, evalMetric: metric, parameters: parameters)
    }
  }

  @Test func namesAndValuesAreChecked() {
    #expect(failure(["max_depth": "5", "eta": "0.2", "gamma": "4", "subsample": "1"]) == nil)
    for (parameters, said) in [
      (
        ["max_depth": "5.5"],
        "the hyperparameter max_depth is '5.5': give a whole number from 0 to 64"
      ),
      (["eta": "0"], "the hyperparameter eta is '0': give a number above 0.0 and at most 1.0"),
      (["gamma": "-1"], "the hyperparameter gamma is '-1': give a number from 0 up"),
      (["gamma": "nan"], "the hyperparameter gamma is 'nan': give a number from 0 up"),
      (
        ["booster": "tree"],
        "the hyperparameter booster is 'tree': give one of gbtree, gblinear, dart"
      ),
      (
        ["num_class": "3"],
        "num_class is for multi:softmax and multi:softprob, not for reg:squarederror"
      ),
      (["seed": "3"], "'seed' is a setting of its own, not a hyperparameter"),
    ] {
      #expect(failure(parameters) == said)
    }
    #expect(
      failure(["depth": "5"])?.hasPrefix(
        "the hyperparameter 'depth' is not known; use one of alpha, ") == true)
    #expect(
      failure([:], objective: "rank:map")?.hasPrefix(
        "the objective 'rank:map' is not known; use one of reg:") == true)
    #expect(
      failure([:], objective: "multi:softmax")
        == "the objective multi:softmax needs num_class, the number of classes")
    #expect(
      failure([:], metric: "auc")
        == "the metric 'auc' does not fit the objective reg:squarederror; use one of rmse, mae")
    #expect(failure([:], rounds: 0) == "the number of rounds is 0: give 1 to 100000")
  }

  @Test func textOfAConfigurationIsRead() throws {
    #expect(
      try BoosterSettings.parameters("max_depth=5, eta=0.2\n  gamma=4")
        == ["max_depth": "5", "eta": "0.2", "gamma": "4"])
    #expect(try BoosterSettings.parameters(" ").isEmpty)
    #expect(
      stepFailure { try BoosterSettings.parameters("eta") }
        == "'eta' is no hyperparameter: write name=value, such as max_depth=5")
    #expect(
      stepFailure { try BoosterSettings.parameters("eta=1 eta=1") }
        == "the hyperparameter 'eta' is given twice")
  }
}

@Suite struct DecideByMetricTests {
  private func decide(
    _ value: String, _ threshold: Double, _ comparison: MetricComparison = .below,
    constant: String = "1000"
  ) throws -> StepHarness.Result {
    let space = try TemporarySpace()
    let path = try space.write(
      "m.json",
      #"{"parts":["validation"],"rows":1,"metrics":{"rmse":\#(value)},"constant":{"rmse":\#(constant)}}"#
    )
    return try StepHarness.run(
      DecideByMetric(
        measured: .test, metric: .rmse, comparison: comparison, threshold: threshold),
      inputs: ["measured": path])
  }

  /// As text, 10.5 would come before 9 and 1e2 before 2.
  @Test(arguments: [
    ("9", 10.5, true), ("10.5", 9, false), ("1e2", 2, false), ("2", 2, false),
    ("1.9999999999999998", 2, true), ("-1", 0, true),
  ])
  func numbersAreComparedAsNumbers(value: String, threshold: Double, choice: Bool) throws {
    let decided = try decide(value, threshold)
    #expect(try Choice.parse(Array(decided.text("choice").utf8)) == choice)
    let above = try decide(value, threshold, .above)
    #expect(
      try Choice.parse(Array(above.text("choice").utf8)) == (!choice && Double(value) != threshold))
  }

  @Test func theDecisionSaysWhatItWasBasedOn() throws {
    let decided = try decide("3.5", 3)
    #expect(
      try decided.text("choice")
        == #"{"beatsConstant":true,"choice":false,"comparison":"below","constant":1000,"#
        + #""metric":"rmse","passesThreshold":false,"threshold":3,"value":3.5}"#)
    let refused = try StepHarness.run(
      RecordRefusal(choice: .test, reason: "worse model"),
      inputs: ["choice": decided.outputs["choice"] ?? ""])
    #expect(
      try refused.text("record") == """
        {"beatsConstant":true,"comparison":"below","constant":1000,"metric":"rmse",\
        "passesThreshold":false,"reason":"worse model","status":"refused","threshold":3,"value":3.5}

        """)
  }

  @Test(
    "data D4: a threshold that knowing nothing passes, too, is not enough",
    arguments: [
      ("3.5", "3.4", false), ("3.5", "3.5", false), ("3.5", "3.6", true),
    ])
  func theConstantMustBeBeaten(value: String, constant: String, choice: Bool) throws {
    let text = try decide(value, 4, constant: constant).text("choice")
    #expect(try Choice.parse(Array(text.utf8)) == choice)
    #expect(text.contains(#""beatsConstant":\#(choice),"#))
    #expect(text.contains(#""passesThreshold":true,"#))
  }

  @Test(arguments: ["NaN", "null", "\"3\"", "1e999"])
  func whatIsNoNumberIsNoDecision(value: String) {
    #expect(stepFailure { try decide(value, 2) } != nil)
  }

  @Test func aMetricThatWasNotMeasuredIsNamed() throws {
    let space = try TemporarySpace()
    let path = try space.write(
      "m.json", #"{"parts":["v"],"rows":1,"metrics":{"mae":1,"rmse":2},"constant":{}}"#)
    #expect(
      stepFailure {
        try StepHarness.run(
          DecideByMetric(measured: .test, metric: .auc, threshold: 1), inputs: ["measured": path])
      } == "the metric auc was not measured; there are mae, rmse")
  }
}
