// The configuration keys of the churn workshop, with defaults and a line each.
import Atelier
import WorkshopInputs

extension ChurnWorkshop {
  /// The keys that the workshop knows.
  public static let settings: [Setting] =
    TableInput.settings("Churn") + [
      Setting(
        "Churn", "input", default: "input",
        "where files arrive for `atelier watch`: below bucket and prefix, a folder, or s3://"),
      Setting(
        "Churn", "object", default: "churn/customer-churn.csv",
        "name of the data below the inbox, for title and outputs; `watch` sets it"),
      Setting("Churn", "rows", default: "3000", "simulated customers, where no data are given"),
      Setting("Churn", "classes", default: "2", "labels of the simulation: 2 to 4"),
      Setting("Churn", "seed", default: "1729", "seed of the simulation, the split, the training"),
      Setting("Churn", "etl_timeout", default: "10", "minutes after which a step of etl is ended"),
      Setting(
        "Churn", "algorithm", default: "xgboost", "xgboost (trees) or xgboost-linear"),
      Setting("Churn", "objective", default: "binary:logistic", "what XGBoost learns"),
      Setting("Churn", "num_round", default: "100", "rounds of boosting"),
      Setting(
        "Churn", "eval_metric", default: "error",
        "metric of the validation; empty: the objective's own"),
      Setting(
        "Churn", "hyperparameters",
        default: "max_depth=5, eta=0.2, gamma=4, min_child_weight=6, subsample=0.8",
        "XGBoost's own, as name=value"),
      Setting(
        "Churn", "content_type", default: "text/csv",
        "rows that the endpoint takes: text/csv or application/jsonlines"),
      Setting(
        "Churn", "validation_enabled", default: "true",
        "false: every model is served, none measured"),
      Setting(
        "Churn", "threshold", default: "0.1",
        "a model is served only where eval_metric is below it (auc: above it) and better than a constant's"
      ),
      Setting("Churn", "endpoint", default: "churn", "name of the endpoint"),
      Setting("AWS", "s3_bucket_name", default: "churn-workshop", "bucket of the deliveries"),
      Setting("AWS", "s3_prefix", default: "churn", "prefix in the bucket"),
    ]
}
