// Small tables for the steps that train on any table.
import AtelierStep
import AtelierTesting
import DuckDB
import Foundation
import LearningFormats

@testable import Learn

/// A table of made-up rows, and what the steps make of it.
struct LearningTable {
  let space: TemporarySpace
  let table: String

  /// `row`, three features (one with nulls), a number, a yes or no and one of three classes that
  /// follow from them.
  init(rows: Int = 600, change: String = "") throws {
    space = try TemporarySpace()
    table = space.path + "/table.parquet"
    _ = try space.write("scratch/none", "")
    let context = StepContext(
      directory: space.path, inputs: [:], outputs: [:],
      programs: ["duckdb": TestTools.path(of: "duckdb") ?? ""])
    try DuckDB(in: context).run(
      """
      CREATE MACRO draw(i, name, n) AS md5_number_lower(name || i) % n;
      CREATE TABLE rows AS
      SELECT i AS row, draw(i, 'a', 100) / 8 AS a, nullif(draw(i, 'b', 50), 0)::BIGINT AS b,
        draw(i, 'c', 2) = 1 AS c, 'name, "' || i || '"' AS name,
        draw(i, 'a', 100) / 4 + draw(i, 'b', 50) - 3 + draw(i, 'noise', 8) / 8 AS price,
        draw(i, 'a', 100) + 2 * draw(i, 'b', 50) + draw(i, 'noise', 30) > 110 AS yes,
        (draw(i, 'a', 100) // 34)::INTEGER AS kind
      FROM range(1, \(rows) + 1) t(i);
      \(change)
      COPY (FROM rows) TO (getvariable('table')) (FORMAT parquet);
      """, with: ["table": .text(table)])
  }

  /// The table as train (0.7), validation (0.2) and test (0.1).
  func split(_ parts: [TablePart]? = nil, seed: Int = 1729) throws -> StepHarness.Result {
    try StepHarness.run(
      SplitTable(
        table: .test, key: "row",
        parts: parts ?? [
          TablePart("train", end: 0.7), TablePart("validation", end: 0.9),
          TablePart("test", end: 1),
        ], seed: seed), inputs: ["table": table])
  }

  /// The matrices of a split.
  func matrices(
    label: String = "price", _ parts: [TablePart]? = nil
  ) throws -> StepHarness.Result {
    let split = try split(parts)
    return try withExtendedLifetime(split) {
      try StepHarness.run(
        MakeMatrices(parts: .test, features: ["a", "b", "c"], label: label),
        inputs: ["parts": split.outputs["split"] ?? ""])
    }
  }
}

/// Trains on `train` and looks at `validation`.
func train(
  _ data: StepHarness.Result, _ settings: BoosterSettings
) throws -> StepHarness.Result {
  try withExtendedLifetime(data) {
    try StepHarness.run(
      TrainModel(
        data: .test, training: ["train"], validation: ["validation"], settings: settings),
      inputs: ["data": data.outputs["data"] ?? ""])
  }
}

/// Measures on `validation`.
func measure(
  _ data: StepHarness.Result, _ model: StepHarness.Result, _ metrics: [Metric] = []
) throws -> StepHarness.Result {
  try withExtendedLifetime((data, model)) {
    try StepHarness.run(
      MeasureModel(data: .test, model: .test, parts: ["validation"], metrics: metrics),
      inputs: ["data": data.outputs["data"] ?? "", "model": model.outputs["model"] ?? ""])
  }
}
