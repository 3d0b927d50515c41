// What a new step consists of: a file, and the line that wires it. It writes nothing.
import Atelier
import AtelierStep
import CommandLine
import Project

/// The language of a new step.
enum NewStepLanguage: String {
  case sql, python, swift
}

/// A step's file, below its workshop's folder `Scripts` or in a family, and its line in the workshop's
/// `wire`.
struct NewStep {
  /// The name with the stage's, as `week1.daily`.
  let name: String
  let workshop: any Workshop.Type
  let language: NewStepLanguage
  /// What it is given.
  private var inputs: [WiredInput] = []
  /// The struct that it is, where it is one.
  private(set) var swift: NewSwiftStep?

  /// Throws for a name that no step of the workshop can have.
  init(
    _ word: String, _ language: NewStepLanguage, family: String?, in workshop: any Workshop.Type
  ) throws {
    name = word
    self.workshop = workshop
    self.language = language
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    let stages = workshop.stages.map(\.name)
    guard parts.count == 2, let stage = parts.first, stages.contains(String(stage)) else {
      throw UsageError(
        "'\(word)' is not a valid name for a new step of \(workshop.name): expected a stage and a name, such as "
          + "\(stages.first ?? "stage").daily; its stages are \(stages.joined(separator: ", "))")
    }
    guard PlainName.isPlain(parts[1]) else {
      throw UsageError(
        "'\(parts[1])' is not a valid name for a step: expected letters, digits, '-' and '_'")
    }
    if language == .swift {
      swift = try NewSwiftStep(parts[1], family: family ?? "\(workshop.folder)Steps")
    }
  }

  /// Says what it is given.
  mutating func take(_ inputs: [WiredInput]) throws {
    self.inputs = inputs
    try swift?.take(inputs)
  }

  private var ownName: String { String(name.drop { $0 != "." }.dropFirst()) }
  private var fileName: String { ownName + (language == .sql ? ".sql" : ".py") }

  /// The new file.
  var file: NewFile {
    if let swift { return NewFile(path: swift.path, text: swift.text) }
    let path = "Workshops/\(workshop.folder)/Scripts/\(fileName)"
    guard language == .sql else {
      return NewFile(
        path: path, text: String(decoding: PackageResources.step_py_txt, as: UTF8.self))
    }
    let query =
      inputs.first.map { "SELECT count(*) AS n FROM \($0.name);" }
      ?? "SELECT range AS day, range * 2 AS n FROM range(3);"
    return NewFile(
      path: path,
      text: String(decoding: PackageResources.step_sql, as: UTF8.self) + query + "\n")
  }

  /// The lines that wire it, for a builder of a name.
  func wiring(_ builder: String) -> [String] {
    if let swift {
      let line = "    \(builder).add(\"\(name)\", \(swift.call))"
      guard line.count > 100 else { return [line] }
      return ["    \(builder).add(", "      \"\(name)\", \(swift.call))"]
    }
    let verb = language == .sql ? "sql" : "python"
    let given =
      inputs.isEmpty
      ? "[:]"
      : "[" + inputs.map { "\"\($0.name)\": \($0.expression)" }.joined(separator: ", ") + "]"
    let order = language == .sql && inputs.isEmpty ? ", orderedBy: [\"day\"]" : ""
    let rest = "\(given), as: CSVTable.self\(order))"
    let line = "    \(builder).\(verb)(\"\(name)\", \"\(fileName)\", \(rest)"
    guard line.count > 100 else { return [line] }
    return ["    \(builder).\(verb)(", "      \"\(name)\", \"\(fileName)\", \(rest)"]
  }

  /// The lines of a Swift source, and the one that begins the function `wire`; nil where it has none.
  static func lines(of text: String) -> (lines: [String], wire: Int)? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.firstIndex { $0.contains("static func wire(") }.map { (lines, $0) }
  }

  /// A Swift source with the wiring at the end of its function `wire`; nil where it has none.
  func wired(into text: String) -> String? {
    guard let (own, start) = Self.lines(of: text) else { return nil }
    var lines = own
    let indent = lines[start].prefix { $0 == " " }
    guard let builder = Self.builder(in: lines[start...].prefix(4).joined(separator: " ")),
      let end = lines[start...].firstIndex(of: indent + "}")
    else { return nil }
    lines.insert(contentsOf: wiring(builder), at: end)
    for module in swift.map({ [$0.family] }) ?? ["LearningFormats", "ScriptSteps"] {
      Self.add("import \(module)", to: &lines)
    }
    return lines.joined(separator: "\n")
  }

  /// The name in `_ p: inout PipelineBuilder`.
  private static func builder(in head: String) -> String? {
    guard let type = head.firstRange(of: ": inout PipelineBuilder") else { return nil }
    let name = head[..<type.lowerBound].reversed().prefix { $0 != " " && $0 != "(" }
    return name.isEmpty ? nil : String(name.reversed())
  }

  /// Puts an import among the others, which are sorted.
  private static func add(_ line: String, to lines: inout [String]) {
    guard !lines.contains(line), let first = lines.firstIndex(where: { $0.hasPrefix("import ") })
    else { return }
    let imports = lines[first...].prefix { $0.hasPrefix("import ") }
    lines.insert(line, at: imports.firstIndex { line < $0 } ?? imports.endIndex)
  }
}
