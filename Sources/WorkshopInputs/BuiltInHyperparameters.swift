// What SageMaker's built-in XGBoost is asked for the same training.
import Learn

extension BoosterSettings {
  /// The settings by the names of SageMaker's built-in XGBoost: texts, whatever they mean.
  ///
  /// Source: the developer guide of SageMaker, "XGBoost hyperparameters".
  public var builtInHyperparameters: [String: String] {
    parameters.merging([
      "objective": objective, "num_round": "\(rounds)", "seed": "\(seed)",
      "eval_metric": evalMetric.rawValue,
    ]) { $1 }
  }
}
