// Failed steps: never cached, what succeeded stays, and the rest goes on only when asked to.
import AtelierTesting
import Content
import EndToEndHarness
import Testing

@Suite(.programs) struct FaultFailureTests {
  /// a -> bad -> after, and a -> good, beside each other.
  private func space() throws -> FixtureSpace {
    let space = try FixtureSpace([
      ["name": "one.allowed", "source": "allowed.txt"],
      ["name": "one.a", "script": "echo a > $out"],
      [
        "name": "one.bad", "inputs": ["one.a", "one.allowed"],
        "script":
          "read word < $one_allowed; [ $word = yes ] || { echo no luck >&2; exit 7; }; echo b > $out",
      ],
      ["name": "one.good", "inputs": ["one.a"], "script": "echo good > $out"],
      ["name": "two.after", "inputs": ["one.bad"], "script": "echo after > $out"],
    ])
    try space.folder.write("no\n", to: "allowed.txt")
    return space
  }

  @Test func aFailureIsNeverCached() throws {
    let space = try space()
    let first = try space.run("--jobs", "1")
    #expect(first.code == 1)
    #expect(first.statuses["one.a"] == "built")
    #expect(first.statuses["one.bad"] == "failed")
    #expect(first.statuses["two.after"] == "skipped")
    let message = first.step("one.bad")?["message"]?.string ?? ""
    #expect(message.contains("exit code 7") && message.contains("no luck"), "\(message)")
    #expect(first.events.last?["event"] == "run")
    #expect(first.events.last?["status"] == "failed")

    let second = try space.run("--jobs", "1")
    #expect(second.code == 1)
    #expect(second.statuses["one.a"] == "hit")
    #expect(second.statuses["one.bad"] == "failed")
    #expect(second.step("one.bad")?["cause"] == "failedBefore")
  }

  @Test func keepGoingBuildsWhatDoesNotNeedTheFailure() throws {
    let space = try space()
    let first = try space.run("--keep-going")
    #expect(first.code == 1)
    #expect(
      first.statuses == [
        "one.a": "built", "one.bad": "failed", "one.good": "built", "two.after": "skipped",
      ])
    #expect(first.step("two.after")?["message"]?.string?.contains("one.bad") == true)
    try space.folder.write("yes\n", to: "allowed.txt")
    let second = try space.run()
    #expect(second.code == 0)
    #expect(
      second.statuses == [
        "one.a": "hit", "one.bad": "built", "one.good": "hit", "two.after": "built",
      ])
  }

  @Test func afterAFailureNothingNewBegins() throws {
    let fan: [JSONValue] = (1...6).map { number in
      ["name": .string("one.free.\(number)"), "script": .string("echo \(number) > $out")]
    }
    let space = try FixtureSpace([["name": "one.bad", "script": "exit 1"]] + fan)
    let first = try space.run("--jobs", "1")
    #expect(first.code == 1)
    #expect(first.statuses["one.bad"] == "failed")
    #expect(first.statuses.values.count { $0 == "skipped" } == 6, "\(first.statuses)")
    let second = try space.run("--jobs", "1", "--keep-going")
    #expect(second.code == 1)
    #expect(second.statuses.values.count { $0 == "built" } == 6, "\(second.statuses)")
  }

  @Test func aStepWithoutItsOutputFails() throws {
    let space = try FixtureSpace([["name": "one.idle", "script": "true"]])
    let run = try space.run()
    #expect(run.code == 1)
    #expect(run.step("one.idle")?["message"]?.string?.contains("wrote no output") == true)
    #expect(TestFiles.list(space.store + "/.atelier/cas").isEmpty)
    #expect(TestFiles.list(space.store + "/.atelier/ac").isEmpty)
  }
}
