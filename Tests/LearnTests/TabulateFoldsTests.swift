// The table of folds and the means of their metrics.
import AtelierTesting
import Content
import LearningTools
import Testing

@testable import Learn

@Suite struct TabulateFoldsTests {
  private let space: TemporarySpace

  init() throws { space = try TemporarySpace() }

  private func tabulate(_ folds: [[String: Double]]) throws -> StepHarness.Result {
    var inputs: [String: String] = [:]
    for (index, metrics) in folds.enumerated() {
      let path = "\(space.path)/\(index).json"
      try JSONReport.write(
        MetricReport(
          parts: ["fold\(index)"], rows: 10 + index, metrics: metrics,
          constant: metrics.mapValues { $0 * 2 }), to: path)
      inputs["folds.\(index)"] = path
    }
    return try StepHarness.run(TabulateFolds(folds: folds.map { _ in .test }), inputs: inputs)
  }

  @Test func eachFoldIsARowAndTheMeanCountsEachOnce() throws {
    let result = try tabulate([
      ["rmse": 2, "mae": 1.5], ["rmse": 2.5, "mae": 1], ["rmse": 3, "mae": 1],
    ])
    #expect(
      try result.text("table") == "fold,rows,mae,rmse\n0,10,1.5,2.0\n1,11,1.0,2.5\n2,12,1.0,3.0\n")
    let measured = try JSONValue(parsing: result.text("measured"))
    #expect(
      measured == [
        "parts": ["fold0", "fold1", "fold2"], "rows": 33,
        "metrics": ["rmse": 2.5, "mae": 1.16666666667],
        "constant": ["rmse": 5, "mae": 2.33333333333],
      ])
  }

  @Test func foldsHaveTheSameMetrics() {
    #expect(
      stepFailure { try tabulate([["rmse": 2, "mae": 1], ["rmse": 2]]) }
        == "fold 1 has the metrics rmse, and fold 0 mae, rmse")
    #expect(
      stepFailure { try tabulate([]) } == "no fold is given, or nothing was measured on it")
  }
}
