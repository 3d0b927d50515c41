// What a trial and a registered model are as documents. It does not say where they are written.

/// What the training of one model gave: the content of a `TrialResult`.
struct TrialReport: Codable, Hashable {
  /// The number of the trial; nil for the baseline.
  var trial: Int?
  var hyperparameters: Hyperparameters
  /// The share of right answers at a threshold of 0.5 on the held-out rows, to 12 digits.
  var accuracy: Double
  /// The area under the ROC curve on the held-out rows, to 12 digits.
  var auc: Double
  var trainingRows: Int
  var heldOutRows: Int
  /// The digest of the model's bytes.
  var model: String
}

/// A model as it is registered: the content of a `ModelVersion`.
struct VersionReport: Codable, Hashable {
  struct Metrics: Codable, Hashable {
    var accuracy: Double
    var auc: Double
  }

  var modelName: String
  /// The first twelve digits of the model's digest; a registry gives its own number.
  var version: String
  var stage: String
  var model: String
  var trial: Int
  var trials: Int
  var hyperparameters: Hyperparameters
  var metrics: Metrics
  var baseline: Metrics
}
