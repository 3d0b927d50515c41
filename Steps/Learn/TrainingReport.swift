// What a document of a training holds. It trains nothing.

/// The content of a `TrainingResult`.
struct TrainingReport: Codable {
  var settings: BoosterSettings
  var features: [String]
  var label: String
  var training: [String]
  var trainingRows: Int
  var validation: [String]
  var validationRows: Int
  /// By `training` and `validation`, then by metric.
  var metrics: [String: [String: Double]]
  var model: String
}
