// The workshop's configuration as typed values, checked before a step is wired.
import Atelier
import AtelierStep
import Learn

struct RetailConfiguration {
  let rows: Int
  let seed: Int
  let booster: BoosterSettings
  let threshold: Double
  /// The column whose rows stay in one part; nil: each row may go anywhere, as in the guide.
  let group: String?
  /// The path of an earlier run's code table; nil: codes are learnt from the sales.
  let codes: String?
  let unknownCodes: UnknownCode
  let retries: StepLimits
  let dataName: String
  let modelName: String
  let jobName: String
  private let bucket: String
  private let prefix: String

  init(_ settings: Settings) throws {
    rows = try settings.integer("Retail", "rows", in: 1...100_000_000)
    seed = try settings.integer("Retail", "seed", in: 0...Int(Int32.max))
    threshold = try settings.double("Retail", "rmse_threshold")
    let group = try settings.choice(
      "Retail", "group", among: ["", "InvoiceNo", "StockCode", "CustomerID"])
    self.group = group.isEmpty ? nil : group
    let codes = try settings.string("Retail", "codes")
    self.codes = codes.isEmpty ? nil : codes
    let unknown = try settings.choice(
      "Retail", "unknown_codes", among: UnknownCode.allCases.map(\.rawValue))
    unknownCodes = UnknownCode(rawValue: unknown) ?? .refuse
    dataName = try settings.string("Retail", "data_name")
    modelName = try settings.string("Retail", "model_name")
    jobName = try settings.string("Retail", "job_name")
    bucket = try settings.string("AWS", "s3_bucket_name")
    prefix = try settings.folder("AWS", "s3_prefix")
    retries = StepLimits(
      retries: try settings.integer("Retail", "retry_attempts", in: 0...100),
      retryDelay: try Self.notNegative(settings, "retry_interval"),
      backoff: try Self.notNegative(settings, "retry_backoff"))
    let objective = try settings.string("Retail", "objective")
    let rounds = try settings.integer("Retail", "rounds", in: 1...100_000)
    let text = try settings.string("Retail", "hyperparameters")
    do {
      booster = try BoosterSettings(
        objective: objective, rounds: rounds, seed: seed, evalMetric: "rmse",
        parameters: BoosterSettings.parameters(text))
    } catch let failure as StepFailure {
      throw SettingError("Retail", "objective, hyperparameters", failure.description)
    }
  }

  private static func notNegative(_ settings: Settings, _ key: String) throws -> Double {
    let value = try settings.double("Retail", key)
    guard (0...86_400).contains(value) else {
      throw SettingError("Retail", key, "\(value) is not from 0 to 86400")
    }
    return value
  }

  /// The place of a delivery; a tree keeps the names of its files.
  func place(_ dataset: String, _ fileName: String = "") -> Publication {
    Publication(bucket: bucket, prefix: prefix, dataset: dataset, fileName: fileName)
  }
}
