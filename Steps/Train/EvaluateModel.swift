// The step that measures the selected model on rows that were used for nothing. It changes no model.
import AtelierStep
import LearningTools
import PropensityFormats

/// What a model is worth on the test part, beside the baseline and beside knowing nothing.
///
/// A row is called positive when it scores above 0.5. Shares and areas come from counts, so they are
/// exact up to the rounding to 12 decimals. The interval of the AUC is DeLong's, at 95 %.
public struct EvaluateModel: Step {
  /// The rows, of which the test part measures.
  public var data: Artifact<PropensityData>
  /// The selected model.
  public var model: Artifact<PropensityModel>
  /// The model to compare with.
  public var baseline: Artifact<PropensityModel>
  /// One row with all numbers.
  public var metrics = Output<Metrics>()
  /// At most 200 points.
  public var roc = Output<ROCCurve>()
  /// The same points.
  public var precisionRecall = Output<PrecisionRecallCurve>()
  /// A row per tenth of the test rows, by falling score.
  public var lift = Output<LiftTable>()
  /// Twenty intervals.
  public var calibration = Output<CalibrationCurve>()

  /// XGBoost and its OpenMP library, which predict.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Predicts the test rows by both models and writes the tables.
  public func run(in context: StepContext) throws {
    let data = try PreparedData(data, in: context)
    let (rows, validation) = (try data.rows(.test), try data.rows(.validation))
    func model(_ model: Artifact<PropensityModel>) throws -> PropensityBooster {
      try PropensityBooster(reading: model, expecting: data.meta.features, in: context)
    }
    let chosen = try model(self.model)
    let own = try chosen.predict(rows.features)
    let ranking = try Ranking(scores: own, labels: rows.labels)
    let calibration = Calibration(scores: own, labels: rows.labels, intervals: 20)
    let columns = Self.columns(
      ranking, calibration,
      validation: try Ranking(
        scores: chosen.predict(validation.features), labels: validation.labels),
      baseline: try Ranking(
        scores: model(baseline).predict(rows.features), labels: rows.labels))
    try CSVText.write(columns.map(\.0), [columns.map(\.1)], to: context.path(metrics))
    let points = ranking.curve(limit: 200)
    try CSVText.write(
      ["falsePositiveRate", "truePositiveRate", "threshold"],
      points.map { [$0.falsePositiveRate.text, $0.truePositiveRate.text, $0.threshold] },
      to: context.path(roc))
    try CSVText.write(
      ["recall", "precision", "threshold"],
      points.map { [$0.truePositiveRate.text, $0.precision.text, $0.threshold] },
      to: context.path(precisionRecall))
    try write(lift: ranking, to: context.path(lift))
    try write(calibration, to: context.path(self.calibration))
  }

  private static func columns(
    _ ranking: Ranking, _ calibration: Calibration, validation: Ranking, baseline: Ranking
  ) -> [(String, String)] {
    let counts = ranking.confusion(threshold: 0.5)
    let rows = ranking.positives + ranking.negatives
    let interval = ranking.aucInterval
    return [
      ("rows", String(rows)), ("positives", String(ranking.positives)),
      ("positiveShare", Ratio(ranking.positives, of: rows).text),
      ("accuracy", counts.accuracy.text),
      ("majorityAccuracy", Ratio(max(ranking.positives, ranking.negatives), of: rows).text),
      ("auc", ranking.auc.text),
      ("aucLow", interval.map { Decimals.text($0.lowerBound) } ?? ""),
      ("aucHigh", interval.map { Decimals.text($0.upperBound) } ?? ""),
      // What the choice was made by.
      ("validationAuc", validation.auc.text),
      ("baselineAccuracy", baseline.confusion(threshold: 0.5).accuracy.text),
      ("baselineAuc", baseline.auc.text),
      ("averagePrecision", Decimals.text(ranking.averagePrecision)),
      ("brier", Decimals.text(calibration.brier)),
      ("calibrationError", Decimals.text(calibration.error)),
      ("trueNegatives", String(counts.trueNegatives)),
      ("falsePositives", String(counts.falsePositives)),
      ("falseNegatives", String(counts.falseNegatives)),
      ("truePositives", String(counts.truePositives)),
    ]
  }

  /// Tenths by falling score: how many positives, how many times the mean, how many of all so far.
  private func write(lift ranking: Ranking, to path: String) throws {
    var found = 0.0
    let mean = Double(ranking.positives) / Double(ranking.positives + ranking.negatives)
    let lines = ranking.slices(10).enumerated().map { index, slice in
      found += slice.positives
      let precision = slice.rows == 0 ? 0 : slice.positives / Double(slice.rows)
      return [
        String(index + 1), String(slice.rows), Decimals.text(slice.positives),
        Decimals.text(precision), Decimals.text(precision / mean),
        Decimals.text(found / Double(ranking.positives)), Decimals.text(Double(slice.lowestScore)),
      ]
    }
    try CSVText.write(
      ["tenth", "rows", "positives", "precision", "lift", "gain", "lowestScore"], lines, to: path)
  }

  private func write(_ calibration: Calibration, to path: String) throws {
    let count = calibration.intervals.count
    let lines = calibration.intervals.enumerated().map { index, interval in
      [
        Ratio(index, of: count).text, Ratio(index + 1, of: count).text, String(interval.rows),
        interval.meanPrediction.map { Decimals.text($0) } ?? "",
        interval.positiveShare.map { Decimals.text($0) } ?? "",
      ]
    }
    try CSVText.write(
      ["from", "to", "rows", "meanPrediction", "positiveShare"], lines, to: path)
  }
}
