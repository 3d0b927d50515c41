// What probes, trials and a registered model are as documents. It does not say where they are written.

/// All that XGBoost was given, so that the same rows give the same model again.
struct XGBoostSettings: Codable, Hashable {
  /// The number of calls that train the model.
  var rounds: Int
  /// By XGBoost's names, the seed of the samples among them.
  var parameters: [String: String]

  init(_ settings: Hyperparameters, seed: UInt32) {
    rounds = settings.rounds
    parameters = settings.parameters(seed: seed).reduce(into: [:]) { $0[$1.name] = $1.value }
  }
}

/// What the short training of a draw gave: the content of a `ProbeResult`.
struct ProbeReport: Codable, Hashable {
  var draw: Draw
  /// What the short training was given.
  var xgboost: XGBoostSettings
  /// The share of right answers at a threshold of 0.5 on the probe's rows, to 12 digits.
  var accuracy: Double
  /// The area under the ROC curve on the probe's rows, to 12 digits.
  var auc: Double
  var trainingRows: Int
  var probeRows: Int
}

/// What the training of one model gave: the content of a `TrialResult`.
struct TrialReport: Codable, Hashable {
  /// The number of the draw; nil for the baseline.
  var trial: Int?
  var hyperparameters: Hyperparameters
  var xgboost: XGBoostSettings
  /// The share of right answers at a threshold of 0.5 on the validation rows, to 12 digits.
  var accuracy: Double
  /// The area under the ROC curve on the validation rows, to 12 digits.
  var auc: Double
  var trainingRows: Int
  var validationRows: Int
  /// The digest of the model's bytes.
  var model: String
}

/// A model as it is registered: the content of a `ModelVersion`.
struct VersionReport: Codable, Hashable {
  /// On the validation rows, on which the choice was made.
  struct Metrics: Codable, Hashable {
    var accuracy: Double
    var auc: Double
  }

  var modelName: String
  /// The first twelve digits of the model's digest; a registry gives its own number.
  var version: String
  var stage: String
  var model: String
  /// The number of the draw.
  var trial: Int
  /// How many draws the search had.
  var trials: Int
  /// How many of them were trained in full.
  var trainedInFull: Int
  var hyperparameters: Hyperparameters
  var xgboost: XGBoostSettings
  var metrics: Metrics
  var baseline: Metrics
}
