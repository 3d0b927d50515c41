// The configuration keys of the retail workshop, with defaults and a line each.
import Atelier
import WorkshopInputs

extension RetailWorkshop {
  /// The keys that the workshop knows.
  public static let settings: [Setting] =
    TableInput.settings("Retail") + [
      Setting("Retail", "rows", default: "60000", "simulated sales, where no data are given"),
      Setting("Retail", "seed", default: "1729", "seed of the simulation, the split, the training"),
      Setting("Retail", "objective", default: "reg:linear", "what XGBoost learns"),
      Setting("Retail", "rounds", default: "50", "rounds of boosting"),
      Setting(
        "Retail", "hyperparameters",
        default: "max_depth=5, eta=0.2, gamma=4, min_child_weight=6, subsample=0.7",
        "XGBoost's own, as name=value"),
      Setting(
        "Retail", "rmse_threshold", default: "10",
        "inference follows only where the validation's RMSE is below it and a constant's"),
      Setting(
        "Retail", "group", default: "",
        "InvoiceNo, StockCode or CustomerID: rows that share it stay in one part; empty: rows apart, as in the guide"
      ),
      Setting(
        "Retail", "codes", default: "",
        "code table (codes.csv) of an earlier run; empty: learnt from these sales"),
      Setting(
        "Retail", "unknown_codes", default: "refuse",
        "a stock code that the table lacks: refuse, or missing"),
      Setting("Retail", "data_name", default: "retail-data", "data set of the CSV files"),
      Setting("Retail", "model_name", default: "retail-price", "data set of the saved model"),
      Setting("Retail", "job_name", default: "retail-inference", "data set of the predictions"),
      Setting(
        "Retail", "retry_attempts", default: "2",
        "how often a failed task of preparing or validating is repeated"),
      Setting("Retail", "retry_interval", default: "15", "seconds before the first repetition"),
      Setting("Retail", "retry_backoff", default: "4.0", "factor of each further wait"),
      Setting("AWS", "s3_bucket_name", default: "retail-workshop", "bucket of the deliveries"),
      Setting("AWS", "s3_prefix", default: "retail", "prefix in the bucket"),
    ]
}
