// The step that samples and splits a delivered export. It trains nothing.
import AtelierStep
import DuckDB
import LearningFormats
import LearningTools
import PropensityFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A sample of the users, split into training and held-out rows.
///
/// Users are ordered by md5(seed || userId). The sample is the first part of that order, and the
/// training rows the first part of the sample, both with exact, rounded counts. Labels are not
/// stratified, as in the notebooks. Nulls are kept; a trial decides what they mean to it.
public struct PrepareTraining: Step {
  public static let code = CodeFingerprint.module

  /// The featurized data set as it was delivered.
  public var export: Artifact<FeatureExport>
  /// The format of the export's files: parquet, csv or json.
  public var dataFormat: String
  /// The share of the users to take, above 0 and at most 1.
  public var sampleFraction: Double
  /// The share of the sample to hold out, between 0 and 1.
  public var testFraction: Double
  public var seed: Int
  /// `meta.json` and, for `train` and `test`, the files of `LabelledRows`.
  public var data = Output<TrainingData>()

  public init(
    export: Artifact<FeatureExport>, dataFormat: String, sampleFraction: Double = 0.5,
    testFraction: Double = 0.8, seed: Int
  ) {
    self.export = export
    self.dataFormat = dataFormat
    self.sampleFraction = sampleFraction
    self.testFraction = testFraction
    self.seed = seed
  }

  public var programs: [Program] { [.duckdb] }
  public var sql: [String: String] {
    ["prepare.sql": String(decoding: PackageResources.prepare_sql, as: UTF8.self)]
  }

  public func run(in context: StepContext) throws {
    guard sampleFraction > 0, sampleFraction <= 1, testFraction > 0, testFraction < 1 else {
      throw StepFailure(
        "sampleFraction must lie above 0 and be at most 1 and testFraction lie between 0 and 1, "
          + "but they are \(sampleFraction) and \(testFraction)")
    }
    let table = try ExportTable(export, dataFormat: dataFormat, in: context)
    let split = try Split(users: table.users, sample: sampleFraction, heldOut: testFraction)
    try table.run(
      try context.sql("prepare.sql"),
      with: [
        "seed": .integer(Int64(seed)), "training": .integer(Int64(split.training)),
        "held_out": .integer(Int64(split.heldOut)),
      ])
    let rows = try NumberRows(
      context.scratch("sample.csv"), columns: 1 + TrainColumns.features.count)
    let tree = try context.path(data)
    var parts: [Meta.Part] = []
    for (part, count) in [(TrainingPart.training, split.training), (.heldOut, split.heldOut)] {
      let labelled = try Self.labelled(rows, count: count)
      try labelled.checkClasses(of: part)
      try labelled.write(part, in: tree)
      parts.append(Meta.Part(rows: count, positives: labelled.positives))
    }
    try JSONReport.write(
      Meta(
        features: TrainColumns.features, label: TrainColumns.label, users: table.users,
        train: parts[0], test: parts[1]),
      to: "\(tree)/meta.json")
  }

  private static func labelled(_ rows: NumberRows, count: Int) throws -> LabelledRows {
    let width = 1 + TrainColumns.features.count
    let batch = try rows.next(count)
    guard batch.rows == count else {
      throw StepFailure("the sample has \(batch.rows) rows where \(count) were asked for")
    }
    var result = LabelledRows()
    result.features.reserveCapacity(count * (width - 1))
    for start in stride(from: 0, to: batch.numbers.count, by: width) {
      let label = batch.numbers[start]
      guard label == 0 || label == 1 else {
        throw StepFailure(
          "a row's \(TrainColumns.label) is \(label.isNaN ? "null" : "\(label)"), not true or false"
        )
      }
      result.labels.append(label)
      result.features += batch.numbers[start + 1..<start + width]
    }
    return result
  }
}

/// Exact counts of a sample and its parts.
struct Split: Hashable {
  let sample: Int
  let training: Int
  let heldOut: Int

  /// Rounds half away from zero; throws where a part would be empty.
  init(users: Int, sample fraction: Double, heldOut heldOutFraction: Double) throws {
    sample = Int((Double(users) * fraction).rounded())
    heldOut = Int((Double(sample) * heldOutFraction).rounded())
    training = sample - heldOut
    guard training > 0, heldOut > 0 else {
      throw StepFailure(
        "\(users) users give \(training) training and \(heldOut) held-out rows: too few to split")
    }
  }
}

/// What `meta.json` says of the training data.
private struct Meta: Codable {
  struct Part: Codable {
    let rows: Int
    let positives: Int
  }

  let features: [String]
  let label: String
  let users: Int
  let train: Part
  let test: Part
}
