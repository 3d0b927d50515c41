// Edits of the code, built and run: what cannot change the bytes re-runs nothing, the file of a step
// that step alone, and what steps share all that share it. In the same copy, the tutorial is followed. One build and five incremental
// ones, as `make build` does them but for optimising; ATELIER_QUICK=1 leaves it out.
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
    checkout.variables = ["ATELIER_OPTIMIZE": "0"]
    let space = try Space()
    try checkout.start(".setup/build.sh")
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
    try followTheTutorial(in: checkout)
  }

  /// What a reader types and sees, and that what was written is formatted.
  private func followTheTutorial(in checkout: Checkout) throws {
    let name = "Workshops/Tutorial.md"
    let page = try Tutorial(checkout.read(name), name: name)
    #expect(page.parts.count > 20)
    try page.follow(in: checkout)
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
