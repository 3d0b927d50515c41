// Where sections begin, and what a file that is no notebook is told.
import AtelierTesting
import Testing

@testable import Notebooks

@Suite struct SectionTests {
  @Test func headingsBeginSections() throws {
    let plan = try Notebook(
      "# Title\ntext", "# 1. Load the data", "a = len('x') + 1", "# More text",
      "# Second part\n```\n# no heading\n```", "print(a)"
    ).plan()
    #expect(plan.sections == 2 && plan.texts == 2)
    #expect(plan.steps.map(\.name) == ["load-the-data", "second-part"])
    #expect(plan.steps.map(\.file) == ["load_the_data.py", "second_part.py"])
    #expect(plan.steps[1].inputs.map(\.step) == ["load-the-data"])
  }

  @Test func deeperHeadingsCountWhereOthersWouldLeaveOneSection() throws {
    let two = try Notebook("# A\n### First", "print(1)", "## B", "print(2)").plan()
    #expect(two.steps.map(\.name) == ["a", "b"])
    let deep = try Notebook("# A", "### First", "print(1)", "### Second", "print(2)").plan()
    #expect(deep.steps.map(\.name) == ["first", "second"])
  }

  @Test func marksGoBeforeHeadings() throws {
    let plan = try Notebook(
      "# Title", "# %% step: load\na = len('x')", "b = a + 1", "# Heading",
      "# %% Step: use it\nprint(b)"
    ).plan()
    #expect(plan.steps.map(\.name) == ["load", "use-it"])
  }

  @Test func scriptsHaveCellsToo() throws {
    let space = try TemporarySpace()
    let plan = try Notebook.plan(
      space.write(
        "analysis.py",
        "# %% [markdown]\n# # Load\n# %%\na = len('x')\n# %% Use\nprint(a)\n"))
    #expect(plan.steps.map(\.name) == ["load", "use"])
    #expect(plan.steps[0].outputs.map(\.kind) == [.value])
  }

  @Test func theThirdFormatHasWorksheets() throws {
    let space = try TemporarySpace()
    let plan = try Notebook.plan(
      space.write(
        "old.ipynb",
        #"""
        {"nbformat": 3, "worksheets": [{"cells": [
          {"cell_type": "heading", "level": 2, "source": ["Load"]},
          {"cell_type": "code", "input": ["a = len('x')\n", "b = a"]},
          {"cell_type": "heading", "level": 2, "source": "Use"},
          {"cell_type": "code", "input": "print(b)"}]}]}
        """#))
    #expect(plan.steps.map(\.name) == ["load", "use"])
  }

  @Test(arguments: [
    ("book.ipynb", "{", "it is not JSON, as notebooks are"),
    ("book.ipynb", "[]", "it is JSON, but no Jupyter notebook: expected the number 'nbformat'"),
    (
      "book.ipynb", #"{"nbformat": 2, "cells": []}"#,
      "its nbformat is 2; expected 3 or 4: open and save it in Jupyter"
    ),
    ("book.ipynb", #"{"nbformat": 4}"#, "it has no list of cells"),
    ("book.ipynb", #"{"nbformat": 4, "cells": [1]}"#, "cell 1 is no object"),
    (
      "book.ipynb", #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}"#,
      "cell 1 has no text"
    ),
    (
      "book.ipynb",
      #"{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}"#,
      "its language is R; expected Python"
    ),
    ("book.py", "\n", "it has no code"),
    (
      "book.ipynb",
      #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = 1\nb = = 2"}]}"#,
      "cell 1, line 2: invalid syntax at 'b = = 2'; correct the cell"
    ),
    (
      "book.ipynb",
      #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "print 'x'"}]}"#,
      "this is Python 2: convert it with 2to3"
    ),
  ])
  func whatIsNoNotebookIsTold(_ name: String, _ text: String, _ problem: String) throws {
    let said = try Notebook.refusal(name, text)
    #expect(said.contains(problem), "\(said)")
  }

  /// What others write: odd types, deep nests, names that would leave a comment or a literal.
  @Test func oddNotebooksAreReadOrRefusedInASentence() throws {
    let deep = "a = " + String(repeating: "1 + ", count: 20_000) + "1"
    let cells = [
      #"{"cell_type": "heading", "level": "x", "source": [["a"], 3]}"#,
      #"{"cell_type": "code", "outputs": [1, {"data": {"text/html": [1]}}], "source": "1"}"#,
      #"{"cell_type": ["code"], "source": "1"}"#, #"{"source": null}"#, "{}", "null",
      #"{"cell_type": "code", "source": "open('a\u0000b')\nopen('a\\nb')\nopen('')"}"#,
      #"{"cell_type": "code", "source": "\#(deep)"}"#,
      #"{"cell_type": "code", "source": "\#(String(repeating: "(", count: 500))"}"#,
    ]
    for cell in cells {
      let said = try Notebook.refusal(
        "odd\n.ipynb", #"{"nbformat": 4, "metadata": [], "cells": [\#(cell)]}"#)
      #expect(!said.contains("the reader"), "\(cell.prefix(80)): \(said)")
    }
  }
}
