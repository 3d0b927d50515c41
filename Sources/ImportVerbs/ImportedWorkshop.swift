// The files of a workshop that a notebook becomes. It writes none.
import AuthorVerbs
import Execution
import Notebooks

/// The files and edits that make a workshop of a notebook's plan.
struct ImportedWorkshop {
  private let name: NewWorkshopName
  private let plan: NotebookPlan
  private let notebook: String
  /// The folder of the notebook's data files.
  private let data: String
  private let report: ImportReport

  init(
    _ name: NewWorkshopName, _ plan: NotebookPlan, notebook: String, data: String,
    report: ImportReport
  ) {
    self.name = name
    self.plan = plan
    self.notebook = notebook
    self.data = data
    self.report = report
  }

  /// The folder that it has for itself.
  var folder: String { "Workshops/\(name.type)" }

  private var lock: String? { plan.requirements.isEmpty ? nil : "\(name.text).lock" }

  /// Its files, in the order in which one reads them.
  var files: [NewFile] {
    let wiring = ImportedWiring(plan, name: name, notebook: notebook, lock: lock)
    var files = [
      NewFile(path: "\(folder)/\(name.type).swift", text: wiring.text),
      NewFile(path: "\(folder)/config.ini", text: configuration),
      NewFile(path: "\(folder)/README.md", text: readme),
      NewFile(path: "\(folder)/IMPORT.md", text: report.text),
      NewFile(path: "\(folder)/Baselines/small.json", text: baseline),
    ]
    files += plan.steps.map {
      NewFile(path: "\(folder)/Scripts/\($0.file)", text: $0.text)
    }
    if lock != nil {
      files.append(
        NewFile(
          path: "\(folder)/Scripts/\(name.text).in",
          text: plan.requirements.joined(separator: "\n") + "\n"))
    }
    return files
  }

  /// The line that makes the build know it.
  var edits: [NewEdit] {
    [
      NewEdit(
        path: "Package.swift", list: "let workshops: [Target] = [",
        element: "workshop(\"\(name.type)\", [], excluding: [\"IMPORT.md\"])")
    ]
  }

  /// What to type next.
  var next: String {
    let lines =
      ["make build"]
      + (lock == nil ? [] : ["atelier environment lock \(name.text) -w \(name.text)"])
      + ["atelier run \(name.text)"]
    return "wrote \(folder), next:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }

  private var configuration: String {
    var text = "# The \(name.text) workshop, made of \(notebook) by `atelier new import`.\n"
    if !plan.sources.isEmpty {
      text += """
        [\(name.type)]
        # Folder of the notebook's data files; a relative one starts at the checkout.
        data = \(data.replacing("%", with: "%%"))

        """
    }
    return text
  }

  private var readme: String {
    """
    # The \(name.text) workshop

    Made of \(notebook) by `atelier new import`; IMPORT.md says what became of each cell. `make \(name.text)`
    runs it. The steps are the files in Scripts, wired in \(name.type).swift.

    """
  }

  private var baseline: String {
    """
    {
      "baseline": 1,
      "workshop": "\(name.text)",
      "platform": "\(KeyMaker.platform)",
      "settings": {},
      "entries": {}
    }

    """
  }
}
