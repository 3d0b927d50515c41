// Rows of features in XGBoost's own form. It knows nothing of what the columns mean.
import CXGBoost

/// A matrix of features, with labels where it is for training.
public final class DMatrix {
  let library: XGBoostLibrary
  let handle: UnsafeMutableRawPointer
  /// The number of rows.
  public let rows: Int
  /// The number of features.
  public let columns: Int

  /// Copies a dense matrix, row by row; NaN is a missing value.
  ///
  /// Throws `XGBoostError.shape` where the values are not whole rows or labels are not one a row.
  public init(
    _ library: XGBoostLibrary, values: [Float], columns: Int, labels: [Float]? = nil
  ) throws {
    guard columns > 0, !values.isEmpty, values.count.isMultiple(of: columns) else {
      throw XGBoostError.shape("\(values.count) values are not whole rows of \(columns) columns")
    }
    let rows = values.count / columns
    if let labels, labels.count != rows {
      throw XGBoostError.shape("\(rows) rows have \(labels.count) labels")
    }
    var handle: UnsafeMutableRawPointer?
    try values.withUnsafeBufferPointer { buffer in
      let address = UInt(bitPattern: buffer.baseAddress)
      try library.check(
        "XGDMatrixCreateFromDense",
        cxgb_matrix_create(
          library.table,
          #"{"data":[\#(address),true],"shape":[\#(rows),\#(columns)],"typestr":"<f4","version":3}"#,
          #"{"missing":NaN,"nthread":1}"#, &handle))
    }
    self.library = library
    self.handle = try library.made("XGDMatrixCreateFromDense", handle)
    self.rows = rows
    self.columns = columns
    if let labels { try set(labels: labels) }
  }

  private func set(labels: [Float]) throws {
    try library.check(
      "XGDMatrixSetFloatInfo",
      cxgb_matrix_set_floats(library.table, handle, "label", labels, UInt64(labels.count)))
  }

  deinit { _ = cxgb_matrix_free(library.table, handle) }
}
