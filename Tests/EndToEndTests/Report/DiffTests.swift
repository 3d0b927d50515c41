// `atelier diff`: two runs side by side, from fields of the key to numbers in the results.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct DiffTests {
  private static func graph(_ number: String, _ more: [JSONValue] = []) -> [JSONValue] {
    [
      ["name": "one.in", "source": "in.txt"],
      [
        "name": "one.metrics", "input": "one.in",
        "built": .string(#"{"auc":\#(number),"rows":10}"#),
      ],
      [
        "name": "two.report", "inputs": ["one.metrics"], "tools": ["cat"],
        "script": "cat $one_metrics > $out",
      ],
      ["name": "two.other", "script": "echo other > $out"],
    ] + more
  }

  /// Makes the metrics a JSON document.
  private static let build = ["FIXTURE_BUILD": #"{"mediaType":"application/json"}"#]

  private func id(_ run: EndedProgram) throws -> String {
    #expect(run.code == 0, "\(run.err)")
    return try #require(run.events.last?["id"]?.string)
  }

  private func space() throws -> (FixtureSpace, old: String, new: String) {
    let space = try FixtureSpace(Self.graph("0.5"))
    try space.folder.write("\n", to: "in.txt")
    let old = try id(space.run(environment: Self.build))
    try space.setGraph(Self.graph("0.625"))
    return (space, old, try id(space.run(environment: Self.build)))
  }

  @Test func fieldsInputsAndNumbersAreNamed() throws {
    let (space, old, new) = try space()
    let diff = try space.call("diff", old, new, "--json")
    #expect(diff.code == 0, "\(diff.err)")
    let nodes = diff.events.filter { $0["event"] == "difference" }
    #expect(nodes.map { $0["step"]?.string } == ["one.metrics", "two.report"], "\(diff.out)")
    #expect(nodes.map { $0["kind"]?.string } == ["changed", "changed"])
    let fields = nodes.map { $0["reasons"]?.array?.compactMap { $0["field"]?.string } }
    #expect(
      fields == [
        ["parameters.text"], ["inputs.invocation.inputs.one_metrics"],
      ])
    #expect(
      diff.events.first { $0["event"] == "metric" } == [
        "v": 1, "event": "metric", "step": "one.metrics", "output": "out", "against": .string(old),
        "metric": "/auc", "old": 0.5, "new": 0.625, "difference": 0.125, "percent": 25,
      ])
    #expect(
      diff.events.last == [
        "v": 1, "event": "diff", "old": .string(old), "new": .string(new), "differ": 2, "equal": 2,
      ])

    let text = try space.call("diff", old, new).out
    #expect(text.hasPrefix("old  \(old)  fixture  ok  "), "\(text)")
    #expect(text.contains("one.metrics: changed\n  parameters.text: "), "\(text)")
    let row = text.split(separator: "\n").first { $0.contains("/auc") }?.split(separator: " ")
    #expect(row == ["one.metrics.out", "/auc", "0.5", "0.625", "+0.125", "+25.00%"], "\(text)")
    #expect(text.hasSuffix("2 nodes differ, 2 are equal\n"), "\(text)")
  }

  @Test func runsAreNamedInShort() throws {
    let (space, old, new) = try space()
    let whole = try space.call("diff", old, new).out
    #expect(try space.call("diff", "latest~1", "latest").out == whole)
    #expect(try space.call("diff", "latest~1").out == whole)
    #expect(try space.call("diff", "fixture/latest~1").out == whole)
    #expect(try space.call("diff", String(old.dropLast(3)), String(new.dropLast(2))).out == whole)
    // The other way round is another question.
    #expect(try space.call("diff", new, old).out.contains("-20.00%"))

    let ambiguous = try space.call("diff", "2", "latest")
    #expect(ambiguous.code == 2)
    #expect(ambiguous.err.contains("2 runs begin with '2' ("), "\(ambiguous.err)")
    for absent in ["latest~2", "latest~x", "3", "..", ""] {
      let ended = try space.call("diff", absent)
      #expect(ended.code == 2, "\(absent)")
      #expect(ended.err.contains("there is no run '\(absent)'"), "\(ended.err)")
    }
  }

  @Test func theExitCodeSaysItOnlyWhenAsked() throws {
    let (space, old, new) = try space()
    #expect(try space.call("diff", old, new).code == 0)
    #expect(try space.call("diff", old, new, "--exit-code").code == 3)
    let same = try space.call("diff", old, old, "--exit-code")
    #expect(same.code == 0)
    #expect(same.out.hasSuffix("no difference in 4 nodes\n"), "\(same.out)")
  }

  @Test func goneNewFailedAndOtherwiseMadeStepsAreTold() throws {
    let (space, old, _) = try space()
    try space.setGraph(
      Self.graph("0.5").filter { $0["name"] != "two.other" } + [
        ["name": "two.new", "script": "echo new > $out"], ["name": "two.bad", "script": "exit 1"],
      ])
    #expect(try space.run("--keep-going", environment: Self.build).code == 1)
    func kinds(_ old: String) throws -> [String: String] {
      try space.call("diff", old, "latest", "--json").events.reduce(into: [:]) { kinds, event in
        if event["event"] == "difference", let step = event["step"]?.string {
          kinds[step] = event["kind"]?.string
        }
      }
    }
    // one.metrics is a hit of the first run's result.
    #expect(
      try kinds(old) == ["two.other": "onlyOld", "two.new": "onlyNew", "two.bad": "onlyNew"])
    let dice = try FixtureSpace([["name": "one.rows", "invent": "csv"]])
    let first = try id(dice.run())
    _ = try dice.run("--cache", "off")
    let text = try dice.call("diff", first).out
    #expect(text.contains("one.rows: NOT REPRODUCIBLE, other bytes under the same key"), "\(text)")
    #expect(text.contains("b value"), "\(text)")
  }

  @Test(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  func runsOfOtherMachinesCount() throws {
    let project = try SharedProject(Self.graph("0.5"))
    try project.space.folder.write("\n", to: "in.txt")
    let old = try id(project.start("a", verb: ["run", "--json"], environment: Self.build).wait())
    try project.space.setGraph(Self.graph("0.25"))
    let new = try id(project.start("b", verb: ["run", "--json"], environment: Self.build).wait())
    // A third machine has neither record nor bytes.
    for words in [[old, new], ["latest~1", "latest"], [String(old.dropLast(2))]] {
      let diff = try project.start("c", verb: ["diff"] + words + ["--json"]).wait()
      #expect(diff.code == 0, "\(diff.err)")
      #expect(diff.events.last?["old"]?.string == old && diff.events.last?["new"]?.string == new)
      let metric = diff.events.first { $0["event"] == "metric" }
      #expect(metric?["difference"] == -0.25, "\(diff.out)")
    }
  }

  @Test func stepsMadeManyTimesStandOnOneLine() throws {
    func nodes(_ word: String) -> [JSONValue] {
      (0..<12).map {
        ["name": .string("one.trial.\($0)"), "script": .string("echo \(word) \($0) > $out")]
      }
    }
    let space = try FixtureSpace(nodes("old"))
    _ = try space.run()
    try space.setGraph(nodes("new"))
    _ = try space.run()
    let text = try space.call("diff", "latest~1").out
    #expect(
      text.contains(
        "one.trial.*: 12 of them changed: parameters.invocation.arguments.1 (--verbose)"),
      "\(text)")
    #expect(text.contains("one.trial.*.out: 12 outputs changed (--verbose)"), "\(text)")
    let full = try space.call("diff", "latest~1", "--verbose").out
    #expect(full.contains("one.trial.11: changed"), "\(full)")
    let places = ["one.trial.2: ", "one.trial.10: "].map { full.firstRange(of: $0)?.lowerBound }
    #expect(try #require(places[0]) < #require(places[1]))
  }
}
