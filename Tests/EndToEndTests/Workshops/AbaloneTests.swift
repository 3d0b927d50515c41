// The abalone workshop by the built program: a feature group that grows, and what is learnt from it.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct AbaloneTests {
  private let space: WorkshopSpace

  init() throws { space = try WorkshopSpace.abalone() }

  private static let later = ["Abalone.record_time": "2026-02-01T00:00:00Z"]

  /// The entries of a group's log, in their order.
  private func log(_ group: String = "abalone") throws -> [JSONValue] {
    let folder = "\(space.exports)/features/\(group)/log"
    return try TestFiles.list(folder).map {
      try JSONValue(parsing: TestFiles.read("\(folder)/\($0)"))
    }
  }

  /// The simulated file as one of the user's, changed as a person would.
  private func file(_ name: String, _ change: (inout [String]) -> Void = { _ in }) throws -> String
  {
    try space.run(target: "abalone/features.simulation")
    var lines = try TestFiles.text(space.path("features.simulation")).split(separator: "\n")
      .map(String.init)
    change(&lines)
    return try space.folder.write(lines.map { $0 + "\n" }.joined(), to: name)
  }

  /// A line with another last field, the rings.
  private func rings(_ line: String, _ rings: Int) -> String {
    "\(line.prefix(upTo: line.lastIndex(of: ",") ?? line.endIndex)),\(rings)"
  }

  private let oneFile = ["ingest.records": "delivered", "ingest.requested": "delivered"]

  // MARK: - A flow of Data Wrangler

  @Test func aDataWranglerFlowMakesTheSameRecords() throws {
    let first = try space.run()
    let path = TestTools.root + "/Tests/AbaloneTests/abalone.flow"
    let wrangler = [
      "Abalone.flow": path,
      "Abalone.output": "11111111-aaaa-4000-8000-000000000005.default",
    ]
    let second = try space.run(wrangler)
    #expect(second.built == ["ingest.request"], "\(second.built)")
    #expect(second.digest("features.records.records") == first.digest("features.records.records"))
    let chosen = try space.atelier(["run", "abalone"], ["Abalone.flow": path], expecting: 2)
    #expect(chosen.err.contains("abalone.flow: nodes: there is no output 'features', but 11111111"))
  }

  // MARK: - The group

  @Test func aSecondRunIsAllHitsAndALaterFileChangesWhatDependsOnIt() throws {
    let first = try space.run()
    #expect(first.deliveries == oneFile.merging(["train.saved": "delivered"]) { $1 })
    #expect(first.built.count == 21)
    let again = try space.run()
    #expect(again.built.isEmpty && again.deliveries.values.allSatisfy { $0 == "unchanged" })
    #expect(try log().count == 1)
    let rmse = try space.document("train.rmse.measured")
    #expect(rmse["rows"] == 200 && rmse["parts"]?.array?.count == 5)
    #expect(try space.show("train.rmse.table").hasPrefix("fold,rows,mae,rmse\n0,40,"))
    #expect(try space.delivered("models/abalone", "model.ubj").utf8.count > 1000)
    let request = try JSONValue(parsing: space.delivered("pipelines/abalone", "request.json"))
    #expect(
      request["Parameters"] == [
        "InputDataUrl": "s3://abalone-workshop/abalone/input/abalone.csv",
        "InputFlowUrl": "Workshops/Abalone/Flows/abalone.flow.json",
        "FlowOutputName": "features", "FeatureGroupName": "abalone",
      ])
    #expect(
      request["ProcessingResources"]?["ClusterConfig"]
        == ["InstanceType": "ml.m5.4xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30])
    #expect(request["CreateFeatureGroup"]?["FeatureDefinitions"]?.array?.count == 13)
    // Another instance concerns the request alone.
    #expect(try space.run(["Abalone.instance_type": "ml.t3.large"]).built == ["ingest.request"])

    // Two animals were looked at again, a month later.
    let path = try file("north.csv") { lines in
      lines = [lines[0], rings(lines[1], 28), rings(lines[2], 29)]
    }
    let given = Self.later.merging(["Abalone.data": path]) { $1 }
    let explained = try space.atelier(["explain", "abalone/features", "--json"], given).lines()
    let records = explained.map(StepLine.init).first { line in
      line.fields.contains { $0.hasSuffix("eventTime.seconds") }
    }
    #expect(
      records?.reasons.contains { $0.hasSuffix("eventTime.seconds: 1767225600 -> 1769904000") }
        == true, "\(explained)")
    let second = try space.run(given)
    #expect(second.steps["train.latest"]?.fields == ["inputs.history"], "\(second.steps)")
    // The request follows the ingestion.
    #expect(second.steps["ingest.request"]?.fields.contains("inputs.ingested") == true)
    #expect(
      second.built.contains("train.model") && second.deliveries["ingest.records"] == "delivered")
    #expect(try log().count == 2)
    #expect(
      TestFiles.list("\(space.exports)/features/abalone/data").map { $0.prefix { $0 != "/" } }
        == ["event_date=2026-01-01", "event_date=2026-02-01"])

    // As of January all is as it was: the same table, hence nothing more to train.
    let past = try space.run(given.merging(["Abalone.as_of": "2026-01-15"]) { $1 })
    #expect(past.built == ["train.latest"])
    #expect(past.digest("train.latest.table") == first.digest("train.latest.table"))
    #expect(past.digest("train.model.model") == first.digest("train.model.model"))
    let before = try space.atelier(
      ["run", "abalone/train"], given.merging(["Abalone.as_of": "2025-12-31"]) { $1 }, expecting: 1)
    #expect(before.err.contains("no record of the feature group holds at 1767139200"))

    // The first file again adds nothing, and the newest records stay.
    let back = try space.run()
    #expect(back.deliveries["ingest.records"] == "unchanged")
    #expect(back.digest("train.latest.table") == second.digest("train.latest.table"))
    #expect(try log().count == 2)

    // Row by row what held at each row's own time; the first three had no record yet.
    var rows = ["record_id,observed_at"]
    for id in 0..<12 {
      rows += [
        "\(id),\(id < 3 ? "2025-12-24T18:00:00Z" : "2026-01-20T00:00:00Z")", "\(id),1769904000",
      ]
    }
    let seen = try space.folder.write(rows.map { $0 + "\n" }.joined(), to: "seen.csv")
    let observed = ["Abalone.observations": seen]
    #expect(try space.run(observed, target: "abalone/train.known").built.count == 3)
    let known = try space.show("train.known", observed).split(separator: "\n").dropFirst()
    #expect(known.count == 21)
    let answers = known.map { $0.split(separator: ",") }
    #expect(answers.filter { $0[1] == "0" }.map { $0[3] } == ["28"])
    #expect(answers.filter { $0[1] == "1" }.map { $0[3] } == ["29"])
    let latest = try space.show("train.latest").split(separator: "\n")[3].split(separator: ",")
    #expect(answers.filter { $0[1] == "2" }.map { $0[3] } == [latest[8]])
    #expect(answers.filter { $0[1] == "5" }.count == 2)
  }

  @Test func aBadRowRefusesTheFileAndLeavesTheGroup() throws {
    try space.run(target: "abalone/ingest")
    let group = TestFiles.list("\(space.exports)/features")
    #expect(group.count == 2)
    for (number, field, said) in [
      (4, ",X,", "line 5, column 'sex': 'X' is none of M, I, F"),
      (9, ",,", "line 10, column 'sex': empty; the feature 'sex_M' is required"),
      (7, ",M,oops,", "line 8, column 'length': 'oops' is not a finite number"),
    ] {
      let path = try file("bad.csv") { lines in
        var parts = lines[number].split(separator: ",").map(String.init)
        parts.replaceSubrange(0..<2, with: ["\(number - 1)\(field)".dropLast().description])
        if field.contains("oops") { parts.remove(at: 1) }
        lines[number] = parts.joined(separator: ",")
      }
      let given = Self.later.merging(["Abalone.data": path]) { $1 }
      let refused = try space.atelier(["run", "abalone/ingest"], given, expecting: 1)
      #expect(refused.err.contains(said), "\(refused.err)")
      #expect(TestFiles.list("\(space.exports)/features") == group)
    }
    let twice = try file("twice.csv") { lines in
      lines[5] = lines[5].replacing(",M,", with: ",?,").replacing(",F,", with: ",?,")
        .replacing(",I,", with: ",?,")
      lines[6] = lines[6].replacing(",M,", with: ",?,").replacing(",F,", with: ",?,")
        .replacing(",I,", with: ",?,")
    }
    let refused = try space.atelier(
      ["run", "abalone/ingest"], ["Abalone.data": twice], expecting: 1)
    #expect(
      refused.err.contains("line 6, column 'sex': '?' is none of M, I, F; 1 more such row"))
  }

  @Test func aGroupGainsFeaturesAndLosesNone() throws {
    try space.run(target: "abalone/ingest")
    let flow = space.folder("project/Workshops/Abalone/Flows/abalone.flow.json")
    let text = try TestFiles.text(flow)
    func run(_ old: String, _ new: String, expecting status: Int32) throws -> EndedProgram {
      let start = try #require(text.range(of: old))
      try TestFiles.write(
        Array(text.replacingCharacters(in: start, with: new).utf8), to: flow)
      return try space.atelier(["run", "abalone/train", "--json"], Self.later, expecting: status)
    }
    let rings = #"{"name": "rings", "type": "Integral", "required": true},"#
    let more = #"{"name": "sex", "type": "String"},"#
    let report = try RunReport(run(rings, rings + more, expecting: 0).lines())
    #expect(report.deliveries["ingest.records"] == "delivered")
    // Text is nothing to a model: it is the one of the records without it.
    #expect(report.built.contains("train.latest"))
    let latest = try space.show("train.latest", Self.later).split(separator: "\n")
    #expect(latest.first?.hasSuffix(",record_time,sex") == true)
    #expect(latest.dropFirst().allSatisfy { ["M", "F", "I"].contains($0.suffix(1)) })
    // What was known before has no such feature.
    let past = Self.later.merging(["Abalone.as_of": "2026-01-02"]) { $1 }
    try space.run(past, target: "abalone/train.latest")
    let old = try space.show("train.latest", past).split(separator: "\n").dropFirst()
    #expect(old.count == 200 && old.allSatisfy { $0.hasSuffix(",1767225600.0,") })

    let lost = #"{"name": "height", "type": "Fractional", "required": true, "scaled": true},"#
    let missing = try run(lost, more, expecting: 1)
    #expect(
      missing.out.contains("the feature 'height' is missing; a group only gains features"))
    // data D18: nothing is requested for records that are refused.
    #expect(
      try RunReport(missing.lines()).deliveries["ingest.requested"] == nil, "\(missing.out)")
    let typed = try run(
      rings + "\n", rings.replacing("Integral", with: "Fractional") + more + "\n", expecting: 1)
    #expect(
      typed.out.contains("the feature 'rings' is Fractional, and the group's is Integral"))
    #expect(try log().count == 2)
    // A slip of the pen is no feature.
    let slip = try run(#""required""#, #""reqiured""#, expecting: 2)
    #expect(
      slip.err.contains(
        "abalone.flow.json: outputs.features.features[1].reqiured: unknown member"))
  }

  // MARK: - More groups, more files

  private static func example(_ name: String) -> [String] {
    ["--config", TestTools.root + "/Workshops/Abalone/Examples/\(name).ini"]
  }

  @Test func anotherGroupIsConfigurationAlone() throws {
    for (name, group, features) in [("weights", "abalone-weights", 7), ("uci", "abalone-uci", 13)] {
      let words = Self.example(name)
      let run = try space.run([:], words, target: "abalone/ingest")
      #expect(run.deliveries == oneFile)
      let entry = try #require(try log(group).first)
      let definition = entry["definition"]
      #expect(definition?["RecordIdentifierFeatureName"] == "record_id")
      #expect(definition?["FeatureDefinitions"]?.array?.count == features)
      #expect(
        try JSONValue(parsing: space.delivered("pipelines/\(group)", "request.json"))[
          "Parameters"]?[
            "FeatureGroupName"]?.string == group)
      #expect(
        try space.run([:], words, target: "abalone/ingest").deliveries["ingest.records"]
          == "unchanged")
    }
    // Both forms of the file hold the same animals, so that their records are the same.
    let both = try space.run(target: "abalone/features")
    let uci = try space.run([:], Self.example("uci"), target: "abalone/features")
    #expect(
      both.digest("features.records.records") == uci.digest("features.records.records"))
    let graph = try space.atelier(
      ["graph", "abalone", "--format", "json"] + Self.example("weights"))
    #expect(!graph.out.contains("train.model") && graph.out.contains("\"ingestion\""))
  }

  @Test func eachFileThatArrivesIsIngestedOnceAtItsTime() throws {
    let path = try file("all.csv")
    let lines = try TestFiles.text(path).split(separator: "\n")
    for (name, some) in [("north/2026/old.csv", lines[1...100]), ("new.csv", lines[51...200])] {
      try space.folder.write(
        ([lines[0]] + some).map { "\($0)\n" }.joined(),
        to: "store/abalone-workshop/abalone/input/\(name)")
    }
    try space.folder.write("no\n", to: "store/abalone-workshop/abalone/input/readme.txt")
    // Neither model nor pictures, and a digest of other data, which does not concern what arrives.
    space.settings["Abalone.label"] = ""
    space.settings["Abalone.sha256"] = String(repeating: "0", count: 64)
    space.settings["Abalone.data"] = "https://example.org/abalone.csv"
    func watch() throws -> [JSONValue] {
      try space.atelier(["watch", "abalone", "--once", "--settle", "0", "--json"]).lines()
        .filter { $0["event"] == "done" }
    }
    let done = try watch()
    #expect(Set(done.compactMap { $0["object"]?.string }) == ["north/2026/old.csv", "new.csv"])
    let entries = try log()
    #expect(entries.count == 2 && Set(entries.compactMap { $0["batch"]?.string }).count == 2)
    #expect(entries.compactMap { $0["run"]?.string } == done.compactMap { $0["run"]?.string })
    for (entry, arrival) in zip(entries, done) { try checkTime(entry, arrival) }
    let request = try JSONValue(parsing: space.delivered("pipelines/abalone", "request.json"))
    #expect(
      request["Parameters"]?["InputDataUrl"]?.string?
        .hasPrefix("s3://abalone-workshop/abalone/input/") == true)
    #expect(!(try request.canonicalText()).contains(space.folder.path))

    // Looked at again, and written again with the same bytes.
    #expect(try watch().isEmpty)
    let new = space.folder("store/abalone-workshop/abalone/input/new.csv")
    try TestFiles.write(TestFiles.read(new), to: new)
    #expect(try watch().isEmpty && log().count == 2)
  }

  /// The event time of an ingestion's records is that of the file's arrival.
  private func checkTime(_ entry: JSONValue, _ arrival: JSONValue) throws {
    let batch = (entry["batch"]?.string ?? "").dropFirst("sha256:".count)
    let data = "\(space.exports)/features/abalone/data"
    let file = try #require(TestFiles.list(data).first { $0.hasSuffix("/\(batch).parquet") })
    let arrived = try #require(arrival["arrived"]?.string)
    #expect(file.hasPrefix("event_date=\(arrived.prefix(10))/"))
    let sql =
      "SELECT DISTINCT record_time = epoch(TIMESTAMP '\(arrived)') AS same FROM '\(data)/\(file)'"
    let finished = try Space.start(
      Space.tools["ATELIER_DUCKDB"] ?? "duckdb", ["-no-init", "-batch", "-csv", "-c", sql],
      environment: Space.tools, folder: space.folder.path)
    #expect(finished.out == "same\ntrue\n", "\(finished.err)")
  }

  @Test func anAttemptIsRepeatedWithTheTimeOfTheArrival() throws {
    space.settings["Abalone.label"] = ""
    let lines = try TestFiles.text(file("one.csv")).split(separator: "\n")
    try space.folder.write(
      "\(lines[0])\n0,X,0.5,0.4,0.1,0.8,0.3,0.2,0.2,9\n",
      to: "store/abalone-workshop/abalone/input/x.csv")
    let words = ["watch", "abalone", "--once", "--settle", "0", "--json"]
    let failed = try #require(
      space.atelier(words, expecting: 1).lines().first { $0["event"] == "failed" })
    #expect(
      failed["reason"]?.string?.contains("line 2, column 'sex': 'X' is none of M, I, F") == true)
    // The flow learns the value; the bytes that arrived are tried again.
    let flow = space.folder("project/Workshops/Abalone/Flows/abalone.flow.json")
    let time = #"{"name": "record_time", "type": "Fractional", "event_time_of_run": true}"#
    let more =
      #"{"name": "sex_X", "type": "Integral", "one_hot": {"column": "sex", "value": "X"}}, "#
    try TestFiles.write(
      Array(TestFiles.text(flow).replacing(time, with: more + time).utf8), to: flow)
    try space.atelier(["watch", "abalone", "--retry", "x.csv"])
    let done = try #require(space.atelier(words).lines().first { $0["event"] == "done" })
    #expect(done["arrived"] == failed["arrived"] && done["arrived"] != nil)
    try checkTime(#require(log().first), done)
  }

  @Test(
    .enabled(
      if: WorkshopSpace.sharedData != nil,
      "no folder shared/data beside the checkout; nothing real to read"))
  func theRealAbalonesGiveAPlausibleError() throws {
    let path = try #require(WorkshopSpace.sharedData) + "/abalone.data"
    // The program goes by endings; the file is as UCI publishes it.
    let csv = space.folder("abalone.csv")
    try TestFiles.write(TestFiles.read(path), to: csv)
    let digest = try Digest.of(TestFiles.read(path))
    let given = [
      "Abalone.data": csv, "Abalone.sha256": digest.hex, "Abalone.num_round": "50",
    ]
    let words = Self.example("uci")
    #expect(try space.run(given, words).deliveries["ingest.records"] == "delivered")
    let measured = try space.document("train.rmse.measured", given, words)
    #expect(measured["rows"] == 4177)
    #expect(
      measured["metrics"]?["rmse"]?.number.map { (2.1...2.3).contains($0) } == true, "\(measured)")
    let records = try space.show("train.latest", given, words).split(separator: "\n")
    #expect(records.count == 4178 && records[1].hasPrefix("0,0.455,0.365,0.095,0.514,"))
    #expect(records.last?.hasPrefix("4176,0.71,0.555,0.195,1.9485,") == true)
  }
}
