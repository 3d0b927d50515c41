// The settings of the churn workshop.
import Atelier
import AtelierStep
import Learn
import WorkshopInputs

/// What the churn workshop's `config.ini` says.
public struct ChurnSettings: SettingsTable {
  var table = TableInput(section: "Churn")
  @Setting(
    "Churn", "input",
    "where files arrive for `atelier watch`: below bucket and prefix, a folder, or s3://")
  var input = "input"
  @Setting(
    "Churn", "object",
    "name of the data below the inbox, for title and outputs; `watch` sets it")
  var object = "churn/customer-churn.csv"
  @Setting(
    "Churn", "rows", "simulated customers, where no data are given", in: 10...10_000_000)
  var rows = 3000
  @Setting("Churn", "classes", "labels of the simulation", in: 2...4)
  var classes = 2
  @Setting(
    "Churn", "seed", "seed of the simulation, the split, the training", in: 0...Int(Int32.max))
  var seed = 1729
  @Setting(
    "Churn", "etl_timeout", "minutes after which a step of etl is ended", above: 0, upTo: 1440)
  var minutes = 10.0
  @Setting("Churn", "algorithm", "trees, or a linear model")
  var algorithm = Algorithm.trees
  @Setting("Churn", "objective", "what XGBoost learns")
  var objective = "binary:logistic"
  var booster = BoosterInput(
    "Churn", rounds: 100,
    hyperparameters: "max_depth=5, eta=0.2, gamma=4, min_child_weight=6, subsample=0.8")
  @Setting(
    "Churn", "eval_metric", "metric of the validation; empty: the objective's own")
  var metric = "error"
  @Setting("Churn", "content_type", "rows that the endpoint takes")
  var contentType = ContentType.csv
  @Setting(
    "Churn", "validation_enabled", "no: every model is served, none measured")
  var isValidated = true
  @Setting(
    "Churn", "threshold",
    "a model is served only where eval_metric is below it (auc: above it) and better than a constant's"
  )
  var threshold = 0.1
  @Setting("Churn", "endpoint", "name of the endpoint")
  var endpoint = "churn"
  @Setting(
    "Churn", "app_config_entry",
    "entry of the JSON that APP_CONFIG names; empty: the only one")
  var appConfigEntry = ""
  @Setting("Churn", "project", "begins the names of what is made on AWS")
  var project = ""
  @Setting("Churn", "project_stage", "stage of the project, such as Demo; follows its name")
  var projectStage = ""
  @Setting(
    "Churn", "image",
    "of a built-in training on AWS; empty: XGBoost of the region's registry")
  var image = ""
  @Setting(
    "Churn", "train_instance_type",
    "of a built-in training on AWS; a run here uses this machine")
  var trainInstance = InstanceType.training
  @Setting("Churn", "endpoint_instance_type", "of an endpoint on AWS")
  var endpointInstance = InstanceType.endpoint
  @Setting("Churn", "endpoint_instance_count", "of an endpoint on AWS", in: 1...100)
  var endpointInstances = 1
  @Setting(
    "Churn", "etl",
    "before a built-in training on AWS: Atelier's own steps, or the Glue job of glue_script")
  var etl = ETL.atelier
  @Setting(
    "Churn", "glue_script",
    "script of that Glue job, below code/glue in the bucket; a run here never starts it")
  var glueScript = ""
  var bucket = BucketSettings(bucket: "churn-workshop", prefix: "churn")

  /// All settings with their defaults.
  public init() {}

  /// The algorithms by the words of SageMaker.
  enum Algorithm: String, SettingChoice {
    case trees = "xgboost"
    case linear = "xgboost-linear"
  }

  /// What reads and splits the data on AWS.
  enum ETL: String, SettingChoice { case atelier, glue }

  /// The forms of rows that an endpoint reads.
  enum ContentType: String, SettingChoice {
    case csv = "text/csv"
    case jsonLines = "application/jsonlines"
  }

  /// Checks the names of the endpoint and of the object.
  public func check() throws {
    try $endpoint.checked { try ArrivedObject.checkEndpoint(endpoint) }
    _ = try arrived()
    guard etl != .glue || !glueScript.isEmpty else {
      throw $glueScript.error("empty, and etl = glue; name the script of the Glue job")
    }
  }

  /// What names on AWS begin with: `<project><stage>-<endpoint>`, as the sample has it.
  var name: String? {
    project.isEmpty ? nil : "\(project)\(projectStage)-\(endpoint)"
  }

  /// The sample's Glue job, where it writes the parts; nil where Atelier's own steps do.
  func glue() throws -> BuiltInTraining.GlueJob? {
    guard etl == .glue else { return nil }
    let arrived = try arrived()
    let root = bucket.place("").place
    func url(_ parts: String...) -> String {
      "s3://" + ([root] + parts).joined(separator: "/")
    }
    let (train, validate) = (
      url(arrived.output("data/train")), url(arrived.output("data/validate"))
    )
    return BuiltInTraining.GlueJob(
      name: name ?? endpoint, script: url("code/glue", glueScript),
      arguments: [
        "--S3_INPUT_FILE": url(input, object), "--S3_TRAIN_KEY": train,
        "--S3_VALIDATE_KEY": validate,
      ], minutes: max(1, Int(minutes.rounded(.up))),
      places: ["train": train, "validation": validate])
  }

  /// The object whose name decides title and places.
  func arrived() throws -> ArrivedObject {
    try $object.checked { try ArrivedObject(object) }
  }

  /// How long a step of etl may take.
  var etlLimits: StepLimits { StepLimits(timeout: minutes * 60) }

  /// What XGBoost is asked.
  func training() throws -> BoosterSettings {
    let isLinear = algorithm == .linear
    return try booster.settings(
      objective: objective, seed: seed, evalMetric: metric,
      keys: [$objective.declaration.key, $metric.declaration.key],
      adding: isLinear ? ["booster": "gblinear"] : [:]
    ) { parameters in
      if let own = parameters["booster"], isLinear != (own == "gblinear") {
        throw StepFailure(
          "booster=\(own) does not go with algorithm = \(algorithm.rawValue); leave it out of "
            + "hyperparameters")
      }
    }
  }

  /// The place of a delivery by the output rule; a tree keeps the names of its files.
  func place(_ part: String, _ fileName: String = "") throws -> Publication {
    bucket.place(try arrived().output(part), fileName)
  }
}
