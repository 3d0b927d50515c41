// The pictures of the notebooks: which table is drawn by which template.
import Atelier
import AtelierStep
import Figures
import PropensityFormats
import Query
import Segment
import Train
import WorkshopInputs

/// What week 1 looked at.
struct ExploredTables {
  let funnel: Artifact<Funnel>
  let cooccurrence: Artifact<Cooccurrence>
  let correlation: Artifact<Correlation>
}

/// What week 4 trained and measured.
struct TrainedTables {
  let search: ModelSearch
  let evaluation: Node<EvaluateModel>
  let importances: Artifact<FeatureImportances>
}

/// What week 5 counted and cut.
struct SegmentedTables {
  let histogram: Artifact<Histogram>
  let reach: Artifact<ReachCurve>
  let topology: Artifact<Topology>
  let segment: Artifact<PropensityFormats.Segment>
  let definition: Artifact<SegmentDefinition>
}

extension PropensityWorkshop {
  /// Figures: a step a picture.
  static func figures(
    _ p: inout PipelineBuilder, _ settings: PropensitySettings, _ explored: ExploredTables,
    _ trained: TrainedTables, _ segmented: SegmentedTables
  ) throws {
    try p.draw(
      "funnel", PackageResources.funnel_vl_json, of: ["funnel": FigureTable(explored.funnel)])
    try p.draw(
      "cooccurrence", PackageResources.cooccurrence_vl_json,
      of: ["cooccurrence": FigureTable(explored.cooccurrence)])
    try p.draw(
      "correlation", PackageResources.correlation_vl_json,
      of: ["correlation": FigureTable(explored.correlation)])
    let trials = p.add(
      "figures.trial-table",
      TabulateTrials(
        probes: trained.search.probes, trials: trained.search.trials,
        version: trained.search.best.version))
    try p.draw("trials", PackageResources.trials_vl_json, of: ["trials": FigureTable(trials.table)])
    let metrics = try FigureTable(trained.evaluation.metrics)
    p.draw("confusion", PackageResources.confusion_vl_json, of: ["metrics": metrics])
    try p.draw(
      "roc", PackageResources.roc_vl_json,
      of: ["metrics": metrics, "roc": FigureTable(trained.evaluation.roc)])
    try p.draw(
      "precision-recall", PackageResources.precision_recall_vl_json,
      of: [
        "metrics": metrics, "points": FigureTable(trained.evaluation.precisionRecall),
      ])
    try p.draw(
      "lift", PackageResources.lift_vl_json,
      of: ["lift": FigureTable(trained.evaluation.lift)])
    try p.draw(
      "calibration", PackageResources.calibration_vl_json,
      of: ["calibration": FigureTable(trained.evaluation.calibration)])
    try p.draw(
      "importances", PackageResources.importances_vl_json,
      of: ["importances": FigureTable(trained.importances)])
    try p.draw(
      "histogram", PackageResources.histogram_vl_json,
      of: ["histogram": FigureTable(segmented.histogram)])
    try p.draw("reach", PackageResources.reach_vl_json, of: ["reach": FigureTable(segmented.reach)])
    try p.draw(
      "topology", PackageResources.topology_vl_json,
      of: [
        "topology": FigureTable(segmented.topology), "segment": FigureTable(segmented.segment),
      ],
      with: [
        "from": .number(settings.lowest),
        "to": .number(settings.highest),
      ])
  }
}
