// What the app-config JSON of the sample sets: each member as a setting of this workshop or of AWS.
import AppConfig
import Atelier
import Configuration
import Documents
import Registry

/// The layer of an app-config document.
enum AppConfigLayer {
  private static let entrySetting = (section: "Churn", key: "app_config_entry")

  /// Hyperparameters that change only what a training prints, or how fast it is.
  private static let ignored: Set<String> = ["silent", "verbosity", "nthread"]

  /// Reads the document, chooses its entry and checks the image.
  static func read(
    _ bytes: [UInt8], _ file: String, _ configuration: Configuration,
    _ environment: [String: String]
  ) throws -> SettingsLayer {
    let document = try AppConfig(parsing: bytes, file: file)
    let entry = try document.entry(
      configuration.string(entrySetting.section, entrySetting.key, default: ""),
      chosenBy: "[\(entrySetting.section)] \(entrySetting.key)")
    var layer = SettingsLayer(file: file)
    for text in try document.unread(in: entry) { layer.note(text) }
    setProject(&layer, document.project)
    layer.set(
      "AWS", "s3_bucket_name", try document.bucket(of: entry),
      from: "Project, \(entry.path("Name"))")
    // As in the sample: input and output are at the top of the bucket.
    layer.set("AWS", "s3_prefix", "", from: "Project, \(entry.path("Name"))")
    set(&layer, entry)
    setTraining(&layer, entry)
    try noteContradictions(&layer, document.project, configuration, environment)
    try checkImage(document, entry, configuration)
    return layer
  }

  // MARK: Members

  private static func setProject(_ layer: inout SettingsLayer, _ project: AppConfig.Project) {
    layer.set("Churn", "project", project.name, from: "Project.Name")
    layer.set("Churn", "project_stage", project.stage, from: "Project.Stage")
    layer.set("AWS", "account", project.account, from: "Project.Account")
    layer.set("AWS", "region", project.region, from: "Project.Region")
    layer.set("AWS", "profile", project.profile, from: "Project.Profile")
  }

  private static func set(_ layer: inout SettingsLayer, _ entry: AppConfig.Entry) {
    func set(_ key: String, _ value: String?, _ member: String) {
      layer.set("Churn", key, value, from: entry.path(member))
    }
    set("endpoint", entry.endpoint, "EndpointName")
    set("glue_script", entry.glueScript, "GlueJobFilePath")
    set("etl_timeout", entry.glueMinutes?.settingText, "GlueJobTimeoutInMin")
    set("image", entry.image, "TrainContainerImage")
    set("content_type", entry.content, "TrainInputContent")
    set("train_instance_type", entry.trainInstance, "TrainInstanceType")
    set("validation_enabled", entry.isValidated?.settingText, "ModelValidationEnable")
    set("threshold", entry.threshold?.settingText, "ModelErrorThreshold")
    set("endpoint_instance_type", entry.endpointInstance, "EndpointInstanceType")
    set("endpoint_instance_count", entry.endpointInstances?.settingText, "EndpointInstanceCount")
  }

  /// Hyperparameters that are settings of their own, and the others together.
  private static func setTraining(_ layer: inout SettingsLayer, _ entry: AppConfig.Entry) {
    guard var rest = entry.parameters else { return }
    let member = "TrainParameters"
    for key in ["objective", "num_round", "eval_metric"] {
      layer.set("Churn", key, rest.removeValue(forKey: key), from: entry.path("\(member).\(key)"))
    }
    if let booster = rest["booster"] {
      let isLinear = booster == "gblinear"
      layer.set(
        "Churn", "algorithm", isLinear ? "xgboost-linear" : "xgboost",
        from: entry.path("\(member).booster"))
    }
    let pairs = rest.filter { !ignored.contains($0.key) }.sorted { $0.key < $1.key }
    layer.set(
      "Churn", "hyperparameters", pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", "),
      from: entry.path(member))
  }

  // MARK: Checks

  /// Says where region or profile are set elsewhere to another value, and which one is used.
  private static func noteContradictions(
    _ layer: inout SettingsLayer, _ project: AppConfig.Project, _ configuration: Configuration,
    _ environment: [String: String]
  ) throws {
    let members = [
      ("region", "Region", project.region, ["AWS_REGION", "AWS_DEFAULT_REGION"]),
      ("profile", "Profile", project.profile ?? "", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]),
    ]
    for (key, member, value, variables) in members where !value.isEmpty {
      func note(_ other: String, _ origin: String, isUsed: Bool) {
        layer.note(
          "\(layer.file): Project.\(member) is '\(value)', and \(origin) says '\(other)'; "
            + "'\(isUsed ? other : value)' is used")
      }
      let told = try configuration.string("AWS", key, default: "")
      let origin = try configuration.origin("AWS", key)
      if origin != .defaultValue, told != value, !told.isEmpty || origin.isStronger {
        note(told, "[AWS] \(key) (\(origin))", isUsed: origin.isStronger)
      }
      guard !origin.isStronger,
        let variable = variables.first(where: { environment[$0]?.isEmpty == false }),
        let other = environment[variable], other != value
      else { continue }
      note(other, "environment variable \(variable)", isUsed: false)
    }
  }

  /// Throws where the image that is used is none of the region that is used.
  private static func checkImage(
    _ document: AppConfig, _ entry: AppConfig.Entry, _ configuration: Configuration
  ) throws {
    let image = try stronger("Churn", "image", configuration)
    guard let used = image ?? entry.image, !used.isEmpty else { return }
    let region = try stronger("AWS", "region", configuration) ?? document.project.region
    do {
      try BuiltInImage.check(used, region: region)
    } catch {
      guard image == nil else { throw SettingError("Churn", "image", error.description) }
      throw DocumentError(
        file: document.file, member: entry.path("TrainContainerImage"),
        problem: error.description)
    }
  }

  /// The value of a layer above the document's; nil where there is none.
  private static func stronger(
    _ section: String, _ key: String, _ configuration: Configuration
  ) throws -> String? {
    guard try configuration.origin(section, key).isStronger else { return nil }
    return try configuration.string(section, key, default: "")
  }
}

extension Origin {
  /// Whether the layer is above that of a document.
  fileprivate var isStronger: Bool {
    switch self {
    case .flag, .environment: true
    case .document, .file, .defaultValue: false
    }
  }
}
