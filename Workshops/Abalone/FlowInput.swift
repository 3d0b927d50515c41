// Reads the flow while wiring, and says what it makes of the configuration. It wires no step.
import Atelier
import AtelierStep
import Documents
import Features
import LearningFormats
import Simulate
import Source

/// The chosen output of the flow that the configuration names.
struct FlowInput {
  let schema: TableSchema
  let encoding: RecordEncoding
  let definition: FeatureDefinition
  /// How features are scaled for a model; nil where that is learnt from the group.
  let scaling: [String: FeatureScale?]
  /// What the place of a row in the file is called.
  let rowPlace: RowPlace

  private let settings: AbaloneSettings

  init(_ p: inout PipelineBuilder, _ settings: AbaloneSettings) throws {
    self.settings = settings
    let path = p.path(settings.flow)
    let bytes: [UInt8]
    do {
      bytes = try p.contents(ofFile: path)
    } catch {
      throw settings.$flow.error(
        "cannot read '\(path)'; give the path of a flow document (.flow.json) or of a Data Wrangler flow (.flow)"
      )
    }
    do {
      let flow = try Flow(
        bytes, file: settings.flow, output: settings.output, wrangler: settings.wrangler())
      schema = flow.input
      encoding = try flow.encoding(of: settings.output, eventTime: settings.recordTime.seconds)
      definition = try encoding.definition()
      scaling = try flow.scaling(of: settings.output)
    } catch let error as DocumentError {
      throw SettingError("Abalone", "flow, output", "\(error)")
    }
    let data = settings.table.data
    let format = TableFileFormat(path: data)
    rowPlace = format == .parquet || format == .workbook ? .row : .line
    if data.isEmpty { try checkSimulation() }
  }

  /// Throws where a simulated file would not have the flow's form.
  private func checkSimulation() throws {
    let columns = SimulateAbalone.columns(header: schema.header)
    let own = schema.columns.map(\.name)
    let fits = schema.header ? own.allSatisfy(columns.contains) : own == columns
    guard fits, schema.delimiter == "," else {
      throw settings.table.$data.error(
        "empty, and the flow reads other columns than the simulated ones, which are "
          + "\(columns.joined(separator: ",")); name a file that fits the flow")
    }
  }

  /// The features that a model of a label sees: all other numbers but identifier and time.
  func features(of label: String) throws -> [String] {
    let numbers = definition.values.filter { $0.type != .string }.map(\.name)
    guard numbers.contains(label) else {
      throw settings.$label.error(
        "'\(label)' is no number among the features; give one of \(numbers.joined(separator: ", ")), "
          + "or nothing to train no model")
    }
    let features = numbers.filter { $0 != label }
    guard !features.isEmpty else {
      throw settings.$label.error("'\(label)' is the only number; a model needs others")
    }
    return features
  }
}
