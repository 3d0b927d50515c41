// The rows of the propensity workshop: two parts, two classes, its own columns.
import AtelierStep
import LearningTools

/// The two parts of the propensity training data; the raw value starts the names of their files.
enum TrainingPart: String {
  case training = "train"
  case heldOut = "test"
}

extension LabelledRows {
  /// No rows, with the columns of the propensity features.
  init() { self.init(width: TrainColumns.features.count) }

  init(_ part: TrainingPart, in tree: String) throws {
    try self.init(part.rawValue, in: tree, width: TrainColumns.features.count)
  }

  func write(_ part: TrainingPart, in tree: String) throws { try write(part.rawValue, in: tree) }

  var positives: Int { labels.reduce(0) { $0 + ($1 == 1 ? 1 : 0) } }

  /// Throws unless both classes occur, since neither a split nor an AUC exists for one class.
  func checkClasses(of part: TrainingPart) throws {
    let positives = positives
    guard positives > 0, positives < labels.count else {
      throw StepFailure(
        "the \(part.rawValue) rows hold one class only: \(positives) of \(labels.count) are "
          + "positive. Take more users, or another sampleFraction, testFraction or seed")
    }
  }
}
