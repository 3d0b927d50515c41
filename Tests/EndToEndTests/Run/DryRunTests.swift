// `run --dry-run`: what, why, and about how long.
import Content
import EndToEndHarness
import Testing

@Suite(.programs) struct DryRunTests {
  private func nodes(_ word: String, more: [JSONValue] = []) -> [JSONValue] {
    func step(_ name: String, _ inputs: [JSONValue] = []) -> JSONValue {
      [
        "name": .string(name), "inputs": .array(inputs), "tools": ["sleep"],
        "script": .string("sleep 0.2; echo \(word) > $out"),
      ]
    }
    return [step("one.a"), step("one.b", ["one.a"]), step("one.c")] + more
  }

  private func plan(_ space: FixtureSpace, _ words: String...) throws -> JSONValue {
    let ended = try space.start(["run", "--dry-run", "--json"] + words).wait()
    // As for status: something is due.
    #expect(ended.code == 3, "\(ended.err)")
    return try #require(ended.events.last)
  }

  @Test func theEstimateFollowsSlotsAndWires() throws {
    let space = try FixtureSpace(nodes("one"))
    try #require(try space.run("-j", "2").code == 0)
    let (a, b, c) = (3.5, 2.25, 4.0)
    try space.setRecordedSeconds(["one.a": a, "one.b": b, "one.c": c])
    try space.setGraph(nodes("two"))
    let two = try plan(space, "-j", "2")
    #expect(two["event"] == "dry-run" && two["due"] == 3 && two["current"] == 0)
    #expect(two["chain"] == ["one.a", "one.b"])
    #expect(two["unknown"] == [])
    func expectSeconds(_ plan: JSONValue, _ seconds: Double) throws {
      #expect(abs(try #require(plan["seconds"]?.number) - seconds) < 0.002, "\(plan)")
    }
    try expectSeconds(two, max(a + b, c))
    try expectSeconds(try plan(space, "-j", "1"), a + b + c)
    // One step of them, and what it needs.
    try expectSeconds(try plan(space, "one.c"), c)
  }

  @Test func reasonsAndUnknownTimesAreNamed() throws {
    let space = try FixtureSpace(nodes("one"))
    try #require(try space.run().code == 0)
    #expect(try space.call("run", "-n").out == "nothing would run; 3 steps up to date\n")
    try space.setGraph(
      nodes("two", more: [["name": "two.d", "inputs": ["one.b"], "script": "echo d > $out"]]))
    let text = try space.call("run", "-n", "-j", "2").out
    #expect(text.contains("one.a ") && text.contains("will run  parameters."), "\(text)")
    #expect(text.contains(#/one\.b .*blocked +by one\.a; parameters\./#), "\(text)")
    #expect(text.contains("4 steps would run, 0 are current; about "), "\(text)")
    #expect(text.contains("plus 1 step without a recorded time: two.d"), "\(text)")
    let off = try space.call("run", "-n", "--cache", "off", "one.a").out
    #expect(off.contains("1 step would run"), "\(off)")
  }

  @Test func aCacheThatIsOffMakesEveryStepDue() throws {
    let space = try FixtureSpace(nodes("one"))
    try #require(try space.run().code == 0)
    let plan = try plan(space, "--cache", "off")
    #expect(plan["due"] == 3 && plan["current"] == 0)
    #expect(try #require(plan["seconds"]?.number) > 0.2)
  }
}
