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
  /// Mean of -ln of the probability given to the right class, of two; at least 1e-16.
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
        Self.sum(predictions, labels) { -cpm_log(max($1 == 1 ? $0 : 1 - $0, 1e-16)) }
          / Double(count)
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
