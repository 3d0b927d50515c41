// The workshop's configuration as typed values, checked before a step is wired.
import Atelier
import AtelierStep
import Features
import Learn

struct AbaloneConfiguration {
  /// The flow document as it is written, relative to the project's root or absolute.
  let flow: String
  let output: String
  let group: String
  /// Seconds since 1970 in UTC.
  let recordTime: Double
  let rows: Int
  let seed: Int
  /// Nil where nothing is trained.
  let label: String?
  let asOf: Double?
  let observations: String
  let booster: BoosterSettings
  private let instanceType: String
  private let instanceCount: Int
  private let volumeSize: Int
  private let input: String
  private let object: String
  private let bucket: String
  private let prefix: String

  init(_ settings: Settings) throws {
    flow = try settings.string("Abalone", "flow")
    output = try settings.string("Abalone", "output")
    group = try settings.string("Abalone", "feature_group")
    try Self.naming("feature_group") { [group] in try FeatureDefinition.checkGroup(group) }
    guard let recordTime = try Self.moment(settings, "record_time") else {
      throw SettingError("Abalone", "record_time", "empty; \(Self.timesExpected)")
    }
    self.recordTime = recordTime
    asOf = try Self.moment(settings, "as_of")
    observations = try settings.string("Abalone", "observations")
    guard asOf == nil || observations.isEmpty else {
      throw SettingError(
        "Abalone", "as_of",
        "each row of observations has a time of its own; leave one of them empty")
    }
    rows = try settings.integer("Abalone", "rows", in: 10...10_000_000)
    seed = try settings.integer("Abalone", "seed", in: 0...Int(Int32.max))
    let label = try settings.string("Abalone", "label")
    self.label = label.isEmpty ? nil : label
    instanceType = try Self.instanceType(settings)
    instanceCount = try settings.integer("Abalone", "instance_count", in: 1...100)
    volumeSize = try settings.integer("Abalone", "volume_size_gb", in: 1...16_384)
    input = try settings.string("Abalone", "input")
    object = try settings.string("Abalone", "object")
    bucket = try settings.string("AWS", "s3_bucket_name")
    prefix = try settings.folder("AWS", "s3_prefix")
    let rounds = try settings.integer("Abalone", "num_round", in: 1...100_000)
    let text = try settings.string("Abalone", "hyperparameters")
    booster = try Self.naming("hyperparameters") { [seed] in
      try BoosterSettings(
        objective: "reg:squarederror", rounds: rounds, seed: seed, evalMetric: "rmse",
        parameters: BoosterSettings.parameters(text))
    }
  }

  /// Where the group lies.
  var place: FeaturePlace { FeaturePlace(bucket: bucket, prefix: prefix, group: group) }

  /// The place of a delivery of this group.
  func place(_ folder: String, _ fileName: String) -> Publication {
    Publication(
      bucket: bucket, prefix: prefix, dataset: "\(folder)/\(group)", fileName: fileName)
  }

  /// What a processing job on AWS would be asked: names and URLs, never a path of this machine.
  var request: ProcessingRequest {
    ProcessingRequest(
      data: dataURL, flow: flow.hasPrefix("/") ? Self.lastName(flow) : flow, output: output,
      group: group, instanceType: instanceType, instanceCount: instanceCount,
      volumeSize: volumeSize, store: "s3://\(place.place)")
  }

  private var dataURL: String {
    if input.hasPrefix("s3://") { return "\(input)/\(object)" }
    if input.hasPrefix("/") || input.isEmpty { return object }
    return "s3://" + [bucket, prefix, input, object].filter { !$0.isEmpty }.joined(separator: "/")
  }

  private static func lastName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static let timesExpected =
    "give a time such as 2026-01-01T00:00:00Z, or seconds since 1970, in the years 1970 to 9999"

  /// A moment; nil for an empty text.
  private static func moment(_ settings: Settings, _ key: String) throws -> Double? {
    let text = try settings.string("Abalone", key)
    if text.isEmpty { return nil }
    guard let moment = Moment.seconds(text), RecordEncoding.times.contains(moment) else {
      throw SettingError("Abalone", key, "'\(text)' is no time: \(timesExpected)")
    }
    return moment
  }

  private static func instanceType(_ settings: Settings) throws -> String {
    let text = try settings.string("Abalone", "instance_type")
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
    guard parts.count == 3, parts[0] == "ml", isPlain else {
      throw SettingError(
        "Abalone", "instance_type",
        "'\(text)' is no instance type: give ml.<family>.<size>, such as ml.m5.4xlarge")
    }
    return text
  }

  private static func naming<Value>(_ key: String, _ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let failure as StepFailure {
      throw SettingError("Abalone", key, failure.description)
    }
  }
}
