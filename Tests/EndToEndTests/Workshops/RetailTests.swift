// The retail workshop by the built program: both arms, its own data and a user's, retries.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct RetailTests {
  private static let always = ["Retail.rmse_threshold": "1000000"]
  private static let never = ["Retail.rmse_threshold": "0"]
  private static let predicting: Set = [
    "inference.predictions", "inference.delivery", "inference.rmse",
  ]

  @Test func aThresholdDecidesAndChangesNothingBefore() throws {
    let space = try WorkshopSpace.retail()
    let good = try space.run(Self.always)
    #expect(good.built.count == 13 && good.steps["inference.refusal"]?.status == "not-taken")
    #expect(
      good.deliveries == [
        "prepare.upload": "delivered", "prepare.codes-saved": "delivered",
        "train.saved": "delivered", "inference.delivery": "delivered",
      ])
    let outcome = try JSONValue(
      parsing: space.show("inference.outcome", Self.always, format: "json"))
    #expect(outcome == ["part": "test", "rows": 60, "status": "predicted"])
    #expect(
      try space.show("inference.predictions.predictions", Self.always).hasPrefix("row,prediction\n")
    )

    // How often a task is repeated is no part of its key.
    let patient = Self.always.merging(["Retail.retry_attempts": "9"]) { $1 }
    #expect(try space.run(patient).built.isEmpty)

    // Another threshold on the same side is another decision, and nothing else.
    #expect(try space.run(["Retail.rmse_threshold": "999999"]).built == ["validate.choice"])

    let bad = try space.run(Self.never)
    #expect(bad.built == ["validate.choice", "inference.refusal"])
    for name in Self.predicting { #expect(bad.steps[name]?.status == "not-taken") }
    #expect(
      bad.deliveries == [
        "prepare.upload": "unchanged", "prepare.codes-saved": "unchanged",
        "train.saved": "unchanged",
      ])
    let refusal = try JSONValue(
      parsing: space.show("inference.outcome", Self.never, format: "json"))
    let measured = try JSONValue(parsing: space.show("validate.rmse", Self.never, format: "json"))
    #expect(refusal["status"] == "refused" && refusal["reason"] == "worse model")
    #expect(refusal["threshold"] == 0 && refusal["metric"] == "rmse")
    #expect(refusal["value"]?.number.map { $0 > 0 } == true)
    #expect(refusal["value"] == measured["metrics"]?["rmse"])

    // Back again: everything is known.
    #expect(try space.run(Self.always).built.isEmpty)
  }

  @Test func theArmNotTakenIsShownEverywhere() throws {
    let space = try WorkshopSpace.retail()
    let run = try space.atelier(["run", "retail/inference"], Self.never)
    #expect(
      run.err.contains("inference.predictions    not taken: the branch inference.outcome took"))
    let lines = try space.atelier(["status", "retail/inference", "--json"], Self.never).lines()
    let words = Dictionary(
      lines.map { ($0["step"]?.string ?? "", $0["status"]?.string ?? "") },
      uniquingKeysWith: { $1 })
    for name in Self.predicting { #expect(words[name] == "not-taken") }
    #expect(words["inference.refusal"] == "current")
    // An arm that is not taken has nothing to verify.
    try space.atelier(["verify", "retail/inference"], Self.never)
    #expect(
      try space.atelier(["status", "retail/inference"], Self.never).out.split(separator: "\n")
        .count { $0.hasSuffix("not taken") } == 3)

    let graph = try JSONValue(
      parsing: space.atelier(["graph", "retail", "--format", "json"]).out)
    let arms = Dictionary(
      (graph["nodes"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["arms"] ?? .null) },
      uniquingKeysWith: { $1 })
    #expect(arms["inference.delivery"] == [["branch": "inference.outcome", "arm": "then"]])
    #expect(arms["inference.refusal"] == [["branch": "inference.outcome", "arm": "otherwise"]])
    #expect(arms["validate.choice"] == [])
    let mermaid = try space.atelier(["graph", "retail", "--format", "mermaid"]).out
    #expect(mermaid.contains("-. otherwise .->") && mermaid.contains("-. then .->"))
    let events = try space.atelier(["run", "retail/inference", "--json"], Self.never).lines()
    #expect(
      events.first { $0["event"] == "branch" }?["message"] == "otherwise: inference.refusal")
  }

  @Test func filesAreCutAsTheSampleCutsThem() throws {
    let space = try WorkshopSpace.retail()
    try space.atelier(["run", "retail/prepare"])
    func rows(_ name: String) throws -> [[String]] {
      try space.delivered("retail-data", name).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }
    let (train, validation) = (try rows("train.csv"), try rows("validation.csv"))
    let (labelled, bare) = (try rows("test_real.csv"), try rows("test.csv"))
    let counts: [Int] = [train, validation, labelled, bare].map(\.count)
    #expect(counts == [420, 120, 60, 60])
    #expect(train.allSatisfy { $0.count == 4 && Double($0[0]) != nil })
    #expect(labelled.map { Array($0.dropFirst()) } == bare)
    let all = train + validation + labelled
    // No customer is a null, a cancellation keeps its negative quantity.
    #expect(all.contains { $0[3].isEmpty } && all.contains { (Int($0[2]) ?? 0) < 0 })
    let codes = Set(all.compactMap { Int($0[1]) })
    #expect(codes == Set(0..<codes.count))

    // The code's place among all codes, sorted as Python sorts them.
    let sales = try TestFiles.text(space.path("prepare.simulation")).split(separator: "\n")
      .dropFirst().map { $0.split(separator: ",") }
    let sorted = Set(sales.map { String($0[1]) }).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    #expect(sorted.count == codes.count)
    let counted = sales.reduce(into: [:]) { $0[String($1[1]), default: 0] += 1 }
    let encoded = all.reduce(into: [:]) { $0[Int($1[1]) ?? -1, default: 0] += 1 }
    #expect(sorted.enumerated().allSatisfy { encoded[$0] == counted[$1] })
  }

  @Test(
    "steps 3.17: the codes are delivered beside the model, and a later run takes them; unknown ones are named"
  )
  func codesTravel() throws {
    let space = try WorkshopSpace.retail()
    try space.run(target: "retail/prepare")
    let codes = try space.delivered("retail-price-codes", "codes.csv")
    let lines = codes.split(separator: "\n")
    #expect(lines[0] == "\"value\",code" && lines.count > 10)
    // The same table with other numbers: the later run has those, not a rank of its own.
    let moved =
      [lines[0]]
      + lines.dropFirst().map { line in
        let comma = line.lastIndex(of: ",") ?? line.startIndex
        return "\(line[..<comma]),\((Int(line[line.index(after: comma)...]) ?? 0) + 1000)"
      }
    let path = try space.folder.write(moved.joined(separator: "\n") + "\n", to: "codes.csv")
    let given = ["Retail.codes": path]
    try space.run(given, target: "retail/prepare")
    let rows = try space.delivered("retail-data", "train.csv").split(separator: "\n")
    #expect(
      rows.allSatisfy {
        Int($0.split(separator: ",", omittingEmptySubsequences: false)[1]).map { $0 >= 1000 }
          == true
      })
    let short = try space.folder.write(
      moved.dropLast().joined(separator: "\n") + "\n", to: "short.csv")
    let refused = try space.atelier(
      ["run", "retail/prepare"], ["Retail.codes": short, "Retail.retry_attempts": "0"], expecting: 1
    )
    #expect(refused.err.contains("values of 'StockCode' without a code in the code table; key "))
    try space.run(
      ["Retail.codes": short, "Retail.unknown_codes": "missing"], target: "retail/prepare")
    #expect(try space.delivered("retail-data", "train.csv").contains(",,"))
    // Rows of one invoice stay in one part.
    let grouped = try space.run(["Retail.group": "StockCode"], target: "retail/prepare")
    #expect(grouped.steps["prepare.split"]?.fields.contains("parameters.group") == true)
  }

  @Test func aUsersFileGivesTheTableOfItsRowsInEveryFormat() throws {
    let space = try WorkshopSpace.retail()
    let simulated = try space.run(target: "retail/prepare.table")
    let expected = try #require(simulated.digest("prepare.table.table"))
    let csv = space.folder("sales.csv")
    try TestFiles.write(TestFiles.read(space.path("prepare.simulation")), to: csv)
    let book = space.folder("sales.xlsx")
    try Self.write(workbook: book, of: csv)
    _ = try Space.start(
      "/usr/bin/env", ["gzip", "--keep", csv], environment: Space.tools, folder: space.folder.path)
    for path in [csv, csv + ".gz", book] {
      let digest = try Digest.of(TestFiles.read(path))
      let run = try space.run(
        ["Retail.data": path, "Retail.sha256": digest.hex], target: "retail/prepare.table")
      #expect(run.digest("prepare.table.table") == expected)
    }
    let wrong = ["Retail.sha256": String(repeating: "0", count: 64), "Retail.retry_attempts": "0"]
    for (path, step) in [(csv, "prepare.table"), (book, "prepare.workbook")] {
      let refused = try space.atelier(
        ["run", "retail"], wrong.merging(["Retail.data": path]) { $1 }, expecting: 1)
      #expect(
        refused.err.contains("\(step)") && refused.err.contains(", expected sha256:0000"))
    }
  }

  @Test(arguments: [
    (["Retail.data": "sales.txt"], "[Retail] data: 'sales.txt' should end in one of"),
    (["Retail.data": "https://example.org/a.csv"], "[Retail] sha256: a URL needs the SHA-256"),
    (["Retail.sha256": "12"], "[Retail] sha256: it is of no file"),
    (
      ["Retail.hyperparameters": "max_depht=5"],
      "[Retail] objective, hyperparameters: the hyperparameter 'max_depht' is not known"
    ),
    (["Retail.rmse_threshold": "low"], "rmse_threshold"),
  ])
  func aWrongSettingIsNamed(settings: [String: String], said: String) throws {
    let finished = try WorkshopSpace.retail().atelier(["run", "retail"], settings, expecting: 2)
    #expect(finished.err.contains(said))
  }

  @Test func configurationIsThatOfTheNamedWorkshop() throws {
    let space = try WorkshopSpace.retail()
    #expect(try space.atelier(["config", "get", "Retail.seed", "-w", "retail"]).out == "1729\n")
    try space.atelier(["config", "set", "Retail.seed=7", "--workshop=retail"])
    #expect(try space.atelier(["config", "get", "Retail.seed", "-w", "retail"]).out == "7\n")
  }

  @Test func attemptsWaitLongerAndLonger() throws {
    let space = try WorkshopSpace.retail()
    let data = try space.folder.write(
      """
      InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
      536365,85123A,A,6,12/01/2010 08:26,oops,17850,United Kingdom

      """, to: "bad.csv")
    let given = ["Retail.data": data]
    let events = try space.atelier(["run", "retail", "--json"], given, expecting: 1).lines()
    let retries = events.filter { $0["event"] == "retry" }
    #expect(retries.map { $0["step"] } == ["prepare.table", "prepare.table"])
    #expect(retries.map { $0["attempt"] } == [1, 2])
    #expect(retries.allSatisfy { $0["attempts"] == 3 })
    #expect(retries.map { $0["delay"]?.number } == [0.02, 0.08])
    let reason = "line 2, column 'UnitPrice': 'oops' is not a finite number"
    #expect(retries.allSatisfy { $0["message"]?.string?.contains(reason) == true })
    let text = try space.atelier(["run", "retail"], given, expecting: 1).err
    #expect(text.contains("prepare.table failed, attempt 2 of 3 follows in 0.020 s: "))
    #expect(text.contains("prepare.table failed, attempt 3 of 3 follows in 0.080 s: "))
  }

  @Test(
    .enabled(
      if: WorkshopSpace.sharedData != nil,
      "no folder shared/data beside the checkout; nothing real to read"))
  func theRealHeadOfTheSetIsRead() throws {
    let space = try WorkshopSpace.retail()
    let folder = try #require(WorkshopSpace.sharedData)
    let path = "\(folder)/online-retail-2010-12.csv.gz"
    let digest = try Digest.of(TestFiles.read(path))
    let given = ["Retail.data": path, "Retail.sha256": digest.hex, "Retail.rmse_threshold": "1000"]
    #expect(try space.run(given).summary["status"] == "ok")
    let sizes = try ["train", "validation", "test"].map {
      try space.delivered("retail-data", "\($0).csv").split(separator: "\n").count
    }
    #expect(sizes == [51_490, 14_712, 7_356])
    let predictions = try TestFiles.text(space.path("inference.predictions.predictions", given))
    #expect(predictions.split(separator: "\n").count == 7_357)
  }

  private static func write(workbook: String, of csv: String) throws {
    let script = """
      import csv, datetime, sys
      sys.path[:0] = sys.argv[1:3]
      import openpyxl
      book = openpyxl.Workbook(write_only=True)
      sheet = book.create_sheet("Online Retail")
      for number, row in enumerate(csv.reader(open(sys.argv[3]))):
          if number:
              row[1] = int(row[1]) if row[1].isdigit() else row[1]
              row[3] = int(row[3])
              row[4] = datetime.datetime.strptime(row[4], "%m/%d/%Y %H:%M")
              row[5] = float(row[5])
              row[6] = float(row[6]) if row[6] else None
          sheet.append([None if value == "" else value for value in row])
      book.save(sys.argv[4])
      """
    let wheels = ["openpyxl", "et-xmlfile"].map { TestTools.path(of: $0) ?? "" }
    let finished = try Space.start(
      "/usr/bin/env", ["python3", "-I", "-S", "-B", "-c", script] + wheels + [csv, workbook],
      environment: Space.tools, folder: NSTemporaryDirectory())
    guard finished.code == 0 else { throw ProgramError(finished.err) }
  }
}
