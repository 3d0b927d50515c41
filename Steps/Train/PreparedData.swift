// The rows of the propensity workshop as PrepareTraining leaves them: parts, columns, classes.
import AtelierStep
import LearningTools
import PropensityFormats

/// The parts of the propensity data; the raw value starts the names of their files.
enum DataPart: String, CaseIterable {
  /// What models learn from.
  case training = "train"
  /// What models are chosen by, so that the choice is made without the test part.
  case validation
  /// The first of the validation rows in the order of users: what probes are compared on.
  case probe
  /// What the chosen model is measured on, and nothing else.
  case test
}

/// The content of `meta.json` in a `PropensityData`.
struct PreparedMeta: Codable, Hashable {
  struct Part: Codable, Hashable {
    let rows: Int
    let positives: Int
  }

  /// The columns of the matrices, in their order.
  let features: [String]
  let label: String
  let users: Int
  let parts: [String: Part]
}

/// A tree that `PrepareTraining` wrote.
struct PreparedData {
  let meta: PreparedMeta
  private let tree: String

  init(_ data: Artifact<PropensityData>, in context: StepContext) throws {
    try self.init(tree: context.path(data))
  }

  init(tree: String) throws {
    self.tree = tree
    meta = try JSONReport.read(
      PreparedMeta.self, from: "\(tree)/meta.json", named: "meta.json of the prepared data")
  }

  /// The rows of a part; throws a `StepFailure` unless both classes occur among them.
  func rows(_ part: DataPart) throws -> LabelledRows {
    let rows = try LabelledRows(part.rawValue, in: tree, width: meta.features.count)
    try rows.checkClasses(of: part)
    return rows
  }
}

extension LabelledRows {
  var positives: Int { labels.reduce(0) { $0 + ($1 == 1 ? 1 : 0) } }

  /// Throws unless both classes occur, since neither a split nor an AUC exists for one class.
  func checkClasses(of part: DataPart) throws {
    let positives = positives
    guard positives > 0, positives < labels.count else {
      throw StepFailure(
        "the \(part.rawValue) rows hold one class only: \(positives) of \(labels.count) are "
          + "positive. Take more users, or another sampleFraction, testFraction or seed")
    }
  }
}
