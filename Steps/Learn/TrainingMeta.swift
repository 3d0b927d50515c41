// What a tree of training data holds, by name. It reads no matrix.
import AtelierStep
import LearningFormats
import LearningTools

/// The content of `meta.json` in a tree that `MakeMatrices` wrote.
struct TrainingMeta: Codable {
  struct Part: Codable {
    let rows: Int
  }

  /// The columns of the matrices.
  let features: [String]
  let label: String
  let parts: [String: Part]

  init(features: [String], label: String, parts: [String: Part]) {
    self.features = features
    self.label = label
    self.parts = parts
  }

  init(in tree: String) throws {
    self = try JSONReport.read(
      TrainingMeta.self, from: "\(tree)/meta.json", named: "meta.json of the training data")
  }

  /// The rows of some parts, in the order of the names; throws for a part that is not there.
  func rows(of names: [String], in tree: String) throws -> LabelledRows {
    guard !names.isEmpty else { throw StepFailure("no part of the training data is named") }
    var all = LabelledRows(width: features.count)
    for name in names {
      guard parts[name] != nil else {
        throw StepFailure(
          "the training data have no part '\(name)', but \(parts.keys.sorted().joined(separator: ", "))"
        )
      }
      all.append(contentsOf: try LabelledRows(name, in: tree, width: features.count))
    }
    return all
  }
}
