// `atelier new step`: the file of a step and the line that wires it.
import Atelier
import CommandLine
import Project

struct NewStepVerb: Verb {
  let name = "step"
  let summary = "create a step: its SQL or Python file, and the line that wires it"
  let details = """
    NAME is a stage and a name, such as week1.daily. Writes Scripts/daily.sql or Scripts/daily.py of
    the workshop, a file that runs as it is, and adds one line at the end of the workshop's function
    `wire`. Then edit both: the line gives the file its inputs, parameters, output and order.
    """
  let examples = [
    Example("atelier new step week1.daily --sql", "then: make build, atelier dev week1.daily"),
    Example(
      "atelier new step totals.top --sql --input rows=totals.rows -w sales-tax",
      "in another workshop, with an input"),
  ]
  let step = Argument("[workshop/]NAME")
  let sql = Flag("sql", "an SQL file, which DuckDB runs")
  let python = Flag("python", "a Python file")

  let input = Option(
    "input", value: "NAME=STEP", repeats: true,
    "an input: its name in the file, and the step or output that it is; may be repeated")

  var parameters: [any Parameter] { [step, sql, python, input] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let language: NewStepLanguage
    switch (call[sql], call[python]) {
    case (true, false): language = .sql
    case (false, true): language = .python
    default: throw UsageError("say what the step is: --sql or --python")
    }
    let checkout = try NewCheckout(root: ProjectRoot.find(call.directory, context.environment))
    let word = try call.word(self.step)
    // A name is no target yet, so only its workshop is looked up.
    let slash = word.firstIndex(of: "/")
    let named = slash.map { [String(word[..<$0])] } ?? []
    let session = try Session(call, targets: named, context)
    var new = try NewStep(
      slash.map { String(word[word.index(after: $0)...]) } ?? word, language, in: session.workshop)
    let graph = try session.graph()
    try refuse(new, checkout, graph)
    let edit = try source(&new, checkout, graph, inputs: call.all(input))
    try NewFiles(root: checkout.root, [], [new.file], [edit]).write()
    try context.output.data("\(new.file.path)\n\(edit.path)\n")
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
    if graph.nodes.contains(where: { $0.name == new.name || $0.name.hasPrefix(new.name + ".") }) {
      throw UsageError(
        "there is a step '\(new.name)' in \(graph.workshop) already; take another name")
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
      guard let (lines, wire) = NewStep.lines(of: source) else { continue }
      new.inputs = try inputs.map { try WiredInput($0, in: graph, wiring: lines, at: wire) }
      if let text = new.wired(into: source) {
        return NewFile(path: path, text: text)
      }
    }
    throw UsageError(
      "no source in \(folder) has a function `wire` written as `swift format` does; nothing was "
        + "written. Add the line by hand: \(new.wiring("p").joined(separator: " "))")
  }
}
