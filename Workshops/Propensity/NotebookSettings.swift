// The notebooks' own keys, which their config.ini has.
import Atelier
import PropensityFormats
import WorkshopInputs

/// The sections Platform, Authentication, Cloud and AWS of the notebooks' configuration.
///
/// What no step needs stays unread: it is listed, checked for misspelling, and there for the notebooks.
struct NotebookSettings: SettingsGroup {
  @Setting(
    "Platform", "backend",
    "where events, features and the segment are worked on: local, or aep for the live platform")
  var backend = Backend.local
  @Setting(
    "Platform", "transfer",
    "how features come from the live platform: access (Data Access API), or flow (a data flow to the bucket)"
  )
  var transfer = Transfer.access
  @Setting(
    "Platform", "scores",
    "how scores get to the live platform: batch, flow (a data flow from the bucket), or none: no segment is evaluated there"
  )
  var scoreWay = ScoreUse.batch
  @Setting("Platform", "ims_org_id", "organisation on the platform")
  var organisation: String? = nil
  @Setting("Platform", "sandbox_name", "sandbox on the platform")
  var sandbox = "prod"
  @Setting("Platform", "dataset_id", "data set of the events")
  var dataset: String? = nil
  @Setting("Platform", "featurized_dataset_id", "data set of the features; empty: cmle-featurized")
  var featurized: String? = nil
  @Setting("Platform", "dataflow_id", "data flow that exports the features")
  var dataflow: UnreadSetting
  @Setting("Platform", "scoring_dataset_id", "data set of the scores; empty: cmle-scores")
  var scoring: String? = nil
  @Setting("Platform", "environment", "platform environment")
  var environment = "prod"
  @Setting("Authentication", "client_id", "client of the platform's API")
  var client: UnreadSetting
  @Setting("Authentication", "client_secret", "secret of that client")
  var secret: UnreadSetting
  @Setting("Authentication", "scopes", "scopes of that client")
  var scopes: UnreadSetting
  @Setting("Authentication", "tech_acct_id", "technical account (older files)")
  var account: UnreadSetting
  @Setting("Cloud", "export_path", "kept for the notebooks; names nothing here")
  var exportPath = "cmle/egress"
  @Setting("Cloud", "import_path", "folder below the prefix for scores and segments")
  var importPath = KeyPrefix(settingText: "cmle/ingress")
  @Setting("Cloud", "data_format", "format of the delivered features: parquet, csv or json")
  var dataFormat = "parquet"
  @Setting("Cloud", "compression_type", "gzip, zstd, snappy or none")
  var compression = "gzip"
  @Setting("Cloud", "model_name", "name of the model")
  var modelName = "cmle_propensity_model"
  var bucket = BucketSettings(bucket: "cmle-workshop", prefix: "cmle")
  @Setting("AWS", "cfn_stack_id", "CloudFormation stack behind the bucket")
  var stack: UnreadSetting
  @Setting("AWS", "region", "region of the bucket")
  var region: UnreadSetting
  @Setting("AWS", "endpoint_url", "another S3 endpoint")
  var endpoint: UnreadSetting
  @Setting("AWS", "profile", "profile of the shared credentials file")
  var profile: UnreadSetting

  /// Where the weeks do their work.
  enum Backend: String, SettingChoice { case local, aep }

  /// How features come from the platform.
  enum Transfer: String, SettingChoice { case access, flow }

  /// How scores get to the platform, if they do.
  enum ScoreUse: String, SettingChoice {
    case batch, flow, none

    /// nil where they stay here.
    var way: ScoreWay? { ScoreWay(rawValue: rawValue) }
  }

  /// The data set of the features.
  var featurizedDataset: String { featurized ?? "cmle-featurized" }

  /// The data set of the scores.
  var scoringDataset: String { scoring ?? "cmle-scores" }

  /// A place below `import_path`, from which the platform takes data in.
  func ingress(_ dataset: String, fileName: String) -> Publication {
    let folder = importPath.text
    return bucket.place(folder.isEmpty ? dataset : "\(folder)/\(dataset)", fileName)
  }
}
