// The Swift source that wires the steps of a notebook. It writes no file.
import AuthorVerbs
import Content
import Notebooks

/// The wiring of a notebook's plan, as text.
struct ImportedWiring {
  private let plan: NotebookPlan
  private let names: ImportedNames
  private let name: NewWorkshopName
  private let notebook: String
  private let lock: String?
  /// The outputs that other steps take: the step's name, and the output's.
  private let needed: Set<[String]>

  init(_ plan: NotebookPlan, name: NewWorkshopName, notebook: String, lock: String?) {
    self.plan = plan
    names = ImportedNames(plan)
    self.name = name
    self.notebook = notebook
    self.lock = lock
    needed = Set(
      plan.steps.flatMap { step in
        step.inputs.filter { $0.source == nil }.map { [$0.step, $0.output] }
      })
  }

  /// The source file.
  var text: String {
    """
    // The \(name.text) workshop, made of a notebook by `atelier new import`: a step a section.
    import Atelier
    import AtelierStep
    import LearningFormats
    import ScriptSteps

    /// The \(name.text) workshop: the sections of \(notebook).
    public enum \(name.type)Workshop: Workshop {
      public static let name = "\(name.text)"
      public static let folder = "\(name.type)"
      public static let summary = \(Self.literal("the notebook \(notebook)"))
      public static let stages = [
        Stage("notebook", "the notebook's sections")
      ]

      public static func wire(_ p: inout PipelineBuilder, _ settings: \(settingsType)) throws {
    \((sources + plan.steps.flatMap(wiring)).map { "    \($0)" }.joined(separator: "\n"))
      }
    }
    \(settings)\(formats)
    """
  }

  private var settingsType: String {
    plan.sources.isEmpty ? "NoSettings" : "\(name.type)Settings"
  }

  private var settings: String {
    guard !plan.sources.isEmpty else { return "" }
    return """

      /// What the workshop's `config.ini` says.
      public struct \(settingsType): SettingsTable {
        @Setting("\(name.type)", "data", "folder of the notebook's data files")
        var data = "Workshops/\(name.type)/Data"

        /// All settings with their defaults.
        public init() {}
      }

      """
  }

  private var sources: [String] {
    guard !plan.sources.isEmpty else { return [] }
    return plan.sources.flatMap { source in
      let path = names.path(of: source.key)
      return [
        "let \(names.variable(of: source.key)) = p.source(",
        "  \"notebook.\(source.key.replacing("_", with: "-"))-file\",",
        "  path: settings.data + \(Self.literal("/" + path)),",
        "  as: \(ImportedFormat(path: path).name).self)",
      ]
    }
  }

  private func wiring(_ step: NotebookPlan.Step) -> [String] {
    let inputs = step.inputs.map { input in
      let value =
        input.source.map { names.variable(of: $0) } ?? names.variable(input.step, input.output)
      let comma = step.inputs.count > 1 ? "," : ""
      let line = "    \"\(input.key)\": \(value)\(comma)"
      return line.count <= Self.width
        ? [line] : ["    \"\(input.key)\":", "      \(value)\(comma)"]
    }.joined()
    let outputs = step.outputs.enumerated().map { index, output in
      let call = "\"\(output.key)\", as: \(ImportedFormat(output).name).self)"
      let start = (index == 0 ? "  outputs: " : "  ") + "ScriptOutput("
      let end = index + 1 < step.outputs.count ? "," : ")"
      let line = start + call + end
      return line.count <= Self.width ? [line] : [start, "    " + call + end]
    }.joined()
    var lines = binding(step)
    lines.append("  \"notebook.\(step.name)\", \"\(step.file)\",")
    lines += inputs.isEmpty ? ["  [:],"] : ["  ["] + inputs + ["  ],"]
    if let lock { lines.append("  environment: \"\(lock)\",") }
    return lines + outputs
  }

  /// `let (a, _) = p.python(` for the outputs that other steps take; without them the call alone.
  private func binding(_ step: NotebookPlan.Step) -> [String] {
    let bound = step.outputs.map { output in
      needed.contains([step.name, output.key]) ? names.variable(step.name, output.key) : "_"
    }
    guard bound.contains(where: { $0 != "_" }) else { return ["p.python("] }
    if bound.count == 1 { return ["let \(bound[0]) = p.python("] }
    let line = "let (\(bound.joined(separator: ", "))) = p.python("
    if line.count <= Self.width { return [line] }
    return ["let ("] + bound.dropLast().map { "  \($0)," } + bound.suffix(1).map { "  \($0)" }
      + [") = p.python("]
  }

  /// The characters of a line within `wire`.
  private static let width = 96

  private var formats: String {
    let all =
      plan.steps.flatMap(\.outputs).map { ImportedFormat($0) }
      + plan.sources.map { ImportedFormat(path: $0.path) }
    let texts = Set(all).sorted { $0.name < $1.name }.compactMap(\.declaration)
    return texts.isEmpty ? "" : "\n" + texts.joined(separator: "\n\n") + "\n"
  }

  /// A text as a literal of Swift.
  static func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": literal += "\\\(scalar)"
      case "\n": literal += "\\n"
      case "\u{0}"..."\u{1F}": literal += "\\u{\(String(scalar.value, radix: 16))}"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
