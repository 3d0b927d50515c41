// Rows of features with their labels, in memory and as files of a TrainingData tree.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Dense rows of features, NaN for null, and a label for each row.
///
/// As files: `<part>.features.f32` and `<part>.labels.f32`, little-endian 32-bit floats, row by
/// row.
package struct LabelledRows {
  /// The number of features of a row.
  package let width: Int
  package var features: [Float] = []
  package var labels: [Float] = []

  package init(width: Int) { self.width = width }

  /// Reads a part of a tree; throws a `StepFailure` where the files don't fit each other.
  package init(_ part: String, in tree: String, width: Int) throws {
    self.width = width
    features = try Self.read("\(tree)/\(part).features.f32")
    labels = try Self.read("\(tree)/\(part).labels.f32")
    guard !labels.isEmpty, features.count == labels.count * width else {
      throw StepFailure(
        "the \(part) data hold \(features.count) values and \(labels.count) labels: "
          + "each row should have \(width) features")
    }
  }

  /// Writes the two files of a part.
  package func write(_ part: String, in tree: String) throws {
    try Self.write(features, to: "\(tree)/\(part).features.f32")
    try Self.write(labels, to: "\(tree)/\(part).labels.f32")
  }

  package mutating func append(contentsOf other: LabelledRows) {
    features += other.features
    labels += other.labels
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
