// The settings of the retail workshop.
import Atelier
import AtelierStep
import Learn
import WorkshopInputs

extension UnknownCode: SettingChoice {}

/// What the retail workshop's `config.ini` says.
public struct RetailSettings: SettingsTable {
  var table = TableInput(section: "Retail")
  @Setting(
    "Retail", "rows", "simulated sales, where no data are given", in: 1...100_000_000)
  var rows = 60_000
  @Setting(
    "Retail", "seed", "seed of the simulation, the split, the training", in: 0...Int(Int32.max))
  var seed = 1729
  @Setting("Retail", "objective", "what XGBoost learns")
  var objective = "reg:linear"
  var booster = BoosterInput(
    "Retail", rounds: 50, as: "rounds",
    hyperparameters: "max_depth=5, eta=0.2, gamma=4, min_child_weight=6, subsample=0.7")
  @Setting(
    "Retail", "rmse_threshold",
    "inference follows only where the validation's RMSE is below it and a constant's")
  var threshold = 10.0
  @Setting(
    "Retail", "group",
    "the column whose rows stay in one part; empty: rows apart, as in the guide")
  var group: Group? = nil
  @Setting(
    "Retail", "codes",
    "code table (codes.csv) of an earlier run; empty: learnt from these sales")
  var codes: String? = nil
  @Setting("Retail", "unknown_codes", "what becomes of a stock code that the table lacks")
  var unknownCodes = UnknownCode.refuse
  @Setting("Retail", "data_name", "data set of the CSV files")
  var dataName = "retail-data"
  @Setting("Retail", "model_name", "data set of the saved model")
  var modelName = "retail-price"
  @Setting("Retail", "job_name", "data set of the predictions")
  var jobName = "retail-inference"
  @Setting(
    "Retail", "retry_attempts",
    "how often a failed task of preparing or validating is repeated", in: 0...100)
  var retryAttempts = 2
  @Setting(
    "Retail", "retry_interval", "seconds before the first repetition", in: 0...86_400)
  var retryInterval = 15.0
  @Setting("Retail", "retry_backoff", "factor of each further wait", in: 0...86_400)
  var retryBackoff = 4.0
  var bucket = BucketSettings(bucket: "retail-workshop", prefix: "retail")

  /// All settings with their defaults.
  public init() {}

  /// Columns whose rows may stay together.
  enum Group: String, SettingChoice {
    case invoice = "InvoiceNo"
    case stockCode = "StockCode"
    case customer = "CustomerID"
  }

  /// How a failed task is repeated.
  var retries: StepLimits {
    StepLimits(retries: retryAttempts, retryDelay: retryInterval, backoff: retryBackoff)
  }

  /// What XGBoost is asked.
  func training() throws -> BoosterSettings {
    try booster.settings(
      objective: objective, seed: seed, evalMetric: "rmse", keys: [$objective.declaration.key])
  }
}
