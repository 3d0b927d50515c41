// `atelier features`: what is listed, described, got and asked for, and that nothing is written.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FeatureVerbTests {
  private typealias Feature = FeatureKeeper.Feature

  private let keeper: FeatureKeeper

  init() throws { keeper = try FeatureKeeper.measured() }

  @Test func aProjectWithoutGroupsSaysHowToMakeOne() throws {
    let empty = try FeatureKeeper()
    let list = try empty.features("list")
    #expect(list.code == 0)
    #expect(list.out == "")
    #expect(list.err.contains("\(empty.space.store)/shop/pre/fix/features"))
    #expect(list.err.contains("atelier run fixture"))
    for words in [["describe", "x"], ["get", "x", "1"], ["query", "FROM x"]] {
      let ended = try empty.space.start(
        ["features"] + words, environment: ["ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? ""]
      ).wait()
      #expect(ended.code == 2)
      #expect(ended.out == "")
      #expect(ended.err.contains("atelier run fixture"), "\(ended.err)")
    }
  }

  @Test func groupsAreListed() throws {
    try keeper.ingest("B", [Feature("k", .string), Feature("t", .fractional)], [:])
    let table = try keeper.features("list")
    #expect(table.code == 0)
    #expect(table.err == "")
    let lines = table.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      lines.first == [
        "group", "workshop", "version", "records", "ids", "first", "last", "ingestions", "place",
      ])
    #expect(lines[2].prefix(5) == ["B", "fixture", "1", "0", "0"])
    #expect(
      lines[3].prefix(8) == [
        "abalone-small", "fixture", "2", "5", "3", "2026-11-01T00:00:00Z", "2026-11-02T00:00:01Z",
        "2",
      ])
    let events = try keeper.features("list", "--json").events
    #expect(events.map { $0["group"]?.string } == ["B", "abalone-small"])
    #expect(events[0]["first"] == .null)
    #expect(events[1]["records"] == 5)
    #expect(events[1]["last"] == "2026-11-02T00:00:01Z")
    #expect(events[1]["place"]?.string == keeper.place("abalone-small"))
  }

  @Test func aGroupIsDescribed() throws {
    let page = try keeper.features("describe", "abalone-small")
    #expect(page.code == 0)
    #expect(page.out.contains("rings-grown  Integral"))
    #expect(page.out.contains(keeper.place("abalone-small")))
    #expect(page.out.contains("2026-11-01 to 2026-11-02 (2)"))
    #expect(page.out.contains("2026-11-21T12:00:00.123Z  run-2  anna@here"))
    let event = try #require(
      try keeper.features("describe", "abalone-small", "--json").events.first)
    #expect(
      event["features"]?.array?.map { $0["sinceVersion"] } == [1, 1, 1, 2])
    #expect(event["ingestions"]?.array?.map { $0["records"] } == [3, 2])
    #expect(event["ingestions"]?.array?.last?["dates"] == ["2026-11-02"])
    #expect(event["recordIdentifier"] == "id")
    #expect(event["eventTime"] == "time")
    let wrong = try keeper.features("describe", "abalone-smal")
    #expect(wrong.code == 2)
    #expect(wrong.err.contains("Did you mean 'abalone-small'?"))
  }

  @Test func theRecordThatHoldsIsGot() throws {
    let latest = try keeper.features("get", "abalone-small", "1", "--format", "json")
    #expect(latest.out == #"{"id":1,"time":1793577600.0,"rings-grown":9,"sex":"F"}"# + "\n")
    for (time, rings) in [
      ("2026-11-01", "5"), ("2026-11-01T00:00:00Z", "5"), ("2026-11-01 23:59:59.999", "5"),
      ("2026-11-02T01:00:00+01:00", "9"), ("1793577599", "5"), ("1793577600", "9"),
    ] {
      let ended = try keeper.features("get", "abalone-small", "1", "--at", time, "--format", "csv")
      #expect(ended.code == 0, "\(ended.err)")
      let cells = ended.out.split(separator: "\n").last?.split(
        separator: ",", omittingEmptySubsequences: false)
      #expect(cells?[2] == Substring(rings), "\(time): \(ended.out)")
    }
    let table = try keeper.features("get", "abalone-small", "3")
    let lines = table.out.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.contains(["rings-grown", "1"]) && lines.contains(["sex"]))
  }

  @Test func whatIsNotThereIsToldApart() throws {
    let unknown = try keeper.features("get", "abalone-small", "99")
    #expect(unknown.code == 1)
    #expect(unknown.out == "")
    #expect(unknown.err.contains("the feature group abalone-small has no record of '99'"))
    let early = try keeper.features("get", "abalone-small", "2", "--at", "2026-11-01")
    #expect(early.code == 1)
    #expect(early.err.contains("as of 2026-11-01T00:00:00Z; its first one is of"))
    #expect(early.err.contains("2026-11-01T01:00:00.500Z"))
    for words in [
      ["get", "abalone-small", "one"], ["get", "abalone-small", "1", "--at", "noon"],
      ["get", "abalone-small"], ["list", "--at", "1"], ["lst"],
      ["list", "--workshop", "fixtur"],
    ] {
      let ended = try keeper.space.start(["features"] + words).wait()
      #expect(ended.code == 2, "\(words)")
      #expect(ended.out == "")
    }
  }

  @Test func identifiersMayBeAnyText() throws {
    let names = ["O'Neil", "a\"b\\", "007", "-x", "ä ö"]
    try keeper.ingest(
      "People", [Feature("name", .string), Feature("when", .fractional)],
      [
        "1970-01-01": names.enumerated().map {
          "('\($1.replacingOccurrences(of: "'", with: "''"))', \($0))"
        }
      ])
    for (number, name) in names.enumerated() {
      let ended = try keeper.features("get", "--format", "json", "--", "People", name)
      let found = try JSONValue(parsing: ended.out)
      #expect(found["name"]?.string == name)
      #expect(found["when"]?.number == Double(number))
    }
    #expect(try keeper.features("get", "People", "7").code == 1)
  }

  @Test func groupsAreViewsOfSQL() throws {
    func csv(_ query: String) throws -> String {
      let ended = try keeper.features("query", query, "--format", "csv")
      #expect(ended.code == 0, "\(ended.err)")
      return ended.out
    }
    #expect(
      try csv("SELECT id, batch, batch_row FROM abalone_small ORDER BY ALL")
        == "id,batch,batch_row\n1,1,0\n1,1,0\n1,2,0\n2,1,1\n3,2,1\n")
    #expect(
      try csv("FROM abalone_small_latest ORDER BY id DESC LIMIT 2")
        == "id,time,rings-grown,sex\n3,1793577601.0,1,\n2,1793494800.5,7,\n")
    #expect(
      try csv("SELECT id, \"rings-grown\" AS r FROM abalone_small_at(1793491200) -- a comment")
        == "id,r\n1,5\n")
    #expect(
      try csv(
        "WITH a AS (\n  SELECT 'x;\n.quit' AS t\n)\nSELECT t, count(*) AS n\nFROM a, "
          + "ABALONE_SMALL_AT(epoch(TIMESTAMP '2026-11-01 12:00:00'))\nGROUP BY t;")
        == "t,n\n\"x;\n.quit\",2\n")
    let json = try keeper.features(
      "query", "SELECT 'NaN' AS t, 'nan'::DOUBLE AS n, NULL AS x, [1] AS l", "--format", "json")
    #expect(try JSONValue(parsing: json.out) == [["t": "NaN", "n": .null, "x": .null, "l": [1]]])
    let table = try keeper.features("query", "FROM abalone_small", "--limit", "2")
    #expect(table.out.contains("... 3 more rows"))
  }

  @Test func mistakesOfAQueryAreToldWithTheViews() throws {
    for (query, text) in [
      ("SELECT nope FROM abalone_small", "\"nope\" not found"),
      ("FROM abalone", "Table with name abalone does not exist"),
      ("SELEC 1", "syntax error"), ("", "single SELECT"), ("SELECT 1 / 'x'", "Conversion Error"),
    ] {
      let ended = try keeper.features("query", query)
      #expect(ended.code == 2)
      #expect(ended.out == "")
      #expect(ended.err.contains(text), "\(ended.err)")
      #expect(!ended.err.contains("LINE 1"), "\(ended.err)")
      #expect(
        ended.err.contains("abalone_small, abalone_small_latest, abalone_small_at(seconds)"))
    }
  }

  @Test func aQueryWritesNothingAndReadsNothingElse() throws {
    let folder = keeper.space.folder
    let secret = try folder.write("a,b\n1,2\n", to: "secret.csv")
    let out = folder("out")
    let before = TestFiles.list(folder.path).filter { !$0.hasPrefix("captured") }
    for query in [
      "COPY (SELECT 1) TO '\(out)'", "COPY abalone_small TO '\(out)' (FORMAT parquet)",
      "ATTACH '\(out)'", "INSTALL httpfs", "LOAD httpfs", "PRAGMA database_list",
      "SET threads = 2", "CREATE TABLE x AS SELECT 1", "INSERT INTO abalone_small VALUES (1)",
      "DROP VIEW abalone_small", "EXPORT DATABASE '\(out)'", "CALL enable_logging()", "CHECKPOINT",
      "SELECT 1; COPY (SELECT 1) TO '\(out)'", "'); COPY (SELECT 1) TO '\(out)'; --",
      "SELECT 1\n;\nCOPY (SELECT 1) TO '\(out)'", "\\'); COPY (SELECT 1) TO '\(out)'; --",
      ".shell touch \(out)", ";\n.shell touch \(out)", "SELECT 1;\n.shell touch \(out)\n",
      ".output \(out)\nSELECT 1", "SELECT 1\r.shell touch \(out)",
      "FROM query('COPY (SELECT 1) TO ''\(out)''')", "FROM '\(secret)'",
      "FROM read_csv('\(secret)')", "FROM read_text('/etc/passwd')", "FROM glob('/*')",
      "FROM read_duckdb('\(out)', table_name = 'x')", "SELECT getenv('HOME')",
      "FROM enable_logging(storage = 'file', storage_path = '\(out)')",
      "FROM parquet_metadata('\(folder("secret.csv"))')",
    ] {
      let ended = try keeper.features("query", query)
      #expect(ended.code == 2, "\(query): \(ended.out) \(ended.err)")
      #expect(ended.out == "", "\(query)")
    }
    // It answers, and yet there is nothing that it could write about.
    _ = try keeper.features(
      "query", "FROM enable_profiling(format = 'json', save_location = '\(out)')")
    #expect(TestFiles.list(folder.path).filter { !$0.hasPrefix("captured") } == before)
    #expect(try keeper.features("list").code == 0)
  }

  @Test func anInterruptedQueryLeavesNothing() throws {
    let temporary = keeper.space.folder("temporary")
    try FileManager.default.createDirectory(
      atPath: temporary, withIntermediateDirectories: false)
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: temporary)
        .filter { $0.hasPrefix("atelier-features-") }
    }
    let running = try keeper.space.start(
      ["features", "query", "SELECT sum(a.range) FROM range(1000000000) a, range(1000000) b"],
      environment: [
        "ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? "", "TMPDIR": temporary,
      ])
    let end = Date().addingTimeInterval(120)
    while !TestFiles.list(temporary).contains(where: { $0.hasSuffix("query.sql") }) {
      try #require(Date() < end, "no query is run")
      usleep(20_000)
    }
    #expect(try names().count == 1)
    running.signal(SIGINT)
    let ended = try running.wait()
    #expect(ended.code == 130)
    #expect(ended.out == "")
    #expect(try names() == [])
    #expect(ProcessTable.left(mentioning: temporary).isEmpty)
  }

  @Test func readingLeavesTheStoreAsItIs() throws {
    let before = try stamps()
    for words in [
      ["list"], ["describe", "abalone-small"], ["get", "abalone-small", "1"],
      ["query", "FROM abalone_small"],
    ] {
      let ended = try keeper.space.start(
        ["features"] + words, environment: ["ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? ""]
      ).wait()
      #expect(ended.code == 0, "\(ended.err)")
    }
    #expect(try stamps() == before)
  }

  /// The files of the store's published area with their times.
  private func stamps() throws -> [String: Date?] {
    let root = "\(keeper.space.store)/shop"
    return try Dictionary(
      uniqueKeysWithValues: TestFiles.list(root).map { path in
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
        return (path, attributes[.modificationDate] as? Date)
      })
  }

  @Test func aDamagedFileIsNamed() throws {
    let place = keeper.place("abalone-small")
    let path = try #require(TestFiles.list(place).first { $0.hasPrefix("data/") })
    try TestFiles.write(Array("other".utf8), to: "\(place)/\(path)")
    for words in [["list"], ["get", "abalone-small", "1"], ["query", "FROM abalone_small"]] {
      let ended = try keeper.space.start(
        ["features"] + words, environment: ["ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? ""]
      ).wait()
      #expect(ended.code == 6)
      #expect(ended.err.contains("\(place)/\(path)"), "\(ended.err)")
      #expect(ended.out == "")
    }
    try TestFiles.write([], to: "\(place)/log/00000002/ingestion.json")
    let ended = try keeper.features("describe", "abalone-small")
    #expect(ended.code == 6)
    #expect(ended.err.contains("log/00000002/ingestion.json"))
  }

  @Test func anOddPlaceIsFine() throws {
    let odd = try FeatureKeeper(ending: "-a[1]*b?'c d")
    try odd.ingest("g", FeatureKeeper.narrow, ["2026-11-01": ["(1, 1793491200, 5)"]])
    let ended = try odd.features("query", "SELECT id FROM g_latest", "--format", "csv")
    #expect(ended.out == "id\n1\n", "\(ended.err)")
    #expect(try odd.features("list", "--json").events.first?["records"] == 1)
  }

  @Test func namesAreCompleted() throws {
    func answers(_ words: String...) throws -> [Substring] {
      try RunningProgram(
        TestPrograms.fixture,
        [
          "complete-words", "features", "--project", keeper.space.folder.path, "--set",
          "Atelier.root=\(keeper.space.store)",
        ] + words, environment: [:], captures: keeper.space.folder
      ).wait().out.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
    }
    #expect(try answers("des") == ["describe"])
    #expect(try answers("get", "aba") == ["abalone-small"])
    #expect(try answers("--workshop", "") == ["fixture"])
    #expect(try answers("query", "--format", "j") == ["json"])
  }

  @Test func whatAWorkshopIngestsIsSeenThere() throws {
    let space = try WorkshopSpace.abalone()
    let later = ["Abalone.record_time": "2026-02-01T00:00:00Z", "Abalone.rows": "50"]
    try space.atelier(["run", "abalone/ingest"])
    try space.atelier(["run", "abalone/ingest"], later)
    let list = try JSONValue(parsing: space.atelier(["features", "list", "--json"]).out)
    #expect(list["group"] == "abalone" && list["workshop"] == "abalone")
    #expect(list["records"] == 250 && list["ids"] == 200 && list["ingestions"] == 2)
    #expect(list["first"] == "2026-01-01T00:00:00Z" && list["last"] == "2026-02-01T00:00:00Z")
    for (at, time) in [("2026-01-31", 1_767_225_600.0), ("2026-02-01", 1_769_904_000.0)] {
      let words = ["features", "get", "abalone", "17", "--at", at, "--format", "json"]
      #expect(try JSONValue(parsing: space.atelier(words).out)["record_time"]?.number == time)
    }
    // The tree of records and that of all that the group holds are tables to people.
    #expect(try space.show("features.records").split(separator: "\n").count == 201)
    #expect(try space.show("ingest.records").split(separator: "\n").count == 251)
  }

  @Test(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  func aGroupInABucketIsReadThere() throws {
    let server = try BucketServer.common.get()
    let bucket = try server.makeBucket()
    let client = try server.client(bucket)
    let root = "\(keeper.space.store)/shop"
    for path in TestFiles.list(root) {
      _ = try client.put(TestFiles.read("\(root)/\(path)"), key: path)
    }
    func features(_ words: String...) throws -> EndedProgram {
      try keeper.space.start(
        ["features"] + words + [
          "--set", "Atelier.store=s3", "--set", "AWS.s3_bucket_name=\(bucket)", "--set",
          "Atelier.root=\(keeper.space.folder("other"))",
        ],
        environment: BucketServer.keys.merging([
          "AWS_ENDPOINT_URL": server.url, "NO_PROXY": "127.0.0.1",
          "ATELIER_DUCKDB": TestTools.path(of: "duckdb") ?? "",
        ]) { $1 }
      ).wait()
    }
    let list = try features("list", "--json")
    #expect(list.events.first?["records"] == 5, "\(list.err)")
    #expect(
      list.events.first?["place"]?.string == "s3://\(bucket)/pre/fix/features/abalone-small")
    let asked = "SELECT id, \"rings-grown\" AS rings FROM abalone_small_latest"
    #expect(
      try features("query", asked, "--format", "csv").out
        == keeper.features("query", asked, "--format", "csv").out)
    let lost = try #require(TestFiles.list(root).first { $0.contains("/data/") })
    try client.delete(lost)
    try FileManager.default.removeItem(atPath: keeper.space.folder("other"))
    let ended = try features("get", "abalone-small", "1")
    #expect(ended.code == 6)
    #expect(ended.err.contains("s3://\(bucket)/\(lost)"), "\(ended.err)")
  }

  @Test(.enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
  func pyarrowFindsTheSameRows() throws {
    let ended = try RunningProgram(
      BucketServer.venv + "/bin/python",
      [
        TestTools.root + "/Tests/EndToEndTests/Features/read_features.py",
        keeper.place("abalone-small") + "/data",
      ], environment: [:], captures: keeper.space.folder
    ).wait()
    let found = try JSONValue(parsing: ended.out)["rows"]?.array ?? []
    let asked = try keeper.features(
      "query",
      "SELECT id, time, \"rings-grown\", sex, strftime(make_timestamp((time * 1e6)::BIGINT), "
        + "'%Y-%m-%d') AS event_date FROM abalone_small", "--format", "json")
    let rows = try JSONValue(parsing: asked.out).array ?? []
    #expect(rows.count == 5)
    #expect(
      try Set(found.map { try $0.canonicalText() }) == Set(rows.map { try $0.canonicalText() }))
    #expect(found.count == rows.count)
  }
}
