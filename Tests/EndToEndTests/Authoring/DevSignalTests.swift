// `atelier dev` ended by a signal: on a terminal and without one, while it waits and while a step runs.
import AtelierTesting
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct DevSignalTests {
  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace([
      ["name": "one.quick", "quick": "done"],
      ["name": "two.slow", "script": "sleep 600", "tools": ["sleep"]],
    ])
    try space.folder.write("", to: "Sources/AtelierProgram/Main.swift")
  }

  /// The call of `dev` as a line of a shell.
  private func line(_ target: String) -> String {
    "\(TestPrograms.fixture) dev \(target) --project \(space.folder.path)"
      + " --set Atelier.root=\(space.store)"
  }

  private func waitForNoSleep() throws {
    try waitUntil("the step has ended") {
      ProcessTable.mentioning(space.folder.path, named: "sleep").isEmpty
    }
  }

  @Test(.enabled(if: TestTerminal.isThere, "needs `script` of util-linux"))
  func controlCEndsItWhileItWaits() throws {
    let terminal = try TestTerminal(line("one.quick"))
    try terminal.wait(for: "waiting for the next save; Ctrl-C ends")
    try terminal.type("\u{3}")
    let (code, shown) = try terminal.end()
    #expect(code == 130, "\(shown)")
  }

  @Test(.enabled(if: TestTerminal.isThere, "needs `script` of util-linux"))
  func controlCEndsItWhileAStepRuns() throws {
    let terminal = try TestTerminal(line("two.slow"))
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    try terminal.type("\u{3}")
    let (code, shown) = try terminal.end()
    #expect(code == 130, "\(shown)")
    #expect(!shown.contains("waiting for the next save"), "\(shown)")
    try waitForNoSleep()
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalEndsItWhileItWaits(_ signal: Int32) throws
  {
    let dev = try space.start(["dev", "one.quick"])
    try waitUntil("it waits") { try dev.said().contains("waiting for the next save") }
    dev.signal(signal)
    let ended = try dev.wait()
    #expect(ended.code == 128 + signal, "\(ended.err)")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalToItAloneEndsItsStep(_ signal: Int32)
    throws
  {
    let dev = try space.start(["dev", "two.slow"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    dev.signal(signal)
    let ended = try dev.wait()
    #expect(ended.code == 128 + signal, "\(ended.err)")
    #expect(!ended.err.contains("waiting for the next save"), "\(ended.err)")
    try waitForNoSleep()
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalToAllOfItEndsBoth(_ signal: Int32) throws
  {
    let dev = try space.start(["dev", "two.slow"])
    try ProcessTable.wait(for: "sleep", in: space.folder.path)
    kill(-dev.pid, signal)
    let ended = try dev.wait()
    #expect(ended.code == 128 + signal, "\(ended.err)")
    try waitForNoSleep()
  }
}
