// Why steps run, in the words of the run records, and what status says before a run.
import Atelier
import AtelierStep
import Content
import Execution
import Foundation
import Planning
import Testing
import Workers

@Suite struct ExplanationTests {
  private let lab: Laboratory

  init() throws { lab = try Laboratory() }

  private func graph(_ text: String, _ tail: String = "!") throws -> Graph {
    try lab.graph { p in
      let first = p.add("a.first", Join(text: text, journal: lab.journal))
      p.add("b.last", Join(parts: [first.out], text: tail, journal: lab.journal))
    }
  }

  @Test func aChangeIsNamedWithBothSides() throws {
    let first = try lab.run(graph("alpha"))
    #expect(first.explanations.mapValues(\.cause) == ["a.first": .firstRun, "b.last": .firstRun])
    #expect(first.explanations["a.first"]?.changes == [])
    let second = try lab.run(graph("beta"))
    let alpha = try Digest.of("alpha")
    let beta = try Digest.of("beta")
    // What the fields come down to: nothing but a field of its own, and the step that it follows.
    #expect(second.explanations["a.first"]?.summary?.others.map(\.field) == ["parameters.text"])
    #expect(
      second.explanations["b.last"]?.summary
        == ReasonSummary(settings: [], follows: ["a.first"], others: []))
    let fields = second.explanations.mapValues { explanation in
      var bare = explanation
      bare.summary = nil
      return bare
    }
    #expect(
      fields == [
        "a.first": Explanation(
          cause: .changed,
          changes: [FieldChange(field: "parameters.text", old: "alpha", new: "beta")],
          against: first.summary.id),
        "b.last": Explanation(
          cause: .changed,
          changes: [
            FieldChange(
              field: "inputs.parts.0", old: .string(alpha.description),
              new: .string(beta.description))
          ], against: first.summary.id),
      ])
  }

  @Test func statusKnowsWhatDiffersBeforeTheInputIsKnown() throws {
    try lab.run(graph("alpha"))
    try lab.with(readOnly: true) { environment in
      let graph = try graph("beta", "?")
      let planner = try Planner(graph, environment: environment)
      let states = planner.plan(try Selection([], in: graph))
      #expect(states.map(\.state.word) == ["will run: changed", "waits for a.first"])
      #expect(states[1].lastSeconds != nil)
      #expect(
        planner.partialChanges(states[1])
          == [FieldChange(field: "parameters.text", old: "!", new: "?")])
    }
  }

  @Test func aLostResultIsSaid() throws {
    let first = try lab.run(graph("alpha"))
    let key = try #require(first.report("b.last")?.key)
    try lab.with { try $0.store.actions.remove(key) }
    #expect(try lab.status(graph("alpha"))["b.last"]?.state.word == "will run: resultMissing")
    let second = try lab.run(graph("alpha"))
    #expect(second.statuses == ["a.first": .hit, "b.last": .built])
    #expect(
      second.explanations["b.last"]
        == Explanation(cause: .resultMissing, against: first.summary.id))
  }

  @Test func againstComparesWithTheRunAskedFor() throws {
    let alpha = try lab.run(graph("alpha"))
    let beta = try lab.run(graph("beta"))
    func changes(_ against: String?) throws -> [FieldChange]? {
      guard
        case .stale(let explanation)? = try lab.status(graph("gamma"), against: against)[
          "a.first"]?.state
      else { return nil }
      #expect(explanation.against == against ?? beta.summary.id)
      return explanation.changes
    }
    #expect(
      try changes(alpha.summary.id)
        == [FieldChange(field: "parameters.text", old: "alpha", new: "gamma")])
    #expect(
      try changes(nil) == [FieldChange(field: "parameters.text", old: "beta", new: "gamma")])
    #expect(throws: EngineFailure.self) { try changes("20240101T000000.000-0123456789ab") }
    #expect(throws: EngineFailure.self) { try changes("../x") }
  }

  @Test func theNewestRunThatHoldsTheStepIsComparedWith() throws {
    let whole = try lab.run(graph("alpha"))
    try lab.run(graph("beta"), ["a.first"])
    let third = try lab.run(graph("beta", "?"))
    #expect(third.explanations["b.last"]?.against == whole.summary.id)
    #expect(
      third.explanations["b.last"]?.changes.map(\.field) == ["inputs.parts.0", "parameters.text"])
  }

  @Test func aRecordHoldsWhatARunDid() throws {
    let first = try lab.run(graph("alpha"))
    try lab.run(graph("alpha"))  // hits only: nothing new to explain, no record
    let records = try lab.with(readOnly: true) { environment in
      try environment.store.runs.list().map { id -> JSONValue in
        try #require(try environment.store.runs.read(id))
      }
    }
    #expect(records.count == 1)
    let record = try #require(RunRecord(json: records[0]))
    #expect(record.id == first.summary.id)
    #expect((record.workshop, record.status) == ("lab", "ok"))
    #expect(records[0]["host"] == "tester@lab")
    #expect(records[0]["targets"] == ["a.first", "b.last"])
    #expect(records[0]["startedAt"]?.string?.hasPrefix("2023-11-14T22:13:2") == true)
    let step = try #require(record.step("a.first"))
    #expect(step.status == "built")
    #expect(step.key == first.report("a.first")?.key)
    #expect(step.document == nil)
    #expect(record.step("a.none") == nil)
  }

  @Test func whyGoesBackNearestFirstAndNamesEachOnce() throws {
    try lab.space.write("words.txt", "w")
    let graph = try lab.graph { p in
      let source: Artifact<Words> = p.source("a.in", path: "words.txt")
      let left = p.add("a.left", Join(parts: [source], text: "l", journal: lab.journal))
      let right = p.add(
        "a.right", Join(parts: [source, left.out], text: "r", journal: lab.journal))
      _ = p.add("a.aside", Join(text: "aside", journal: lab.journal))
      let place = Publication(bucket: "b", prefix: "", dataset: "d")
      let out = p.deliver("b.out", right.out, to: place)
      p.add("b.end", Join(parts: [left.out, out], text: "e", journal: lab.journal))
    }
    func ancestry() throws -> [Ancestor] {
      try lab.with(readOnly: true) { environment in
        let planner = try Planner(graph, environment: environment)
        _ = planner.plan(try Selection(["b.end"], in: graph))
        return try planner.ancestry(of: graph.nodes.count - 1, in: graph)
      }
    }
    #expect(throws: EngineFailure.self) { try ancestry() }
    let outcome = try lab.run(graph)
    let found = try ancestry()
    #expect(
      found.map { "\($0.depth) \($0.kind) \($0.name)" } == [
        "0 step b.end", "1 step a.left", "1 delivery b.out", "2 source a.in", "2 step a.right",
      ])
    #expect(found[2].place == "b/d" || found[2].place == "b//d")
    #expect(found[3].place == "words.txt")
    #expect(found[3].outputs == ["content": try Digest.of("w")])
    #expect(found[0].key == outcome.report("b.end")?.key)
    #expect(found[0].result?.host == "tester@lab")
  }
}

@Suite struct ReasonSummaryTests {
  private func change(_ field: String, _ old: JSONValue?, _ new: JSONValue?) -> FieldChange {
    FieldChange(field: field, old: old, new: new)
  }

  private let to = SettingChange(name: "Segment.to", old: "0.93", new: "0.8")
  private let users = SettingChange(name: "Atelier.users", old: "200", new: "2000")

  @Test func aParameterIsTheSettingOfItsNameOrItsValues() {
    func settings(
      _ changes: [FieldChange], _ changed: [SettingChange]
    ) -> (settings: [String], others: [String]) {
      let summary = ReasonSummary(changes, settings: changed) { _ in nil }
      return (summary.settings.map(\.text), summary.others.map(\.field))
    }
    let both = [to, users]
    #expect(
      settings([change("parameters.to", 0.93, 0.8)], both) == (["Segment.to 0.93 -> 0.8"], []))
    #expect(
      settings([change("parameters.userCount", 200, 2000)], both)
        == (["Atelier.users 200 -> 2000"], []))
    // Neither the name nor the values tell: the field stays.
    #expect(
      settings([change("parameters.firstUser", 100, 1000)], both)
        == ([], ["parameters.firstUser"]))
    // Parameters come from settings, so the only one that changed is behind it.
    #expect(
      settings([change("parameters.firstUser", 100, 1000)], [users])
        == (["Atelier.users 200 -> 2000"], []))
    #expect(settings([change("code.Segment/A.swift", "a", "b")], [users]).others.count == 1)
    #expect(settings([change("parameters.to", 0.93, 0.8)], []).others == ["parameters.to"])
  }

  @Test func inputsAreTheStepsThatMadeThem() {
    let changes = (0..<12).flatMap { number in
      [
        change("inputs.events.\(number)", "a", "b"),
        change("inputs.events.\(number).size", 1, 2),
      ]
    }
    let summary = ReasonSummary(changes, settings: []) { input in
      "week1.events.\(input.split(separator: ".")[1])"
    }
    #expect(summary.follows == ["week1.events.*"] && summary.isConsequence)
    #expect(ReasonSummary.folded(["a.1", "b", "c.2"]) == ["a.1", "b", "c.2"])
  }

  @Test func settingsThatOneRunDidNotRecordDifferFromNothing() {
    func recorded(_ values: [String: String]) -> JSONValue {
      .object(values.mapValues { ["value": .string($0), "origin": "default"] })
    }
    let old = recorded(["A.x": "1", "A.y": "2"])
    let changes = SettingChange.between(old, recorded(["A.x": "1", "A.y": "", "A.z": "3"]))
    #expect(changes.map(\.text) == ["A.y 2 -> (empty)"])
    #expect(SettingChange.between(nil, old) == [])
  }
}
