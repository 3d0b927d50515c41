// Calls that change the checkout at the same time, or that are killed half-way: each is done in full or
// not at all, and can be made again.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

/// Holds up whoever replaces a file, after all that it does before: the draft beside it is locked.
private struct HeldFile: ~Copyable {
  private let descriptor: Int32
  private let draft: String

  init(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    draft = "\(folder)/.\((path as NSString).lastPathComponent).atelier-new"
    descriptor = open(draft, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
  }

  deinit {
    unlink(draft)
    close(descriptor)
  }
}

@Suite(.programs) struct UnfinishedChangeTests {
  private let files: CheckoutFiles
  private let captures: TemporaryFolder
  private var folder: TemporaryFolder { files.folder }

  init() throws {
    files = try CheckoutFiles()
    captures = try TemporaryFolder()
    let list = try TestFiles.text(files.folder("Package.swift"))
    let opening = "let workshops: [Target] = [\n"
    try files.folder.write(
      list.replacing(opening, with: opening + "  workshop(\"Fixture\", [\"Query\"]),\n"),
      to: "Package.swift")
    try folder.write("", to: "Workshops/Fixture/config.ini")
    try folder.write(#"{"nodes": []}"#, to: "Workshops/Fixture/graph.json")
    try folder.write(
      """
      import Atelier

      enum FixtureWorkshop: Workshop {
        static func wire(_ p: inout PipelineBuilder, _ settings: Settings) throws {
        }
      }

      """, to: "Workshops/Fixture/Fixture.swift")
    try folder.write("# One\nx = 1\n# %%\nprint(x)\n", to: "books/book.py")
  }

  private func start(_ words: [String]) throws -> RunningProgram {
    try RunningProgram(
      TestPrograms.fixture, ["-C", folder.path] + words, environment: ["PATH": "/usr/bin:/bin"],
      captures: captures)
  }

  private func call(_ words: [String]) throws -> EndedProgram { try start(words).wait() }

  private static let calls = [
    (
      ["new", "workshop", "sales-tax"], held: "Package.swift",
      moved: "Tests/SalesTaxTests/SumGroupsTests.swift"
    ),
    (
      ["new", "step", "one.daily", "--sql"], "Workshops/Fixture/Fixture.swift",
      "Workshops/Fixture/Scripts/daily.sql"
    ),
    (
      ["new", "step", "one.daily", "--swift", "--family", "Query"],
      "Workshops/Fixture/Fixture.swift", "Steps/Query/Daily.swift"
    ),
    (["import", "BOOK", "-w", "book"], "Package.swift", "Workshops/Book/IMPORT.md"),
  ]

  private func words(_ words: [String]) -> [String] {
    words.map { $0 == "BOOK" ? folder("books/book.py") : $0 }
  }

  private func kill(_ words: [String], whileHolding held: String, moved: String) throws {
    let file = try HeldFile(folder(held))
    let program = try start(words)
    try waitUntil("\(moved) is there") {
      FileManager.default.fileExists(atPath: folder(moved))
    }
    program.end()
    _ = consume file
  }

  @Test(arguments: calls.indices) func aKilledCallIsUndoneAndMadeAgain(_ number: Int) throws {
    let (line, held, moved) = Self.calls[number]
    let before = try files.contents()
    try kill(words(line), whileHolding: held, moved: moved)
    let again = try call(words(line))
    #expect(again.code == 0, "\(again.err)")
    #expect(again.err.contains("undid what an earlier call did in part"), "\(again.err)")
    let after = try files.contents()
    #expect(after[moved]?.isEmpty == false && after[held] != before[held])
    #expect(!after.keys.contains { $0.contains("atelier-new") }, "\(after.keys.sorted())")
    // Another call finds nothing to undo.
    let other = try call(["new", "workshop", "another"])
    #expect(other.code == 0 && !other.err.contains("undid"), "\(other.err)")
    #expect(try files.contents()[moved] == after[moved])
  }

  @Test func whatWasEditedAfterTheKillStays() throws {
    let (line, held, moved) = Self.calls[0]
    let before = try files.contents()
    try kill(line, whileHolding: held, moved: moved)
    try folder.write("mine", to: moved)
    let again = try call(line)
    #expect(again.code == 2, "\(again.err)")
    #expect(again.err.contains("left as they are, since they were edited"), "\(again.err)")
    #expect(again.err.contains("there is Tests/SalesTaxTests already"), "\(again.err)")
    var after = try files.contents()
    #expect(after.removeValue(forKey: moved) == "mine")
    after["Tests/SalesTaxTests"] = nil
    #expect(after == before)
  }

  @Test func aCallThatWasKilledAtItsEndStaysDone() throws {
    let (line, held, moved) = Self.calls[0]
    try kill(line, whileHolding: held, moved: moved)
    // The last act, and what a person would have done by hand.
    let list = try TestFiles.text(folder("Package.swift"))
    try folder.write(list + "// mine\n", to: "Package.swift")
    let other = try call(["new", "workshop", "another"])
    #expect(other.code == 0 && !other.err.contains("undid"), "\(other.err)")
    #expect(try files.contents()[moved]?.isEmpty == false)
  }

  @Test func twoCallsAtOnceAreBothDone() throws {
    let file = try HeldFile(folder("Package.swift"))
    let first = try start(["new", "workshop", "first-one"])
    try waitUntil("the first has the checkout") {
      FileManager.default.fileExists(atPath: folder("Workshops/FirstOne"))
    }
    let others = try [
      start(["new", "workshop", "second-one"]), start(["new", "step", "one.daily", "--sql"]),
      start(["new", "step", "one.hourly", "--python"]),
      start(words(["import", "BOOK", "-w", "book"])),
    ]
    for program in others {
      try waitUntil("it waits") {
        try program.said().contains("waiting for another `atelier new`")
      }
    }
    _ = consume file
    for program in [first] + others {
      let ended = try program.wait()
      #expect(ended.code == 0, "\(ended.err)")
    }
    let after = try files.contents()
    for name in ["FirstOne", "SecondOne", "Book"] {
      #expect(after["Package.swift"]?.contains("workshop(\"\(name)\"") == true, "\(name)")
    }
    let wiring = after["Workshops/Fixture/Fixture.swift"] ?? ""
    #expect(wiring.contains("\"one.daily\"") && wiring.contains("\"one.hourly\""), "\(wiring)")
    #expect(!after.keys.contains { $0.contains("atelier-new") }, "\(after.keys.sorted())")
  }
}
