// The verbs that only look, and `config`: what they print, what they exit with, what they leave alone.
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ConfigVerbTests {
  @Test func statusExitsThreeUntilEverythingIsCurrent() throws {
    let space = try Space()
    let first = try space.atelier(["status", "week2", "--json"], expecting: 3).lines()
    #expect(first.allSatisfy { ["will-run", "waits"].contains($0["status"]?.string) })
    _ = try space.run(["week2"])
    let second = try space.atelier(["status", "week2", "--json"], expecting: 0).lines()
    #expect(second.count == first.count)
    #expect(second.allSatisfy { $0["status"]?.string == "current" })
    try space.atelier(["status", "week5"], expecting: 3)
  }

  @Test func aDryRunWritesNothing() throws {
    let space = try Space()
    let before = try space.census()
    let empty = try space.atelier(["run", "week5", "--dry-run"], expecting: 3)
    #expect(empty.out.contains("32 steps would run, 0 are current"))
    #expect(try space.census() == before)
    _ = try space.run(["week2"])
    let half = try space.census()
    for words in [
      ["run", "week5", "--dry-run"], ["status", "week5"], ["explain", "week5"],
      ["why", "week2.features.0"], ["graph"], ["list", "steps"], ["list", "runs"],
      ["show", "week1.funnel"], ["config", "--show-origin"],
    ] {
      try space.atelier(words, expecting: ["status", "run"].contains(words[0]) ? 3 : 0)
      #expect(try space.census() == half, "\(words)")
    }
  }

  @Test func showPrintsTheSameTableInEveryFormat() throws {
    let space = try Space()
    let report = try space.run(["week1"])
    func show(_ name: String, _ format: String) throws -> String {
      try space.atelier(["show", name, "--format", format]).out
    }
    let csv = try show("week1.funnel", "csv")
    let rows = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(rows.first == ["eventType", "distinctUsers", "distinctEvents"])
    #expect(rows.count == 14)
    let json = try JSONValue(parsing: show("week1.funnel", "json")).array ?? []
    #expect(
      json.map { row in
        [
          row["eventType"]?.string, row["distinctUsers"]?.integer.map { "\($0)" },
          row["distinctEvents"]?.integer.map { "\($0)" },
        ]
      } == rows.dropFirst().map { $0.map(Optional.some) })
    let table = try show("week1.funnel", "table").split(separator: "\n")
    #expect(
      table.enumerated().filter { $0.offset != 1 }.map {
        $0.element.split(separator: " ").map(String.init)
      } == rows)
    let path = try show("week1.funnel", "path").trimmingCharacters(in: .newlines)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == csv)
    let digest = try #require(report.digest("week1.funnel.table"))
    #expect(try space.atelier(["show", digest]).out == csv)
    let limited = try space.atelier(["show", "week1.funnel", "--limit", "2"]).out
    let shown = limited.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(shown.count == 5 && shown[0] == rows[0] && Array(shown[2...3]) == Array(rows[1...2]))
    #expect(shown.last?.prefix(4) == ["...", "11", "more", "rows"])
    try space.atelier(["show", "week5.segment"], expecting: 2)
  }

  @Test func whyWalksBackToTheFirstSteps() throws {
    let (space, report) = try Space.afterRun()
    let lines = try space.atelier(["why", "week4.model", "--json"]).lines()
    let steps = lines.filter { $0["kind"]?.string == "step" }
    let names = Set(steps.compactMap { $0["step"]?.string })
    #expect(lines.first?["step"]?.string == "week4.model")
    let search = report.steps.keys.filter {
      $0.hasPrefix("week4.trial.") || $0.hasPrefix("week4.probe.")
    }
    let above = Set(search).union([
      "week4.shortlist", "week4.model", "week4.baseline", "week4.training", "week3.export",
      "week2.features.0", "week2.features.1", "week1.events.0", "week1.events.1",
    ])
    #expect(names == above)
    for line in steps {
      let name = line["step"]?.string ?? ""
      #expect(line["host"]?.string?.hasPrefix("tester@") == true)
      let outputs = line["outputs"]?.object?.compactMapValues(\.string)
      #expect(outputs == report.steps[name]?.outputs, "\(name)")
    }
    let text = try space.atelier(["why", "week4.model"]).out
    #expect(text.contains("Train.SelectModel") && text.contains("by tester@"))
    // A stage has a line for each of its steps; all of it is told where it is asked for.
    let stage = try space.atelier(["why", "week2"])
    let heads = stage.out.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(heads.contains("week2.features.0") && Set(heads).count == heads.count, "\(stage.out)")
    #expect(stage.err.contains("steps; where one comes from: `atelier why week2."), "\(stage.err)")
    #expect(try space.atelier(["why", "week2", "--verbose"]).out.contains("input "))
    #expect(try space.atelier(["why", "week2", "--json"]).lines().count > heads.count)
  }

  @Test func showNamesTheOtherOutputsOfAStep() throws {
    let (space, _) = try Space.afterRun()
    let model = try space.atelier(["show", "week4.model", "--format", "path"])
    #expect(
      model.err.contains("week4.model also has ")
        && model.err.contains("`atelier show week4.model."), "\(model.err)")
    let version = try space.atelier(["show", "week4.model.version"])
    #expect(!version.err.contains("also has"), "\(version.err)")
    #expect(try !space.atelier(["show", "week1.funnel"]).err.contains("also has"))
  }

  @Test func logAndListSpeakOfWhatRan() throws {
    let (space, report) = try Space.afterRun()
    try space.atelier(["log", "week4.model"])
    let steps = try space.atelier(["list", "steps", "--json"]).lines()
    #expect(
      Set(
        steps.filter { $0["kind"]?.string == "step" }.compactMap { $0["step"]?.string }
          .filter { $0.hasPrefix("week") }) == Set(report.steps.keys))
    let runs = try space.atelier(["list", "runs", "--json"]).lines()
    #expect(runs.map { $0["run"]?.string } == [report.summary["id"]?.string])
    #expect(runs.first?["built"] == 32)
    #expect(runs.first?["event"] == "recorded-run")
    // The key numbers that the workshop declares are in the list, as numbers.
    let numbers = runs.first?["keyNumbers"]?.array ?? []
    #expect(numbers.map { $0["name"]?.string } == ["AUC", "accuracy", "reach"])
    #expect(numbers.allSatisfy { $0["value"]?.number != nil })
    let text = try space.atelier(["list", "runs"]).out
    #expect(text.hasPrefix("run "), "\(text)")
    #expect(text.contains("AUC") && text.contains("people"), "\(text)")
    let stages = try space.atelier(["list", "stages", "--json"]).lines()
      .filter { $0["workshop"] == "propensity" }
    #expect(stages.map { $0["stage"]?.string } == Space.stages + ["figures"])
    #expect(
      try space.atelier(["list", "workshops", "--json"]).lines().map { $0["workshop"]?.string }
        .contains("propensity"))
  }

  @Test func stageAliasesAreTheStages() throws {
    let space = try Space()
    for (alias, stage) in zip(["query", "featurize", "transfer", "train", "segment"], Space.stages)
    {
      #expect(
        try space.atelier(["graph", alias]).out == space.atelier(["graph", stage]).out)
      #expect(
        try space.atelier(["graph", "propensity/\(alias)"]).out
          == space.atelier(["graph", stage]).out)
    }
  }

  @Test func graphsHoldTheSameWiresInEveryFormat() throws {
    let space = try Space()
    let nodes = try space.graph(of: [])
    let wires = Set(
      nodes.flatMap { node in
        node.producers(among: Set(nodes.map(\.name))).map { "\($0) -> \(node.name)" }
      })
    let dot = try space.atelier(["graph", "--format", "dot"]).out
    #expect(dot.filter { $0 == "{" }.count == dot.filter { $0 == "}" }.count)
    #expect(dot.filter { $0 == "\"" }.count.isMultiple(of: 2))
    let edges = dot.split(separator: "\n").filter { $0.contains(" -> ") }.map {
      $0.filter { !"\";".contains($0) }.trimmingCharacters(in: .whitespaces)
    }
    #expect(Set(edges) == wires)
    let mermaid = try space.atelier(["graph", "--format", "mermaid"]).out
    let lines = mermaid.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.first == "flowchart LR")
    #expect(lines.filter { $0.contains(" --> ") }.count == edges.count)
    #expect(lines.filter { $0.contains("[\"") }.count == nodes.count)
    let text = try space.atelier(["graph"]).out.split(separator: "\n")
    #expect(text.map { String($0.prefix { $0 != " " }) } == nodes.map(\.name))
  }
}
