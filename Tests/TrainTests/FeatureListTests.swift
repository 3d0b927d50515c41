// A feature more: what is trained, scored and served follows from the one list.
import AtelierTesting
import Foundation
import Testing
import XGBoost

@testable import Train

@Suite struct FeatureListTests {
  /// The label follows from the fifteenth feature alone.
  private static let change = """
    ALTER TABLE users ADD COLUMN pagesViewed BIGINT;
    UPDATE users SET pagesViewed = CASE WHEN subscriptionOccurred THEN 5 ELSE 2 END;
    """
  /// As `FeatureTable` has it: the features in the order of the declaration.
  private static let reorder = """
    CREATE OR REPLACE TABLE users AS
    SELECT * EXCLUDE (random_row_number_for_user, part, pagesViewed), pagesViewed,
      random_row_number_for_user, part
    FROM users;
    """

  @Test(
    "steps 3.5: a fifteenth feature is trained on and scored with, in every format",
    arguments: [
      "parquet", "csv", "json",
    ])
  func aFifteenthFeature(format: String) throws {
    let features = Fixture.features + ["pagesViewed"]
    let fixture = try Fixture(format: format, change: Self.change + Self.reorder)
    let data = try fixture.prepare(format: format, features: features)
    #expect(try PreparedData(data).meta.features == features)
    let trial = try Fixture.trial(data, number: 1)
    let booster = try Booster(library(), model: trial.bytes("model"))
    #expect(try booster.featureCount() == 15)
    #expect(try booster.attribute("atelier.features") == features.joined(separator: ","))
    #expect(try trial.report().auc == 1)
    let scores = try StepHarness.run(
      ScoreUsers(export: .test, model: .test, dataFormat: format, features: features),
      inputs: ["export": fixture.export, "model": trial.outputs["model"] ?? ""])
    #expect(try scores.text("scores").split(separator: "\n").count == 1001)
    // A model of fourteen is not asked about fifteen.
    let fewer = try Fixture.trial(Fixture().prepare(), number: 1)
    #expect(
      stepFailure {
        try StepHarness.run(
          ScoreUsers(export: .test, model: .test, dataFormat: format, features: features),
          inputs: ["export": fixture.export, "model": fewer.outputs["model"] ?? ""])
      }?.hasPrefix("the model was trained with other columns: emailsReceived,") == true)
  }
}
