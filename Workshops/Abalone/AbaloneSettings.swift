// The settings of the abalone workshop.
import Atelier
import AtelierStep
import Features
import Learn
import WorkshopInputs

/// What the abalone workshop's `config.ini` says.
public struct AbaloneSettings: SettingsTable {
  var table = TableInput(section: "Abalone")
  @Setting(
    "Abalone", "flow",
    "flow document, or .flow of Data Wrangler: what the file holds, and the records made of it")
  var flow = "Workshops/Abalone/Flows/abalone.flow.json"
  @Setting(
    "Abalone", "output", "name of the flow's output; of a Data Wrangler flow <node_id>.default")
  var output = "features"
  @Setting(
    "Abalone", "record_identifier", "feature that names a record of a Data Wrangler flow")
  var identifier = "record_id"
  @Setting(
    "Abalone", "categories",
    "values of columns that a Data Wrangler flow encodes, as column: value, value; column: ...")
  var categories = "sex: M, I, F"
  @Setting("Abalone", "feature_group", "feature group that records go into")
  var group = "abalone"
  @Setting(
    "Abalone", "record_time",
    "event time of records without one of their own; `watch` sets it")
  var recordTime = RecordTime.standard
  @Setting(
    "Abalone", "instance_type", "of a processing job on AWS; a run here uses this machine")
  var instanceType = InstanceType.processing
  @Setting("Abalone", "instance_count", "of a processing job on AWS", in: 1...100)
  var instanceCount = 1
  @Setting("Abalone", "volume_size_gb", "of a processing job on AWS", in: 1...16_384)
  var volumeSize = 30
  @Setting(
    "Abalone", "input",
    "where files arrive for `atelier watch`: below bucket and prefix, a folder, or s3://")
  var input = "input"
  @Setting(
    "Abalone", "object",
    "name of the data below the inbox, for the request; `watch` sets it")
  var object = "abalone.csv"
  @Setting(
    "Abalone", "rows", "simulated abalones, where no data are given", in: 10...10_000_000)
  var rows = 4177
  @Setting(
    "Abalone", "seed", "seed of the simulation, the folds, the training", in: 0...Int(Int32.max))
  var seed = 1729
  @Setting("Abalone", "label", "feature that a model predicts; empty: no training")
  var label: String? = "rings"
  @Setting(
    "Abalone", "as_of", "train on what held at this time; empty: on the latest records")
  var asOf: RecordTime? = nil
  @Setting(
    "Abalone", "observations",
    "file of identifiers and times (observed_at): train on what held at each row's time")
  var observations: String? = nil
  var booster = BoosterInput(
    "Abalone", rounds: 50,
    hyperparameters: "max_depth=5, eta=0.2, gamma=4, min_child_weight=6, subsample=0.7")
  var bucket = BucketSettings(bucket: "abalone-workshop", prefix: "abalone")

  /// All settings with their defaults.
  public init() {}

  /// Checks the group's name, and that only one thing says which records are learnt from.
  public func check() throws {
    try $group.checked { try FeatureDefinition.checkGroup(group) }
    guard asOf == nil || observations == nil else {
      throw $asOf.error("each row of observations has a time of its own; leave one of them empty")
    }
  }

  /// What a Data Wrangler flow itself does not say.
  func wrangler() throws -> WranglerSettings {
    try $categories.checked {
      WranglerSettings(
        identifier: identifier, categories: try WranglerSettings.categories(categories))
    }
  }

  /// What XGBoost is asked.
  func training() throws -> BoosterSettings {
    try booster.settings(objective: "reg:squarederror", seed: seed, evalMetric: "rmse")
  }

  /// Where the group lies.
  var place: FeaturePlace {
    FeaturePlace(bucket: bucket.bucket, prefix: bucket.prefix.text, group: group)
  }

  /// The place of a delivery of this group.
  func place(_ folder: String, _ fileName: String) -> Publication {
    bucket.place("\(folder)/\(group)", fileName)
  }

  /// What a processing job on AWS would be asked: names and URLs, never a path of this machine.
  var request: ProcessingRequest {
    ProcessingRequest(
      data: dataURL, flow: flow.hasPrefix("/") ? Self.lastName(flow) : flow, output: output,
      group: group, instanceType: instanceType.settingText, instanceCount: instanceCount,
      volumeSize: volumeSize, store: "s3://\(place.place)")
  }

  private var dataURL: String {
    if input.hasPrefix("s3://") { return "\(input)/\(object)" }
    if input.hasPrefix("/") || input.isEmpty { return object }
    return "s3://"
      + [bucket.bucket, bucket.prefix.text, input, object].filter { !$0.isEmpty }
      .joined(separator: "/")
  }

  private static func lastName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
