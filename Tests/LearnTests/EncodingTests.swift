// What travels with a model: codes of values, scales of features; and groups that stay together.
import AtelierStep
import AtelierTesting
import Content
import DuckDB
import Foundation
import LearningFormats
import Testing
import XGBoost

@testable import Learn

@Suite struct GroupedSplitTests {
  private func parts(
    _ table: LearningTable, group: String?, _ parts: [TablePart] = TablePart.folds(5)
  ) throws -> [[(row: String, group: String)]] {
    let split = try StepHarness.run(
      SplitTable(table: .test, key: "row", group: group, parts: parts, seed: 3),
      inputs: ["table": table.table])
    let counts = try JSONDecoder().decode(
      [String: Int].self, from: Data(split.bytes("split", file: "parts.json")))
    return try parts.map { part in
      let context = StepContext(
        directory: table.space.path, inputs: [:], outputs: [:],
        programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
      let rows = try DuckDB(in: context).run(
        "SELECT row, coalesce(animal, 'none') FROM read_parquet(getvariable('p'));",
        with: ["p": .text("\(split.outputs["split"] ?? "")/\(part.name).parquet")])
      let found = rows.split(separator: "\n").dropFirst().map { line in
        let fields = line.split(separator: ",").map(String.init)
        return (row: fields[0], group: fields[1])
      }
      #expect(counts[part.name] == found.count)
      return found
    }
  }

  /// Each animal is seen one to five times, and some rows are of none.
  private static let animals =
    "ALTER TABLE rows ADD COLUMN animal VARCHAR; UPDATE rows SET animal = 'a' || (row * row // 3000) "
    + "WHERE row % 10 <> 0;"

  @Test("steps 3.6: rows of one identifier are in one fold, and no row is lost")
  func groupsStayTogether() throws {
    let table = try LearningTable(change: Self.animals)
    let grouped = try parts(table, group: "animal")
    #expect(grouped.flatMap { $0 }.count == 600)
    #expect(Set(grouped.flatMap { $0.map(\.row) }).count == 600)
    for (index, fold) in grouped.enumerated() {
      let own = Set(fold.map(\.group).filter { $0 != "none" })
      for other in grouped[(index + 1)...] {
        #expect(own.isDisjoint(with: other.map(\.group)))
      }
      // Groups are small, so folds are as large as they should be, nearly.
      #expect((80...160).contains(fold.count))
    }
    // Rows of no animal are groups of their own.
    #expect(grouped.allSatisfy { $0.contains { $0.group == "none" } })
    // Without the group the very same animals are on both sides.
    let free = try parts(table, group: nil)
    #expect(!Set(free[0].map(\.group)).isDisjoint(with: free[1].map(\.group)))
    #expect(free.map(\.count) == [120, 120, 120, 120, 120])
  }

  @Test("steps 3.6: too few groups for a part are refused")
  func tooFew() throws {
    let table = try LearningTable(
      rows: 50,
      change: "ALTER TABLE rows ADD COLUMN animal VARCHAR; UPDATE rows SET animal = 'one';")
    #expect(
      stepFailure { try parts(table, group: "animal") }
        == "the part 'fold1' would have no row: the rows of one 'animal' stay together, and there are too "
        + "few different ones")
  }
}

@Suite struct CodeTests {
  private static let names = """
    ALTER TABLE rows ADD COLUMN code VARCHAR;
    UPDATE rows SET code = CASE row % 5 WHEN 0 THEN NULL WHEN 1 THEN 'b,"' WHEN 2 THEN 'B'
      WHEN 3 THEN '' ELSE 'é' END;
    """

  private func learn(_ table: LearningTable) throws -> StepHarness.Result {
    try StepHarness.run(
      LearnCodes(table: .test, column: "code"), inputs: ["table": table.table])
  }

  private func encode(
    _ table: LearningTable, _ codes: String, _ unknown: UnknownCode
  ) throws -> [String] {
    let result = try StepHarness.run(
      EncodeColumn(
        table: .test, codes: .test, column: "code", as: "number", unknown: unknown, key: "row"),
      inputs: ["table": table.table, "codes": codes])
    let context = StepContext(
      directory: table.space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
    return try DuckDB(in: context).run(
      "SELECT number FROM read_parquet(getvariable('p')) LIMIT 5;",
      with: ["p": .text(result.outputs["encoded"] ?? "")]
    ).split(separator: "\n").dropFirst().map(String.init)
  }

  @Test("steps 3.17: the codes are a table of their own, by the bytes of the values")
  func codes() throws {
    let table = try LearningTable(rows: 100, change: Self.names)
    let codes = try learn(table)
    #expect(try codes.text("codes") == "\"value\",code\n\"\",0\n\"B\",1\n\"b,\"\"\",2\n\"é\",3\n")
    #expect(
      try encode(table, codes.outputs["codes"] ?? "", .refuse) == ["2", "1", "0", "3", "-1"])
  }

  @Test(
    "steps 3.17: a later batch gets the codes of the model's, and unknown values are a declared case"
  )
  func laterBatch() throws {
    let first = try LearningTable(rows: 100, change: Self.names)
    let codes = try learn(first)
    let path = codes.outputs["codes"] ?? ""
    // Without 'B' and '' a code by rank would be another one.
    let second = try LearningTable(
      rows: 100, change: Self.names + "UPDATE rows SET code = 'é' WHERE code IN ('', 'B');")
    #expect(try encode(second, path, .refuse) == ["2", "3", "3", "3", "-1"])
    let third = try LearningTable(
      rows: 100, change: Self.names + "UPDATE rows SET code = 'new' WHERE code = 'B';")
    #expect(
      stepFailure { try encode(third, path, .refuse) }
        == "there are values of 'code' without a code in the code table; key 2: 'new', the first of 20. "
        + "Learn the codes from these rows, or let unknown codes be missing")
    #expect(try encode(third, path, .missing) == ["2", "NULL", "0", "3", "-1"])
  }
}

@Suite struct ScaledModelTests {
  @Test(
    "steps 1, features: scales go into the model, which takes rows as they are, here and when served"
  )
  func scalesTravel() throws {
    let data = try LearningTable().matrices()
    let settings = try BoosterSettings(
      objective: "reg:squarederror", rounds: 10, seed: 1,
      parameters: ["booster": "gblinear", "updater": "coord_descent"])
    let space = try TemporarySpace()
    let path = try space.write(
      "scaling.json", #"{"a": {"mean": 6, "deviation": 3.5}, "c": {"mean": 0.5, "deviation": 0.5}}"#
    )
    let scaled = try StepHarness.run(
      TrainModel(
        data: .test, training: ["train"], validation: ["validation"], settings: settings,
        scaling: [.test]),
      inputs: ["data": data.outputs["data"] ?? "", "scaling.0": path])
    let plain = try train(data, settings)
    let library = try XGBoostLibrary(path: TestTools.path(of: "xgboost") ?? "")
    let booster = try Booster(library, model: scaled.bytes("model"))
    #expect(try booster.attribute("atelier.scales") == "6.0/3.5,,0.5/0.5")
    #expect(
      try ModelRules(of: booster).scales
        == [.init(mean: 6, deviation: 3.5), nil, .init(mean: 0.5, deviation: 0.5)])
    #expect(try Booster(library, model: plain.bytes("model")).attribute("atelier.scales") == nil)
    // Measured through the model, by rows as they are: the same as by hand.
    let tree = data.outputs["data"] ?? ""
    let rows = try TrainingMeta(in: tree).rows(of: ["validation"], in: tree)
    let values = rows.features.enumerated().map { index, value -> Float in
      index % 3 == 0 ? (value - 6) / 3.5 : index % 3 == 1 ? value : (value - 0.5) / 0.5
    }
    let found = try booster.predict(DMatrix(library, values: values, columns: 3))
    let squares = zip(found, rows.labels).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }
    let measured = try JSONValue(parsing: measure(data, scaled).text("measured"))
    let rmse = try #require(measured["metrics"]?["rmse"]?.number)
    #expect(abs(rmse - (squares / 120).squareRoot()) < 1e-6)
    let bad = try space.write("bad.json", #"{"a": {"mean": 6, "deviation": 0}}"#)
    #expect(
      stepFailure {
        try StepHarness.run(
          TrainModel(data: .test, training: ["train"], settings: settings, scaling: [.test]),
          inputs: ["data": tree, "scaling.0": bad])
      }?.contains("the scale of 'a' is (value - 6.0) / 0.0") == true)
  }
}
