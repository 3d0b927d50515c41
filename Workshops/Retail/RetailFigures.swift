// The pictures of the retail workshop: which table is drawn by which template.
import Atelier
import AtelierStep
import Figures
import Learn
import LearningFormats
import WorkshopInputs

extension RetailWorkshop {
  /// Figures: a step a picture.
  static func figures(
    _ p: inout PipelineBuilder, _ sample: Artifact<ActualPredicted>,
    _ errors: Artifact<ErrorHistogram>, _ gains: Artifact<FeatureGains>
  ) throws {
    try p.draw(
      "predicted", PackageResources.predicted_vl_json, of: ["sample": FigureTable(sample)])
    try p.draw("errors", PackageResources.errors_vl_json, of: ["errors": FigureTable(errors)])
    try p.draw("gains", PackageResources.gains_vl_json, of: ["gains": FigureTable(gains)])
  }
}
