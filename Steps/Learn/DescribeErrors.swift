// The step that makes tables for pictures of a regression: errors, samples, gains.
import AtelierStep
import LearningFormats
import LearningTools

/// How a model that gives one number a row errs on some parts, as small tables.
///
/// Errors are predicted - actual. All of it follows from counts and from the model's own numbers.
public struct DescribeErrors: Step {
  /// The matrices that the model was made for.
  public var data: Artifact<TrainingData>
  /// The regression model.
  public var model: Artifact<Model>
  /// The parts to look at, together.
  public var parts: [String]
  /// At most so many rows in `sample`.
  public var sampleRows: Int = 500
  /// So many intervals in `histogram`.
  public var bins: Int = 40
  /// Actual and predicted values of rows at equal distances.
  public var sample = Output<ActualPredicted>()
  /// From the 1st to the 99th percentile of the errors; the outermost intervals take what lies beyond.
  public var histogram = Output<ErrorHistogram>()
  /// The gain of each feature, greatest first.
  public var gains = Output<FeatureGains>()

  /// XGBoost and its OpenMP library, which predict.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Predicts the rows of the parts and writes the tables; fails for a model of several classes.
  public func run(in context: StepContext) throws {
    guard sampleRows > 0, bins > 1 else {
      throw StepFailure("sampleRows must be above 0 and bins above 1: \(sampleRows), \(bins)")
    }
    let measured = try MeasuredRows(data, model, parts, in: context)
    guard measured.predictions.width == 1 else {
      throw StepFailure("errors are differences of numbers, and the model gives several a row")
    }
    let predicted = measured.predictions.values
    let actual = measured.rows.labels
    let count = min(sampleRows, actual.count)
    let sampled = (0..<count).map { index -> [String] in
      let row = index * actual.count / count
      return ["\(actual[row])", "\(predicted[row])"]
    }
    try write(["actual", "predicted"], sampled, to: context.path(sample))
    let errors = zip(predicted, actual).map { Double($0) - Double($1) }.sorted()
    try write(
      ["from", "to", "rows"], Self.bins(errors, count: bins), to: context.path(histogram))
    let gains = try measured.model.gains(isLinear: measured.card.settings.isLinear)
    let ranked = measured.features.enumerated()
      .map { (place: $0, name: $1, gain: gains[$0] ?? 0) }
      .sorted { $0.gain != $1.gain ? $0.gain > $1.gain : $0.place < $1.place }
    try write(
      ["feature", "gain"], ranked.map { [$0.name, "\($0.gain)"] }, to: context.path(self.gains))
  }

  /// Equal intervals over the middle of sorted errors, with the rows in each.
  static func bins(_ errors: [Double], count: Int) -> [[String]] {
    let last = errors.count - 1
    let low = errors[last / 100]
    let high = max(errors[last - last / 100], low + 1e-6)
    let width = (high - low) / Double(count)
    var rows = [Int](repeating: 0, count: count)
    for error in errors {
      rows[Int(max(0, min(Double(count - 1), ((error - low) / width).rounded(.down))))] += 1
    }
    return rows.enumerated().map { index, rows in
      ["\(low + width * Double(index))", "\(low + width * Double(index + 1))", "\(rows)"]
    }
  }

  private func write(_ header: [String], _ rows: [[String]], to path: String) throws {
    let file = try TextFile(path)
    let text = ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    try file.write(Array(text.utf8))
    try file.close()
  }
}
