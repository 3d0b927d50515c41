// `run --force`: a step is made again though it is cached, and one is told whether it differs.
import AtelierTesting
import Content
import EndToEndHarness
import Testing

@Suite(.programs) struct ForceTests {
  @Test func aStepIsMadeAgainAndComparedWithItsResult() throws {
    let space = try FixtureSpace([
      ["name": "one.same", "script": "echo same > $out"],
      [
        "name": "one.dice", "tools": ["od"],
        "script": "od -An -N16 -tx8 /dev/urandom > $out",
      ],
      [
        "name": "two.after", "tools": ["cat"], "inputs": ["one.dice"],
        "script": "cat $one_dice > $out",
      ],
    ])
    try #require(try space.run().code == 0)
    let same = try space.call("run", "one.same", "--force")
    #expect(same.code == 0, "\(same.err)")
    #expect(same.err.contains("one.same was made again, and gives the same bytes"), "\(same.err)")
    #expect(same.err.contains("0 cached, 1 ran"), "\(same.err)")
    let differs = try space.call("run", "one.dice", "--force")
    #expect(differs.code == 4, "\(differs.err)")
    #expect(
      differs.err.contains("one.dice.out was made again, and is NOT REPRODUCIBLE: sha256:"),
      "\(differs.err)")
    // The new result counts: what follows from it runs once, and then nothing does.
    let after = try space.run()
    #expect(
      after.statuses == ["one.same": "hit", "one.dice": "hit", "two.after": "built"])
    #expect(try space.run().statuses["two.after"] == "hit")
  }

  @Test func whatItDoesNotGoWith() throws {
    let space = try FixtureSpace([["name": "one.same", "script": "echo same > $out"]])
    let calls = [
      (try space.call("run", "--force"), "--force runs the steps that you name"),
      (try space.call("run", "one", "--force", "-n"), "--force goes with neither --dry-run"),
      (
        try space.call("run", "one", "--force", "--cache", "off"),
        "--force goes with neither --dry-run"
      ),
      (try space.call("run", "one", "--force", "--engine", "slurm"), "add --engine local"),
    ]
    for (ended, said) in calls {
      #expect(ended.code == 2 && ended.err.contains(said), "\(ended.err)")
    }
  }
}
