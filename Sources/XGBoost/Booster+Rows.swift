// Predictions of rows that come and go, one value or several a row, and what a model says of itself.
import CXGBoost

extension Booster {
  /// The predictions of dense rows; NaN is a missing value.
  ///
  /// Row by row, as many values a row as the objective gives (one a class for `multi:softprob`).
  /// Trees are asked where the rows lie, without a matrix of XGBoost's own, which takes half of
  /// the time for one row; linear models cannot be. Both ways give the same numbers.
  public func predictRows(_ values: [Float], columns: Int) throws -> [Float] {
    guard columns > 0, !values.isEmpty, values.count.isMultiple(of: columns) else {
      throw XGBoostError.shape("\(values.count) values are not whole rows of \(columns) columns")
    }
    let rows = values.count / columns
    return try values.withUnsafeBufferPointer { buffer in
      let address = UInt(bitPattern: buffer.baseAddress)
      var count: UInt64 = 0
      var found: UnsafePointer<Float>?
      try library.check(
        "XGBoosterPredictFromDense",
        cxgb_booster_predict_dense(
          library.table, handle,
          #"{"data":[\#(address),true],"shape":[\#(rows),\#(columns)],"typestr":"<f4","version":3}"#,
          #"{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"#
            + #""missing":NaN,"cache_id":0}"#, &count, &found))
      return try Self.copied(found, Int(count), rows: rows)
    }
  }

  private static func copied(
    _ values: UnsafePointer<Float>?, _ count: Int, rows: Int
  ) throws -> [Float] {
    guard let values, count > 0, count.isMultiple(of: rows) else {
      throw XGBoostError.shape("\(rows) rows gave \(count) predictions")
    }
    return Array(UnsafeBufferPointer(start: values, count: count))
  }

  /// How much each feature of each row moves its prediction, by XGBoost's own SHAP values.
  ///
  /// Row by row one value a feature and at last the bias; together they are the prediction before the
  /// objective's transformation. For models of one prediction a row.
  package func contributions(of matrix: DMatrix) throws -> [Float] {
    var count: UInt64 = 0
    var found: UnsafePointer<Float>?
    try library.check(
      "XGBoosterPredictFromDMatrix",
      cxgb_booster_predict(
        library.table, handle, matrix.handle,
        #"{"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#,
        &count, &found))
    let values = try Self.copied(found, Int(count), rows: matrix.rows)
    guard values.count == matrix.rows * (matrix.columns + 1) else {
      throw XGBoostError.shape("\(matrix.rows) rows gave \(values.count) contributions")
    }
    return values
  }

  /// All settings of the model as JSON text, the objective among them.
  public func configuration() throws -> [UInt8] {
    var count: UInt64 = 0
    var text: UnsafePointer<CChar>?
    try library.check(
      "XGBoosterSaveJsonConfig",
      cxgb_booster_configuration(library.table, handle, &count, &text))
    return [UInt8](UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : Int(count)))
  }
}
