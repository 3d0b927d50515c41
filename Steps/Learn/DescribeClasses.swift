// The step that makes tables for pictures of a classification: confusion, scores.
import AtelierStep
import LearningFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How a model of two or several classes decides on some parts, as small tables of counts.
///
/// Of two classes the second is decided where the score is above 0.5; of several the one with the
/// highest score, the first of equal ones.
public struct DescribeClasses: Step {
  /// The matrices that the model was made for.
  public var data: Artifact<TrainingData>
  /// The classification model.
  public var model: Artifact<Model>
  /// The parts to look at, together.
  public var parts: [String]
  /// The rows by actual and predicted class, counted from 0.
  public var confusion = Output<ConfusionCounts>()
  /// Of two classes the score of the second one; of several the highest score.
  public var histogram = Output<ScoreCounts>()

  /// So many intervals of equal width from 0 to 1.
  private static let bins = 20

  /// XGBoost and its OpenMP library, which predict.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Predicts the rows of the parts and counts them; fails for a model of a regression.
  public func run(in context: StepContext) throws {
    let measured = try MeasuredRows(data, model, parts, in: context)
    let settings = measured.card.settings
    guard let own = settings.metrics.first, [.error, .merror].contains(own) else {
      throw StepFailure(
        "classes are of binary:logistic, multi:softmax and multi:softprob; the model's objective is "
          + settings.objective)
    }
    let classes = settings.classes ?? 2
    var confusion = [Int](repeating: 0, count: classes * classes)
    var histogram = [Int](repeating: 0, count: classes * Self.bins)
    for (row, label) in measured.rows.labels.enumerated() {
      let actual = Int(label)
      let (decided, score) = decide(measured, row)
      confusion[actual * classes + decided] += 1
      let bin = min(max(Int(score * Float(Self.bins)), 0), Self.bins - 1)
      histogram[actual * Self.bins + bin] += 1
    }
    try write(
      "actual,predicted,rows",
      confusion.indices.map { "\($0 / classes),\($0 % classes),\(confusion[$0])" },
      to: context.path(self.confusion))
    try write(
      "actual,from,to,rows",
      histogram.indices.map { index in
        let bin = index % Self.bins
        let ends = [bin, bin + 1].map { "\(Double($0) / Double(Self.bins))" }
        return "\(index / Self.bins),\(ends[0]),\(ends[1]),\(histogram[index])"
      }, to: context.path(self.histogram))
  }

  /// The class that the model decides for a row, and the score that it goes by.
  private func decide(_ measured: MeasuredRows, _ row: Int) -> (decided: Int, score: Float) {
    let width = measured.predictions.width
    let scores = measured.predictions.values[row * width..<(row + 1) * width]
    guard width > 1 else {
      let score = scores.first ?? 0
      // A model of multi:softmax gives the class and no score.
      if measured.card.settings.classes != nil { return (Int(score), 1) }
      return (score > 0.5 ? 1 : 0, score)
    }
    let best = scores.max() ?? 0
    return ((scores.firstIndex(of: best) ?? scores.startIndex) - scores.startIndex, best)
  }

  private func write(_ header: String, _ lines: [String], to path: String) throws {
    let text = ([header] + lines).map { $0 + "\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
