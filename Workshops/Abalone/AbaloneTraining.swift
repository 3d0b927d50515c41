// What is learnt from the feature group: folds, their errors, and the model of all rows.
import Atelier
import AtelierStep
import Features
import Featurize
import Learn
import LearningFormats
import Source

extension AbaloneWorkshop {
  /// What the pictures show.
  struct Trained {
    let errors: Node<DescribeErrors>
    let folds: Artifact<FoldTable>
  }

  static let folds = 5

  /// Train: five models that have not seen a fold each, measured on it, and one of all rows.
  static func train(
    _ p: inout PipelineBuilder, _ settings: AbaloneSettings, _ training: BoosterSettings,
    _ flow: FlowInput, _ history: Artifact<FeatureHistory>, _ label: String
  ) throws -> Trained {
    let features = try flow.features(of: label)
    let (rows, key) =
      if let path = settings.observations {
        try observed(&p, settings, path, flow, history, label, features)
      } else {
        latest(&p, settings, flow, history)
      }
    let parts = TablePart.folds(folds)
    // One animal may be observed several times: it is in one fold.
    let identifier = flow.definition.recordIdentifier
    let split = p.add(
      "train.split",
      SplitTable(
        table: rows, key: key, group: key == identifier ? nil : identifier, parts: parts,
        seed: settings.seed)
    ).split
    let scaling = try scaling(&p, flow, history, features)
    let data = p.add(
      "train.matrices", MakeMatrices(parts: split, features: features, label: label)
    ).data
    let names = parts.map(\.name)
    var models: [Artifact<Model>] = []
    let measured = names.enumerated().map { index, name in
      let model = p.add(
        "train.fold.\(index)",
        TrainModel(
          data: data, training: names.filter { $0 != name }, settings: training,
          scaling: scaling)
      ).model
      models.append(model)
      return p.add(
        "train.error.\(index)", MeasureModel(data: data, model: model, parts: [name])
      ).measured
    }
    let tabulated = p.add("train.rmse", TabulateFolds(folds: measured))
    p.keyNumber(training.evalMetric, in: tabulated.measured)
    let model = p.add(
      "train.model",
      TrainModel(data: data, training: names, settings: training, scaling: scaling)
    ).model
    p.deliver("train.saved", model, to: settings.place("models", "model.ubj"))
    let errors = p.add(
      "train.errors", DescribeErrors(data: data, model: models[0], parts: [names[0]], bins: 30))
    return Trained(errors: errors, folds: tabulated.table)
  }

  /// The scales that the flow names, declared or learnt once a group; none where it names none.
  private static func scaling(
    _ p: inout PipelineBuilder, _ flow: FlowInput, _ history: Artifact<FeatureHistory>,
    _ features: [String]
  ) throws -> [Artifact<FeatureScaling>] {
    let scaled = flow.scaling.filter { features.contains($0.key) }
    guard !scaled.isEmpty else { return [] }
    let learnt = scaled.filter { $0.value == nil }.keys.sorted()
    return [
      p.add(
        "train.scaling",
        LearnScaling(
          history: history, features: learnt, declared: scaled.compactMapValues { $0 })
      ).scaling
    ]
  }

  /// The latest record of each identifier, which is the key.
  private static func latest(
    _ p: inout PipelineBuilder, _ settings: AbaloneSettings, _ flow: FlowInput,
    _ history: Artifact<FeatureHistory>
  ) -> (Artifact<DataTable>, String) {
    let table = p.add(
      "train.latest", LatestFeatures(history: history, asOf: settings.asOf?.seconds)
    ).table
    return (table, flow.definition.recordIdentifier)
  }

  /// The user's observations with what held at the time of each; those of no label are left out.
  private static func observed(
    _ p: inout PipelineBuilder, _ settings: AbaloneSettings, _ path: String,
    _ flow: FlowInput, _ history: Artifact<FeatureHistory>, _ label: String, _ features: [String]
  ) throws -> (Artifact<DataTable>, String) {
    guard let format = TableFileFormat(path: path), format != .workbook, !path.contains("://")
    else {
      throw settings.$observations.error(
        "'\(path)' should be the path of a .csv, .csv.gz or .parquet")
    }
    let identifier = flow.definition.features.first {
      $0.name == flow.definition.recordIdentifier
    }
    let (row, time) = ("observation", "observed_at")
    let file = p.source(
      "train.observed", path: p.path(path), as: TableFile.self)
    let spine = p.add(
      "train.observations",
      ImportTable(
        file: file, format: format,
        schema: TableSchema(
          columns: [
            TableColumn(flow.definition.recordIdentifier, identifier?.type.column ?? "BIGINT"),
            TableColumn(time, "VARCHAR"),
          ], rowNumber: row))
    ).table
    let joined = p.add(
      "train.joined",
      JoinFeatures(
        spine: spine, history: history, key: flow.definition.recordIdentifier, time: time,
        features: [label] + features, order: row)
    ).joined
    // The name of a feature has neither quotes nor spaces.
    let known = p.add(
      "train.known",
      ShapeTable(
        table: joined, query: "FROM input WHERE \"\(label)\" IS NOT NULL", key: row)
    ).shaped
    return (known, row)
  }
}
