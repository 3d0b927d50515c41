// A model with what it must know to be used: its columns and what it takes a null for.
import AtelierStep
import PropensityFormats
import XGBoost

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Program {
  /// The XGBoost library.
  static let xgboost = Program("xgboost", isExecutable: false)
  /// The OpenMP library that XGBoost opens by itself; listed so that it enters the key.
  static let libgomp = Program("libgomp", isExecutable: false)
}

/// A trained model of the propensity to subscribe.
struct PropensityModel {
  private static let nullsAttribute = "atelier.nulls"
  private static let featuresAttribute = "atelier.features"

  private let library: XGBoostLibrary
  private let booster: Booster
  private let nulls: NullHandling

  /// Trains a model on rows of both classes.
  init(
    training rows: LabelledRows, _ settings: Hyperparameters, seed: UInt32, in context: StepContext
  ) throws {
    try rows.checkClasses(of: .training)
    library = try XGBoostLibrary(path: context.path(.xgboost))
    nulls = settings.nulls
    let matrix = try DMatrix(
      library, values: Self.values(rows.features, nulls), columns: TrainColumns.features.count,
      labels: rows.labels)
    booster = try Booster(
      training: matrix, rounds: settings.rounds, parameters: settings.parameters(seed: seed),
      shouldStop: context.checkCancellation)
    try booster.setAttribute(Self.nullsAttribute, to: nulls.rawValue)
    try booster.setAttribute(
      Self.featuresAttribute, to: TrainColumns.features.joined(separator: ","))
  }

  /// Reads a model that a step of this family wrote; throws a `StepFailure` for any other file.
  init(reading model: Artifact<Model>, in context: StepContext) throws {
    library = try XGBoostLibrary(path: context.path(.xgboost))
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: context.path(model))))
    do {
      booster = try Booster(library, model: bytes)
    } catch let error as XGBoostError {
      throw StepFailure("the model, \(bytes.count) bytes, is no XGBoost model: \(error)")
    }
    guard let nulls = try booster.attribute(Self.nullsAttribute).flatMap(NullHandling.init),
      let features = try booster.attribute(Self.featuresAttribute)
    else {
      throw StepFailure(
        "the model does not say what it takes a null for and which columns it was trained with "
          + "(attributes \(Self.nullsAttribute) and \(Self.featuresAttribute)); train it here")
    }
    guard features == TrainColumns.features.joined(separator: ",") else {
      throw StepFailure(
        "the model was trained with other columns: \(features). Expected "
          + TrainColumns.features.joined(separator: ","))
    }
    self.nulls = nulls
  }

  /// The model's bytes.
  func bytes() throws -> [UInt8] { try booster.modelBytes() }

  /// A propensity between 0 and 1 for each row of features.
  func predict(_ features: [Float]) throws -> [Float] {
    let matrix = try DMatrix(
      library, values: Self.values(features, nulls), columns: TrainColumns.features.count)
    return try booster.predict(matrix).map { prediction in
      guard !prediction.isNaN else { throw StepFailure("the model predicts a NaN") }
      // A mean of shares may leave the interval by a rounding.
      return min(max(prediction, 0), 1)
    }
  }

  private static func values(_ features: [Float], _ nulls: NullHandling) -> [Float] {
    nulls == .missing ? features : features.map { $0.isNaN ? 0 : $0 }
  }
}
