// The step for the arm in which a model is used: it says what an endpoint serves. It serves nothing.
import AtelierStep
import Content
import LearningFormats
import LearningTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The configuration of an endpoint, with the model that it serves, and how good that was found to be.
///
/// Members: status (`configured`), endpoint, title, algorithm, contentType, model (digest), features
/// (how many), objective, label, and by name metrics and constant, those of the best constant prediction
/// for the same rows; null where nothing was measured.
public struct ConfigureEndpoint: Step {
  /// The model that the endpoint serves.
  public var model: Artifact<Model>
  /// The metrics of that model, or none.
  public var measured: [Artifact<ModelMetrics>]
  /// The name of the endpoint.
  public var endpoint: String
  /// The name of this model and of this configuration.
  public var title: String
  /// The algorithm's name as the document has it; it selects nothing.
  public var algorithm: String
  /// The media type of the rows that it takes.
  public var contentType: String
  /// The configuration as a document; its status is `configured`.
  public var configuration = Output<Outcome>()
  /// The bytes of `model`: there is one to serve only where this step is run.
  public var served = Output<Model>()

  /// XGBoost and its OpenMP library, which read the model.
  public var programs: [Program] { [.xgboost, .libgomp] }

  /// Writes the configuration and a copy of the model; fails for bytes that are no model.
  public func run(in context: StepContext) throws {
    let trained = try TrainedModel(reading: context.path(model), in: context)
    let card = try ModelCard(of: trained)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: context.path(model)))
    try bytes.write(to: URL(fileURLWithPath: context.path(served)))
    var document: [String: JSONValue] = [
      "status": "configured", "endpoint": .string(endpoint), "title": .string(title),
      "algorithm": .string(algorithm), "contentType": .string(contentType),
      "model": .string(try Digest.of([UInt8](bytes)).description),
      "features": .integer(Int64(try trained.features().count)),
      "objective": .string(card.settings.objective), "label": .string(card.label),
      "metrics": .null, "constant": .null,
    ]
    var (metrics, constant): ([String: JSONValue], [String: JSONValue]) = ([:], [:])
    for one in measured {
      let report = try JSONReport.read(
        MetricReport.self, from: context.path(one), named: "the model's metrics")
      metrics.merge(report.metrics.mapValues { .number($0) }) { $1 }
      constant.merge(report.constant.mapValues { .number($0) }) { $1 }
    }
    if !metrics.isEmpty {
      document["metrics"] = .object(metrics)
      document["constant"] = .object(constant)
    }
    try Data(try JSONValue.object(document).canonicalBytes() + [0x0A]).write(
      to: URL(fileURLWithPath: context.path(configuration)))
  }
}
