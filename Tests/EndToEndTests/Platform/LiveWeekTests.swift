// The five weeks on the platform: the same results as here, nothing twice, and every re-run explained.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import PlatformHarness
import Testing

@Suite(
  .programs, .enabled(if: PlatformSandbox.isInstalled, Comment(rawValue: PlatformSandbox.absence)))
struct LiveWeekTests {
  @Test func theWeeksGiveWhatTheyGiveHere() throws {
    let live = try LiveSpace()
    let there = try live.space.run()
    let here = try live.local()
    for output in comparedOutputs {
      #expect(there.digest(output) == here.digest(output), "\(output)")
      #expect(there.digest(output) != nil, "\(output)")
    }
    #expect(there.built.contains("week5.evaluation"))
    #expect(try live.platform.violations() == [])
    #expect(
      try live.made() == ["batches": 3, "tables": 2, "segments": 1, "jobs": 1])
  }

  @Test func aRunOfHitsSendsNothing() throws {
    let live = try LiveSpace()
    _ = try live.space.run(["week2"])
    let before = try live.platform.calls().count
    #expect(try live.space.run(["week2"]).built == [])
    // Also where nothing is remembered of the last run as a whole, and without the secret.
    let again = try live.space.run(
      ["week2.features", "week1"], ["Authentication.client_secret": ""])
    #expect(again.built == [])
    #expect(try live.platform.calls().count == before)
  }

  @Test func oneMoreBatchMakesOneMoreTable() throws {
    let live = try LiveSpace()
    _ = try live.space.run(["week2"])
    let before = try live.made()
    let more = ["Atelier.users": "600", "Atelier.batches": "3"]
    let second = try live.space.run(["week2.features"], more)
    #expect(
      second.built == [
        "week1.events.2", "week1.load.2", "week2.features-table.2",
        "week2.features-files.2", "week2.features.2",
      ], "\(second.built.sorted())")
    let after = try live.made()
    #expect(after["tables"] == (before["tables"] ?? 0) + 1)
    #expect(after["batches"] == (before["batches"] ?? 0) + 1)
    // Questions are about all batches: they are asked again, and the batch is named.
    let explained = try live.space.atelier(["explain", "week1.ask-funnel"], more)
    let id = try #require(try batches(live).last)
    #expect(explained.out.contains("inputs.versions.2.batches"), "\(explained.out)")
    #expect(explained.out.contains(id), "\(explained.out)")
    #expect(try live.platform.violations() == [])
  }

  /// The ids of the batches of the events, oldest first.
  private func batches(_ live: LiveSpace) throws -> [String] {
    let all = try live.platform.get("state")["batches"]?.object ?? [:]
    return all.filter { entry in
      entry.value["relatedObjects"]?.array?.contains { $0["id"]?.string == live.events } ?? false
    }.keys.sorted()
  }

  @Test func aTableThatIsGoneIsMadeAnewWhereItIsNeeded() throws {
    let live = try LiveSpace()
    let first = try live.space.run(["week2"])
    let tables = try live.platform.get("state")["datasets"]?.object ?? [:]
    let table = try #require(
      tables.first { $0.value["name"]?.string?.hasPrefix("atelier_") == true })
    try live.platform.remove(dataset: table.key)
    // Nothing reads the table: its rows are here.
    #expect(try live.space.run(["week2"]).built == [])
    let forced = try live.space.run(
      ["week2.features-files.0", "week2.features-files.1"], options: ["--force"])
    let remade = forced.built.filter { $0.hasPrefix("week2.features-table.") }
    #expect(remade.count == 1, "\(forced.built)")
    for name in remade {
      #expect(forced.steps[name]?.cause == "goneFromPlatform")
    }
    for number in 0...1 {
      let output = "week2.features-files.\(number).files"
      #expect(forced.digest(output) != nil)
    }
    let last = try live.space.run(["week2"])
    for number in 0...1 {
      let output = "week2.features.\(number).part"
      #expect(last.digest(output) == first.digest(output))
    }
  }

  @Test func filesThatLackRowsAreNotKept() throws {
    let live = try LiveSpace()
    _ = try live.space.run(["week2.features-table"])
    try live.platform.spoil([
      "match": "GET /data/foundation/export/batches", "status": 200, "times": 2,
      "body": ["data": .array([])],
    ])
    let ended = try live.space.atelier(["run", "week2.features-files"], expecting: 1)
    #expect(ended.err.contains("records in Catalog, and its 0 files"), "\(ended.err)")
    try live.platform.spoil()
    let second = try live.space.run(["week2.features"])
    #expect(second.built.contains("week2.features-files.0"))
  }

  @Test func anotherStoreTakesWhatIsThere() throws {
    let live = try LiveSpace()
    let first = try live.space.run()
    let made = try live.made()
    live.space.store = live.space.root + "/other"
    let second = try live.space.run()
    #expect(try live.made() == made)
    for output in comparedOutputs {
      #expect(first.digest(output) == second.digest(output), "\(output)")
    }
  }

  @Test func scoresGoToADataSetThatFeedsProfileOnly() throws {
    let live = try LiveSpace(enabled: false)
    let ended = try live.space.atelier(["run", "week5"], expecting: 1)
    #expect(ended.err.contains("is not enabled for Profile"), "\(ended.out) \(ended.err)")
    #expect(try live.made()["batches"] == 2)
    #expect(try live.made()["jobs"] == 0)
  }

  @Test func whatIsMissingIsNamedWithItsKey() throws {
    let live = try LiveSpace(enabled: false)
    for (key, words) in [
      ("Platform.ims_org_id", "ims_org_id"), ("Platform.dataset_id", "atelier aep deploy"),
      ("Platform.scoring_dataset_id", "atelier aep deploy"),
    ] {
      let ended = try live.space.atelier(["run", "week5"], [key: ""], expecting: 2)
      #expect(ended.err.contains(words), "\(ended.err)")
    }
    #expect(try live.platform.calls() == [])
  }

  @Test func aBudgetStopsBeforeTheCall() throws {
    let live = try LiveSpace()
    let ended = try live.space.atelier(
      ["run", "week2"], ["Platform.most_queries": "2"], expecting: 1)
    #expect(ended.err.contains("raise [Platform] most_queries"), "\(ended.out) \(ended.err)")
    #expect(try live.made()["tables"] ?? 9 <= 1)
    // With a larger one it goes on where it stopped.
    _ = try live.space.run(["week2"], ["Platform.most_queries": "100"])
    #expect(try live.made()["tables"] == 2)
  }

  @Test func noSecretIsLeftAnywhere() throws {
    let live = try LiveSpace()
    let run = try live.space.atelier(["run", "week5", "--json"])
    let tokens =
      try live.platform.get("state")["other"]?["tokens"]?.array?.compactMap(\.string) ?? []
    #expect(!tokens.isEmpty)
    for secret in [live.platform.secret] + tokens {
      #expect(!(run.out + run.err).contains(secret))
      let found = try Space.start(
        "/usr/bin/grep", ["-rlF", secret, live.space.store, live.space.project], environment: [:],
        folder: live.space.root)
      #expect(found.code == 1, "\(found.out)")
    }
  }
}
