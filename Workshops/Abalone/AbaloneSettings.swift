// The configuration keys of the abalone workshop, with defaults and a line each.
import Atelier
import WorkshopInputs

extension AbaloneWorkshop {
  /// The keys that the workshop knows.
  public static let settings: [Setting] =
    TableInput.settings("Abalone") + [
      Setting(
        "Abalone", "flow", default: "Workshops/Abalone/Flows/abalone.flow.json",
        "flow document: what the file holds, and which records come of it"),
      Setting("Abalone", "output", default: "features", "name of the flow's output"),
      Setting("Abalone", "feature_group", default: "abalone", "feature group that records go into"),
      Setting(
        "Abalone", "record_time", default: "2026-01-01T00:00:00Z",
        "event time of records without one of their own; `watch` sets it"),
      Setting(
        "Abalone", "instance_type", default: "ml.m5.4xlarge",
        "of a processing job on AWS; a run here uses this machine"),
      Setting("Abalone", "instance_count", default: "1", "of a processing job on AWS"),
      Setting("Abalone", "volume_size_gb", default: "30", "of a processing job on AWS"),
      Setting(
        "Abalone", "input", default: "input",
        "where files arrive for `atelier watch`: below bucket and prefix, a folder, or s3://"),
      Setting(
        "Abalone", "object", default: "abalone.csv",
        "name of the data below the inbox, for the request; `watch` sets it"),
      Setting("Abalone", "rows", default: "4177", "simulated abalones, where no data are given"),
      Setting(
        "Abalone", "seed", default: "1729", "seed of the simulation, the folds, the training"),
      Setting(
        "Abalone", "label", default: "rings", "feature that a model predicts; empty: no training"),
      Setting(
        "Abalone", "as_of", default: "",
        "train on what held at this time; empty: on the latest records"),
      Setting(
        "Abalone", "observations", default: "",
        "file of identifiers and times (observed_at): train on what held at each row's time"),
      Setting("Abalone", "num_round", default: "50", "rounds of boosting"),
      Setting(
        "Abalone", "hyperparameters",
        default: "max_depth=5, eta=0.2, gamma=4, min_child_weight=6, subsample=0.7",
        "XGBoost's own, as name=value"),
      Setting("AWS", "s3_bucket_name", default: "abalone-workshop", "bucket of the deliveries"),
      Setting("AWS", "s3_prefix", default: "abalone", "prefix in the bucket"),
    ]
}
