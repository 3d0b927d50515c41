// What a model carries besides its features. It trains nothing.
import AtelierStep
import LearningTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a model carries besides its features, so that it can be measured and used later.
struct ModelCard: Codable {
  static let attribute = "atelier.card"

  let settings: BoosterSettings
  /// The name of what it foretells.
  let label: String

  init(settings: BoosterSettings, label: String) {
    self.settings = settings
    self.label = label
  }

  /// Reads the card of a model that `TrainModel` wrote.
  init(of model: TrainedModel) throws {
    guard let text = try model.attribute(Self.attribute) else {
      throw StepFailure(
        "the model does not say how it was trained (attribute \(Self.attribute)); train it by "
          + "TrainModel")
    }
    self = try JSONDecoder().decode(ModelCard.self, from: Data(text.utf8))
  }

  func attributes(features: [String]) throws -> [(name: String, value: String)] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [
      (name: TrainedModel.featuresAttribute, value: features.joined(separator: ",")),
      (name: Self.attribute, value: String(decoding: try encoder.encode(self), as: UTF8.self)),
    ]
  }
}
