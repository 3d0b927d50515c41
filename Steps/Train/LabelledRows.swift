// Rows of features with their labels, in memory and as files of a TrainingData tree.
import AtelierStep
import XGBoost

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The two parts of the training data; the raw value starts the names of their files.
enum TrainingPart: String {
  case training = "train"
  case heldOut = "test"
}

/// Dense rows of features, NaN for null, and a label of 0 or 1 for each row.
///
/// As files: `<part>.features.f32` and `<part>.labels.f32`, little-endian 32-bit floats, row by
/// row.
struct LabelledRows {
  var features: [Float] = []
  var labels: [Float] = []

  var positives: Int { labels.reduce(0) { $0 + ($1 == 1 ? 1 : 0) } }

  init() {}

  /// Reads a part of a tree; throws a `StepFailure` where the files don't fit each other.
  init(_ part: TrainingPart, in tree: String) throws {
    features = try Self.read("\(tree)/\(part.rawValue).features.f32")
    labels = try Self.read("\(tree)/\(part.rawValue).labels.f32")
    guard !labels.isEmpty, features.count == labels.count * TrainColumns.features.count else {
      throw StepFailure(
        "the \(part.rawValue) data hold \(features.count) values and \(labels.count) labels: "
          + "each row should have \(TrainColumns.features.count) features")
    }
  }

  /// Writes the two files of a part.
  func write(_ part: TrainingPart, in tree: String) throws {
    try Self.write(features, to: "\(tree)/\(part.rawValue).features.f32")
    try Self.write(labels, to: "\(tree)/\(part.rawValue).labels.f32")
  }

  /// Throws unless both classes occur, since neither a split nor an AUC exists for one class.
  func checkClasses(of part: TrainingPart) throws {
    let positives = positives
    guard positives > 0, positives < labels.count else {
      throw StepFailure(
        "the \(part.rawValue) rows hold one class only: \(positives) of \(labels.count) are "
          + "positive. Take more users, or another sampleFraction, testFraction or seed")
    }
  }

  private static func read(_ path: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    guard data.count.isMultiple(of: 4) else {
      throw StepFailure("\(path) is not a list of 32-bit floats: it has \(data.count) bytes")
    }
    let values = [UInt32](unsafeUninitializedCapacity: data.count / 4) { target, count in
      count = data.copyBytes(to: target) / 4
    }
    return values.map { Float(bitPattern: UInt32(littleEndian: $0)) }
  }

  private static func write(_ values: [Float], to path: String) throws {
    let words = values.map(\.bitPattern.littleEndian)
    try words.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path)) }
  }
}
