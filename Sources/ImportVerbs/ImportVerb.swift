// `atelier new import`: makes a workshop of a notebook.
import AuthorVerbs
import Atelier
import AtelierStep
import CommandLine
import Notebooks
import Project
import Python

package struct ImportVerb: Verb {
  package let name = "import"
  package let summary = "make a workshop of a notebook, with a Python step for each section"
  package let details = """
    Sections are the headings of levels 1 and 2, or cells that begin with `# %% step: NAME`. Names
    that flow between sections become artifacts: data frames as Parquet, plain values as JSON;
    sections that share anything else become one step. Writes Workshops/NAME with a script for each
    step, Scripts/NAME.in with the packages and IMPORT.md, which lists every cell that was not
    converted and why; then adds a line to Package.swift. On an error nothing is written. Reads
    .ipynb of nbformat 3 and 4, and .py with `# %%` cells; runs nothing of it.
    """
  package let examples = [
    Example("atelier new import titanic.ipynb --workshop titanic", "then as it says")
  ]
  let notebook = Argument("NOTEBOOK", completion: .files)

  package var parameters: [any Parameter] { [notebook] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let file = try call.word(notebook)
    guard let word = call.workshop else {
      throw UsageError(
        "name the new workshop, such as `atelier new import \(file) --workshop NAME`")
    }
    let root = try ProjectRoot.find(call.directory, context.environment)
    let name = try NewWorkshopName(word)
    guard FileSystem.isFile(file) else {
      throw UsageError("there is no file \(file); expected a notebook (.ipynb) or a script (.py)")
    }
    // A name that cannot be is told before the notebook is read.
    _ = try NewCheckout.changing(root, context) { checkout in
      try checkout.refuse(name, context)
      return ExitCode.success
    }
    let path = FileSystem.resolved(file) ?? FileSystem.absolute(file)
    let plan = try read(path, called: file, python: python(root, context))
    return try NewCheckout.changing(root, context) {
      try create(name, plan, of: path, called: file, in: $0, context)
    }
  }

  private func create(
    _ name: NewWorkshopName, _ plan: NotebookPlan, of path: String, called file: String,
    in checkout: NewCheckout, _ context: VerbContext
  ) throws -> Int32 {
    try checkout.refuse(name, context)
    let report = ImportReport(plan, notebook: Self.last(file))
    try context.output.data(report.text)
    guard !plan.steps.isEmpty else {
      context.output.message("nothing could be converted, and nothing was written")
      return ExitCode.stepFailed
    }
    let workshop = ImportedWorkshop(
      name, plan, notebook: Self.last(file), data: try data(of: path, checkout.root), report: report
    )
    try NewFiles(
      root: checkout.root, [workshop.folder], workshop.files, checkout.apply(workshop.edits)
    ).write()
    context.output.message(workshop.next)
    return ExitCode.success
  }

  private func python(_ root: String, _ context: VerbContext) throws -> String {
    try ProgramLocator(projectRoot: root, environment: context.environment).path(of: .python)
  }

  private func read(_ path: String, called file: String, python: String) throws -> NotebookPlan {
    do {
      return try NotebookReader(python: python).plan(path)
    } catch let problem as NotebookProblem {
      throw UsageError("\(file): \(problem)")
    }
  }

  /// The notebook's folder, from the checkout where it is in there.
  private func data(of path: String, _ root: String) throws -> String {
    let folder = FileSystem.parent(of: path)
    guard !folder.contains(where: \.isNewline) else {
      throw UsageError("the name of the notebook's folder has a line end; give it another name")
    }
    return folder.hasPrefix(root + "/") ? String(folder.dropFirst(root.count + 1)) : folder
  }

  /// The notebook's name for comments and lists: one line, whatever the file is called.
  private static func last(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return String(
      name.unicodeScalars.map { scalar in
        ["\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) || scalar.value < 0x20
          || scalar.value == 0x7F ? "?" : Character(scalar)
      })
  }
}
