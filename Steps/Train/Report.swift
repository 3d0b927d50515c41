// Reads and writes the JSON documents of this family in one fixed form.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON with sorted keys, two spaces of indentation and a final line feed.
enum Report {
  static func write(_ value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var data = try encoder.encode(value)
    data.append(UInt8(ascii: "\n"))
    try data.write(to: URL(fileURLWithPath: path))
  }

  static func read<Value: Decodable>(
    _ type: Value.Type, from path: String, named name: String
  ) throws -> Value {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw StepFailure("\(name) is not a \(type): \(error)")
    }
  }
}

/// What the training of one model gave: the content of a `TrialResult`.
struct TrialReport: Codable, Hashable {
  /// The number of the trial; nil for the baseline.
  var trial: Int?
  var hyperparameters: Hyperparameters
  /// The share of right answers at a threshold of 0.5 on the held-out rows, to 12 digits.
  var accuracy: Double
  /// The area under the ROC curve on the held-out rows, to 12 digits.
  var auc: Double
  var trainingRows: Int
  var heldOutRows: Int
  /// The digest of the model's bytes.
  var model: String
}

/// A model as it is registered: the content of a `ModelVersion`.
struct VersionReport: Codable, Hashable {
  struct Metrics: Codable, Hashable {
    var accuracy: Double
    var auc: Double
  }

  var modelName: String
  /// The first twelve digits of the model's digest; a registry gives its own number.
  var version: String
  var stage: String
  var model: String
  var trial: Int
  var trials: Int
  var hyperparameters: Hyperparameters
  var metrics: Metrics
  var baseline: Metrics
}
