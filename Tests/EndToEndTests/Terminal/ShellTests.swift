// `shell`: a step's inputs, environment and programs, for a person or for one command.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ShellTests {
  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace([
      ["name": "one.a", "script": "echo alpha > $out"],
      [
        "name": "one.b", "inputs": ["one.a"], "tools": ["cat"],
        "script": "cat $one_a > $out; echo beta >> $out",
      ],
      ["name": "two.c", "inputs": ["one.b"], "script": "echo gamma > $out"],
    ])
  }

  private func leftFolders() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: space.folder.path)
      .filter { $0.hasPrefix("atelier-shell-") }
  }

  private func call(_ words: String...) throws -> EndedProgram {
    try space.start(words, environment: ["TMPDIR": space.folder.path, "HOME": "/nowhere"]).wait()
  }

  @Test func anInputThatIsNotBuiltIsNamedWithWhatBuildsIt() throws {
    let ended = try call("shell", "one.b", "--", "true")
    #expect(ended.code == 3)
    #expect(ended.err.contains("is made by one.a, which is not built (first run)"), "\(ended.err)")
    #expect(ended.err.contains("atelier run one.a"))
    #expect(try leftFolders() == [])
  }

  @Test func aCommandSeesWhatAWorkerSees() throws {
    try #require(try space.run().code == 0)
    let script = """
      pwd; cat inputs/*; test -w "$output_out" || ls outputs | wc -l | tr -d ' '
      echo "$TZ $LC_ALL $ATELIER_STEP $ATELIER_USER_HOME"
      test "$HOME" = "$PWD/scratch" && test "$TMPDIR" = "$HOME" && echo home
      command -v cat; env | grep ^input_
      """
    let ended = try call("shell", "one.b", "--", "sh", "-c", script)
    #expect(ended.code == 0, "\(ended.err)")
    let lines = ended.out.split(separator: "\n").map(String.init)
    try #require(lines.count == 7, "\(ended.out)")
    let folder = lines[0]
    #expect(folder.hasPrefix(space.folder.path + "/atelier-shell-one.b-"))
    #expect(lines[1...4] == ["alpha", "0", "UTC C.UTF-8 one.b /nowhere", "home"])
    #expect(lines[5] == "\(folder)/bin/cat")
    #expect(lines[6].hasPrefix("input_") && lines[6].contains("=\(folder)/inputs/"))
    #expect(ended.err == "")
    #expect(try leftFolders() == [])
  }

  @Test(arguments: [("exit 7", 7), ("kill -KILL $$", 137), ("true", 0)] as [(String, Int32)])
  func theCommandsCodeIsHandedOn(_ script: String, _ code: Int32) throws {
    try #require(try space.run("one.a").code == 0)
    #expect(try call("shell", "one.b", "--", "sh", "-c", script).code == code)
    #expect(try leftFolders() == [])
  }

  @Test func theStepItselfRunsThereAndChangesNoStore() throws {
    try #require(try space.run("one.a").code == 0)
    let before = TestFiles.list(space.store)
    let ended = try call("shell", "one.b", "--", "sh", "-c", "./step >/dev/null && cat outputs/*")
    #expect(ended.out == "alpha\nbeta\n", "\(ended.err)")
    #expect(TestFiles.list(space.store) == before)
  }

  @Test func whatIsKeptStays() throws {
    try #require(try space.run("one.a").code == 0)
    let ended = try call("shell", "--keep", "one.b", "--", "sh", "-c", "echo x > outputs/mine")
    let folder = try #require(try leftFolders().first)
    #expect(ended.err == "kept: \(space.folder(folder))\n")
    #expect(try TestFiles.text(space.folder(folder) + "/outputs/mine") == "x\n")
  }

  @Test func mistakesAreNamed() throws {
    try #require(try space.run().code == 0)
    for (words, said) in [
      (["shell", "one.d"], "Did you mean 'one."),
      (["shell", "two"], "'two' stands for 3 steps"),
      (["shell", "one.b", "--", "no-such-program"], "no program 'no-such-program'"),
    ] {
      let ended = try space.start(words, environment: ["TMPDIR": space.folder.path]).wait()
      #expect(ended.code == 2)
      #expect(ended.err.contains(said), "\(ended.err)")
    }
    #expect(try leftFolders() == [])
  }

  @Test func aShellReadsItsCommandsFromAPipe() throws {
    try #require(try space.run("one.a").code == 0)
    // The test's own input is /dev/null: the shell ends at once, with its greeting said.
    let ended = try call("shell", "one.b")
    #expect(ended.code == 0)
    #expect(ended.err.contains("(removed at the end)") && ended.err.contains("./step"))
  }

  @Test(.enabled(if: TestTerminal.isThere, "needs `script` of util-linux"))
  func theShellOwnsTheTerminal() throws {
    try #require(try space.run("one.a").code == 0)
    let line =
      "\(TestPrograms.fixture) shell one.b --project \(space.folder.path)"
      + " --set Atelier.root=\(space.store)"
    let terminal = try TestTerminal(
      line, environment: ["SHELL": "/bin/bash", "TMPDIR": space.folder.path])
    try terminal.wait(for: "(one.b) ")
    try terminal.type("echo begun; sleep 600\n")
    try terminal.wait(for: "begun")
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    // Ctrl-C ends the command in the shell, neither the shell nor atelier.
    try terminal.type("\u{3}")
    try terminal.type("echo code=$?; cat inputs/*\n")
    try terminal.wait(for: "code=130")
    try terminal.wait(for: "alpha")
    #expect(try leftFolders().count == 1)
    try terminal.type("exit 9\n")
    let (code, shown) = try terminal.end()
    #expect(code == 9, "\(shown)")
    #expect(try leftFolders() == [])
  }

  @Test(.enabled(if: TestTerminal.isThere, "needs `script` of util-linux"))
  func aHangUpEndsTheShellAndTheFolderGoes() throws {
    try #require(try space.run("one.a").code == 0)
    let line =
      "echo pid=$$; exec \(TestPrograms.fixture) shell one.b --project \(space.folder.path)"
      + " --set Atelier.root=\(space.store)"
    let terminal = try TestTerminal(
      line, environment: ["SHELL": "/bin/bash", "TMPDIR": space.folder.path])
    try terminal.wait(for: "(one.b) ")
    let pid = try #require(terminal.shown.firstMatch(of: /pid=([0-9]+)/).flatMap { pid_t($0.1) })
    kill(pid, SIGTERM)
    _ = try terminal.end()
    #expect(try leftFolders() == [])
  }

  @Test(.enabled(if: TestTerminal.isThere, "needs `script` of util-linux"))
  func aShellThatMissesTheFirstHangUpIsToldAgain() throws {
    try #require(try space.run("one.a").code == 0)
    let deaf = space.folder("deaf")
    try Data(
      """
      #!/bin/sh
      told=0
      trap 'told=$((told + 1)); echo "told=$told"; [ $told -ge 2 ] && exit 0' HUP
      echo "listening"
      while :; do sleep 0.05; done
      """.utf8
    ).write(to: URL(fileURLWithPath: deaf))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: deaf)
    let line =
      "echo pid=$$; SHELL=\(deaf) exec \(TestPrograms.fixture) shell one.b"
      + " --project \(space.folder.path) --set Atelier.root=\(space.store)"
    let terminal = try TestTerminal(line, environment: ["TMPDIR": space.folder.path])
    try terminal.wait(for: "listening")
    let pid = try #require(terminal.shown.firstMatch(of: /pid=([0-9]+)/).flatMap { pid_t($0.1) })
    kill(pid, SIGTERM)
    let (code, shown) = try terminal.end()
    #expect(code == 0 && shown.contains("told=2"), "\(shown)")
    #expect(try leftFolders() == [])
  }
}

@Suite(.programs) struct ShellSQLTests {
  @Test func duckDBOpensWithTheStepsSettingsValuesAndViews() throws {
    let space = try Space()
    let report = try space.run(["week1"])
    let settings = """
      SELECT current_setting('threads') || ' ' || current_setting('memory_limit') || ' '
        || current_setting('TimeZone') AS s;
      """
    let answer = try space.atelier(
      ["shell", "week1.funnel", "--", "./duckdb", "-csv", "-noheader", "-c", settings])
    #expect(answer.out.trimmingCharacters(in: .newlines) == "1 1.8 GiB UTC")
    // The step's own SQL, run by hand, gives the step's own rows; the step gives its bytes.
    let byHand = try space.atelier(
      ["shell", "week1.funnel", "--", "./duckdb", "-bail", "-csv", "-f", "funnel.sql"])
    let made = try space.atelier(
      ["shell", "week1.funnel", "--", "sh", "-c", "./step >&2 && cat outputs/table.csv"])
    #expect(
      byHand.out.split(separator: "\n").sorted() == made.out.split(separator: "\n").sorted())
    #expect(
      try Digest.of(Array(made.out.utf8)).description == report.digest("week1.funnel.table"))
    let rows = try space.atelier(
      ["shell", "week1.funnel", "--", "duckdb", "-csv", "-noheader", "-c", "SELECT 41 + 1"])
    #expect(rows.out == "42\n")
    let view = try space.atelier(
      [
        "shell", "week1.funnel", "--", "./duckdb", "-csv", "-noheader", "-c",
        "SELECT count(*) > 1000 FROM events",
      ])
    #expect(view.out == "true\n")
  }
}
