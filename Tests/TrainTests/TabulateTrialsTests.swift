// The table of all trials: its rows, their order, and lists that don't fit.
import AtelierTesting
import LearningTools
import Testing

@testable import Train

@Suite struct TabulateTrialsTests {
  private let space: TemporarySpace

  init() throws { space = try TemporarySpace() }

  private func trial(_ number: Int?, _ settings: Hyperparameters, auc: Double) throws -> String {
    let path = "\(space.path)/\(number ?? -1).json"
    try JSONReport.write(
      TrialReport(
        trial: number, hyperparameters: settings, xgboost: XGBoostSettings(settings, seed: 0),
        accuracy: 0.75, auc: auc, trainingRows: 1, validationRows: 1, model: "m"), to: path)
    return path
  }

  private func tabulate(_ trials: [String], chosen: Int) throws -> String {
    let version = "\(space.path)/version.json"
    try JSONReport.write(
      VersionReport(
        modelName: "m", version: "1", stage: "Production", model: "m", trial: chosen,
        trials: trials.count, hyperparameters: .baseline,
        xgboost: XGBoostSettings(.baseline, seed: 0), metrics: .init(accuracy: 1, auc: 1),
        baseline: .init(accuracy: 1, auc: 1)), to: version)
    var inputs = ["version": version]
    for (index, path) in trials.enumerated() { inputs["trials.\(index)"] = path }
    return try StepHarness.run(
      TabulateTrials(trials: trials.map { _ in .test }, version: .test), inputs: inputs
    ).text("table")
  }

  @Test func rowsAreOrderedByNumberAndTheChosenOneIsMarked() throws {
    var boosted = Hyperparameters.baseline
    (boosted.family, boosted.nulls, boosted.learningRate) = (.boostedTrees, .missing, 0.06)
    let trials = [
      try trial(10, .baseline, auc: 0.5), try trial(9, boosted, auc: 0.974190064145),
    ]
    #expect(
      try tabulate(trials, chosen: 9) == """
        trial,family,trees,maxDepth,minChildWeight,learningRate,rowSample,columnSample,nulls,\
        accuracy,auc,chosen
        9,boostedTrees,10,12,1,0.06,0.632,0.3,missing,0.75,0.974190064145,true
        10,randomForest,10,12,1,1,0.632,0.3,zero,0.75,0.5,false

        """)
  }

  @Test func theChosenTrialMustBeAmongThem() throws {
    let one = try trial(1, .baseline, auc: 0.5)
    #expect(
      stepFailure { try tabulate([one], chosen: 2) }
        == "the selected version is of trial 2, which is not among those given")
    let unnumbered = try trial(nil, .baseline, auc: 0.5)
    #expect(
      stepFailure { try tabulate([unnumbered], chosen: 2) }
        == "result 0 of the trials has no trial number")
  }
}
