// `atelier new workshop`: what it writes, and that a refusal leaves every file as it was. That the
// result builds and runs is the tutorial's to prove.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

/// A checkout for `new workshop`.
private struct Project {
  private let files: CheckoutFiles
  var folder: TemporaryFolder { files.folder }

  init() throws { files = try CheckoutFiles() }

  func contents() throws -> [String: String] { try files.contents() }

  func new(_ words: String...) throws -> EndedProgram {
    let captures = try TemporaryFolder()
    return try RunningProgram(
      TestPrograms.fixture, ["new", "--project", folder.path, "workshop"] + words,
      environment: [:], captures: captures
    ).wait()
  }
}

@Suite(.programs) struct NewWorkshopTests {
  private let project: Project

  init() throws { project = try Project() }

  @Test func itPrintsWhatItWroteAndWhatToTypeNext() throws {
    let before = try project.contents()
    let ended = try project.new("sales-tax")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.err.contains("make sales-tax\n"))
    let paths = ended.out.split(separator: "\n").map(String.init)
    let after = try project.contents()
    let isFile = { (path: String) in after[path]?.isEmpty == false }
    #expect(Set(paths) == Set(after.keys.filter { isFile($0) && after[$0] != before[$0] }))
    #expect(paths.allSatisfy { after[$0]?.contains("{{") == false })
    #expect(
      added(to: "Package.swift", before, after) == [
        "  family(\"SalesTaxSteps\", [\"DuckDB\"]),",
        "  workshop(\"SalesTax\", [\"SalesTaxSteps\"], excluding: [\"Data\"]),",
        "  tests(\"SalesTaxTests\", [\"SalesTaxSteps\", \"AtelierStep\"]),",
      ])
    #expect(
      after["Sources/AtelierProgram/Main.swift"] == before["Sources/AtelierProgram/Main.swift"])
  }

  /// Lines that are new; a comma behind the line before does not count.
  private func added(
    to path: String, _ before: [String: String], _ after: [String: String]
  ) -> [String] {
    func lines(_ text: String?) -> [String] {
      (text ?? "").split(separator: "\n").map(String.init)
    }
    func bare(_ line: String) -> String { line.hasSuffix(",") ? String(line.dropLast()) : line }
    let old = lines(before[path]).map(bare)
    let changes = lines(after[path]).difference(from: lines(before[path])) { bare($0) == bare($1) }
    #expect(!old.isEmpty && changes.removals.isEmpty, "\(path)")
    return changes.insertions.compactMap { change in
      if case .insert(_, let line, _) = change { line } else { nil }
    }
  }

  @Test(.enabled(if: Self.hasFormatter, "needs swift format"))
  func whateverTheNameTheFormatterHasNothingToSay() throws {
    for name in ["a", "zz-top", "an-exceptionally-long-ah"] {
      let ended = try project.new(name)
      #expect(ended.code == 0, "\(ended.err)")
    }
    // As `make check` has it: every public member of a step is documented.
    let plain = try TestFiles.text(TestTools.root + "/.swift-format")
    let strict = plain.replacing(
      #""rules": {"#, with: #""rules": { "AllPublicDeclarationsHaveDocumentation": true,"#)
    try #require(strict != plain)
    for (configuration, folder) in [(plain, ""), (strict, "/Steps")] {
      let lint = try Space.start(
        "/usr/bin/env",
        [
          "swift", "format", "lint", "--strict", "--configuration", configuration, "--recursive",
          project.folder.path + folder,
        ], environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory())
      #expect(lint.code == 0, "\(lint.err)")
    }
  }

  private static let hasFormatter =
    (try? Space.start(
      "/usr/bin/env", ["swift", "format", "--version"],
      environment: ProcessInfo.processInfo.environment, folder: NSTemporaryDirectory()))?
    .code == 0

  @Test(arguments: [
    ("SalesTax", "Did you mean 'sales-tax'?"), ("sales_tax", "Did you mean 'sales-tax'?"),
    ("9-lives", "begin with a letter"), ("a--b", "not a valid workshop name"),
    ("../up", "not a valid workshop name"), ("", "not a valid workshop name"),
    ("sale\u{301}s", "not a valid workshop name"), ("one-letter-more-than-all", ""),
    ("two-letters-more-than-all", "at most 24 characters"), ("swift", "has the name Swift"),
    ("step-context", "has the name StepContext"), ("fixture", "a workshop 'fixture' already"),
    ("status", "a command of atelier"), ("first", "a stage"), ("demo", "a target of the Makefile"),
    ("propensity", "Package.swift has a target Propensity"),
    ("atelier-step", "Package.swift has a target AtelierStep"),
    ("query", "Package.swift has a target Query"), ("taken", "there is Steps/takenSTEPS already"),
  ])
  func aNameThatMeansSomethingElseIsRefused(_ name: String, _ why: String) throws {
    try project.folder.write("", to: "Steps/takenSTEPS/Other.swift")
    let before = try project.contents()
    let ended = try project.new("--", name)
    #expect(ended.code == (why.isEmpty ? 0 : 2), "\(ended.err)")
    #expect(ended.err.contains(why.isEmpty ? "next:" : why), "\(ended.err)")
    if !why.isEmpty { #expect(try project.contents() == before) }
  }

  @Test func aSecondTimeIsRefused() throws {
    #expect(try project.new("sales-tax").code == 0)
    let before = try project.contents()
    let again = try project.new("sales-tax")
    #expect(again.code == 2 && again.err.contains("there is Workshops/SalesTax already"))
    #expect(try project.contents() == before)
  }

  @Test(arguments: [
    ("Package.swift", "let workshops: [Target] = [", "let shops: [Target] = ["),
    ("Package.swift", "let workshopTests: [Target] = [", "\nlet families: [Target] = ["),
    ("Package.swift", "let workshopTests: [Target] = [", "let tests: [Target] = ["),
    ("Package.swift", "\n]\n", "\n  ]\n"),
  ])
  func aListThatIsWrittenOtherwiseIsRefused(
    _ path: String, _ text: String, _ other: String
  ) throws {
    let old = try TestFiles.text(project.folder(path))
    try project.folder.write(old.replacingOccurrences(of: text, with: other), to: path)
    let before = try project.contents()
    let ended = try project.new("sales-tax")
    #expect(ended.code == 2)
    #expect(ended.err.contains("\(path): expected one list"), "\(ended.err)")
    #expect(ended.err.contains("workshop(\"SalesTax\", [\"SalesTaxSteps\"]"), "\(ended.err)")
    #expect(try project.contents() == before)
    // What it proposes.
    let files = try project.new("sales-tax", "--files-only")
    #expect(
      files.code == 0 && files.err.contains("family(\"SalesTaxSteps\", [\"DuckDB\"]),"),
      "\(files.err)")
    let after = try project.contents()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(after["Steps/SalesTaxSteps/SQL/sums.sql"] != nil)
  }

  @Test func anErrorHalfWayLeavesNothing() throws {
    try FileManager.default.removeItem(atPath: project.folder("Tests"))
    try project.folder.write("in the way", to: "Tests")
    let before = try project.contents()
    let ended = try project.new("sales-tax")
    #expect(ended.code == 2)
    #expect(ended.err.contains("nothing was changed"), "\(ended.err)")
    #expect(try project.contents() == before)
  }

  @Test func anErrorInTheLastEditTakesTheOthersBack() throws {
    // The file is a link to one whose name leaves no room for that of a temporary file beside it.
    let list = project.folder("Package.swift")
    let long = project.folder("long/" + String(repeating: "x", count: 250))
    try project.folder.write("", to: "long/x")
    try FileManager.default.moveItem(atPath: list, toPath: long)
    try FileManager.default.createSymbolicLink(atPath: list, withDestinationPath: long)
    let before = try project.contents()
    let ended = try project.new("sales-tax")
    #expect(ended.code == 2)
    #expect(ended.err.contains("nothing was changed"), "\(ended.err)")
    #expect(try project.contents() == before)
  }

  @Test func outsideOfACheckoutItSaysWhatIsMissing() throws {
    try FileManager.default.removeItem(atPath: project.folder("Sources/AtelierProgram"))
    let ended = try project.new("sales-tax")
    #expect(ended.code == 2)
    #expect(
      ended.err.contains("is not a checkout of Atelier's sources: expected Sources/AtelierProgram"),
      "\(ended.err)")
  }
}
