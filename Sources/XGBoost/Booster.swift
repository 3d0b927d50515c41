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

  /// One prediction a row, after the objective's transformation.
  public func predict(_ matrix: DMatrix) throws -> [Float] {
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
    guard let values, count == matrix.rows else {
      throw XGBoostError.shape("\(matrix.rows) rows gave \(count) predictions")
    }
    return Array(UnsafeBufferPointer(start: values, count: matrix.rows))
  }
}
