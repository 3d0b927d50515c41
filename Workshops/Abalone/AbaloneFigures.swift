// The pictures of the abalone workshop: which table is drawn by which template.
import Atelier
import AtelierStep
import Figures
import Learn
import LearningFormats
import WorkshopInputs

extension AbaloneWorkshop {
  /// Figures: a step a picture.
  static func figures(_ p: inout PipelineBuilder, _ trained: Trained) throws {
    try p.draw(
      "predicted", PackageResources.predicted_vl_json,
      of: ["sample": FigureTable(trained.errors.sample)])
    try p.draw(
      "errors", PackageResources.errors_vl_json,
      of: ["errors": FigureTable(trained.errors.histogram)])
    try p.draw(
      "gains", PackageResources.gains_vl_json, of: ["gains": FigureTable(trained.errors.gains)])
    try p.draw(
      "folds", PackageResources.folds_vl_json, of: ["folds": FigureTable(trained.folds)])
  }
}
