// A model of XGBoost inside a step: trained or read, kept as bytes, asked for predictions.
import AtelierStep
import XGBoost

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Program {
  /// The XGBoost library.
  package static let xgboost = Program("xgboost", isExecutable: false)
  /// The OpenMP library that XGBoost opens by itself; listed so that it enters the key.
  package static let libgomp = Program("libgomp", isExecutable: false)
}

/// A trained model with the texts and the encodings that it carries.
package struct TrainedModel {
  /// The attribute with the names of the features, separated by commas.
  package static let featuresAttribute = "atelier.features"

  private let library: XGBoostLibrary
  private let booster: Booster
  private let rules: ModelRules

  /// Trains a model on rows as they are before its encodings; cancellation is asked between the rounds.
  package init(
    training rows: LabelledRows, rounds: Int, parameters: [(name: String, value: String)],
    rules: ModelRules = ModelRules(), attributes: [(name: String, value: String)],
    in context: StepContext
  ) throws {
    library = try XGBoostLibrary(path: context.path(.xgboost))
    self.rules = rules
    let matrix = try DMatrix(
      library, values: rules.rows(rows.features, width: rows.width), columns: rows.width,
      labels: rows.labels)
    booster = try Booster(
      training: matrix, rounds: rounds, parameters: parameters,
      shouldStop: context.checkCancellation)
    for (name, value) in rules.attributes + attributes {
      try booster.setAttribute(name, to: value)
    }
  }

  /// Reads the model in a file; throws a `StepFailure` where there is none.
  package init(reading path: String, in context: StepContext) throws {
    library = try XGBoostLibrary(path: context.path(.xgboost))
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    do {
      booster = try Booster(library, model: bytes)
      rules = try ModelRules(of: booster)
    } catch let error as XGBoostError {
      throw StepFailure("the model, \(bytes.count) bytes, is no XGBoost model: \(error)")
    }
  }

  /// A text that the model carries, or nil.
  package func attribute(_ name: String) throws -> String? { try booster.attribute(name) }

  /// The names of the features; throws a `StepFailure` where the model does not carry them.
  package func features() throws -> [String] {
    guard let features = try attribute(Self.featuresAttribute) else {
      throw StepFailure(
        "the model does not say which columns it was trained with (attribute "
          + "\(Self.featuresAttribute)); train it here")
    }
    return features.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// The model's bytes.
  package func bytes() throws -> [UInt8] { try booster.modelBytes() }

  /// The predictions for dense rows of features; throws where one is not a finite number.
  package func predict(_ values: [Float], width: Int) throws -> BoosterPredictions {
    let predictions = try booster.predictions(of: matrix(values, width))
    for value in predictions.values where !value.isFinite {
      throw StepFailure("the model predicts \(value.isNaN ? "a NaN" : "an infinite value")")
    }
    return BoosterPredictions(
      values: rules.answers(predictions.values), width: predictions.width)
  }

  /// How much each feature moves each row's prediction: a value a feature and the bias, row by row.
  package func contributions(_ values: [Float], width: Int) throws -> [Float] {
    try booster.contributions(of: matrix(values, width))
  }

  private func matrix(_ values: [Float], _ width: Int) throws -> DMatrix {
    try DMatrix(library, values: rules.rows(values, width: width), columns: width)
  }

  /// The gain of each feature over all splits; of a linear model the sizes of its coefficients.
  package func gains(isLinear: Bool) throws -> [Int: Float] {
    try booster.featureScores(kind: isLinear ? "weight" : "total_gain")
      .mapValues { $0.reduce(0) { $0 + abs($1) } }
  }
}
