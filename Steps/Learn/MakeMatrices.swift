// The step that makes matrices of a table's parts. It trains nothing.
import AtelierStep
import LearningFormats
import LearningTools

/// The features and labels of every part as 32-bit floats, in the order of the rows.
///
/// A null among the features is a missing value; a label must be there. Booleans count as 0 and 1.
public struct MakeMatrices: Step {
  /// The table in named parts.
  public var parts: Artifact<TableParts>
  /// The columns that a model sees, in the order of the matrices.
  public var features: [String]
  /// The column that it should foretell.
  public var label: String
  /// For each part a matrix of features and a vector of labels.
  public var data = Output<TrainingData>()

  /// DuckDB, which reads the parts.
  public var programs: [Program] { [.duckdb] }

  /// Writes the matrices part by part; fails for a value that is no number and for a missing label.
  public func run(in context: StepContext) throws {
    guard !features.isEmpty, Set(features + [label]).count == features.count + 1,
      !features.contains(where: { $0.contains(",") })
    else {
      throw StepFailure(
        "features need names of their own without a comma, and other than the label's: "
          + features.joined(separator: " "))
    }
    let source = try context.path(parts)
    let counts = try JSONReport.read(
      [String: Int].self, from: "\(source)/parts.json", named: "parts.json of the parts")
    let tree = try context.path(data)
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      try context.checkCancellation()
      let csv = context.scratch("\(name).csv")
      try NumberTable("\(source)/\(name).parquet", in: context)
        .write(numbers: [label] + features, to: csv)
      try rows(of: name, count: count, in: csv).write(name, in: tree)
    }
    try JSONReport.write(
      TrainingMeta(
        features: features, label: label,
        parts: counts.mapValues { TrainingMeta.Part(rows: $0) }), to: "\(tree)/meta.json")
  }

  private func rows(of part: String, count: Int, in csv: String) throws -> LabelledRows {
    let width = 1 + features.count
    let batch = try NumberRows(csv, columns: width).next(count + 1)
    guard batch.rows == count else {
      throw StepFailure("the part '\(part)' has \(batch.rows) rows where \(count) are announced")
    }
    var rows = LabelledRows(width: features.count)
    rows.features.reserveCapacity(count * features.count)
    for start in stride(from: 0, to: batch.numbers.count, by: width) {
      guard !batch.numbers[start].isNaN else {
        throw StepFailure(
          "row \(start / width + 1) of the part '\(part)' has no \(label), which is the label")
      }
      rows.labels.append(batch.numbers[start])
      rows.features += batch.numbers[start + 1..<start + width]
    }
    return rows
  }
}
