// What a model does with rows before it is asked and with what it answers, as the model itself says.

/// The encodings that travel with a model, in its attributes: whoever asks it, a batch or a server,
/// applies the same ones in the same arithmetic.
package struct ModelRules: Hashable, Sendable {
  /// How one feature is scaled: (value - mean) / deviation.
  package struct Scale: Hashable, Sendable {
    package let mean: Double
    package let deviation: Double

    package init(mean: Double, deviation: Double) {
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// Stands for a missing value; nil: the model learnt where such rows go.
  package var missing: Float?
  /// The scale of each feature by its place, nil where it is taken as it is; empty: none is scaled.
  package var scales: [Scale?]
  /// Predictions beyond it are taken for its ends, as where a mean of shares leaves 0 to 1 by a rounding.
  package var range: ClosedRange<Float>?

  package init(
    missing: Float? = nil, scales: [Scale?] = [], range: ClosedRange<Float>? = nil
  ) {
    self.missing = missing
    self.scales = scales
    self.range = range
  }

  private static let nullsName = "atelier.nulls"
  private static let scalesName = "atelier.scales"
  private static let rangeName = "atelier.range"

  /// Reads the rules of a model; throws `XGBoostError.shape` where they cannot be read.
  package init(of booster: Booster) throws {
    missing = try booster.attribute(Self.nullsName) == "zero" ? 0 : nil
    scales = try (booster.attribute(Self.scalesName) ?? "").split(
      separator: ",", omittingEmptySubsequences: false
    ).map { text in
      if text.isEmpty { return nil }
      let numbers = text.split(separator: "/").compactMap { Double($0) }
      guard numbers.count == 2, numbers[1] > 0, numbers.allSatisfy(\.isFinite) else {
        throw XGBoostError.shape(
          "'\(text)' in the attribute \(Self.scalesName) is no mean/deviation")
      }
      return Scale(mean: numbers[0], deviation: numbers[1])
    }
    if scales.allSatisfy({ $0 == nil }) { scales = [] }
    range = try booster.attribute(Self.rangeName).map { text in
      let ends = text.split(separator: ",").compactMap { Float($0) }
      guard ends.count == 2, ends[0] <= ends[1] else {
        throw XGBoostError.shape("'\(text)' in the attribute \(Self.rangeName) is no low,high")
      }
      return ends[0]...ends[1]
    }
    let features = try booster.featureCount()
    guard scales.isEmpty || scales.count == features else {
      throw XGBoostError.shape("\(scales.count) scales do not fit \(features) features")
    }
  }

  /// The rules as a model keeps them.
  package var attributes: [(name: String, value: String)] {
    var all = [(name: Self.nullsName, value: missing == 0 ? "zero" : "missing")]
    if scales.contains(where: { $0 != nil }) {
      let texts = scales.map { $0.map { "\($0.mean)/\($0.deviation)" } ?? "" }
      all.append((name: Self.scalesName, value: texts.joined(separator: ",")))
    }
    if let range {
      all.append((name: Self.rangeName, value: "\(range.lowerBound),\(range.upperBound)"))
    }
    return all
  }

  /// Dense rows of `width` features as the model takes them; NaN is a missing value.
  package func rows(_ values: [Float], width: Int) -> [Float] {
    guard missing != nil || !scales.isEmpty else { return values }
    var values = values
    for index in values.indices {
      if !scales.isEmpty, let scale = scales[index % width] {
        values[index] = Float((Double(values[index]) - scale.mean) / scale.deviation)
      }
      if let missing, values[index].isNaN { values[index] = missing }
    }
    return values
  }

  /// Predictions as the model means them.
  package func answers(_ predictions: [Float]) -> [Float] {
    guard let range else { return predictions }
    return predictions.map { min(max($0, range.lowerBound), range.upperBound) }
  }
}
