// The table of all draws: its rows, their order, and lists that don't fit.
import AtelierTesting
import LearningTools
import Testing

@testable import Train

@Suite struct TabulateTrialsTests {
  private let space: TemporarySpace

  init() throws { space = try TemporarySpace() }

  private func probe(_ number: Int, auc: Double) throws -> String {
    let draw = SearchSpace.draw(seed: 1, number: number)
    let path = "\(space.path)/probe\(number).json"
    try JSONReport.write(
      ProbeReport(
        draw: draw, xgboost: XGBoostSettings(draw.hyperparameters, seed: 0), accuracy: 0.75,
        auc: auc, trainingRows: 1, probeRows: 1), to: path)
    return path
  }

  private func trial(_ number: Int?, auc: Double) throws -> String {
    let path = "\(space.path)/\(number ?? -1).json"
    try JSONReport.write(
      TrialReport(
        trial: number, hyperparameters: .baseline, xgboost: XGBoostSettings(.baseline, seed: 0),
        accuracy: 0.75, auc: auc, trainingRows: 1, validationRows: 1, model: "m"), to: path)
    return path
  }

  private func tabulate(
    _ probes: [String], _ trials: [String], chosen: Int
  ) throws -> String {
    let version = "\(space.path)/version.json"
    try JSONReport.write(
      VersionReport(
        modelName: "m", version: "1", stage: "Production", model: "m", trial: chosen,
        trials: probes.count, trainedInFull: trials.count, hyperparameters: .baseline,
        xgboost: XGBoostSettings(.baseline, seed: 0), metrics: .init(accuracy: 1, auc: 1),
        baseline: .init(accuracy: 1, auc: 1)), to: version)
    var inputs = ["version": version]
    for (index, path) in probes.enumerated() { inputs["probes.\(index)"] = path }
    for (index, path) in trials.enumerated() { inputs["trials.\(index)"] = path }
    return try StepHarness.run(
      TabulateTrials(
        probes: probes.map { _ in .test }, trials: trials.map { _ in .test }, version: .test),
      inputs: inputs
    ).text("table")
  }

  @Test func rowsAreOrderedByNumberAndTheTrainedAndTheChosenOneAreMarked() throws {
    let probes = try [(10, 0.5), (9, 0.75), (0, 0.25)].map { try probe($0.0, auc: $0.1) }
    let trials = try [trial(10, auc: 0.6), trial(9, auc: 0.974190064145)]
    let lines = try tabulate(probes, trials, chosen: 9)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(
      lines.first
        == "trial,trees,maxDepth,minChildWeight,learningRate,rowSample,columnSample,probeAuc,"
        + "accuracy,auc,chosen")
    #expect(lines.count == 5 && lines[4] == "")
    let ends = lines[1...3].map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(ends.map { $0[0] } == ["0", "9", "10"])
    #expect(
      ends.map { $0[7...].joined(separator: ",") } == [
        "0.25,,,false", "0.75,0.75,0.974190064145,true", "0.5,0.75,0.6,false",
      ])
    let draw = SearchSpace.draw(seed: 1, number: 9).hyperparameters
    #expect(
      ends[1][1...6].joined(separator: ",")
        == "\(draw.trees),\(draw.maxDepth),\(draw.minChildWeight),"
        + "\(Decimals.text(draw.learningRate)),\(Decimals.text(draw.rowSample)),"
        + "\(Decimals.text(draw.columnSample))")
  }

  @Test func listsMustFit() throws {
    let probes = [try probe(1, auc: 0.5)]
    let one = try trial(1, auc: 0.5)
    #expect(
      stepFailure { try tabulate(probes, [one], chosen: 2) }
        == "the selected version is of trial 2, which is not among those given")
    let unnumbered = try trial(nil, auc: 0.5)
    #expect(
      stepFailure { try tabulate(probes, [unnumbered], chosen: 2) }
        == "result 0 of the trials has no trial number")
    let unprobed = try trial(3, auc: 0.5)
    #expect(
      stepFailure { try tabulate(probes, [one, unprobed], chosen: 1) }
        == "trial 3 has no probe among those given")
  }
}
