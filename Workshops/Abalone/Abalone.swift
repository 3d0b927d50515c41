// The abalone workshop, read top to bottom: features, their group, and a model that learns from it.
import Atelier
import AtelierStep
import Features
import Learn
import LearningFormats
import Simulate
import WorkshopInputs

/// The abalone workshop: records go into a feature group, and a model learns from what it holds.
public enum AbaloneWorkshop: Workshop {
  public static let name = "abalone"
  public static let folder = "Abalone"
  public static let summary =
    "abalone features: encode, ingest into a feature group, train on what it holds"
  public static let stages = [
    Stage("features", "read or simulate abalones, type and encode them by a flow"),
    Stage("ingest", "add the records to the feature group"),
    Stage("train", "train on the group: five folds and a model of all"),
    Stage("figures", aliases: ["pictures"], "draw errors, predictions, gains and folds"),
  ]

  public static let keepsFeatures = true

  /// Files that arrive have no digest of their own in the configuration, and the time of their arrival.
  public static let landing: Landing? = Landing(
    place: .init("Abalone", "input"), file: .init("Abalone", "data"),
    object: .init("Abalone", "object"), endings: [".csv"], emptied: [.init("Abalone", "sha256")],
    arrived: .init("Abalone", "record_time"))

  public static func wire(_ p: inout PipelineBuilder, _ settings: AbaloneSettings) throws {
    let training = try settings.training()
    let flow = try FlowInput(&p, settings)
    let records = try encode(&p, settings, flow)
    let history = try ingest(&p, settings, flow, records)
    guard let label = settings.label else { return }
    let trained = try train(&p, settings, training, flow, history, label)
    try figures(&p, trained)
  }

  /// Rows of the file, typed and encoded as the flow says.
  private static func encode(
    _ p: inout PipelineBuilder, _ settings: AbaloneSettings, _ flow: FlowInput
  ) throws -> Artifact<FeatureRecords> {
    let table = try settings.table.wire(
      &p, stage: "features", schema: flow.schema
    ) { p in
      p.add(
        "features.simulation",
        SimulateAbalone(rows: settings.rows, seed: settings.seed, header: flow.schema.header)
      ).abalones
    }
    return p.add(
      "features.records",
      MakeRecords(
        table: table, encoding: flow.encoding, rowNumber: Flow.row, lineNumber: Flow.line,
        place: flow.rowPlace)
    ).records
  }

  /// The group with these records, and what a job on AWS would be asked for it.
  private static func ingest(
    _ p: inout PipelineBuilder, _ settings: AbaloneSettings, _ flow: FlowInput,
    _ records: Artifact<FeatureRecords>
  ) throws -> Artifact<FeatureHistory> {
    let history = p.ingest("ingest.records", records, into: settings.place)
    let request = p.add(
      "ingest.request", RequestProcessing(settings.request, flow.definition, after: history)
    ).document
    p.deliver("ingest.requested", request, to: settings.place("pipelines", "request.json"))
    return history
  }
}
