// Notebooks that tests write, and what the reader makes of them.
import AtelierTesting
import Content
import Foundation
import Subprocess

@testable import Notebooks

/// A notebook of a few cells; texts that begin with `#` are markdown, but for marks.
struct Notebook {
  let space: TemporarySpace
  let path: String

  /// A notebook of nbformat 4.
  init(_ cells: String...) throws {
    space = try TemporarySpace()
    path = try space.write("book.ipynb", Self.text(cells))
  }

  static func text(_ cells: [String]) throws -> String {
    let all = cells.map { cell -> JSONValue in
      let isHeading = cell.hasPrefix("#") && !cell.hasPrefix("# %%")
      return .object([
        "cell_type": .string(isHeading ? "markdown" : "code"), "source": .string(cell),
      ])
    }
    return try JSONValue.object(["nbformat": 4, "cells": .array(all)]).canonicalText()
  }

  func plan() throws -> NotebookPlan { try Self.plan(path) }

  static func plan(_ path: String) throws -> NotebookPlan {
    try NotebookReader(python: TestTools.path(of: "python3") ?? "").plan(path)
  }

  /// What the reader refuses a file with.
  static func refusal(_ name: String, _ text: String) throws -> String {
    let space = try TemporarySpace()
    do {
      _ = try plan(space.write(name, text))
      return "none"
    } catch {
      return "\(error)"
    }
  }

  /// Runs the steps' scripts in their order, each in a process of its own: what each wrote.
  func results(_ plan: NotebookPlan) throws -> JSONValue {
    let steps = plan.steps.map { step -> JSONValue in
      let inputs = step.inputs.map { input -> JSONValue in
        input.source.map { ["key": .string(input.key), "source": .string($0)] }
          ?? [
            "key": .string(input.key), "step": .string(input.step), "output": .string(input.output),
          ]
      }
      let outputs = step.outputs.map { output -> JSONValue in
        var members: [String: JSONValue] = [
          "key": .string(output.key), "kind": .string(output.kind.rawValue),
        ]
        if output.kind == .file { members["path"] = .string(output.path) }
        return .object(members)
      }
      return [
        "name": .string(step.name), "file": .string(step.file), "text": .string(step.text),
        "inputs": .array(inputs), "outputs": .array(outputs),
      ]
    }
    let sources = plan.sources.map { source -> JSONValue in
      ["key": .string(source.key), "path": .string(source.path)]
    }
    let json = JSONValue.object(["steps": .array(steps), "sources": .array(sources)])
    let file = try space.write("plan.json", json.canonicalText())
    let captured = try capture(
      Command(
        executable: TestTools.path(of: "python3") ?? "",
        arguments: [
          TestTools.root + "/Tests/NotebooksTests/run_steps.py", file, space.path,
          space.path + "/run",
        ], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]), timeout: 300)
    guard captured.exit.succeeded else { throw BrokenProperty(captured.errorText) }
    return try JSONValue(parsing: captured.stdout)
  }
}
