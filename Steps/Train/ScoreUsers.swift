// The step that gives every user a propensity. It knows nothing of who qualifies for what.
import AtelierStep
import DuckDB
import LearningTools
import PropensityFormats
import XGBoost

/// The propensity of every user of the export, ordered by user id, and who of them has subscribed.
///
/// A score is written as a server writes it: the fewest digits that give the 32-bit float again. Users
/// are read and scored in blocks, so memory does not grow with their number.
public struct ScoreUsers: Step {
  /// The featurized data set as it was delivered.
  public var export: Artifact<FeatureExport>
  /// The model, which must have been trained with `features`.
  public var model: Artifact<PropensityModel>
  /// The format of the export's files: parquet, csv or json.
  public var dataFormat: String
  /// The features of the export in the order of their columns.
  public var features: [String]
  /// Whether users who have subscribed get no score.
  public var leavesOutSubscribers: Bool = false
  /// A row per scored user: userId, prediction (0 to 1).
  public var scores = Output<Scores>()
  /// The ids of the users who have subscribed.
  public var subscribers = Output<Subscribers>()

  private static let blockSize = 20_000

  /// DuckDB, which reads the export; XGBoost and its OpenMP library, which predict.
  public var programs: [Program] { [.duckdb, .xgboost, .libgomp] }
  /// `score.sql`, which orders the users.
  public var sql: [String: String] { SQLFile.score.named }

  /// Predicts the users block by block.
  public func run(in context: StepContext) throws {
    let trained = try PropensityBooster(reading: model, expecting: features, in: context)
    let table = try ExportTable(export, dataFormat: dataFormat, features: features, in: context)
    try table.run(try context.sql(SQLFile.score))
    let rows = try NumberRows(
      context.scratch("users.csv"), columns: features.count + 1, hasText: true)
    let (scores, subscribers) = (
      try TextFile(context.path(scores)), try TextFile(context.path(subscribers))
    )
    try scores.write(Array("userId,prediction\n".utf8))
    try subscribers.write(Array("userId\n".utf8))
    var read = 0
    while true {
      try context.checkCancellation()
      let batch = try rows.next(Self.blockSize)
      guard batch.rows > 0 else { break }
      let block = Block(batch, features: features.count)
      try scores.write(lines(block, try trained.predict(block.values)))
      try subscribers.write(block.subscribers)
      read += batch.rows
      context.progress(Double(read) / Double(table.users))
    }
    try scores.close()
    try subscribers.close()
    guard read == table.users else {
      throw StepFailure("\(read) of \(table.users) users were scored")
    }
  }

  private func lines(_ block: Block, _ predictions: [Float]) -> [UInt8] {
    var lines: [UInt8] = []
    for (row, prediction) in predictions.enumerated()
    where !(leavesOutSubscribers && block.hasSubscribed[row]) {
      lines += block.users[row]
      lines.append(UInt8(ascii: ","))
      lines += PredictionText.text(prediction).utf8
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }
}

/// Some users: their features without the label, the label, and the fields of their ids.
private struct Block {
  let users: [ArraySlice<UInt8>]
  var values: [Float] = []
  var hasSubscribed: [Bool] = []

  init(_ batch: NumberRows.Batch, features: Int) {
    users = batch.texts
    values.reserveCapacity(batch.rows * features)
    for start in stride(from: 0, to: batch.numbers.count, by: features + 1) {
      values += batch.numbers[start..<start + features]
      hasSubscribed.append(batch.numbers[start + features] == 1)
    }
  }

  /// The lines of those who have subscribed.
  var subscribers: [UInt8] {
    var lines: [UInt8] = []
    for (user, hasSubscribed) in zip(users, hasSubscribed) where hasSubscribed {
      lines += user
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }
}
