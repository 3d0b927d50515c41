// The configuration keys of the propensity workshop, with defaults and a line each.
import Atelier

extension PropensityWorkshop {
  /// The keys that the workshop knows; the notebooks' own come first.
  public static let settings: [Setting] =
    notebookSettings + [
      Setting(
        "Atelier", "events",
        default: "",
        "folder of real events (Parquet, CSV or JSON lines, a batch a file, also in folders) instead of simulated ones, or s3://bucket/prefix"
      ),
      Setting(
        "Atelier", "user_buckets", default: "32",
        "groups of users of real events, each featurized over all files"),
      Setting(
        "Atelier", "duplicates", default: "refuse",
        "events with the _id of an earlier one: refuse or drop"),
      Setting("Atelier", "tenant", default: "cmle", "tenant name: the ECID is _<tenant>.cmle_id"),
      Setting("Atelier", "users", default: "100000", "simulated users over all batches"),
      Setting("Atelier", "batches", default: "10", "snapshot batches"),
      Setting(
        "Atelier", "reference_date", default: "2024-07-01",
        "events end two weeks before this day"),
      Setting("Atelier", "seed", default: "1", "seed of everything that is drawn"),
      Setting("Atelier", "trials", default: "100", "tuning trials"),
      Setting(
        "Atelier", "feature_gap", default: "0",
        "seconds before a user's row up to which events count; 0: the row's own event, too, as in the notebooks"
      ),
      Setting(
        "Atelier", "forecast_date", default: "",
        "a day: who subscribes within forecast_days of it, by what was known before, earlier subscribers left out; empty: the notebooks' rows"
      ),
      Setting("Atelier", "forecast_days", default: "7", "days of the forecast"),
      Setting(
        "Atelier", "sklearn_calibration", default: "no",
        "yes: week 4 has scikit-learn's calibration curve, too, with packages from PyPI"),
      Setting("Segment", "from", default: "0.2", "lowest propensity of the segment"),
      Setting("Segment", "to", default: "0.93", "highest propensity of the segment"),
      Setting(
        "Segment", "audience", default: "all",
        "all, as in the notebooks, or not_subscribed: without those who have, each by the latest that is known"
      ),
    ]

  private static let notebookSettings: [Setting] = [
    Setting("Platform", "ims_org_id", "organisation on the platform"),
    Setting("Platform", "sandbox_name", default: "prod", "sandbox on the platform"),
    Setting("Platform", "dataset_id", "data set of the events"),
    Setting(
      "Platform", "featurized_dataset_id",
      "data set of the features; empty: cmle-featurized"),
    Setting("Platform", "dataflow_id", "data flow that exports the features"),
    Setting(
      "Platform", "scoring_dataset_id", "data set of the scores; empty: cmle-scores"),
    Setting("Platform", "environment", default: "prod", "platform environment"),
    Setting("Authentication", "client_id", "client of the platform's API"),
    Setting("Authentication", "client_secret", "secret of that client"),
    Setting("Authentication", "scopes", "scopes of that client"),
    Setting("Authentication", "tech_acct_id", "technical account (older files)"),
    Setting(
      "Cloud", "export_path", default: "cmle/egress",
      "kept for the notebooks; names nothing here"),
    Setting(
      "Cloud", "import_path", default: "cmle/ingress",
      "folder below the prefix for scores and segments"),
    Setting("Cloud", "data_format", default: "parquet", "parquet, csv or json"),
    Setting("Cloud", "compression_type", default: "gzip", "gzip, zstd, snappy or none"),
    Setting("Cloud", "model_name", default: "cmle_propensity_model", "name of the model"),
    Setting("AWS", "s3_bucket_name", default: "cmle-workshop", "bucket of the exports"),
    Setting("AWS", "s3_prefix", default: "cmle", "prefix in the bucket"),
    Setting("AWS", "cfn_stack_id", "CloudFormation stack behind the bucket"),
    Setting("AWS", "region", "region of the bucket"),
    Setting("AWS", "endpoint_url", "another S3 endpoint"),
    Setting("AWS", "profile", "profile of the shared credentials file"),
  ]
}
