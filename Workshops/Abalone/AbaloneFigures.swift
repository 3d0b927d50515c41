// The pictures of the abalone workshop: which table is drawn by which template.
import Atelier
import AtelierStep
import Figures
import Learn
import LearningFormats

extension AbaloneWorkshop {
  /// Figures: a step a picture.
  static func figures(_ p: inout PipelineBuilder, _ trained: Trained) throws {
    func draw(_ name: String, _ template: [UInt8], _ tables: [String: FigureTable]) throws {
      p.add(
        "figures.\(name)",
        DrawFigure(name, template: String(decoding: template, as: UTF8.self), tables: tables))
    }
    try draw(
      "predicted", PackageResources.predicted_vl_json,
      ["sample": FigureTable(trained.errors.sample)])
    try draw(
      "errors", PackageResources.errors_vl_json,
      ["errors": FigureTable(trained.errors.histogram)])
    try draw(
      "gains", PackageResources.gains_vl_json, ["gains": FigureTable(trained.errors.gains)])
    try draw("folds", PackageResources.folds_vl_json, ["folds": FigureTable(trained.folds)])
  }
}
