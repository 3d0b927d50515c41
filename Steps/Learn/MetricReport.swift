// What a document of metrics holds. It measures nothing.

/// The content of a `ModelMetrics`.
struct MetricReport: Codable {
  var parts: [String]
  var rows: Int
  /// The model's, by name.
  var metrics: [String: Double] = [:]
  /// Those of the best constant prediction for the same rows.
  var constant: [String: Double] = [:]
}
