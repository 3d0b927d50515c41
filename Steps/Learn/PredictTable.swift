// The step that asks a model about every row of a table. It measures nothing.
import AtelierStep
import DuckDB
import LearningFormats
import LearningTools
import XGBoost

/// A prediction for each row of one part of a table, in the order of the rows.
///
/// Numbers are written as a server writes them: the fewest digits that give the 32-bit float again. Rows are read and predicted in
/// blocks, so memory does not grow with their number.
public struct PredictTable: Step {
  /// The table in named parts.
  public var parts: Artifact<TableParts>
  /// The name of the part whose rows are predicted.
  public var part: String
  /// The model, which names the columns that it needs.
  public var model: Artifact<Model>
  /// Columns to put in front of the prediction, such as the key.
  public var keep: [String] = []
  /// A line per row: the columns of `keep`, then the prediction.
  public var predictions = Output<Predictions>()
  /// `{"part": ..., "rows": ..., "status": "predicted"}`.
  public var outcome = Output<Outcome>()

  private static let blockSize = 20_000

  /// DuckDB, which reads the rows; XGBoost and its OpenMP library, which predict.
  public var programs: [Program] { [.duckdb, .xgboost, .libgomp] }

  /// Predicts block by block; fails for a column that is missing or holds no numbers.
  public func run(in context: StepContext) throws {
    try PartNames.check([part])
    let trained = try TrainedModel(reading: context.path(model), in: context)
    let features = try trained.features()
    let csv = context.scratch("rows.csv")
    try NumberTable("\(context.path(parts))/\(part).parquet", in: context)
      .write(numbers: features, texts: keep, to: csv)
    let rows = try NumberRows(csv, columns: features.count, hasText: !keep.isEmpty)
    let file = try TextFile(context.path(predictions))
    var done = 0
    while case let batch = try rows.next(Self.blockSize), batch.rows > 0 {
      try context.checkCancellation()
      let answer = try trained.predict(batch.numbers, width: features.count)
      if done == 0 { try file.write(header(width: answer.width)) }
      var lines: [UInt8] = []
      for row in 0..<batch.rows {
        if !keep.isEmpty { lines += batch.texts[row] + [UInt8(ascii: ",")] }
        let values = answer.values[row * answer.width..<(row + 1) * answer.width]
        lines += values.map(PredictionText.text).joined(separator: ",").utf8
        lines.append(UInt8(ascii: "\n"))
      }
      try file.write(lines)
      done += batch.rows
    }
    guard done > 0 else { throw StepFailure("the part '\(part)' has no row") }
    try file.close()
    try JSONReport.write(
      PredictionReport(part: part, rows: done, status: "predicted"), to: context.path(outcome))
  }

  private func header(width: Int) -> [UInt8] {
    let names = keep.map { name in
      name.contains(where: { ",\"\n\r".contains($0) }) ? SQLName.quoted(name) : name
    }
    let own = width == 1 ? ["prediction"] : (0..<width).map { "prediction_\($0)" }
    return Array(((names + own).joined(separator: ",") + "\n").utf8)
  }
}

/// The content of the `Outcome` of a batch of predictions.
private struct PredictionReport: Codable {
  let part: String
  let rows: Int
  let status: String
}
