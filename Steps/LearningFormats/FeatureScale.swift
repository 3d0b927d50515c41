// How one feature is scaled, as documents have it. It computes nothing.

/// A feature is scaled to (value - mean) / deviation.
public struct FeatureScale: Codable, Hashable, Sendable {
  /// The mean, in the feature's own unit.
  public let mean: Double
  /// The deviation of the population; above 0.
  public let deviation: Double

  /// A scale; `deviation` is above 0.
  public init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }
}
