// What a model is measured by, in arithmetic that gives the same bits everywhere.
import AtelierStep
import CPortableMath
import LearningTools
import XGBoost

/// A measure of a model on labelled rows, by XGBoost's names; all but `auc` are better when lower.
public enum Metric: String, Codable, Sendable, CaseIterable {
  /// Root of the mean squared error.
  case rmse
  /// Mean absolute error.
  case mae
  /// Share of wrong decisions, where above 0.5 is decided as 1.
  case error
  /// Mean of -ln of the probability given to the right class, of two, each at least 1e-16; a label
  /// between 0 and 1 counts for both classes in its proportion.
  case logloss
  /// Area under the ROC curve.
  case auc
  /// Share of wrong classes, of several; the first of equal scores counts.
  case merror
  /// Mean of -ln of the probability given to the right class, of several; at least 1e-16.
  case mlogloss

  /// The value, rounded to 12 significant digits; throws a `StepFailure` where it does not exist.
  func value(_ predictions: BoosterPredictions, labels: [Float]) throws -> Double {
    let count = labels.count
    guard count > 0, predictions.values.count == count * predictions.width else {
      throw StepFailure("\(predictions.values.count) predictions do not fit \(count) labels")
    }
    if predictions.width > 1, ![.merror, .mlogloss].contains(self) {
      throw StepFailure("\(rawValue) is for one prediction a row, not for \(predictions.width)")
    }
    if predictions.width == 1, self == .mlogloss {
      throw StepFailure("mlogloss is for the probabilities of several classes (multi:softprob)")
    }
    let value: Double =
      switch self {
      case .rmse:
        (Self.sum(predictions, labels) { ($0 - $1) * ($0 - $1) } / Double(count)).squareRoot()
      case .mae: Self.sum(predictions, labels) { abs($0 - $1) } / Double(count)
      case .error: Self.share(of: labels) { (predictions.values[$0] > 0.5 ? 1 : 0) != labels[$0] }
      case .logloss:
        Self.sum(predictions, labels) { Self.loss(of: $0, label: $1) } / Double(count)
      case .auc: try Self.auc(predictions.values, labels)
      case .merror: Self.share(of: labels) { Self.classOf(predictions, row: $0) != labels[$0] }
      case .mlogloss:
        labels.indices.reduce(0) { sum, row in
          let right = predictions.values[row * predictions.width + Int(labels[row])]
          return sum - cpm_log(max(Double(right), 1e-16))
        } / Double(count)
      }
    guard value.isFinite else { throw StepFailure("\(rawValue) is \(value)") }
    return Self.rounded(value)
  }

  /// -(y ln p + (1 - y) ln(1 - p)), as XGBoost has it.
  private static func loss(of probability: Double, label: Double) -> Double {
    -(label * cpm_log(max(probability, 1e-16)) + (1 - label) * cpm_log(max(1 - probability, 1e-16)))
  }

  /// What the best single prediction for all of these rows gives: the worth of knowing nothing.
  ///
  /// The mean, the median, the most frequent class or the classes' shares, whichever suits the metric.
  func constant(labels: [Float]) -> Double {
    let values = labels.map(Double.init)
    let count = Double(labels.count)
    let mean = values.reduce(0, +) / count
    let value: Double =
      switch self {
      case .rmse: (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
      case .mae: Self.distance(of: values, from: values.sorted()[labels.count / 2])
      case .error, .merror:
        Ratio(labels.count - (Self.counts(of: labels).max() ?? 0), of: labels.count).rounded
      case .logloss: values.reduce(0) { $0 + Self.loss(of: mean, label: $1) } / count
      case .auc: 0.5
      case .mlogloss:
        Self.counts(of: labels).reduce(0) { sum, rows in
          let share = Double(rows) / count
          return sum - share * cpm_log(share)
        }
      }
    return Self.rounded(value)
  }

  /// Whether one value is better than another.
  func isBetter(_ value: Double, than other: Double) -> Bool {
    self == .auc ? value > other : value < other
  }

  private static func distance(of values: [Double], from center: Double) -> Double {
    values.reduce(0) { $0 + abs($1 - center) } / Double(values.count)
  }

  /// How many rows each class has, in the order of the classes.
  private static func counts(of labels: [Float]) -> [Int] {
    let counts: [Float: Int] = labels.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func sum(
    _ predictions: BoosterPredictions, _ labels: [Float], _ term: (Double, Double) -> Double
  ) -> Double {
    zip(predictions.values, labels).reduce(0) { $0 + term(Double($1.0), Double($1.1)) }
  }

  private static func share(of labels: [Float], isWrong: (Int) -> Bool) -> Double {
    let wrong = labels.indices.reduce(0) { $0 + (isWrong($1) ? 1 : 0) }
    return Ratio(numerator: UInt64(wrong), denominator: UInt64(labels.count)).rounded
  }

  private static func auc(_ scores: [Float], _ labels: [Float]) throws -> Double {
    guard scores.allSatisfy({ (0...1).contains($0) }) else {
      throw StepFailure("auc is for predictions from 0 to 1 (binary:logistic)")
    }
    return try Ranking(scores: scores, labels: labels).auc.rounded
  }

  private static func classOf(_ predictions: BoosterPredictions, row: Int) -> Float {
    let width = predictions.width
    guard width > 1 else { return predictions.values[row] }
    var best = 0
    for index in 1..<width
    where predictions.values[row * width + index] > predictions.values[row * width + best] {
      best = index
    }
    return Float(best)
  }

  /// The value with 12 significant digits, by multiplication with powers of ten that are exact.
  static func rounded(_ value: Double) -> Double {
    guard value != 0 else { return 0 }
    var scale = 1.0
    var scaled = abs(value)
    while scaled < 1e11, scale < 1e22 {
      scale *= 10
      scaled = abs(value) * scale
    }
    guard scaled < 1e15 else { return value }
    return (value * scale).rounded(.toNearestOrEven) / scale
  }
}
