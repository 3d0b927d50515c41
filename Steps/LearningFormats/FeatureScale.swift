// How one feature is scaled, as documents have it. It computes nothing.

/// A feature is scaled to (value - mean) / deviation.
public struct FeatureScale: Codable, Hashable, Sendable {
  public let mean: Double
  /// The deviation of the population; above 0.
  public let deviation: Double

  public init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }
}
