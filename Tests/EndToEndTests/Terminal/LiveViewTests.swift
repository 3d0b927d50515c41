// What a person sees of a run, in a real terminal: whole screens, with times replaced.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.serialized, .serialPrograms, .enabled(if: Multiplexer.isThere, "tmux is not installed"))
struct LiveViewTests {
  private static let head = "[1/5] one.quick                built T  first run"
  private static let running = [
    head,
    "fixture  [======>                       ]  1/5  T",
    "  3 running, 1 ran",
    "  one.a  [=====>        ]   40 %  T",
    "  one.b  T",
    "  one.c  T",
  ]

  private func five() throws -> HeldSpace {
    try HeldSpace(held: ["one.a", "one.b", "one.c", "two.d"], quick: ["one.quick"])
  }

  @Test func aRunWithAFailureFromBeginningToEnd() throws {
    let five = try five()
    let terminal = try Multiplexer(five.space, ["-j", "3"])
    try five.tell("one.a", "progress 0.4")
    try terminal.shows(Self.running)

    try terminal.resize(columns: 40, rows: 24)
    let narrow = [
      Self.head, "fixture 1/5  T", "  3 running, 1 ran", "  one.a  [=====>        ]   40 %  T",
      "  one.b  T", "  one.c  T",
    ]
    try terminal.shows(narrow)
    try terminal.resize(columns: 80, rows: 24)
    try terminal.shows(Self.running)

    try five.tell("one.a", "say \u{1B}[31mfirst\u{1B}[0m words\u{7}")
    try five.tell("one.a", "fail it \u{1B}[2Jbroke")
    let failure = [
      Self.head,
      "[2/5] one.a                    FAILED",
      "    it broke",
      "    its last words:",
      "      first words",
      "    log: PLACE/store/.atelier/logs/KEY.log",
      "[3/5] two.d                    not run: an earlier step failed",
    ]
    let failed =
      failure + [
        "fixture  [==================>           ]  3/5  T",
        "  1 failed, 2 running, 1 ran, 1 not run",
        "  one.b  T",
        "  one.c  T",
      ]
    try terminal.shows(failed)

    try five.tell("one.b", "go")
    let later =
      failure + [
        "[4/5] one.b                    built T  first run",
        "fixture  [========================>     ]  4/5  T",
        "  1 failed, 1 running, 2 ran, 1 not run",
        "  one.c  T",
      ]
    try terminal.shows(later)

    try five.tell("one.c", "go")
    let end =
      failure + [
        "[4/5] one.b                    built T  first run",
        "[5/5] one.c                    built T  first run",
        "fixture: failed: 0 cached, 3 ran, 1 failed, 1 not run in T",
        "exit 1",
      ]
    try terminal.shows(end)
  }

  @Test func theTimeLeftComesFromTheLastRun() throws {
    let held = try HeldSpace(held: ["one.a", "one.b", "two.c"])
    for step in ["one.a", "one.b", "two.c"] { try held.tell(step, "go") }
    #expect(try held.space.run().code == 0)
    try held.space.setRecordedSeconds(["one.a": 1200, "one.b": 600, "two.c": 1800])
    for step in ["one.a", "one.b", "two.c"] {
      try TestFiles.write([], to: held.space.folder("orders/\(step)"))
    }
    let terminal = try Multiplexer(held.space, ["-j", "2", "--cache", "off"])
    let screen = [
      "fixture  [>                             ]  0/3  T, about 30 min left",
      "  2 running, 0 ran",
      "  one.a  T of about 20 min",
      "  one.b  T of about 10 min",
    ]
    try terminal.shows(screen)
  }

  @Test func anInterruptedRunLeavesACleanScreen() throws {
    let five = try five()
    let terminal = try Multiplexer(five.space, ["-j", "1"])
    _ = try terminal.wait(forText: "one.a  T")
    try terminal.type("C-c")
    let end = [
      Self.head,
      "[2/5] one.a                    not run: cancelled",
      "[3/5] one.b                    not run: stopped by you",
      "[4/5] one.c                    not run: stopped by you",
      "[5/5] two.d                    not run: stopped by you",
      "fixture: cancelled: 0 cached, 1 ran, 4 not run in T",
      "exit 130",
    ]
    try terminal.shows(end)
  }

  @Test(arguments: ["env TERM=dumb RUN", "RUN 2>&1 | cat"])
  func withoutALiveTerminalThereArePlainLines(_ around: String) throws {
    let five = try five()
    let terminal = try Multiplexer(five.space, ["-j", "3"], around: around)
    try terminal.shows([Self.head])
    var lines = [Self.head]
    for (number, step) in ["one.a", "one.b", "one.c", "two.d"].enumerated() {
      try five.tell(step, "progress 0.4")
      try five.tell(step, "go")
      lines.append("[\(number + 2)/5] \(step)                    built T  first run")
      if step != "two.d" { try terminal.shows(lines) }
    }
    lines += ["fixture: 0 cached, 5 ran in T", "exit 0"]
    try terminal.shows(lines)
    #expect(!(try terminal.text(escapes: true).contains("\u{1B}")))
  }

  @Test func noColourMeansNoColour() throws {
    for (around, isColoured) in [("RUN", true), ("env NO_COLOR=1 RUN", false)] {
      let five = try five()
      let terminal = try Multiplexer(five.space, ["-j", "3"], around: around)
      try five.tell("one.a", "progress 0.4")
      try terminal.shows(Self.running)
      #expect(try terminal.text(escapes: true).contains("\u{1B}[") == isColoured)
    }
  }

  @Test func fiveRowsAreEnough() throws {
    let five = try five()
    let terminal = try Multiplexer(five.space, ["-j", "3"], columns: 30, rows: 5)
    let running = [
      "[1/5] one.quick            ...", "fixture 1/5  T", "  3 running, 1 ran", "  and 3 more",
    ]
    try terminal.shows(running)
    for step in ["one.a", "one.b", "one.c"] {
      try five.tell(step, "go")
      _ = try terminal.wait(forText: "] \(step)  ")
    }
    try five.tell("two.d", "go")
    let end = [
      "[1/5] one.quick            ...",
      "[2/5] one.a                ...",
      "[3/5] one.b                ...",
      "[4/5] one.c                ...",
      "[5/5] two.d                ...",
      "fixture: 0 cached, 5 ran in T",
      "exit 0",
    ]
    try terminal.shows(end)
  }

  @Test func fiveThousandSteps() throws {
    let quick = (0..<5000).map { "one.quick.\($0)" }
    let held = try HeldSpace(held: ["two.last"], quick: quick)
    let first = try Multiplexer(held.space, ["-j", "1"])
    let lines = (0..<3).map { number in
      "[   \(number + 1)/5001] one.quick.\(number)              built T  first run"
    }
    let running =
      lines + [
        "fixture  [=============================>]  5000/5001  T",
        "  1 running, 5000 ran",
        "  two.last  T",
      ]
    try first.shows(running, seconds: 200)
    try held.tell("two.last", "go")
    let end =
      lines + [
        "[5001/5001] two.last                 built T  first run",
        "4997 more built in one: first run",
        "fixture: 0 cached, 5001 ran in T",
        "exit 0",
      ]
    try first.shows(end)

    let elsewhere = held.space.folder("elsewhere")
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
    try held.space.setGraph(
      quick.map { ["name": .string($0), "quick": "x"] }
        + [["name": "two.last", "held": .string(elsewhere)]])
    let second = try Multiplexer(held.space, ["-j", "1"])
    let hits = try second.wait(forText: "two.last  T", seconds: 60)
    #expect(hits.count == 3)
    #expect(hits.dropFirst().first == "  1 running, 0 ran, 5000 cached")
    try TestFiles.write(Array("go\n".utf8), to: elsewhere + "/two.last")
    let folded = try second.wait(forText: "exit")
    #expect(folded.count == 3)
    #expect(folded.suffix(2) == ["fixture: 5000 cached, 1 ran in T", "exit 0"])
  }
}
