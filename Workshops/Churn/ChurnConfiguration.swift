// The workshop's configuration as typed values, checked before a step is wired.
import Atelier
import AtelierStep
import Learn

struct ChurnConfiguration {
  let rows: Int
  let classes: Int
  let seed: Int
  let etlLimits: StepLimits
  let algorithm: String
  let booster: BoosterSettings
  let contentType: String
  /// Nil where validation is disabled.
  let threshold: Double?
  let endpoint: String
  let object: ArrivedObject
  private let bucket: String
  private let prefix: String

  /// The algorithms by the words of the configuration, with XGBoost's own for them.
  static let algorithms = ["xgboost": "gbtree", "xgboost-linear": "gblinear"]
  static let contentTypes = ["text/csv", "application/jsonlines"]

  init(_ settings: Settings) throws {
    rows = try settings.integer("Churn", "rows", in: 10...10_000_000)
    classes = try settings.integer("Churn", "classes", in: 2...4)
    seed = try settings.integer("Churn", "seed", in: 0...Int(Int32.max))
    let minutes = try settings.double("Churn", "etl_timeout")
    guard minutes > 0, minutes <= 1440 else {
      throw SettingError("Churn", "etl_timeout", "\(minutes) is not above 0 and at most 1440")
    }
    etlLimits = StepLimits(timeout: minutes * 60)
    algorithm = try settings.choice("Churn", "algorithm", among: Self.algorithms.keys.sorted())
    booster = try Self.booster(settings, algorithm, seed)
    contentType = try settings.choice("Churn", "content_type", among: Self.contentTypes)
    let isValidated = try settings.choice(
      "Churn", "validation_enabled", among: ["true", "false"])
    let threshold = try settings.double("Churn", "threshold")
    self.threshold = isValidated == "true" ? threshold : nil
    endpoint = try settings.string("Churn", "endpoint")
    try Self.naming("endpoint", try ArrivedObject.checkEndpoint(endpoint))
    object = try Self.naming("object", try ArrivedObject(settings.string("Churn", "object")))
    bucket = try settings.string("AWS", "s3_bucket_name")
    prefix = try settings.folder("AWS", "s3_prefix")
  }

  /// What the run is called: the model, and the endpoint's configuration.
  var title: String { object.title(endpoint: endpoint) }

  /// Whether a higher value of the metric is the better one.
  var comparison: MetricComparison { booster.evalMetric == .auc ? .above : .below }

  /// The place of a delivery by the output rule; a tree keeps the names of its files.
  func place(_ part: String, _ fileName: String = "") -> Publication {
    Publication(bucket: bucket, prefix: prefix, dataset: object.output(part), fileName: fileName)
  }

  private static func booster(
    _ settings: Settings, _ algorithm: String, _ seed: Int
  ) throws -> BoosterSettings {
    let objective = try settings.string("Churn", "objective")
    let rounds = try settings.integer("Churn", "num_round", in: 1...100_000)
    let metric = try settings.string("Churn", "eval_metric")
    let text = try settings.string("Churn", "hyperparameters")
    do {
      var parameters = try BoosterSettings.parameters(text)
      let isLinear = algorithms[algorithm] == "gblinear"
      if let own = parameters["booster"], isLinear != (own == "gblinear") {
        throw StepFailure(
          "booster=\(own) does not go with algorithm = \(algorithm); leave it out of hyperparameters"
        )
      }
      if isLinear { parameters["booster"] = "gblinear" }
      return try BoosterSettings(
        objective: objective, rounds: rounds, seed: seed, evalMetric: metric,
        parameters: parameters)
    } catch let failure as StepFailure {
      throw SettingError("Churn", "objective, eval_metric, hyperparameters", failure.description)
    }
  }

  @discardableResult
  private static func naming<Value>(
    _ key: String, _ work: @autoclosure () throws -> Value
  ) throws -> Value {
    do {
      return try work()
    } catch let refused as ArrivedObject.Refused {
      throw SettingError("Churn", key, refused.description)
    }
  }
}
