// Which side of a threshold is the good one. It knows no metric.

/// On which side of the threshold a metric must lie, never on it.
public enum MetricComparison: String, Codable, Sendable, CaseIterable {
  case below, above

  func holds(_ value: Double, _ threshold: Double) -> Bool {
    switch self {
    case .below: value < threshold
    case .above: value > threshold
    }
  }
}
