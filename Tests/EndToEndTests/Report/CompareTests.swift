// `run --compare`: which numbers changed since the last run that held the steps.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct CompareTests {
  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace([
      ["name": "one.rows", "invent": "csv"], ["name": "one.model", "invent": "json"],
      ["name": "one.same", "script": "echo same > $out"],
    ])
  }

  /// The invented number in a run's table.
  private func number(_ run: EndedProgram) throws -> Double {
    let text = try TestFiles.text(space.blob(try run.digest(of: "one.rows", output: "rows")))
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("b,") })
    return try #require(Double(line.dropFirst(2)))
  }

  @Test func aChangedNumberIsShownWithBothValues() throws {
    let first = try space.run()
    try #require(first.code == 0)
    let second = try space.run("--compare", "--cache", "off")
    let metrics = second.events.filter { $0["event"] == "metric" }
    let metric = try #require(metrics.first)
    #expect(metrics.count == 1)
    #expect(metric["step"] == "one.rows" && metric["output"] == "rows")
    #expect(metric["metric"] == "b value")
    #expect(try metric["old"]?.number == number(first))
    #expect(try metric["new"]?.number == number(second))
    let id = first.events.last?["id"]
    #expect(metric["against"] == id)
    // A document in which only a text changed is named by its digests.
    let changed = try #require(second.events.first { $0["event"] == "changed" })
    #expect(changed["step"] == "one.model")
    #expect(
      try changed["new"]?.string
        == second.digest(of: "one.model", output: "document").description)
    #expect(second.events.first { $0["event"] == "compared" }?["changed"] == 2)
    #expect(second.events.last?["event"] == "run")
  }

  @Test func withNothingChangedOneLineSaysSo() throws {
    let first = try space.call("run", "--compare")
    #expect(first.out == "compared: no earlier run holds these steps\n")
    let second = try space.call("run", "--compare")
    #expect(second.out == "compared: no output of 3 steps changed\n")
  }

  @Test func bytesThatAreGoneAreSaidToBe() throws {
    let first = try space.run()
    let old = try first.digest(of: "one.rows", output: "rows")
    try FileManager.default.removeItem(atPath: space.blob(old))
    let second = try space.call("run", "--compare")
    let new = try space.run().digest(of: "one.rows", output: "rows")
    #expect(
      second.out.contains(
        "one.rows.rows: sha256:\(old.hex.prefix(12)) -> sha256:\(new.hex.prefix(12)) "
          + "(the old bytes are no longer in the store)"), "\(second.out)")
  }

  @Test func stepsMadeManyTimesStandOnOneLine() throws {
    let space = try FixtureSpace([
      ["name": "one.rows.0", "invent": "csv"], ["name": "one.rows.1", "invent": "csv"],
    ])
    try #require(try space.run().code == 0)
    let short = try space.call("run", "--compare", "--cache", "off").out
    #expect(short.hasPrefix("one.rows.*.rows: 2 outputs changed (--verbose)\n"), "\(short)")
    let full = try space.call("run", "--compare", "--cache", "off", "--verbose").out
    #expect(full.contains("one.rows.1.rows  b value"), "\(full)")
  }

  @Test func theWorkshopsOwnMetrics() throws {
    let space = try Space.afterRun().space
    let lines = try space.atelier(
      ["run", "week5", "--compare", "--json"], ["Segment.to": "0.8", "Segment.from": "0.1"]
    ).lines()
    let reach = try #require(
      lines.first { $0["event"] == "metric" && $0["step"] == "week5.segment" })
    #expect(reach["metric"] == "reach")
    let old = try #require(reach["old"]?.number)
    let new = try #require(reach["new"]?.number)
    #expect(reach["difference"]?.number == new - old)
    let text = try space.atelier(["run", "week5", "--compare"]).out
    #expect(text.contains("week5.segment.segment  reach"), "\(text)")
  }
}
