// The churn workshop, read top to bottom: etl, train, validate, and an endpoint for a good model.
import Atelier
import AtelierStep
import Figures
import Learn
import LearningFormats
import Simulate
import Source
import Transfer
import WorkshopInputs

/// The churn workshop: which customers leave, served only by a model that is good enough.
public enum ChurnWorkshop: Workshop {
  public static let name = "churn"
  public static let folder = "Churn"
  public static let summary = "customer churn: etl, train, validate, serve only a good model"
  public static let stages = [
    Stage("etl", "read or simulate customers, split and archive them"),
    Stage("train", "train a model and archive it"),
    Stage("validate", "measure it and decide by its error"),
    Stage("serve", "configure the endpoint, or record why not"),
    Stage("figures", "draw what the model does with the validation part"),
  ]

  /// Files that arrive have no digest of their own in the configuration.
  public static let landing: Landing? = Landing(
    place: .init("Churn", "input"), file: .init("Churn", "data"),
    object: .init("Churn", "object"), endings: [".csv"], emptied: [.init("Churn", "sha256")])

  public static let settingsDocument: SettingsDocument? = SettingsDocument(
    variable: "APP_CONFIG", layer: AppConfigLayer.read)

  public static func wire(_ p: inout PipelineBuilder, _ settings: ChurnSettings) throws {
    let training = try settings.training()
    let data = try etl(&p, settings)
    let model = try train(&p, settings, training, data)
    if settings.isValidated {
      try validateAndServe(&p, settings, training.evalMetric, data, model)
    } else {
      _ = try serve(&p, settings, model)
    }
    try figures(&p, training, data, model)
  }

  /// `<project><stage>-<endpoint>`, as the sample has it.
  public static func nameOnAWS(_ settings: ChurnSettings) throws -> String? { settings.name }

  /// The sample's machine: built-in XGBoost, and an endpoint that is made or updated for a good model.
  public static func builtInTraining(_ settings: ChurnSettings) throws -> BuiltInTraining? {
    let training = try settings.training()
    let metric = training.evalMetric
    return BuiltInTraining(
      image: settings.image.isEmpty ? nil : settings.image,
      hyperparameters: training.builtInHyperparameters,
      channels: [
        .init("train", from: "etl.train", file: "train.csv"),
        .init("validation", from: "etl.validate", file: "validate.csv"),
      ],
      threshold: settings.isValidated
        ? .init(
          "validation:\(metric.rawValue)", isBelow: metric != .auc, limit: settings.threshold)
        : nil,
      use: .endpoint(
        name: settings.endpoint, instanceType: settings.endpointInstance.settingText,
        instances: settings.endpointInstances),
      instanceType: settings.trainInstance.settingText, glue: try settings.glue())
  }

  /// Customers, cut at 0.7 of a seeded order, archived as CSV.
  private static func etl(
    _ p: inout PipelineBuilder, _ settings: ChurnSettings
  ) throws -> Artifact<TrainingData> {
    let table = try settings.table.wire(
      &p, stage: "etl", schema: ChurnTable.schema, limits: settings.etlLimits
    ) { p in
      p.add(
        "etl.simulation",
        SimulateChurn(rows: settings.rows, classes: settings.classes, seed: settings.seed),
        limits: settings.etlLimits
      ).customers
    }
    let parts = p.add(
      "etl.split",
      SplitTable(
        table: table, key: ChurnTable.row,
        parts: [TablePart("train", end: 0.7), TablePart("validate", end: 1)], seed: settings.seed),
      limits: settings.etlLimits
    ).split
    for part in ["train", "validate"] {
      let text = PartText(
        file: "\(part).csv", part: part, columns: [ChurnTable.label] + ChurnTable.features,
        header: false)
      let written = p.add(
        "etl.\(part)", WriteParts(parts: parts, files: [text]), limits: settings.etlLimits)
      try p.deliver("etl.\(part)-archive", written.texts, to: settings.place("data/\(part)"))
    }
    return p.add(
      "etl.matrices",
      MakeMatrices(parts: parts, features: ChurnTable.features, label: ChurnTable.label),
      limits: settings.etlLimits
    ).data
  }

  /// The archived model; what serves uses it too, so that `atelier serve` finds one model at the end.
  private static func train(
    _ p: inout PipelineBuilder, _ settings: ChurnSettings, _ training: BoosterSettings,
    _ data: Artifact<TrainingData>
  ) throws -> Artifact<Model> {
    let model = p.add(
      "train.model",
      TrainModel(
        data: data, training: ["train"], validation: ["validate"], settings: training)
    ).model
    return try p.deliver("train.archive", model, to: settings.place("model", "model.ubj"))
  }

  /// The branch: the endpoint's configuration, or the record of a model that errs too much.
  private static func validateAndServe(
    _ p: inout PipelineBuilder, _ settings: ChurnSettings, _ metric: Metric,
    _ data: Artifact<TrainingData>, _ model: Artifact<Model>
  ) throws {
    let measured = p.add(
      "validate.error", MeasureModel(data: data, model: model, parts: ["validate"])
    ).measured
    let choice = p.add(
      "validate.choice",
      DecideByMetric(
        measured: measured, metric: metric, comparison: metric == .auc ? .above : .below,
        threshold: settings.threshold)
    ).choice
    p.keyNumber(metric, in: measured, target: settings.threshold)
    p.keyDecision("Model", on: choice, yes: "accepted", no: "refused")
    _ = try p.branch("serve.outcome", on: choice) { p in
      try serve(&p, settings, model, [measured])
    } otherwise: { p in
      p.add(
        "serve.refusal", RecordRefusal(choice: choice, reason: "the model errs too much")
      ).record
    }
  }

  private static func serve(
    _ p: inout PipelineBuilder, _ settings: ChurnSettings, _ model: Artifact<Model>,
    _ measured: [Artifact<ModelMetrics>] = []
  ) throws -> Artifact<Outcome> {
    let configured = try p.add(
      "serve.endpoint",
      ConfigureEndpoint(
        model: model, measured: measured, endpoint: settings.endpoint,
        title: settings.arrived().title(endpoint: settings.endpoint),
        algorithm: settings.algorithm.rawValue, contentType: settings.contentType.rawValue))
    try p.deliver(
      "serve.archive", configured.configuration, to: settings.place("endpoint", "endpoint.json"))
    return configured.configuration
  }

  /// Pictures of a classification; other objectives have none.
  private static func figures(
    _ p: inout PipelineBuilder, _ training: BoosterSettings, _ data: Artifact<TrainingData>,
    _ model: Artifact<Model>
  ) throws {
    guard [.error, .merror].contains(training.metrics.first) else { return }
    let classes = p.add(
      "figures.classes", DescribeClasses(data: data, model: model, parts: ["validate"]))
    try p.draw(
      "confusion", PackageResources.confusion_vl_json,
      of: ["confusion": FigureTable(classes.confusion)])
    guard training.metrics.first == .error else { return }
    try p.draw(
      "histogram", PackageResources.histogram_vl_json,
      of: ["histogram": FigureTable(classes.histogram)])
  }
}
