// The command line as a whole: write errors, device nodes, runs and workshops in one grammar.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CommandLineTests {
  private let space: FixtureSpace
  private let tools = ["ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? ""]

  init() throws {
    space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"],
      ["name": "one.rows", "csv": .string(Self.rows)],
      ["name": "one.numbers", "json": "{\"loss\":0.25,\"names\":[\"x, y\",\"z\"]}"],
    ])
    try space.folder.write("[Other]\nword = bye\n", to: "Workshops/Other/config.ini")
  }

  /// A table of more bytes than a pipe holds.
  private static let rows =
    "number,text\n" + (0..<9000).map { "\($0),a text that is longer\n" }.joined()

  private func shell(_ script: String) -> [String] { ["bash", "-c", script, "bash"] }

  // MARK: - Streams

  @Test(arguments: [["list", "steps"], ["graph"], ["config"], ["help", "run"], ["status"]])
  func aFullDiskIsAnError(_ words: [String]) throws {
    let ended = try space.start(words, by: shell("\"$@\" > /dev/full")).wait()
    #expect(ended.code == 5, "\(words): \(ended.err)")
    #expect(ended.err.contains("cannot write to standard output: No space left"), "\(ended.err)")
  }

  @Test func aReaderThatHasGoneEndsItQuietly() throws {
    #expect(try space.run().code == 0)
    let script = "\"$@\" | head -n 1; exit ${PIPESTATUS[0]}"
    let ended = try space.start(
      ["show", "one.rows", "--format", "csv"], by: shell(script)
    ).wait()
    #expect(ended.code == 141)
    #expect(ended.out == "number,text\n")
    #expect(ended.err == "")
  }

  @Test func aRunWhoseReaderHasGoneEnds() throws {
    // The reader has gone long before the first step has ended.
    let script = "\"$@\" | { exec <&-; sleep 1; }; exit ${PIPESTATUS[0]}"
    try space.setGraph([
      ["name": "one.first", "script": "sleep 1.5; echo > $out"],
      ["name": "one.second", "inputs": ["one.first"], "script": "echo > $out"],
    ])
    let ended = try space.start(["run", "--json"], by: shell(script)).wait()
    #expect(ended.code == 141, "\(ended.err)")
    // The store is as a run leaves it: the next one needs no repair.
    #expect(try space.run().code == 0)
  }

  @Test func aPipeGetsEveryRow() throws {
    #expect(try space.run().code == 0)
    let lines = try space.call("show", "one.rows").out.split(separator: "\n")
    #expect(lines.count == 9002)
    #expect(lines.last?.contains("8999") == true)
    let few = try space.call("show", "one.rows", "--limit", "3").out
    #expect(few.contains("... 8997 more rows"))
  }

  @Test func aDocumentAsCSVIsCSV() throws {
    #expect(try space.run().code == 0)
    let ended = try space.call("show", "one.numbers", "--format", "csv")
    #expect(ended.out == "pointer,value\n/loss,0.25\n/names/0,\"x, y\"\n/names/1,z\n")
  }

  @Test func quietLeavesOnlyErrors() throws {
    let run = try space.call("run", "--quiet")
    #expect(run.code == 0 && run.err == "" && run.out == "", "\(run.err)")
    try space.setGraph([["name": "one.bad", "script": "echo why >&2; exit 3"]])
    let failed = try space.call("run", "-q")
    #expect(failed.code == 1)
    #expect(failed.err.contains("one.bad") && failed.err.contains("why"), "\(failed.err)")
  }

  // MARK: - Files

  @Test(.enabled(if: getuid() == 0, "needs the right to make a device node"))
  func aDeviceStaysADevice() throws {
    #expect(try space.run().code == 0)
    let node = space.folder("null")
    // Number 3 of the memory devices is the null device.
    try #require(mknod(node, S_IFCHR | 0o666, 1 << 8 | 3) == 0)
    for words in [["report", "-o", node], ["check", "--update", "--junit", node]] {
      let ended = try space.start(words, environment: tools).wait()
      #expect(ended.code == 0, "\(words): \(ended.err)")
      var status = stat()
      try #require(stat(node, &status) == 0)
      #expect(status.st_mode & S_IFMT == S_IFCHR, "\(words)")
    }
    let summary = try space.call(
      "check",
      environment: tools.merging(["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": node]) { $1 })
    #expect(summary.code == 0, "\(summary.err)")
    var status = stat()
    #expect(stat(node, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func aPipeTakesAReport() throws {
    #expect(try space.run().code == 0)
    let copy = space.folder("copy.html")
    let ended = try space.start(
      ["report"], by: shell("\"$@\" -o >(cat > '\(copy)'); code=$?; wait $!; exit $code")
    ).wait()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try TestFiles.text(copy).hasSuffix("</html>\n"))
  }

  @Test func aFlagIsNeverTakenForAFile() throws {
    let ended = try space.call("check", "--junit", "--update")
    #expect(ended.code == 2)
    #expect(ended.err.contains("--junit needs a value (FILE)"), "\(ended.err)")
    #expect(!FileManager.default.fileExists(atPath: "--update"))
  }

  @Test func anUpdateWritesItsXML() throws {
    let file = space.folder("check.xml")
    #expect(try space.call("check", "--update", "--junit", file, environment: tools).code == 0)
    #expect(try TestFiles.text(file).contains("<testsuites"))
  }

  // MARK: - Runs and workshops

  /// Two runs of each workshop, those of the first one with a check between them.
  private func runs() throws -> [String] {
    #expect(try space.run().code == 0)
    #expect(try space.call("check", "--update", environment: tools).code == 0)
    try space.setGraph([["name": "one.a", "script": "echo b > $out"]])
    #expect(try space.run().code == 0)
    #expect(try space.run("other").code == 0)
    try space.folder.write("[Other]\nword = again\n", to: "Workshops/Other/config.ini")
    #expect(try space.run("other").code == 0)
    return try space.call("list", "runs", "--json").events.compactMap { $0["run"]?.string }
  }

  @Test func everyVerbTakesTheSameNamesOfRuns() throws {
    let ids = try runs()
    let first = try #require(ids.last)
    #expect(try space.call("store", "tag", "before", "latest~1").code == 0)
    for name in [first, String(first.prefix(22)), "latest~1", "before", "fixture/latest~1"] {
      let difference = try space.call("diff", name, "latest", "--json").events.last
      #expect(difference?["old"]?.string == first, "\(name)")
      let page = try space.call("report", name, "-o", "-")
      #expect(page.code == 0 && page.out.contains(first), "\(name): \(page.err)")
      let word = name.split(separator: "/").last.map(String.init) ?? name
      let reason = try space.call("explain", "one.a", "--against", word, "--json").events.last
      #expect(reason?["against"]?.string == first, "\(name)")
    }
    for words in [
      ["diff", "never"], ["report", "never"], ["store", "tag", "x", "never"],
      ["explain", "one.a", "--against", "never"],
    ] {
      let ended = try space.start(words).wait()
      #expect(ended.code == 2, "\(words): \(ended.code)")
      #expect(ended.err.contains("there is no run 'never'"), "\(words): \(ended.err)")
    }
  }

  @Test func aWorkshopsNameIsNoRun() throws {
    let ended = try space.call("diff", "fixture")
    #expect(ended.code == 2)
    #expect(ended.err.contains("'fixture' is a workshop, not a run"), "\(ended.err)")
  }

  @Test func runsOfAnotherWorkshop() throws {
    _ = try runs()
    for words in [
      ["diff", "other/latest~1", "latest"], ["diff", "other/latest~1"],
      ["diff", "latest~1", "-w", "other"], ["diff", "latest~1", "latest", "--workshop=other"],
    ] {
      let ended = try space.start(words + ["--json"]).wait()
      #expect(ended.code == 0, "\(words): \(ended.err)")
      #expect(ended.events.contains { $0["step"] == "one.word" }, "\(words): \(ended.out)")
    }
    let mixed = try space.call("diff", "other/latest", "fixture/latest")
    #expect(mixed.code == 2 && mixed.err.contains("two workshops"), "\(mixed.err)")
  }

  @Test func aReportComparesWithTheRunBeforeIt() throws {
    let ids = try runs()
    let page = try space.call("report", "-o", "-").out
    let first = try #require(ids.last)
    let check = try #require(ids.dropLast().last)
    #expect(page.contains(first))
    #expect(!page.contains(check))
  }

  @Test func stepsOfAnotherWorkshopAreListed() throws {
    let unknown = try space.call("run", "other/nosuch")
    #expect(unknown.code == 2)
    #expect(unknown.err.contains("`atelier list steps -w other` lists them"), "\(unknown.err)")
    #expect(try space.call("list", "steps", "-w", "other").out.contains("one.word"))
    #expect(try space.call("store", "gc", "-w", "other").code == 0)
  }

  @Test func settingsAsJSON() throws {
    let ended = try space.call("config", "get", "Other.word", "-w", "other", "--json")
    #expect(ended.events.first?["value"] == "bye")
    #expect(ended.events.first?["v"] == 1)
  }

  @Test func globalOptionsStandBeforeTheVerb() throws {
    let ended = try RunningProgram(
      TestPrograms.fixture,
      [
        "-C", space.folder.path, "--set=Atelier.root=\(space.store)", "-w", "other", "list",
        "steps",
      ],
      environment: [:], captures: space.folder
    ).wait()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.out.contains("last.rows"))
  }

  @Test func aHangUpIsNoInterrupt() throws {
    try space.setGraph([["name": "one.long", "script": "sleep 60; echo > $out"]])
    let run = try space.start(["run", "-v"])
    try waitUntil("the step has begun") { try run.said().contains("one.long starts") }
    run.signal(SIGHUP)
    let ended = try run.wait()
    #expect(ended.code == 129 && ended.signal == SIGHUP, "\(ended.code)")
  }
}
