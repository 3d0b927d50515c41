// Changed, removed, wired and unwired values: exactly the steps that read them run.
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct InvalidationParameterTests {
  @Test func aSeedReachesEverythingDrawn() throws {
    let (space, before) = try Space.afterRun()
    let seed = ["parameters.seed: 1 -> 2"]
    let direct = [
      "week1.profiles.0", "week1.profiles.1", "week1.events.0", "week1.events.1",
    ]
    let partial =
      [
        "week1.samples", "week1.sampling", "week2.features.0", "week2.features.1",
        "week4.training", "week4.baseline",
      ] + (0..<3).map { "week4.probe.\($0)" }
    let after = try space.expectThereAndBack(
      Change(
        settings: ["Atelier.seed": "2"],
        direct: Dictionary(uniqueKeysWithValues: direct.map { ($0, seed) }),
        partial: Dictionary(uniqueKeysWithValues: partial.map { ($0, seed) })),
      from: before)
    #expect(after.built == Set(before.steps.keys))
  }

  /// The draws that have a place in the short list.
  private func places(_ space: Space, _ report: RunReport) throws -> Set<Int> {
    Set(
      try report.steps["week4.shortlist"]?.outputs.keys.map { output in
        let text = try space.atelier(["show", "week4.shortlist.\(output)", "--format", "json"]).out
        return try JSONValue(parsing: text)["number"]?.number.map { Int($0) } ?? -1
      } ?? [])
  }

  private func built(_ report: RunReport, _ prefix: String) -> [String] {
    report.built.filter { $0.hasPrefix(prefix) }.sorted()
  }

  @Test func moreTrialsTrainOnlyTheNewOnes() throws {
    let (space, before) = try Space.afterRun()
    #expect(built(before, "week4.probe.").count == 3 && built(before, "week4.trial.").count == 3)
    let change = ["Atelier.trials": "4"]
    let four = try space.run(["week5"], change)
    #expect(built(four, "week4.probe.") == ["week4.probe.3"])
    #expect(four.steps["week4.probe.3"]?.cause == "firstRun")
    // All four have a place, so the new draw alone is trained, whichever place it has.
    #expect(built(four, "week4.trial.").count == 1)
    #expect(four.steps["week4.shortlist"]?.fields.contains("inputs.probes.3") == true)
    try space.expectHits(like: before)
    try space.expectHits(change, like: four)
    // The rule of 150 trials after 100, at a small size: more draws than places.
    space.settings["Atelier.trials"] = "36"
    let many = try space.run(["week4"])
    let first = try places(space, many)
    #expect(built(many, "week4.probe.").count == 32 && first.count == 32)
    #expect(built(many, "week4.trial.").count == first.subtracting(0..<4).count)
    space.settings["Atelier.trials"] = "50"
    let more = try space.run(["week4"])
    let second = try places(space, more)
    #expect(built(more, "week4.probe.").count == 14 && second.count == 32)
    #expect(built(more, "week4.trial.").count == second.subtracting(first).count)
    // From nothing the same bytes.
    let fresh = try Space()
    fresh.settings = space.settings
    #expect(try fresh.run(["week4"]).digests == more.digests)
  }

  @Test func theNameOfTheModelConcernsTheModelAlone() throws {
    let (space, before) = try Space.afterRun()
    let after = try space.expectThereAndBack(
      Change(
        settings: ["Cloud.model_name": "another"],
        direct: [
          "week4.model": ["parameters.modelName: \"cmle_propensity_model\" -> \"another\""]
        ]), from: before)
    #expect(after.built == ["week4.model"])
    #expect(after.digest("week4.model.model") == before.digest("week4.model.model"))
    #expect(after.digest("week4.model.version") != before.digest("week4.model.version"))
  }

  @Test func aBoundOfTheSegmentConcernsMembersAndSegment() throws {
    let (space, before) = try Space.afterRun()
    let from = ["parameters.from: 0.2 -> 0.3"]
    let after = try space.expectThereAndBack(
      Change(
        settings: ["Segment.from": "0.3"], direct: ["week5.members": from],
        partial: ["week5.segment": from]), from: before)
    #expect(after.built == ["week5.members", "week5.segment"])
    // The same value from the environment is the same parameter.
    space.environment = ["ATELIER_SEGMENT_FROM": "0.30"]
    try space.expectHits(like: after)
  }

  @Test func anUnwiredValueConcernsNoStep() throws {
    let (space, before) = try Space.afterRun()
    let unwired = [
      "Platform.sandbox_name", "Platform.ims_org_id", "Platform.dataflow_id",
      "Authentication.client_id", "Authentication.client_secret", "AWS.cfn_stack_id",
      "AWS.region", "Cloud.export_path",
    ]
    for key in unwired {
      try space.expectHits([key: "something-else"], like: before)
      #expect(try space.explain([key: "third"]).allSatisfy { $0.value.reasons.isEmpty }, "\(key)")
    }
  }

  @Test func aRemovedValueIsTheDefaultAgain() throws {
    let (space, before) = try Space.afterRun()
    let original = try String(contentsOfFile: space.configPath, encoding: .utf8)
    try (original + "\n[Segment]\nto = 0.9\n").write(
      toFile: space.configPath, atomically: false, encoding: .utf8)
    let to = ["parameters.to: 0.93 -> 0.9"]
    let after = try space.expect(
      Change(direct: ["week5.members": to], partial: ["week5.segment": to]), after: before)
    #expect(after.built == ["week5.members", "week5.segment"])
    try original.write(toFile: space.configPath, atomically: false, encoding: .utf8)
    try space.expectHits(like: before)
  }

  @Test func oneMoreBatchLeavesTheOldOnesAlone() throws {
    let (space, before) = try Space.afterRun()
    let more = ["Atelier.users": "600", "Atelier.batches": "3"]
    let after = try space.expectThereAndBack(
      Change(settings: more, direct: ["week1.profiles.2": [], "week1.events.2": []]),
      from: before)
    let old = ["profiles.0", "profiles.1", "events.0", "events.1"].map { "week1." + $0 }
    for name in old + ["week2.features.0", "week2.features.1"] {
      #expect(after.steps[name]?.status == "hit", "\(name)")
    }
    #expect(after.steps["week1.funnel"]?.fields == ["inputs.events.2"])
    #expect(after.steps["week3.export"]?.fields == ["inputs.parts.2"])
  }

  @Test func anotherBuildOfAProgramConcernsItsUsersAndNothingElse() throws {
    let (space, before) = try Space.afterRun()
    let original = try #require(Space.tools["ATELIER_DUCKDB"])
    let copy = space.root + "/duckdb"
    // A program ends where its headers say, so one more byte changes nothing but its digest.
    // Made by another process: one that this process starts meanwhile would hold what it has open for
    // writing, and a file that is open for writing cannot be started.
    let made = try Space.start(
      "/bin/sh",
      ["-c", #"cp "$1" "$2" && printf '\0' >> "$2" && chmod 755 "$2""#, "sh", original, copy],
      environment: Space.tools, folder: space.root)
    try #require(made.code == 0, "\(made.err)")
    space.environment["ATELIER_DUCKDB"] = copy

    let foretold = try space.explain().filter { !$0.value.reasons.isEmpty }
    let after = try space.run()
    let withoutDuckDB: Set = [
      "Train.Probe", "Train.Shortlist", "Train.Trial", "Train.TrainBaseline", "Train.SelectModel",
      "Train.EvaluateModel", "Train.ExplainModel",
    ]
    let users = try space.graph().filter { $0.kind == "step" && !withoutDuckDB.contains($0.step) }
    #expect(after.built == Set(users.map(\.name)))
    #expect(Set(foretold.keys) == after.built)
    for name in after.built {
      #expect(after.steps[name]?.fields == ["programs.duckdb"], "\(name)")
      #expect(after.steps[name]?.reasons == foretold[name]?.reasons, "\(name)")
    }
    #expect(after.digests == before.digests)
    space.environment["ATELIER_DUCKDB"] = nil
    try space.expectHits(like: before)
  }
}
