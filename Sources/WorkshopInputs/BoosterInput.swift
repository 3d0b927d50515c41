// How long and by what hyperparameters XGBoost learns, as a workshop's configuration says.
import Atelier
import AtelierStep
import Learn

/// The rounds of boosting and XGBoost's own hyperparameters.
public struct BoosterInput: SettingsGroup {
  /// Rounds of boosting.
  @Setting public var rounds: Int
  /// `name=value` pairs.
  @Setting public var hyperparameters: String

  /// Settings of a section; `key` is what the section calls the rounds.
  public init(
    _ section: String, rounds: Int, as key: String = "num_round", hyperparameters: String
  ) {
    _rounds = Setting(
      wrappedValue: rounds, section, key, "rounds of boosting", in: 1...100_000)
    _hyperparameters = Setting(
      wrappedValue: hyperparameters, section, "hyperparameters", "XGBoost's own, as name=value")
  }

  /// The settings of a training.
  ///
  /// `keys` are those that an error may be about, beside the hyperparameters; `adding` are
  /// hyperparameters that other settings decide, and `refusing` throws a `StepFailure` for those that do
  /// not go with them.
  ///
  /// - Throws: a `SettingError` that names the keys.
  public func settings(
    objective: String, seed: Int, evalMetric: String, keys: [String] = [],
    adding: [String: String] = [:], refusing: ([String: String]) throws -> Void = { _ in }
  ) throws -> BoosterSettings {
    do {
      let parameters = try BoosterSettings.parameters(hyperparameters)
      try refusing(parameters)
      return try BoosterSettings(
        objective: objective, rounds: rounds, seed: seed, evalMetric: evalMetric,
        parameters: parameters.merging(adding) { $1 })
    } catch let failure as StepFailure {
      let names = (keys + [$hyperparameters.declaration.key]).joined(separator: ", ")
      throw SettingError($hyperparameters.declaration.section, names, failure.description)
    }
  }
}
