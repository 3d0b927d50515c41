// `atelier new step`: the file of a step and the line that wires it.
import Atelier
import CommandLine
import Project

struct NewStepVerb: Verb {
  let name = "step"
  let summary = "create a step: its SQL, Python or Swift file, and the line that wires it"
  let details = """
    NAME is a stage and a name, such as week1.daily. Writes Scripts/daily.sql or Scripts/daily.py of
    the workshop, or the struct Daily in Steps/FAMILY/Daily.swift, and adds one line at the end of the
    workshop's function `wire`. The file runs as it is. Then edit both: the line gives the step its
    inputs, parameters, output and order. A Swift step goes into the workshop's own family, such as
    PropensitySteps, which is created if it is absent; --family names another one.
    """
  let examples = [
    Example("atelier new step week1.daily --sql", "then: make build, atelier dev week1.daily"),
    Example(
      "atelier new step totals.top --sql --input rows=totals.rows -w sales-tax",
      "in another workshop, with an input"),
    Example(
      "atelier new step week1.daily --swift --family Query", "a struct of a family that exists"),
  ]
  let step = Argument("[workshop/]NAME")
  let sql = Flag("sql", "an SQL file, which DuckDB runs")
  let python = Flag("python", "a Python file")
  let swift = Flag("swift", "a struct in a Swift file")
  let family = Option(
    "family", value: "NAME", "the family of a Swift step (default: the workshop's own)")
  let input = Option(
    "input", value: "NAME=STEP", repeats: true,
    "an input: its name in the file, and the step or output that it is; may be repeated")

  var parameters: [any Parameter] { [step, sql, python, swift, family, input] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let language: NewStepLanguage
    switch (call[sql], call[python], call[swift]) {
    case (true, false, false): language = .sql
    case (false, true, false): language = .python
    case (false, false, true): language = .swift
    default: throw UsageError("say what the step is: --sql, --python or --swift")
    }
    guard call[family] == nil || language == .swift else {
      throw UsageError("--family is for Swift steps: leave it out, or say --swift")
    }
    let root = try ProjectRoot.find(call.directory, context.environment)
    return try NewCheckout.changing(root, context) { try create(language, in: $0, call, context) }
  }

  private func create(
    _ language: NewStepLanguage, in checkout: NewCheckout, _ call: Call, _ context: VerbContext
  ) throws -> Int32 {
    let word = try call.word(self.step)
    // A name is no target yet, so only its workshop is looked up.
    let slash = word.firstIndex(of: "/")
    let named = slash.map { [String(word[..<$0])] } ?? []
    if let name = named.first { _ = try context.workshop(name, call) }
    let session = try Session(call, targets: named, context)
    var new = try NewStep(
      slash.map { String(word[word.index(after: $0)...]) } ?? word, language, family: call[family],
      in: session.workshop)
    let graph = try session.graph()
    try refuse(new, checkout, graph)
    var edits = [try source(&new, checkout, graph, inputs: call.all(input))]
    if let swift = new.swift, let package = try package(swift, checkout, session.workshop.folder) {
      edits.append(package)
    }
    try NewFiles(root: checkout.root, [], [new.file], edits).write()
    try context.output.data(([new.file] + edits).map { $0.path + "\n" }.joined())
    if let swift = new.swift { say(swift, checkout, context) }
    context.output.message(
      """
      next: make build, then edit both with
        atelier dev \(session.workshop.name)/\(new.name)
      """)
    return ExitCode.success
  }

  private func refuse(_ new: NewStep, _ checkout: NewCheckout, _ graph: Graph) throws {
    guard !FileSystem.isFile("\(checkout.root)/\(new.file.path)") else {
      throw UsageError("there is \(new.file.path) already; take another name")
    }
    if let swift = new.swift { try refuse(swift, new, checkout) }
    if graph.nodes.contains(where: { $0.name == new.name || $0.name.hasPrefix(new.name + ".") }) {
      throw UsageError(
        "there is a step '\(new.name)' in \(graph.workshop) already; take another name")
    }
    let names = SourceNames(root: checkout.root)
    if let source = names.step(new.name, in: new.workshop.folder) {
      throw UsageError(
        "there is a step '\(new.name)' in \(source) already, which is not built yet; take another "
          + "name, or build it with `make build`")
    }
  }

  /// Throws where the family or the type cannot be the step's.
  private func refuse(_ swift: NewSwiftStep, _ new: NewStep, _ checkout: NewCheckout) throws {
    let own = "\(new.workshop.folder)Steps"
    guard swift.family == own || checkout.hasFamily(swift.family) else {
      throw UsageError(
        "there is no family '\(swift.family)': name one of \(checkout.families.joined(separator: ", ")), "
          + "or leave --family out for \(own)")
    }
    let folders = FileSystem.names(in: "\(checkout.root)/Steps").map { "Steps/\($0)" }
    for folder in folders.sorted() + ["Workshops/\(new.workshop.folder)"] {
      for (path, text) in checkout.sources(in: folder)
      where text.contains(
        #/\b(?:struct|enum|class|actor|protocol|typealias) (\w+)/#, capturing: swift.type)
      {
        throw UsageError(
          "there is a type \(swift.type) in \(path) already; take another name for the step")
      }
    }
  }

  /// Package.swift with the family of a Swift step among those of the workshop; nil where it is so.
  private func package(
    _ swift: NewSwiftStep, _ checkout: NewCheckout, _ workshop: String
  ) throws -> NewFile? {
    let family = NewFamily(name: swift.family, exists: checkout.hasFamily(swift.family))
    let text = try family.edited(checkout.package, workshop: workshop, imports: swift.modules)
    return text == checkout.package ? nil : NewFile(path: "Package.swift", text: text)
  }

  /// What the user would not expect.
  private func say(_ swift: NewSwiftStep, _ checkout: NewCheckout, _ context: VerbContext) {
    let others = checkout.sources(in: "Steps/\(swift.family)").filter { $0.path != swift.path }
    let new = (swift.modules + ["FoundationEssentials"]).filter { module in
      !others.contains { $0.text.contains(#/\bimport (\w+)/#, capturing: module) }
    }
    if !others.isEmpty, !new.isEmpty {
      context.output.message(
        "the first in \(swift.family) to import \(new.joined(separator: " and ")): the family's other "
          + "steps run once more")
    }
    for input in swift.inputs where input.format == nil {
      context.output.message(
        "the format of \(input.name) is not known here: it is an AnyArtifact, until you name its type"
      )
    }
  }

  /// The workshop's source with the new line.
  private func source(
    _ new: inout NewStep, _ checkout: NewCheckout, _ graph: Graph, inputs: [String]
  ) throws -> NewFile {
    let folder = "Workshops/\(new.workshop.folder)"
    for name in FileSystem.names(in: "\(checkout.root)/\(folder)").sorted()
    where name.hasSuffix(".swift") {
      let path = "\(folder)/\(name)"
      let source = String(
        decoding: try FileSystem.read("\(checkout.root)/\(path)"), as: UTF8.self)
      guard let (own, wire) = NewStep.lines(of: source) else { continue }
      var lines = own
      try new.take(
        inputs.map {
          try WiredInput(
            $0, in: graph, wiring: &lines, at: wire, family: new.swift?.family, checkout)
        })
      if let text = new.wired(into: lines.joined(separator: "\n")) {
        return NewFile(path: path, text: text)
      }
    }
    throw UsageError(
      "no source in \(folder) has a function `wire` written as `swift format` does; nothing was "
        + "written. Add the line by hand: \(new.wiring("p").joined(separator: " "))")
  }
}
