// Completion: what the program answers, and that real shells put it on the line.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CompletionTests {
  private let space: FixtureSpace
  private let program: String

  init() throws {
    space = try FixtureSpace([
      ["name": "one.apple", "script": "echo a > $out"],
      ["name": "one.trial.0", "script": "echo 0 > $out"],
      ["name": "one.trial.1", "script": "echo 1 > $out"],
      ["name": "two.pear", "inputs": ["one.apple"], "script": "echo p > $out"],
    ])
    // The scripts complete the name `atelier`.
    program = space.folder("bin/atelier")
    try FileManager.default.createDirectory(
      atPath: space.folder("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: program, withDestinationPath: TestPrograms.fixture)
  }

  private var environment: [String: String] {
    ["PATH": "\(space.folder("bin")):/usr/bin:/bin", "ATELIER_PROJECT": space.folder.path]
  }

  private func answers(_ words: String...) throws -> [String] {
    let ended = try RunningProgram(
      program, ["complete-words"] + words, environment: environment, captures: space.folder
    ).wait()
    #expect(ended.code == 0)
    return ended.out.split(separator: "\n").map { line in
      String(line.prefix { $0 != "\t" })
    }
  }

  @Test func verbsOptionsAndTheirChoices() throws {
    #expect(try answers("exp") == ["explain"])
    #expect(try answers("").contains("shell"))
    #expect(try !answers("").contains("worker"))
    #expect(try answers("run", "--ca") == ["--cache"])
    #expect(try answers("run", "--cache", "") == ["rw", "ro", "off"])
    #expect(try answers("run", "--cache=o") == ["--cache=off"])
    #expect(try answers("graph", "--format", "m") == ["mermaid"])
    #expect(try answers("list", "st") == ["stages", "steps"])
    #expect(try answers("stack", "") == ["deploy", "outputs", "template", "validate", "destroy"])
    #expect(try answers("new", "") == ["workshop", "step", "import"])
    #expect(try answers("new", "workshop", "") == [])
    #expect(try answers("diff", "la") == ["latest", "latest~1"])
    #expect(try answers("diff", "latest~1", "latest", "") == [])
    #expect(try answers("report", "la") == ["latest", "latest~1"])
    #expect(try answers("report", "-o", "") == [":files"])
    #expect(try answers("run", "--config", "x") == [":files"])
    #expect(try answers("check", "") == ["fixture", "other"])
    #expect(try answers("run", "-w", "") == ["fixture", "other"])
    #expect(try answers("check", "--junit", "") == [":files"])
    #expect(try answers("serve", "") == ["fixture", "other"])
    #expect(try answers("serve", "--model", "x") == [":files"])
    #expect(try answers("invoke", "--label", "") == ["first", "last"])
    #expect(try answers("check", "--baseline", "") == [])
    try space.folder.write("{}", to: "Workshops/Fixture/Baselines/small.json")
    #expect(try answers("check", "--baseline", "") == ["small"])
    #expect(
      try answers("store", "") == ["push", "pull", "fsck", "gc", "stats", "tag", "untag", "ui"])
    #expect(try answers("store", "gc", "--max") == ["--max-age", "--max-size"])
    #expect(try answers("store", "push", "one.a") == ["one.apple"])
    #expect(try answers("store", "fsck", "one") == [])
  }

  @Test func targetsOutputsAndKeys() throws {
    #expect(try answers("run", "fi") == ["fixture/", "first"])
    try space.folder.write("", to: "Workshops/Other/config.ini")
    #expect(try answers("run", "ot") == ["other/"])
    #expect(try answers("run", "other/l") == ["other/last", "other/last.rows"])
    #expect(try answers("run", "one.") == ["one.apple", "one.trial"])
    #expect(try answers("run", "one.trial.") == ["one.trial.0", "one.trial.1"])
    #expect(try answers("run", "fixture/two.") == ["fixture/two.pear"])
    #expect(try answers("run", "-k", "one.apple", "one.a") == [])
    #expect(try answers("show", "one.apple.") == ["one.apple.out"])
    #expect(try answers("run", "--set", "Fixture.g") == ["Fixture.graph="])
    #expect(try answers("config", "set", "Atelier.r") == ["Atelier.root="])
    #expect(try answers("config", "get", "Atelier.r") == ["Atelier.root"])
  }

  @Test func mistakesAreSilent() throws {
    try space.folder.write("[Fixture]\ngraph = nowhere.json\n", to: "Workshops/Fixture/config.ini")
    let ended = try RunningProgram(
      program, ["complete-words", "run", ""], environment: environment, captures: space.folder
    ).wait()
    // What needs no wiring is still there.
    let words = ended.out.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    #expect(ended.code == 0 && ended.err == "")
    #expect(words == ["fixture/", "other/"])
    #expect(try answers("no-such-verb", "") == [])
  }

  // MARK: - Real shells

  private func shell(_ name: String, _ script: String) throws -> String {
    let path = try #require(TestTools.path(of: name))
    let ended = try RunningProgram(
      path, name == "bash" ? ["--norc", "-c", script] : ["-c", script],
      environment: environment.merging(["HOME": space.folder.path]) { $1 }, captures: space.folder
    ).wait()
    #expect(ended.err == "", "\(name)")
    return ended.out
  }

  @Test(
    .enabled(if: TestTools.path(of: "bash") != nil, "needs bash"),
    arguments: [
      ("atelier exp", "explain"), ("atelier run one.tr", "one.trial"),
      ("atelier run --cache=o", "off"), ("atelier run --set Fixture.g", "Fixture.graph="),
      ("atelier run --cache ", "rw ro off"), ("atelier shell two", "two.pear"),
    ])
  func bashCompletes(_ line: String, _ expected: String) throws {
    // What bash itself sets for a completion function; words break at `=`, as they do there.
    let script = """
      source <(atelier config completion bash); complete -p atelier >/dev/null || exit 1
      COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}; _atelier; echo "${COMPREPLY[*]}"
      """
    #expect(try shell("bash", script) == expected + "\n")
  }

  @Test(
    .enabled(if: TestTools.path(of: "bash") != nil && TestTerminal.isThere, "needs bash, script"))
  func aTabInBashCompletes() throws {
    let terminal = try TestTerminal(
      "stty echo; bash --norc -i",
      environment: environment.merging(["PS1": "ready> ", "TERM": "xterm"]) { $1 })
    try terminal.wait(for: "ready> ")
    try terminal.type("source <(atelier config completion bash)\n")
    try terminal.type("atelier config get Fixture.un\t\n")
    try terminal.wait(for: "Fixture.unused")
    try terminal.type("exit\n")
    _ = try terminal.end()
  }

  @Test(
    .enabled(if: TestTools.path(of: "zsh") != nil && TestTerminal.isThere, "needs zsh and script"))
  func aTabInZshCompletes() throws {
    let terminal = try TestTerminal(
      "stty echo; zsh -f -i",
      environment: environment.merging(
        ["PROMPT": "ready> ", "TERM": "xterm", "HOME": space.folder.path]) { $1 })
    try terminal.wait(for: "ready> ")
    try terminal.type(
      "autoload -U compinit; compinit -u -D; source <(atelier config completion zsh)\n")
    try terminal.type("echo sour''ced\n")
    try terminal.wait(for: "sourced")
    try terminal.type("atelier run --set=Fixture.un\t")
    try terminal.wait(for: "Fixture.unused=")
    // Ctrl-U empties the line.
    try terminal.type("\u{15}atelier show one.ap\t")
    try terminal.wait(for: "show one.apple")
    try terminal.type("\u{15}exit\n")
    _ = try terminal.end()
  }

  @Test(
    .enabled(if: TestTools.path(of: "fish") != nil, "needs fish"),
    arguments: [
      ("atelier exp", ["explain"]), ("atelier run one.tr", ["one.trial"]),
      ("atelier run --cache=o", ["--cache=off"]),
      ("atelier run --set Fixture.g", ["Fixture.graph="]), ("atelier list ru", ["runs"]),
    ])
  func fishCompletes(_ line: String, _ expected: [String]) throws {
    let said = try shell("fish", "atelier config completion fish | source; complete -C '\(line)'")
    let words = said.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    #expect(words == expected)
  }
}
