// The step that gives every user a propensity. It knows nothing of who qualifies for what.
import AtelierStep
import DuckDB
import LearningFormats
import LearningTools
import PropensityFormats

/// The propensity of every user of the export, ordered by user id, with six decimals.
///
/// Users are read and scored in blocks, so memory does not grow with their number.
public struct ScoreUsers: Step {
  public static let code = CodeFingerprint.module

  /// The featurized data set as it was delivered.
  public var export: Artifact<FeatureExport>
  public var model: Artifact<Model>
  /// The format of the export's files: parquet, csv or json.
  public var dataFormat: String
  public var scores = Output<Scores>()

  private static let blockSize = 20_000

  public init(export: Artifact<FeatureExport>, model: Artifact<Model>, dataFormat: String) {
    self.export = export
    self.model = model
    self.dataFormat = dataFormat
  }

  public var programs: [Program] { [.duckdb, .xgboost, .libgomp] }
  public var sql: [String: String] {
    ["score.sql": String(decoding: PackageResources.score_sql, as: UTF8.self)]
  }

  public func run(in context: StepContext) throws {
    let trained = try PropensityModel(reading: model, in: context)
    let table = try ExportTable(export, dataFormat: dataFormat, in: context)
    try table.run(try context.sql("score.sql"))
    let rows = try NumberRows(
      context.scratch("users.csv"), columns: TrainColumns.features.count, hasText: true)
    let file = try TextFile(context.path(scores))
    try file.write(Array("userId,prediction\n".utf8))
    var scored = 0
    while true {
      try context.checkCancellation()
      let batch = try rows.next(Self.blockSize)
      guard batch.rows > 0 else { break }
      try file.write(Self.lines(batch, try trained.predict(batch.numbers)))
      scored += batch.rows
      context.progress(Double(scored) / Double(table.users))
    }
    try file.close()
    guard scored == table.users else {
      throw StepFailure("\(scored) of \(table.users) users were scored")
    }
  }

  private static func lines(_ batch: NumberRows.Batch, _ predictions: [Float]) -> [UInt8] {
    var lines: [UInt8] = []
    for (user, prediction) in zip(batch.texts, predictions) {
      lines += user
      lines.append(UInt8(ascii: ","))
      lines += Decimals.prediction(prediction).utf8
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }
}
