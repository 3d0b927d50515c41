// Real events from a data set of the platform: batches as files of a folder, and nothing asked twice.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import PlatformHarness
import Testing

@Suite(
  .programs, .enabled(if: PlatformSandbox.isInstalled, Comment(rawValue: PlatformSandbox.absence)))
struct PlatformSourceTests {
  private let space: Space
  private let platform: PlatformSpace
  private let dataset: String
  private let parts: String
  private static let part = "part-00000-tid-1-c000.gz.parquet"

  /// Two batches of events as the platform's lake has them, with columns of its own.
  init() throws {
    space = try Space()
    space.settings["Atelier.users"] = "200"
    space.settings["Atelier.user_buckets"] = "2"
    platform = try PlatformSandbox.shared().space()
    dataset = try platform.makeDataSet()
    parts = space.root + "/parts"
    try space.exportEvents(to: space.root + "/parquet", batches: 2)
    try FileManager.default.createDirectory(atPath: parts, withIntermediateDirectories: true)
    for (name, condition) in ["a": "< 9", "b": "BETWEEN 9 AND 16", "c": "> 16"] {
      try space.duckdb(
        """
        COPY (SELECT *, {'acp_sourceBatchId': '\(name)', 'commitBatchId': '\(name)',
            'ingestTime': 1700000000000::BIGINT, 'isDeleted': false} AS _acp_system_metadata,
          {'ECID': [{'id': _cmle.cmle_id, 'primary': true}]} AS identityMap
          FROM '\(space.root)/parquet/*.parquet' WHERE hour("timestamp") \(condition) ORDER BY hash(_id))
        TO '\(parts)/\(name).parquet' (FORMAT parquet, COMPRESSION gzip)
        """)
    }
    try batch("a", "01AAAA")
    try batch("b", "01BBBB")
    space.settings.merge(platform.values) { $1 }
    space.settings["Atelier.events"] = "aep://\(dataset)"
  }

  private func batch(_ name: String, _ id: String) throws {
    try platform.makeBatch(
      dataset, records: 1, files: [Self.part: "\(parts)/\(name).parquet"], id: id)
  }

  /// The calls since a place in the list of all.
  private func calls(from start: Int) throws -> [String] {
    Array(try platform.calls().dropFirst(start))
  }

  /// A folder with the same files.
  private func folder() throws -> [String: String] {
    let folder = space.project + "/events"
    for (name, id) in ["a": "01AAAA", "b": "01BBBB"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(id)", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(parts)/\(name).parquet", toPath: "\(folder)/\(id)/\(Self.part)")
    }
    return ["Atelier.events": "events"]
  }

  @Test func fiveWeeksFromThePlatformAreThoseOfAFolder() throws {
    let run = try space.run()
    #expect(run.built.contains("week5.members"), "\(run.built.sorted())")
    let here = try folder()
    let store = space.store
    space.store = space.root + "/other"
    let local = try space.run(["week5"], here)
    #expect(local.built == run.built)
    #expect(local.digests == run.digests)
    space.store = store
    #expect(try platform.violations() == [])
  }

  @Test func aSecondRunOnlyObserves() throws {
    _ = try space.run(["week2"])
    let before = try platform.calls().count
    let second = try space.run(["week2"])
    #expect(second.built == [])
    #expect(
      try calls(from: before) == [
        "POST /ims/token/v3", "GET /data/foundation/catalog/dataSets/{id}",
        "GET /data/foundation/catalog/batches",
      ])
  }

  @Test func eachFileIsDownloadedOnce() throws {
    _ = try space.run(["week1"])
    // Two lists of a batch's files and two files; the rest is which batches there are.
    #expect(try platform.count("GET /data/foundation/export/batches") == 2)
    #expect(try platform.count("GET /data/foundation/export/files") == 4)
  }

  @Test func oneMoreBatchRunsOnlyWhatFollowsFromIt() throws {
    let first = try space.run(["week1.events"])
    #expect(first.built == ["week1.events.0", "week1.events.1"])
    try batch("c", "01CCCC")
    let second = try space.run(["week1.events"])
    #expect(second.built == ["week1.events.2"])
    // A failed one and one on its way are not there.
    try platform.makeBatch(dataset, status: "failed")
    try platform.makeBatch(dataset, status: "staging")
    #expect(try space.run(["week1.events"]).built == [])
  }

  @Test func statusAndGraphLookAtThePlatformToo() throws {
    _ = try space.run(["week1.events"])
    try batch("c", "01CCCC")
    let status = try space.atelier(["status", "week1.events", "--json"], expecting: nil)
    #expect(status.out.contains("week1.events.2"), "\(status.out)")
    #expect(try space.atelier(["graph"]).out.contains("week1.file.2 "))
  }

  @Test func anUnreachablePlatformIsSaid() throws {
    _ = try space.run(["week1.events"])
    let away = ["Platform.endpoint_url": "http://127.0.0.1:9"]
    for verb in ["run", "status"] {
      let ended = try space.atelier([verb, "week1.events"], away, expecting: 5)
      #expect(ended.err.contains("the platform is unreachable"), "\(ended.err)")
    }
  }

  @Test func aWrongIdNamesTheDataSetAndTheSandbox() throws {
    let ended = try space.atelier(
      ["run", "week1.events"], ["Atelier.events": "aep://65041e95dead"], expecting: 5)
    #expect(ended.err.contains("no data set '65041e95dead' in the sandbox '\(platform.name)'"))
    let odd = try space.atelier(
      ["run", "week1.events"], ["Atelier.events": "aep://a b"], expecting: 2)
    #expect(odd.err.contains("[Atelier] events") && odd.err.contains("aep://<data set id>"))
  }

  @Test func anEmptyDataSetIsSaid() throws {
    let empty = try platform.makeDataSet("empty")
    let ended = try space.atelier(
      ["run", "week1.events"], ["Atelier.events": "aep://\(empty)"], expecting: 2)
    #expect(ended.err.contains("aep://\(empty) has no batch that succeeded"), "\(ended.err)")
  }

  @Test func missingSettingsAreListed() throws {
    let ended = try space.atelier(
      ["run", "week1.events"], ["Platform.ims_org_id": "", "Authentication.client_secret": ""],
      expecting: 2)
    #expect(ended.err.contains("Platform.ims_org_id is not set"), "\(ended.err)")
    #expect(ended.err.contains("Authentication.client_secret is not set"), "\(ended.err)")
  }

  @Test func theSecretIsNowhere() throws {
    let wrong = try space.atelier(
      ["run", "week1.events"], ["Authentication.client_secret": "wr0ng-s3cret"], expecting: 2)
    #expect(wrong.err.contains("invalid_client") && !wrong.err.contains("wr0ng"), "\(wrong.err)")
    let run = try space.atelier(["run", "week2", "--json"])
    let said = run.out + run.err + wrong.out + wrong.err
    let tokens = try platform.get("state")["other"]?["tokens"]?.array?.compactMap(\.string) ?? []
    let secrets = [platform.secret, "wr0ng-s3cret"] + tokens
    #expect(secrets.count > 2)
    for secret in secrets {
      #expect(!said.contains(secret))
      let found = try Space.start(
        "/usr/bin/grep", ["-rlF", secret, space.store, space.project], environment: [:],
        folder: space.root)
      #expect(found.code == 1, "\(found.out)")
    }
  }

  @Test func aFileThatIsNoParquetIsNamed() throws {
    let odd = space.root + "/odd"
    try Data("hello".utf8).write(to: URL(fileURLWithPath: odd))
    try platform.makeBatch(dataset, records: 1, files: ["part-0": odd], id: "01DDDD")
    let ended = try space.atelier(["run", "week1.events"], expecting: 1)
    #expect(ended.err.contains("aep://\(dataset)/01DDDD/part-0"), "\(ended.err)")
  }
}
