// Steps that reach for what they did not declare. Skipped where the kernel cannot confine.
import AtelierTesting
import Content
import EndToEndHarness
import Testing

@Suite(.programs, .enabled(if: Confinement.isPossible, "this kernel has no Landlock"))
struct ConfinementTests {
  @Test func anUndeclaredReadIsRefused() throws {
    let space = try FixtureSpace([])
    try space.folder.write("words\n", to: "words.txt")
    let secret = try space.folder.write("hidden\n", to: "secret.txt")
    try space.setGraph([
      ["name": "one.words", "source": "words.txt"],
      [
        "name": "one.peek", "inputs": ["one.words"], "tools": ["cat"],
        "environment": ["elsewhere": .string(secret)],
        "script": "cat $one_words > $out; cat $elsewhere >> $out",
      ],
    ])
    let run = try space.run()
    #expect(run.code == 1)
    #expect(run.statuses == ["one.peek": "failed"])
    let message = run.step("one.peek")?["message"]?.string ?? ""
    #expect(message.contains("the step is confined to what it declared"), "\(message)")
    #expect(message.contains("\(secret) is no input and no program of this step"), "\(message)")
    #expect(message.contains("\(secret): Permission denied"), "\(message)")
    let plain = try space.call("run")
    #expect(plain.code == 1)
    #expect(plain.err.contains("Permission denied") && plain.err.contains("confined"))
  }

  @Test func anUndeclaredWriteIsRefused() throws {
    let space = try FixtureSpace([])
    let target = space.folder("escaped.txt")
    try space.setGraph([
      [
        "name": "one.escape", "environment": ["target": .string(target)],
        "script": "echo x > $out; echo x > $target",
      ]
    ])
    let run = try space.run()
    #expect(run.code == 1)
    let message = run.step("one.escape")?["message"]?.string ?? ""
    #expect(message.contains("Permission denied"), "\(message)")
    #expect(TestFiles.list(space.folder.path).contains("escaped.txt") == false)
  }

  @Test func aProgramThatIsNotListedIsNotFound() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "cat /dev/null > $out"]])
    let run = try space.run()
    #expect(run.code == 1)
    let message = run.step("one.a")?["message"]?.string ?? ""
    #expect(message.contains("cat: Permission denied"), "\(message)")
    #expect(message.contains("/usr/bin/cat is no input and no program"), "\(message)")
    #expect(message.contains("confined"), "\(message)")
  }

  @Test(arguments: [
    "echo more >> $one_a", "rm $one_a && echo other > $one_a && false",
    "chmod 666 $one_a; echo more >> $one_a",
  ])
  func aStepCannotWriteToItsInputsInTheStore(_ attack: String) throws {
    let space = try FixtureSpace([
      ["name": "one.a", "script": "echo a > $out"],
      [
        "name": "one.b", "inputs": ["one.a"], "tools": ["rm", "chmod"],
        "script": .string("echo b > $out; \(attack)"),
      ],
    ])
    let run = try space.run()
    #expect(run.code == 1)
    #expect(run.statuses == ["one.a": "built", "one.b": "failed"])
    #expect(try space.text(of: "one.a", in: run) == "a\n")
    let again = try space.run()
    #expect(again.statuses == ["one.a": "hit", "one.b": "failed"])
  }
}
