// Which names become artifacts, which sections one step, and that the steps compute what the cells do.
import AtelierTesting
import Content
import Foundation
import Testing

@testable import Notebooks

@Suite struct FlowTests {
  private func refused(_ plan: NotebookPlan) -> [String] {
    plan.notes.filter { $0.kind == "refused" }.map { "\($0.cell): \($0.problem)" }
  }

  @Test func framesAndPlainValuesFlow() throws {
    let book = try Notebook(
      "# Load", "import pandas as pd\ndf = pd.read_csv('rows.csv')\nlimit = 3\ndf.head()",
      "# Clean",
      "def clean(d):\n    return d[d.a > limit].dropna()\ngood = clean(df)\nn = len(good)\na = good['a']",
      "# Use", "print(good.describe(), n, a.mean())")
    try book.space.write("rows.csv", "a\n1\n")
    let plan = try book.plan()
    #expect(
      plan.steps.map { $0.outputs.map(\.kind) } == [
        [.table], [.column, .table, .value], [.printed],
      ])
    #expect(plan.steps[1].inputs.map(\.key) == ["df"])
    #expect(plan.sources.map(\.path) == ["rows.csv"] && plan.sources.allSatisfy(\.exists))
    #expect(plan.steps[0].text.contains(#"pd.read_csv(atelier.inputs["rows"])"#))
    #expect(plan.steps[1].text.contains("limit = 3\n"), "a constant is repeated, no artifact")
    #expect(plan.requirements == ["pandas", "pyarrow"])
    #expect(plan.shown == 1 && plan.notes.isEmpty)
  }

  @Test func sectionsThatShareAnObjectAreOneStep() throws {
    let plan = try Notebook(
      "# Fit", "from sklearn.svm import SVC\nmodel = SVC()", "# Between", "x = len('a')\nprint(x)",
      "# Use", "print(model)"
    ).plan()
    #expect(plan.steps.map(\.titles) == [["Fit", "Use"], ["Between"]])
    #expect(plan.requirements == ["scikit-learn"])
    let note = try #require(plan.notes.first)
    #expect(note.cell == 2 && note.kind == "joined")
    #expect(note.problem.hasPrefix("model is neither a table nor a plain value, so the sections "))
  }

  @Test func stepsNeverNeedEachOtherInACircle() throws {
    let book = try Notebook(
      "# A", "letters = iter('bbbbb')\nn = len('abc')", "# B", "m = n + 1",
      "# C", "print([next(letters) for _ in range(m)])")
    let plan = try book.plan()
    #expect(plan.steps.map(\.titles) == [["A", "B", "C"]])
    #expect(try book.results(plan)["a"]?["printed"]?.string == "['b', 'b', 'b', 'b']\n")
  }

  /// A list that grows in each section, a name that is bound anew, a function that changes its
  /// argument, two names for one list: as the cells in their order have them.
  @Test func stepsComputeWhatTheCellsDo() throws {
    let cells = [
      "# One", "import math\nrows = [1, 2]\nroot = round(math.sqrt(16))\nother = rows",
      "# Two", "first = len(rows)\nrows.append(root)\ncount = len(other)",
      "# Three",
      "def grow(items, by=1):\n    items.extend([by] * first)\ngrow(rows)\nroot = root * 2",
      "# Four", "if root > 100:\n    count = 0\ntotal = sum(rows) + root + count",
      "# Five", "for row in rows:\n    total += row\nprint(total, rows, first, root)",
    ]
    let book = try Notebook(
      cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8],
      cells[9])
    let results = try book.results(book.plan())
    let all = cells.enumerated().filter { $0.offset % 2 == 1 }.map(\.element).joined(
      separator: "\n")
    let expected = try Notebook("# All", all)
    let whole = try expected.results(expected.plan())["all"]?["printed"]?.string
    let printed = results.object?.values.compactMap { $0["printed"]?.string }.sorted().joined()
    #expect(printed == whole?.split(separator: "\n").map { "\($0)\n" }.sorted().joined())
    #expect(whole?.contains("[1, 2, 4, 1, 1]") == true, "\(whole ?? "")")
  }

  /// Changes that a section makes by a call, in a loop, or under another name, and texts and files
  /// that a step has to keep as they are: the last section prints what the notebook prints.
  @Test(arguments: [
    ("d = [1]\ndef add(x):\n    x.append(2)", "add(x=d)", "print(d)", "[1, 2]"),
    (
      "d = [1]\ndef add(x):\n    x.append(2)\ndef both(x):\n    add(x)", "both(d)", "print(d)",
      "[1, 2]"
    ),
    (
      "d = [1]\nclass A:\n    def add(self, x):\n        x.append(2)", "A().add(d)", "print(d)",
      "[1, 2]"
    ),
    ("d = [x for x in range(2)]\ndef add():\n    d.append(2)", "add()", "print(d)", "[0, 1, 2]"),
    ("n = len('a')\ndef tick():\n    global n\n    n += 1", "tick()", "print(n)", "2"),
    (
      "d = [x for x in range(2)]", "[d.append(v) for v in (5, 6)]\nz = 1", "print(d)",
      "[0, 1, 5, 6]"
    ),
    ("d = [{'a': i} for i in range(2)]", "for r in d:\n    r['a'] = 7", "print(d[1]['a'])", "7"),
    ("a = b = [len('a')]", "b.append(2)", "print(a)", "[1, 2]"),
    ("a = [len('a')]", "b, c = a, 1\nb.append(2)", "print(a)", "[1, 2]"),
    ("s = '''a\n\n\n\n\nb'''.upper()", "n = len(s)", "print(n)", "7"),
    (
      "with open('o', 'w') as f:\n    f.write('''a\n\nb''')", "n = 1",
      "print(len(open('o').read()))",
      "4"
    ),
    (
      "with open('o', 'a') as f:\n    f.write('1')", "with open('o', 'a') as f:\n    f.write('2')",
      "print(open('o').read())", "12"
    ),
  ])
  func theLastSectionPrintsWhatTheNotebookPrints(
    _ one: String, _ two: String, _ three: String, _ printed: String
  ) throws {
    let book = try Notebook("# One", one, "# Two", two, "# Three", three)
    let plan = try book.plan()
    #expect(refused(plan) == [])
    let results = try book.results(plan)
    let texts = results.object?.values.compactMap { $0["printed"]?.string } ?? []
    #expect(texts.contains { $0.hasSuffix("\(printed)\n") }, "\(texts)")
  }

  @Test func filesOfTheNotebookFlow() throws {
    let book = try Notebook(
      "# Write", "with open('out/rows.txt', 'w') as file:\n    file.write('a\\nb\\n')",
      "# Read", "with open('out/rows.txt') as file:\n    n = len(file.readlines())\nprint(n)",
      "# Other", "print(open('gone.txt').read())")
    let plan = try book.plan()
    #expect(plan.steps[0].outputs.map(\.kind) == [.file])
    #expect(plan.steps[1].inputs.map(\.step) == ["write"])
    #expect(plan.sources.map(\.path) == ["gone.txt"] && !plan.sources[0].exists)
    let results = try book.results(plan)
    #expect(results["read"]?["printed"]?.string == "2\n")
    #expect(results["other"]?["code"]?.integer == 1)
  }

  @Test func figuresAreSavedAndSectionsThatOnlyShowPrint() throws {
    let plan = try Notebook(
      "# Plot", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
      "# Look", "rows = [1, 2]", "rows"
    ).plan()
    #expect(plan.steps.map { $0.outputs.map(\.key) } == [["figures"], ["printed"]])
    #expect(
      plan.steps[0].text.contains("\n_save_figures()\n") && !plan.steps[0].text.contains("show()"))
    #expect(plan.steps[1].text.hasSuffix("print(rows)\n"), "\(plan.steps[1].text)")
    #expect(plan.requirements == ["matplotlib"])
  }

  @Test func magicsInstallsAndCommands() throws {
    let plan = try Notebook(
      "# One",
      "%matplotlib inline\n!pip install -q 'pandas>=2' plotly==5.0\n%time a = len('x')\n!ls\ntext = '''\n%kept\n'''",
      "# Two", "b = a % 2\nprint(b,\n  text % ())\na?", "# Three", "%%bash\necho x",
      "# Four", "files = !ls\nprint(files)"
    ).plan()
    #expect(plan.requirements == ["pandas>=2", "plotly==5.0"])
    #expect(plan.steps.map(\.name) == ["one", "two"])
    #expect(plan.steps[0].text.contains("a = len('x')"))
    #expect(plan.steps[1].text.contains("\n%kept\n"))
    #expect(
      refused(plan) == [
        "2: !ls runs a command of the machine", "6: the cell is for %%bash, not for Python",
        "8: files = !ls takes its value from outside of Python",
        "8: it needs files, which cell 8 does not make any more",
      ], "\(refused(plan))")
    #expect(
      plan.notes.filter { $0.kind == "dropped" }.map(\.problem) == [
        "%matplotlib inline", "%time", "a?",
      ])
  }

  @Test func namesFromAStarAreRefusedWithWhereTheyMayComeFrom() throws {
    let plan = try Notebook(
      "# One", "from math import *\nroot = sqrt(16)", "# Two", "print(sin(1))", "# Three",
      "print(root)", "# Four", "from math import pi\nprint(pi)"
    ).plan()
    #expect(
      refused(plan) == [
        "2: `from math import *` hides which names come from where",
        "2: it uses sqrt, which `from math import *` in cell 2 may bring",
        "4: it uses sin, which `from math import *` in cell 2 may bring",
        "6: it needs root, which cell 2 does not make any more",
      ], "\(refused(plan))")
    #expect(
      plan.notes.filter { $0.cell == 4 }.map(\.advice) == [
        "import it by its name: `from math import sin`"
      ])
    #expect(plan.steps.map(\.name) == ["four"])
  }

  @Test func whatNeedsTheWorldOutsideIsRefusedWithAllThatFollowsFromIt() throws {
    let plan = try Notebook(
      "# One", "import requests\nanswer = requests.get('https://x.example/a').text",
      "n = len(answer)",
      "# Two", "name = input('who?')", "# Three", "print(n)", "# Four", "print(never)",
      "# Five", "n = len('x')\nprint(n)"
    ).plan()
    #expect(
      refused(plan) == [
        "2: requests.get uses the network or a service",
        "3: it needs answer, which cell 2 does not make any more", "5: it asks the user",
        "7: it needs n, which cell 3 does not make any more",
        "9: it uses never, which no cell above makes",
      ], "\(refused(plan))")
    #expect(plan.steps.map(\.name) == ["five"])
    #expect(plan.cells == 6 && plan.refused == 5)
  }

  @Test func tablesFromTheNetworkBecomeSources() throws {
    let plan = try Notebook(
      "# One", "import pandas as pd\ndf = pd.read_csv('https://x.example/d/rows.csv?key=secret')",
      "# Two", "print(len(df))"
    ).plan()
    #expect(plan.sources.map(\.path) == ["rows.csv"])
    #expect(plan.sources.map(\.address) == ["https://x.example/d/rows.csv"])
    #expect(plan.steps.count == 2)
  }
}
