// Small models that the tests of this module serve, trained once.
import AtelierTesting
import XGBoost

@testable import Serve

enum Models {
  static let library = TestTools.path(of: "xgboost") ?? ""

  /// 300 rows of 3 columns by integer arithmetic, with some missing values.
  static let values: [Float] = (0..<900).map { index in
    index % 17 == 0 ? .nan : Float(index * index % 101)
  }

  /// Trees for yes or no.
  static let binary = Result { try train([("objective", "binary:logistic")]) { $0 > 90 ? 1 : 0 } }
  /// The same with another seed: other bytes, other predictions.
  static let other = Result {
    try train([("objective", "binary:logistic"), ("eta", "0.9")], rounds: 9) { $0 > 90 ? 1 : 0 }
  }
  /// Trees for three classes, a probability each.
  static let classes = Result {
    try train([("objective", "multi:softprob"), ("num_class", "3")]) { Float(Int($0) % 3) }
  }
  /// No trees at all.
  static let linear = Result {
    try train([("booster", "gblinear"), ("objective", "reg:squarederror")]) { $0 }
  }
  /// Three classes from one column only.
  static let narrow = Result {
    try train([("objective", "multi:softprob"), ("num_class", "3")], columns: 1) {
      Float(Int($0) % 3)
    }
  }

  /// A model whose labels follow from the sum of each row's first and last value.
  static func train(
    _ parameters: [(name: String, value: String)], rounds: Int = 5, columns: Int = 3,
    attributes: [String: String] = [:], label: (Float) -> Float
  ) throws -> [UInt8] {
    let labels = (0..<(values.count / columns)).map { row in
      let sum = values[row * columns] + values[row * columns + columns - 1]
      return label(sum.isNaN ? 0 : sum)
    }
    let matrix = try DMatrix(
      XGBoostLibrary(path: library), values: values, columns: columns, labels: labels)
    let booster = try Booster(
      training: matrix, rounds: rounds, parameters: parameters + [("seed", "7")])
    for (name, value) in attributes { try booster.setAttribute(name, to: value) }
    return try booster.modelBytes()
  }

  /// A model, loaded as the server does.
  static func served(_ bytes: Result<[UInt8], any Error>, threads: Int = 2) throws -> ServedModel {
    try ServedModel(bytes.get(), threads: threads, library: library)
  }

  /// What XGBoost itself predicts for rows, through a matrix.
  static func predictions(_ bytes: [UInt8], _ rows: [Float], columns: Int) throws -> [Float] {
    let library = try XGBoostLibrary(path: library)
    let matrix = try DMatrix(library, values: rows, columns: columns)
    return try Booster(library, model: bytes).predictions(of: matrix).values
  }
}
