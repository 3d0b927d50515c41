// Trees that are trained, kept as bytes and asked for predictions. It chooses no hyperparameter.
import CXGBoost

/// A model of trees.
public final class Booster {
  let library: XGBoostLibrary
  let handle: UnsafeMutableRawPointer

  /// Trains a model.
  ///
  /// One call of XGBoost a round. An unknown objective or value is found at the first round only.
  /// `shouldStop` is asked between the rounds and may throw to end the training.
  public convenience init(
    training matrix: DMatrix, rounds: Int, parameters: [(name: String, value: String)],
    shouldStop: () throws -> Void = {}
  ) throws {
    try self.init(matrix.library, remembering: matrix.handle)
    for (name, value) in parameters where name != "nthread" { try set(name, value) }
    try set("nthread", "1")
    for round in 0..<rounds {
      try shouldStop()
      try library.check(
        "XGBoosterUpdateOneIter",
        cxgb_booster_update(library.table, handle, Int32(round), matrix.handle))
    }
  }

  /// Reads a model that `modelBytes` gave; throws `XGBoostError.call` for anything else.
  public convenience init(_ library: XGBoostLibrary, model: [UInt8]) throws {
    try self.init(library, remembering: nil)
    try library.check(
      "XGBoosterLoadModelFromBuffer",
      cxgb_booster_load(library.table, handle, model, UInt64(model.count)))
    try set("nthread", "1")
  }

  deinit { _ = cxgb_booster_free(library.table, handle) }

  private init(_ library: XGBoostLibrary, remembering matrix: UnsafeMutableRawPointer?) throws {
    var handle: UnsafeMutableRawPointer?
    try library.check("XGBoosterCreate", cxgb_booster_create(library.table, matrix, &handle))
    self.handle = try library.made("XGBoosterCreate", handle)
    self.library = library
  }

  private func set(_ name: String, _ value: String) throws {
    try library.check(
      "XGBoosterSetParam(\(name))",
      cxgb_booster_set_parameter(library.table, handle, name, value))
  }

  /// The number of features that the model was trained with.
  public func featureCount() throws -> Int {
    var count: UInt64 = 0
    try library.check(
      "XGBoosterGetNumFeature", cxgb_booster_feature_count(library.table, handle, &count))
    return Int(count)
  }

  /// A text that is kept in the model, or nil.
  public func attribute(_ name: String) throws -> String? {
    var text: UnsafePointer<CChar>?
    try library.check(
      "XGBoosterGetAttr", cxgb_booster_attribute(library.table, handle, name, &text))
    return text.map { String(cString: $0) }
  }

  /// Keeps a text in the model.
  public func setAttribute(_ name: String, to value: String) throws {
    try library.check(
      "XGBoosterSetAttr", cxgb_booster_set_attribute(library.table, handle, name, value))
  }

  /// The model in UBJSON: the same bytes for the same data, parameters and library.
  public func modelBytes() throws -> [UInt8] {
    var count: UInt64 = 0
    var bytes: UnsafePointer<CChar>?
    try library.check(
      "XGBoosterSaveModelToBuffer",
      cxgb_booster_save(library.table, handle, #"{"format":"ubj"}"#, &count, &bytes))
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(count)))
  }

  /// One prediction a row, after the objective's transformation; throws where a row has several.
  public func predict(_ matrix: DMatrix) throws -> [Float] {
    let predictions = try predictions(of: matrix)
    guard predictions.width == 1 else {
      throw XGBoostError.shape("\(matrix.rows) rows gave \(predictions.values.count) predictions")
    }
    return predictions.values
  }

  /// The predictions after the objective's transformation: one a row, or one a row and class.
  public func predictions(of matrix: DMatrix) throws -> BoosterPredictions {
    let expected = try featureCount()
    guard matrix.columns == expected else {
      throw XGBoostError.shape("the model takes \(expected) features, not \(matrix.columns)")
    }
    var count: UInt64 = 0
    var values: UnsafePointer<Float>?
    let config =
      #"{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#
    try library.check(
      "XGBoosterPredictFromDMatrix",
      cxgb_booster_predict(library.table, handle, matrix.handle, config, &count, &values))
    guard let values, count > 0, Int(count).isMultiple(of: matrix.rows) else {
      throw XGBoostError.shape("\(matrix.rows) rows gave \(count) predictions")
    }
    return BoosterPredictions(
      values: Array(UnsafeBufferPointer(start: values, count: Int(count))),
      width: Int(count) / matrix.rows)
  }

  /// How useful each feature is, by its place; features that the model does not use are left out.
  ///
  /// `kind` is one of XGBoost's importance types: `gain`, `total_gain`, `weight` ... for trees;
  /// a linear model has `weight` only, its coefficients, with one a class.
  public func featureScores(kind: String) throws -> [Int: [Float]] {
    var (count, dimensions) = (UInt64(0), UInt64(0))
    var names: UnsafePointer<UnsafePointer<CChar>?>?
    var shape: UnsafePointer<UInt64>?
    var scores: UnsafePointer<Float>?
    try library.check(
      "XGBoosterFeatureScore",
      cxgb_booster_feature_scores(
        library.table, handle, #"{"importance_type":"\#(kind)"}"#, &count, &names, &dimensions,
        &shape, &scores))
    guard count > 0, let names, let shape, let scores else { return [:] }
    let width = dimensions > 1 ? Int(shape[1]) : 1
    var found: [Int: [Float]] = [:]
    for index in 0..<Int(count) {
      // Features without names are called f0, f1 ....
      let name = names[index].map { String(cString: $0) } ?? ""
      guard let feature = Int(name.dropFirst()) else {
        throw XGBoostError.shape("'\(name)' is no feature's place")
      }
      found[feature] = Array(UnsafeBufferPointer(start: scores + index * width, count: width))
    }
    return found
  }
}

/// What a model says of some rows.
public struct BoosterPredictions: Sendable {
  /// The predictions, row by row.
  public let values: [Float]
  /// The predictions of one row: 1, or the number of classes.
  public let width: Int

  package init(values: [Float], width: Int) {
    self.values = values
    self.width = width
  }
}
