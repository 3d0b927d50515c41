// The pictures of the retail workshop: which table is drawn by which template.
import Atelier
import AtelierStep
import Figures
import Learn
import LearningFormats

extension RetailWorkshop {
  /// Figures: a step a picture.
  static func figures(
    _ p: inout PipelineBuilder, _ sample: Artifact<ActualPredicted>,
    _ errors: Artifact<ErrorHistogram>, _ gains: Artifact<FeatureGains>
  ) throws {
    func draw(_ name: String, _ template: [UInt8], _ tables: [String: FigureTable]) throws {
      p.add(
        "figures.\(name)",
        DrawFigure(name, template: String(decoding: template, as: UTF8.self), tables: tables))
    }
    try draw(
      "predicted", PackageResources.predicted_vl_json, ["sample": FigureTable(sample)])
    try draw("errors", PackageResources.errors_vl_json, ["errors": FigureTable(errors)])
    try draw("gains", PackageResources.gains_vl_json, ["gains": FigureTable(gains)])
  }
}
