// The step that samples and splits a delivered export. It trains nothing.
import AtelierStep
import DuckDB
import LearningTools
import PropensityFormats

/// The users in three parts: rows to learn from, rows to choose by, and rows that are used for nothing
/// but the last measurement.
///
/// Users are ordered by md5(seed || userId). As in the notebooks a sample is taken and split, labels not
/// stratified: the sample is the first part of that order, its training rows the first part of the
/// sample, both with exact, rounded counts. All users outside of the sample are the test part. The
/// first of the rows to choose by, in that order, are a part of their own besides. Nulls are
/// kept; a model decides what they mean to it.
public struct PrepareTraining: Step {
  /// The featurized data set as it was delivered.
  public var export: Artifact<FeatureExport>
  /// The format of the export's files: parquet, csv or json.
  public var dataFormat: String
  /// The features of the export in the order of their columns: all that a model sees.
  public var features: [String]
  /// The share of the users to take, between 0 and 1.
  public var sampleFraction: Double = 0.5
  /// The share of the sample to choose by, between 0 and 1.
  public var validationFraction: Double = 0.8
  /// The most rows of the part probe.
  public var probeRows: Int = 10_000
  /// Decides the order of the users, and so who is in which part.
  public var seed: Int
  /// The matrices of the parts train, validation, test and probe.
  public var data = Output<PropensityData>()

  /// DuckDB, which orders and splits the users.
  public var programs: [Program] { [.duckdb] }
  /// The text as it runs.
  public var sql: [String: String] {
    [
      SQLFile.prepare.name: SQLFile.prepare.text
        .replacing("{{features}}", with: SQLName.list(features.reversed()))
    ]
  }

  /// Samples and splits the users; fails when a part would be empty.
  public func run(in context: StepContext) throws {
    guard sampleFraction > 0, sampleFraction < 1, validationFraction > 0, validationFraction < 1
    else {
      throw StepFailure(
        "sampleFraction and validationFraction must lie between 0 and 1, so that users are left to "
          + "test on, but they are \(sampleFraction) and \(validationFraction)")
    }
    guard probeRows > 0 else {
      throw StepFailure("probeRows must be 1 or more, but it is \(probeRows)")
    }
    let table = try ExportTable(export, dataFormat: dataFormat, features: features, in: context)
    let split = try Split(
      users: table.users, sample: sampleFraction, validation: validationFraction,
      mostProbe: probeRows)
    try table.run(
      try context.sql(SQLFile.prepare),
      with: [
        "seed": .integer(Int64(seed)), "training": .integer(Int64(split.training)),
        "probe": .integer(Int64(split.training + split.probe)),
        "sample": .integer(Int64(split.training + split.validation)),
      ])
    let rows = try NumberRows(context.scratch("sample.csv"), columns: 1 + features.count)
    let training = try labelled(rows, count: split.training)
    let probe = try labelled(rows, count: split.probe)
    var validation = probe
    validation.append(contentsOf: try labelled(rows, count: split.validation - split.probe))
    let test = try labelled(rows, count: split.test)
    let tree = try context.path(data)
    var parts: [String: PreparedMeta.Part] = [:]
    for (part, labelled) in [
      (DataPart.training, training), (.validation, validation), (.test, test), (.probe, probe),
    ] {
      try labelled.checkClasses(of: part)
      try labelled.write(part.rawValue, in: tree)
      parts[part.rawValue] = .init(rows: labelled.labels.count, positives: labelled.positives)
    }
    try JSONReport.write(
      PreparedMeta(
        features: features, label: ExportTable.label, users: table.users, parts: parts),
      to: "\(tree)/meta.json")
  }

  private func labelled(_ rows: NumberRows, count: Int) throws -> LabelledRows {
    let width = 1 + features.count
    let batch = try rows.next(count)
    guard batch.rows == count else {
      throw StepFailure("the sample has \(batch.rows) rows where \(count) were asked for")
    }
    var result = LabelledRows(width: features.count)
    result.features.reserveCapacity(count * features.count)
    for start in stride(from: 0, to: batch.numbers.count, by: width) {
      let label = batch.numbers[start]
      guard label == 0 || label == 1 else {
        throw StepFailure(
          "a row's \(ExportTable.label) is \(label.isNaN ? "null" : "\(label)"), not true or false")
      }
      result.labels.append(label)
      result.features += batch.numbers[start + 1..<start + width]
    }
    return result
  }
}
