// `atelier new import`: the workshop that a notebook becomes compiles, and a refusal leaves every file as it
// was. What the steps compute is tested in NotebooksTests.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ImportTests {
  private let files: CheckoutFiles
  private var folder: TemporaryFolder { files.folder }
  private static let book = #"""
    {"nbformat": 4, "cells": [
      {"cell_type": "markdown", "source": "# Load"},
      {"cell_type": "code", "source": ["%matplotlib inline\n", "import pandas as pd\n",
        "df = pd.read_csv('rows.csv')\n", "more = pd.read_excel('more.xlsx')\n", "files = !ls"]},
      {"cell_type": "code", "source": "import pandas as pd\ndf = pd.read_csv('rows.csv')\nn = len(df)"},
      {"cell_type": "markdown", "source": "## Clean \"it\" | up"},
      {"cell_type": "code", "source": "good = df.dropna()\ngood.to_pickle('good.pkl')\nlast = good.tail()"},
      {"cell_type": "markdown", "source": "## Plot"},
      {"cell_type": "code", "source": "good.plot()\nmore = pd.read_excel('more.xlsx')"},
      {"cell_type": "markdown", "source": "## Say"},
      {"cell_type": "code", "source": "print(n, len(more))"}]}
    """#

  init() throws {
    files = try CheckoutFiles()
    try folder.write(Self.book, to: "books/book.ipynb")
    try folder.write("a\n1\n", to: "books/rows.csv")
  }

  private func run(_ words: String...) throws -> EndedProgram {
    try start(words)
  }

  private func start(_ words: [String]) throws -> EndedProgram {
    let captures = try TemporaryFolder()
    return try RunningProgram(
      TestPrograms.fixture, ["-C", folder.path, "import"] + words,
      environment: ["PATH": "/usr/bin:/bin"], captures: captures
    ).wait()
  }

  private func contents() throws -> [String: String] { try files.contents() }

  @Test func whatTheListShowsIsPlainAndHoldsNoPassword() throws {
    try folder.write(
      #"""
      {"nbformat": 4, "cells": [
        {"cell_type": "markdown", "source": "# A\u001b[2J\u001b]52;c;aGk=\u0007b"},
        {"cell_type": "code", "source": ["%pip install six --index-url https://me:hunter2@host/s\n",
          "!ls \u001b[2J\n", "import pandas as pd\n",
          "d = pd.read_csv('https://me:hunter2@host/x.csv')\n", "print(len(d))"]}]}
      """#, to: "books/hostile.ipynb")
    let ended = try run(folder("books/hostile.ipynb"), "--workshop", "hostile")
    let list = try contents()["Workshops/Hostile/IMPORT.md"] ?? ended.out
    for text in [ended.out, ended.err, list] {
      #expect(!text.contains("hunter2") && !text.contains("\u{1B}"), "\(text)")
    }
    #expect(ended.out.contains("://<secret>@host/"), "\(ended.out)\(ended.err)")
  }

  @Test func eachFileAndEachVariableHasANameOfItsOwn() throws {
    try folder.write(
      #"""
      {"nbformat": 4, "cells": [
        {"cell_type": "markdown", "source": "# Load"},
        {"cell_type": "code", "source": ["import pandas as pd\n",
          "X = pd.read_csv('/kaggle/one/train.csv')\n", "b = pd.read_csv('/kaggle/two/train.csv')\n",
          "x = X.head(3)"]},
        {"cell_type": "markdown", "source": "# Say"},
        {"cell_type": "code", "source": "print(len(X), len(x), len(b))"}]}
      """#, to: "books/kaggle.ipynb")
    let ended = try run(folder("books/kaggle.ipynb"), "--workshop", "kaggle")
    #expect(ended.code == 0, "\(ended.err)")
    let swift = try contents()["Workshops/Kaggle/Kaggle.swift"] ?? ""
    #expect(try Typechecker().errors(in: swift) == [], "\(swift)")
    for path in ["one/train.csv", "two/train.csv"] {
      #expect(swift.contains("settings.data + \"/\(path)\""), "\(swift)")
      #expect(
        ended.out.contains(
          "- /kaggle/\(path): missing; a run reads \(path) in the folder of `data`\n"),
        "\(ended.out)")
    }
  }

  @Test func aNotebookBecomesAWorkshop() throws {
    let before = try contents()
    let ended = try run(folder("books/book.ipynb"), "--workshop", "tried-once")
    #expect(ended.code == 0, "\(ended.err)")
    let after = try contents()
    let workshop = "Workshops/TriedOnce"
    #expect(
      Set(after.keys).subtracting(before.keys).filter { after[$0] != "" }
        == Set(
          [
            "Baselines/small.json", "IMPORT.md", "README.md", "TriedOnce.swift", "config.ini",
            "Scripts/clean_it_up.py", "Scripts/load.py", "Scripts/plot.py", "Scripts/say.py",
            "Scripts/tried-once.in",
          ].map { "\(workshop)/\($0)" }))
    #expect(after["\(workshop)/IMPORT.md"] == ended.out)
    #expect(
      ended.out.contains(
        "- cell 2 (`%matplotlib inline`): files = !ls takes its value from outside of Python"),
      "\(ended.out)")
    #expect(ended.out.contains("\n- more.xlsx: missing\n"), "\(ended.out)")
    #expect(ended.out.contains("\n- rows.csv: there\n"), "\(ended.out)")
    #expect(
      after["\(workshop)/Scripts/tried-once.in"] == "matplotlib\nopenpyxl\npandas\npyarrow\n")
    #expect(after["\(workshop)/config.ini"]?.hasSuffix("\ndata = books\n") == true)
    #expect(ended.err.contains("  atelier environment lock tried-once -w tried-once\n"))
    #expect(after["Package.swift"]?.contains("workshop(\"TriedOnce\", [], excluding: [") == true)
    #expect(
      try Typechecker().errors(in: after["\(workshop)/TriedOnce.swift"] ?? "") == [],
      "\(after["\(workshop)/TriedOnce.swift"] ?? "")")
  }

  @Test(arguments: [
    (["gone.ipynb", "-w", "tried"], "there is no file gone.ipynb"),
    (["BOOK"], "name the new workshop, such as `atelier new import "),
    (["BOOK", "-w", "Sales Tax"], "Did you mean 'sales-tax'?"),
    (["BOOK", "-w", "propensity"], "Package.swift has a target Propensity"),
    (["BROKEN", "-w", "tried"], "/books/broken.ipynb: it is not JSON, as notebooks are"),
  ])
  func aRefusalWritesNothing(_ words: [String], _ problem: String) throws {
    try folder.write("{", to: "books/broken.ipynb")
    let before = try contents()
    let files = ["BOOK": folder("books/book.ipynb"), "BROKEN": folder("books/broken.ipynb")]
    let ended = try start(words.map { files[$0] ?? $0 })
    #expect(ended.code == 2 && ended.err.contains(problem), "\(ended.err)")
    #expect(try contents() == before)
  }

  @Test func aNotebookWithoutAnythingToConvertWritesNothing() throws {
    try folder.write(
      #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "name = input()"}]}"#,
      to: "books/asks.ipynb")
    let before = try contents()
    let ended = try run(folder("books/asks.ipynb"), "-w", "tried")
    #expect(ended.code == 1)
    #expect(ended.out.contains("1 cell with code, 1 not converted; 0 steps."), "\(ended.out)")
    #expect(try contents() == before)
  }

  @Test(.enabled(if: Self.hasFormatter, "needs swift format"))
  func theFormatterHasNothingToSay() throws {
    let long = String(repeating: "_with_a_long_name", count: 3)
    let cells = [
      "# One", "rows\(long) = len('x')\nothers\(long) = len('y')\nmore = open('a.pkl').read()",
      "# Two", "print(rows\(long), others\(long))", "# Three", "print(rows\(long))",
      "# Four", "print('x')",
    ].map { cell in
      """
      {"cell_type": "\(cell.hasPrefix("#") ? "markdown" : "code")", \
      "source": "\(cell.replacingOccurrences(of: "\n", with: "\\n"))"}
      """
    }
    try folder.write(
      "{\"nbformat\": 4, \"cells\": [\(cells.joined(separator: ","))]}", to: "books/long.ipynb")
    for (book, name) in [("book", "one-book"), ("long", "long-names")] {
      #expect(try run(folder("books/\(book).ipynb"), "-w", name).code == 0)
    }
    let lint = try Space.start(
      "/usr/bin/env",
      ["swift", "format", "lint", "--strict", "--configuration", TestTools.root + "/.swift-format"]
        + ["--recursive", folder("Workshops")],
      environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory())
    #expect(lint.code == 0, "\(lint.err)")
  }

  private static let hasFormatter =
    (try? Space.start(
      "/usr/bin/env", ["swift", "format", "--version"],
      environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory()))?
    .code == 0
}
