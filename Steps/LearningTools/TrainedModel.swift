// A model of XGBoost inside a step: trained or read, kept as bytes, asked for predictions.
import AtelierStep
import LearningFormats
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

/// A trained model with the texts that it carries.
package struct TrainedModel {
  /// The attribute with the names of the features, separated by commas.
  package static let featuresAttribute = "atelier.features"

  private let library: XGBoostLibrary
  private let booster: Booster

  /// Trains a model; the log is asked for nothing, cancellation between the rounds.
  package init(
    training rows: LabelledRows, rounds: Int, parameters: [(name: String, value: String)],
    attributes: [(name: String, value: String)], in context: StepContext
  ) throws {
    library = try XGBoostLibrary(path: context.path(.xgboost))
    let matrix = try DMatrix(
      library, values: rows.features, columns: rows.width, labels: rows.labels)
    booster = try Booster(
      training: matrix, rounds: rounds, parameters: parameters,
      shouldStop: context.checkCancellation)
    for (name, value) in attributes { try booster.setAttribute(name, to: value) }
  }

  /// Reads a model; throws a `StepFailure` for a file that is none.
  package init(reading model: Artifact<Model>, in context: StepContext) throws {
    library = try XGBoostLibrary(path: context.path(.xgboost))
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: context.path(model))))
    do {
      booster = try Booster(library, model: bytes)
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
    let predictions = try booster.predictions(
      of: DMatrix(library, values: values, columns: width))
    for value in predictions.values where !value.isFinite {
      throw StepFailure("the model predicts \(value.isNaN ? "a NaN" : "an infinite value")")
    }
    return predictions
  }

  /// The gain of each feature over all splits; of a linear model the sizes of its coefficients.
  package func gains(isLinear: Bool) throws -> [Int: Float] {
    try booster.featureScores(kind: isLinear ? "weight" : "total_gain")
      .mapValues { $0.reduce(0) { $0 + abs($1) } }
  }
}
