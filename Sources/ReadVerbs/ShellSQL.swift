// The SQL that opens DuckDB in a step's place: settings, values and views. It runs nothing.
import AtelierStep
import Content
import DuckDB
import Inspection
import Planning
import Project
import Terminal

struct ShellSQL {
  private let shell: StepShell

  init(_ shell: StepShell) { self.shell = shell }

  /// Settings, variables and views, as one script.
  var opening: String {
    let scratch = "\(shell.directory)/scratch/duckdb"
    let values = variables.map { "SET VARIABLE \(Self.name($0.name)) = \($0.value.literal);\n" }
    let views = views.map { "CREATE VIEW \(Self.name($0.name)) AS FROM \($0.relation);\n" }
    return DuckDB.settings(scratch: scratch) + values.joined() + views.joined()
  }

  /// What SQL reads with `getvariable`: paths of inputs and outputs, and plain parameters.
  ///
  /// Numbered inputs are a list. The only output is also called `output`, as many steps do.
  var variables: [(name: String, value: SQLValue)] {
    var all: [String: SQLValue] = [:]
    for (name, value) in shell.parameters.object ?? [:] { all[name] = Self.scalar(value) }
    for output in shell.outputs { all[output.description.name] = .text(output.path) }
    if shell.outputs.count == 1, let output = shell.outputs.first {
      all["output"] = .text(output.path)
    }
    for input in inputs {
      let paths = input.places.map { SQLValue.text($0.path) }
      all[input.name] = input.isList ? .list(paths) : paths.first
    }
    return all.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
  }

  /// A view for each input that is a table: a Parquet or CSV file, some of them, or a folder.
  var views: [(name: String, relation: String)] {
    inputs.compactMap { input in
      let files = input.places.flatMap(Self.files)
      let list = SQLValue.list(files.map { .text($0) }).literal
      guard !files.isEmpty else { return nil }
      if input.places.allSatisfy({ FeatureFiles.isKept($0.description.mediaType) }) {
        return (input.name, "read_parquet(\(list)\(FeatureFiles.options))")
      }
      if files.allSatisfy({ $0.hasSuffix(".parquet") }) {
        return (input.name, "read_parquet(\(list))")
      }
      if files.allSatisfy({ $0.hasSuffix(".csv") || $0.contains(".csv.") }) {
        return (input.name, "read_csv(\(list))")
      }
      return nil
    }
  }

  /// The variables that the step's SQL reads and only its code knows.
  var unset: [String] {
    let set = Set(variables.map(\.name))
    var names: Set<String> = []
    for text in shell.sql.values {
      for match in text.matches(of: /getvariable\('([^']+)'\)/) { names.insert(String(match.1)) }
    }
    return names.subtracting(set).sorted()
  }

  /// The inputs by name, numbered ones together, in their order.
  private var inputs: [(name: String, isList: Bool, places: [StepShell.Location])] {
    var all: [(name: String, isList: Bool, places: [StepShell.Location])] = []
    for place in shell.inputs {
      let own = place.description.name
      let name = Text.withoutNumber(own)
      if let position = all.firstIndex(where: { $0.name == name && $0.isList && name != own }) {
        all[position].places.append(place)
      } else {
        all.append((name, name != own, [place]))
      }
    }
    return all
  }

  private static func files(_ place: StepShell.Location) -> [String] {
    guard place.description.isTree else { return [place.path] }
    if FeatureFiles.isKept(place.description.mediaType) {
      return FeatureFiles.parquet(below: place.path)
    }
    return FileSystem.names(in: place.path).sorted().map { "\(place.path)/\($0)" }
  }

  private static func scalar(_ value: JSONValue) -> SQLValue? {
    if let text = value.string { return .text(text) }
    if let number = value.integer { return .integer(number) }
    return value.number.map { .number($0) }
  }

  private static func name(_ text: String) -> String {
    "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
