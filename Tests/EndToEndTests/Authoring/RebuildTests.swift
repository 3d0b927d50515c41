// Edits of the code, built and run: what cannot change the bytes re-runs nothing, the file of a step
// that step alone, and what steps share all that share it. In the same copy, a notebook with packages is
// imported and run, and the tutorial is followed, whose times are printed. One build and six incremental
// ones, as `make build` does them but for optimising, which ATELIER_OPTIMIZE=1 adds; ATELIER_QUICK=1 leaves
// it all out.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(
  .serialized, .programs(minutes: 60, isAhead: true),
  .disabled(if: ProcessInfo.processInfo.environment["ATELIER_QUICK"] == "1"))
struct RebuildTests {
  @Test func editsRunExactlyWhatTheyConcern() throws {
    let checkout = try Checkout.toBuild()
    let environment = ProcessInfo.processInfo.environment
    checkout.variables = ["ATELIER_OPTIMIZE": environment["ATELIER_OPTIMIZE"] ?? "0"]
    let space = try Space()
    let start = ContinuousClock.now
    try checkout.start(".setup/build.sh")
    let firstBuild = (ContinuousClock.now - start) / .seconds(1)
    space.binary = checkout.program
    let before = try space.run()
    #expect(before.built.count == before.steps.count)

    try editWhatDoesNotCount(checkout)
    try checkout.start(".setup/build.sh")
    try space.expectHits(like: before)

    try editSteps(checkout)
    try checkout.start(".setup/build.sh")
    let after = try expect(
      space, like: before,
      reasons: { wired in
        switch wired.step {
        case "Query.SimulateProfiles": ["sql.profiles.sql"]
        case "Segment.CutSegment": ["code.Steps/Segment/CutSegment.swift"]
        case "Train.SelectModel": ["code.Steps/Train/SelectModel.swift"]
        default: nil
        }
      })

    try checkout.edit("Sources/XGBoost/DMatrix.swift") { $0 + "\nprivate let oneMoreToken = 1\n" }
    try checkout.edit("Steps/Segment/ScoreScript.swift") {
      $0 + "\nprivate let oneMoreToken = 1\n"
    }
    try checkout.start(".setup/build.sh")
    _ = try expect(
      space, like: after,
      reasons: {
        switch $0.step.prefix(while: { $0 != "." }) {
        case "Train": ["code.Sources/XGBoost/DMatrix.swift"]
        case "Segment": ["code.Steps/Segment/ScoreScript.swift"]
        default: nil
        }
      })

    // In the same copy, since another one would cost a whole build more.
    try importANotebookWithPackages(into: checkout)
    try followTheTutorial(in: checkout, firstBuild: firstBuild)
  }

  /// From a notebook with `%pip install` to a lock, a build, and steps that import the package.
  private func importANotebookWithPackages(into checkout: Checkout) throws {
    let index = try WheelIndex()
    checkout.variables["UV_DEFAULT_INDEX"] = index.address
    defer { checkout.variables["UV_DEFAULT_INDEX"] = nil }
    try checkout.write(
      "book.ipynb",
      #"""
      {"nbformat": 4, "cells": [
        {"cell_type": "markdown", "source": "# Load"},
        {"cell_type": "code", "source": "%pip install plain\nimport plain\nx = len(str(plain.value))"},
        {"cell_type": "markdown", "source": "# Say"},
        {"cell_type": "code", "source": "import plain\nprint('the sum is', x + plain.value)"}]}
      """#)
    defer { try? FileManager.default.removeItem(atPath: "\(checkout.root)/book.ipynb") }
    let atelier = checkout.program
    try checkout.start(atelier, "import", "book.ipynb", "--workshop", "pip-book")
    #expect(try checkout.read("Workshops/PipBook/Scripts/pip-book.in") == "plain\n")
    try checkout.start(".setup/build.sh")
    try checkout.start(atelier, "environment", "lock", "pip-book", "-w", "pip-book")
    #expect(try checkout.read("Workshops/PipBook/Scripts/pip-book.lock").contains("plain==1.0"))
    try checkout.start(atelier, "run", "pip-book")
    let said = try checkout.start(
      atelier, "show", "pip-book/notebook.say", "--format", "path")
    #expect(
      try TestFiles.text(said.out.trimmingCharacters(in: .newlines)) == "the sum is 44\n")
    let packages = try checkout.start(
      atelier, "environment", "show", "pip-book", "-w", "pip-book")
    #expect(packages.out.contains(" MIT "), "\(packages.out)")
  }

  /// What a reader types and sees, and that what was written is formatted.
  private func followTheTutorial(in checkout: Checkout, firstBuild: Double) throws {
    let name = "Workshops/Tutorial.md"
    let page = try Tutorial(checkout.read(name), name: name)
    #expect(page.parts.count > 20)
    let ends = try page.follow(in: checkout)
    for (language, step) in [("SQL", "largest"), ("Python", "spread"), ("Swift", "sizes")] {
      let end = try #require(
        ends.first { $0.command == "atelier show retail-price/totals.\(step)" })
      print(
        "tutorial: own \(language) step shown after \(Int(firstBuild + end.seconds)) s, "
          + "\(Int(firstBuild)) s of it the first build")
    }
    try checkout.start(
      "swift", "format", "lint", "--strict", "--configuration", TestTools.root + "/.swift-format",
      "--recursive", "Package.swift", "Sources/AtelierProgram", "Steps/RetailPriceSteps",
      "Workshops/RetailPrice", "Tests/RetailPriceTests")
  }

  /// Comments, indentation, blank lines, and code that no family imports.
  private func editWhatDoesNotCount(_ checkout: Checkout) throws {
    try checkout.edit("Steps/Featurize/FeaturizeBatch.swift") {
      "// One more comment.\n" + $0.replacingOccurrences(of: "\n  ", with: "\n\n      ")
        + "\n/* And /* another */ at the end. */\n"
    }
    try checkout.edit("Steps/Train/Trial.swift") {
      $0.replacingOccurrences(of: "\n  ", with: "\n\t")
    }
    try checkout.edit("Sources/ReadVerbs/ListVerb.swift") {
      $0 + "\nprivate let oneMoreToken = 1\n"
    }
    try checkout.edit("Workshops/Propensity/README.md") { $0 + "\nAnother line.\n" }
  }

  /// A line of one step's SQL, a token of two steps of families with others, one of which is run a
  /// hundred times, a new step beside them, and a token of a step that the workshop does not use.
  private func editSteps(_ checkout: Checkout) throws {
    try checkout.edit("Steps/Query/SQL/profiles.sql") { $0 + "-- One more line.\n" }
    for step in ["Segment/CutSegment", "Train/SelectModel", "Learn/TrainModel"] {
      try checkout.edit("Steps/\(step).swift") { $0 + "\nprivate let oneMoreToken = 1\n" }
    }
    try checkout.write(
      "Steps/Train/NewStep.swift",
      """
      import AtelierStep
      import PropensityFormats

      /// A step that nobody wires.
      public struct NewStep: Step {
        public var trials: [Artifact<TrialResult>]
        public var result = Output<TrialResult>()
        public func run(in context: StepContext) throws {}
      }

      """)
  }

  /// Runs after an edit that alters no result: just the named steps run, each for its one reason.
  private func expect(
    _ space: Space, like before: RunReport, reasons: (Wired) -> [String]?
  ) throws -> RunReport {
    var expected: [String: [String]] = [:]
    for node in try space.graph() where node.kind == "step" { expected[node.name] = reasons(node) }
    #expect(!expected.isEmpty)
    let foretold = try space.explain()
    #expect(foretold.mapValues(\.fields).filter { !$0.value.isEmpty } == expected)
    let report = try space.run()
    #expect(report.built == Set(expected.keys))
    for name in report.built {
      #expect(report.steps[name]?.fields == expected[name], "\(name)")
      #expect(report.steps[name]?.reasons == foretold[name]?.reasons, "\(name)")
    }
    #expect(report.digests == before.digests)
    return report
  }
}
