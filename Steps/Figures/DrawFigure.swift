// The step that draws one figure: tables and a template in, specification and picture out.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Draws tables by a Vega-Lite template.
///
/// A template is a Vega-Lite 5 specification as text. Its data sets are named (`"data": {"name":
/// "funnel"}`) and given as tables of that name; `params` without a value get theirs from `values`.
/// Its `title` and `description` are what a screen reader says, and may hold key numbers of the
/// tables in braces (see `KeyNumbers`). Fonts, colours and axes follow `Theme` where the template
/// says nothing.
///
/// Fails with the template's name when it is no such specification, when it names a data set, a
/// column or a parameter that is not there, or when a table is not used.
public struct DrawFigure: Step {
  /// The figure's name: letters, digits and `-`; all ids in the picture begin with it.
  public var name: String
  /// The Vega-Lite specification.
  public var template: String
  /// The values of the template's parameters.
  public var values: [String: FigureValue]
  /// The tables by the names of the template's data sets.
  public var tables: [String: FigureTable]
  /// The complete Vega-Lite specification, with data and theme.
  public var specification = Output<VegaLite>()
  /// The picture, which needs no other file.
  public var picture = Output<SVGPicture>()

  /// A figure by its template; `tables` and `values` name all data sets and parameters that it uses.
  public init(
    _ name: String, template: String, values: [String: FigureValue] = [:],
    tables: [String: FigureTable]
  ) {
    self.name = name
    self.template = template
    self.values = values
    self.tables = tables
  }

  /// The renderer (vl-convert) and the Python that it runs in.
  public var programs: [Program] { Renderer.programs }

  /// Completes the template, then draws it.
  public func run(in context: StepContext) throws {
    let builder = SpecificationBuilder(
      name: name, template: template, values: values,
      tables: try tables.mapValues { try read($0, in: context) })
    let bytes = try builder.specification().canonicalBytes()
    try Data(bytes).write(to: URL(fileURLWithPath: try context.path(specification)))
    let svg = try Renderer(context).draw(bytes, named: name)
    try Data(svg).write(to: URL(fileURLWithPath: try context.path(picture)))
  }

  private func read(_ table: FigureTable, in context: StepContext) throws -> Table {
    try Table(csv: [UInt8](Data(contentsOf: URL(fileURLWithPath: context.path(table.table)))))
  }
}
