// The step that trains one model by configuration. It chooses nothing and judges nothing.
import AtelierStep
import Content
import LearningFormats
import LearningTools
import XGBoost

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One training of XGBoost, on one thread.
public struct TrainModel: Step {
  /// The matrices of all parts.
  public var data: Artifact<TrainingData>
  /// The parts to learn from, in this order.
  public var training: [String]
  /// The parts to look at besides; may be empty.
  public var validation: [String] = []
  /// The objective, the number of rounds and the other settings of XGBoost.
  public var settings: BoosterSettings
  /// How features are scaled, or none; it goes into the model, which takes them as they are.
  public var scaling: [Artifact<FeatureScaling>] = []
  /// The model, with its columns, settings and encodings.
  public var model = Output<Model>()
  /// Settings, parts, rows, features, the model's digest, and `settings.evalMetric` on both.
  public var result = Output<TrainingResult>()

  /// XGBoost and its OpenMP library, which train.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Trains on one thread; fails for labels that the objective does not accept.
  public func run(in context: StepContext) throws {
    let tree = try context.path(data)
    let meta = try TrainingMeta(in: tree)
    let rows = try meta.rows(of: training, in: tree)
    try settings.check(labels: rows.labels, of: training.joined(separator: "+"))
    let trained = try TrainedModel(
      training: rows, rounds: settings.rounds, parameters: settings.all,
      rules: ModelRules(scales: scales(of: meta.features, in: context)),
      attributes: ModelCard(settings: settings, label: meta.label).attributes(
        features: meta.features), in: context)
    let bytes = try trained.bytes()
    try Data(bytes).write(to: URL(fileURLWithPath: context.path(model)))
    var report = TrainingReport(
      settings: settings, features: meta.features, label: meta.label, training: training,
      trainingRows: rows.labels.count, validation: validation, validationRows: 0,
      metrics: ["training": try metric(trained, rows)], model: try Digest.of(bytes).description)
    if !validation.isEmpty {
      let others = try meta.rows(of: validation, in: tree)
      try settings.check(labels: others.labels, of: validation.joined(separator: "+"))
      report.validationRows = others.labels.count
      report.metrics["validation"] = try metric(trained, others)
    }
    try JSONReport.write(report, to: context.path(result))
    for (part, values) in report.metrics.sorted(by: { $0.key < $1.key }) {
      for (name, value) in values { context.log("\(part) \(name): \(value)") }
    }
  }

  /// The scale of each feature, nil where it has none; throws for scales of other features.
  private func scales(
    of features: [String], in context: StepContext
  ) throws -> [ModelRules.Scale?] {
    var given: [String: FeatureScale] = [:]
    for one in scaling {
      let scales = try JSONReport.read(
        [String: FeatureScale].self, from: context.path(one), named: "the scaling")
      given.merge(scales) { $1 }
    }
    return try features.map { feature in
      guard let scale = given[feature] else { return nil }
      guard scale.mean.isFinite, scale.deviation.isFinite, scale.deviation > 0 else {
        throw StepFailure(
          "the scale of '\(feature)' is (value - \(scale.mean)) / \(scale.deviation): the deviation "
            + "must be above 0")
      }
      return ModelRules.Scale(mean: scale.mean, deviation: scale.deviation)
    }
  }

  private func metric(_ model: TrainedModel, _ rows: LabelledRows) throws -> [String: Double] {
    let predictions = try model.predict(rows.features, width: rows.width)
    let metric = settings.evalMetric
    return [metric.rawValue: try metric.value(predictions, labels: rows.labels)]
  }
}
