// Draws a picture in one line of wiring.
import Atelier
import AtelierStep
import Figures

extension PipelineBuilder {
  /// Adds the step `figures.<name>`, which draws tables by a template in Vega-Lite as SVG.
  ///
  /// `template` is the template's text in UTF-8, `values` are numbers and words that it names.
  public mutating func draw(
    _ name: String, _ template: [UInt8], of tables: [String: FigureTable],
    with values: [String: FigureValue] = [:]
  ) {
    add(
      "figures.\(name)",
      DrawFigure(
        name, template: String(decoding: template, as: UTF8.self), values: values, tables: tables))
  }
}
