// The delivered scores: every user once, in order, with the model's own prediction.
import AtelierTesting
import Foundation
import LearningTools
import PropensityFormats
import Testing
import XGBoost

@testable import Train

@Suite struct ScoreUsersTests {
  private let fixture: Fixture
  private let trial: StepHarness.Result

  init() throws {
    fixture = try Fixture()
    trial = try Fixture.trial(fixture.prepare(), number: 1)
  }

  private func score(
    _ fixture: Fixture, model: String? = nil, format: String = "parquet", leavesOut: Bool = false
  ) throws -> StepHarness.Result {
    try StepHarness.run(
      ScoreUsers(
        export: .test, model: .test, dataFormat: format, features: Fixture.features,
        leavesOutSubscribers: leavesOut),
      inputs: ["export": fixture.export, "model": model ?? trial.outputs["model"] ?? ""])
  }

  @Test func everyUserInOrder() throws {
    let text = try score(fixture).text("scores")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "userId,prediction" && lines.last == "")
    let rows = lines.dropFirst().dropLast().map { $0.split(separator: ",").map(String.init) }
    #expect(
      rows.map { $0[0] }
        == (0..<1000).map { index in
          let digits = String(index * 7919 % 99991)
          return String(repeating: "1", count: 38 - digits.count) + digits
        }.sorted())
    #expect(rows.allSatisfy { $0.count == 2 && $0[1].wholeMatch(of: /[01]\.\d+/) != nil })
    #expect(Set(rows.map { $0[1] }).count > 100)
    // Six decimals were not enough to give the prediction again.
    #expect(rows.contains { $0[1].count > 8 })
  }

  @Test func predictionsAreTheModels() throws {
    // With the whole export held out but a few rows, its rows are at hand in another order.
    let data = try fixture.prepare(sample: 0.1, validation: 0.5)
    let rows = try PreparedData(data).rows(.test)
    let library = try library()
    let values =
      try trial.report().hyperparameters.nulls == .zero
      ? rows.features.map { $0.isNaN ? 0 : $0 } : rows.features
    let predictions = try Booster(library, model: trial.bytes("model"))
      .predict(DMatrix(library, values: values, columns: 14))
    let expected = predictions.map { PredictionText.text($0) }
    let delivered = try score(fixture).text("scores").split(separator: "\n").dropFirst()
      .map { String($0.split(separator: ",")[1]) }
    var left: [String: Int] = [:]
    for text in delivered { left[text, default: 0] += 1 }
    for text in expected { left[text, default: 0] -= 1 }
    #expect(left.values.allSatisfy { $0 >= 0 } && left.values.reduce(0, +) == 100)
  }

  @Test("data D5: subscribers are listed, and left out where it is asked")
  func subscribers() throws {
    let all = try score(fixture)
    let subscribers = try all.text("subscribers").split(separator: "\n").map(String.init)
    #expect(subscribers[0] == "userId" && subscribers.count > 100 && subscribers.count < 900)
    let open = try score(fixture, leavesOut: true)
    #expect(try open.text("subscribers") == all.text("subscribers"))
    let known = Set(subscribers.dropFirst())
    let lines = try all.text("scores").split(separator: "\n")
    let expected = lines.filter { !known.contains(String($0.prefix { $0 != "," })) }
    #expect(expected.count == 1001 - known.count)
    #expect(try open.text("scores") == expected.map { $0 + "\n" }.joined())
  }

  @Test func sameBytesFromEveryFormat() throws {
    let first = try score(fixture).text("scores")
    for format in ["csv", "json"] {
      let other = try Fixture(format: format, parts: 3)
      #expect(try score(other, format: format).text("scores") == first)
    }
  }

  @Test func userIdsMayHoldAnyText() throws {
    let odd = try Fixture(
      users: 4,
      change: """
        UPDATE users SET userId = ['z"q', 'a,b', 'l' || chr(10) || 'f', 'é'][part + 1];
        """)
    let text = try score(odd).text("scores")
    let users = text.matches(of: /(?m)^("(?:[^"]|"")*"|[^",\n]+),0\.\d+$/).map { String($0.1) }
    #expect(users == ["\"a,b\"", "\"l\nf\"", "\"z\"\"q\"", "é"])
  }

  @Test func otherModelsAreRefused() throws {
    let space = try TemporarySpace()
    let junk = try space.write("junk.ubj", "not a model")
    let said = stepFailure { try score(fixture, model: junk) } ?? ""
    #expect(said.hasPrefix("the model, 11 bytes, is no XGBoost model: "))
    #expect(!said.contains("Stack trace"))
    let library = try library()
    let matrix = try DMatrix(
      library, values: (0..<28).map { Float($0) }, columns: 14, labels: [0, 1])
    let booster = try Booster(training: matrix, rounds: 1, parameters: [])
    func refusal() throws -> String? {
      let path = space.path + "/other.ubj"
      try Data(booster.modelBytes()).write(to: URL(fileURLWithPath: path))
      return stepFailure { try score(fixture, model: path) }
    }
    #expect(
      try refusal()?.hasPrefix("the model does not say which columns it was trained with") == true)
    try booster.setAttribute("atelier.features", to: "a,b")
    #expect(
      try refusal()?.hasPrefix("the model was trained with other columns: a,b. Expected emails")
        == true)
  }

  @Test func badExportsAreNamed() throws {
    let dropped = try Fixture(users: 9, change: "ALTER TABLE users DROP emailsClicked;")
    #expect(
      stepFailure { try score(dropped) }?.hasPrefix("the export lacks the column emailsClicked;")
        == true)
    #expect(stepFailure { try score(Fixture(users: 0)) } == "the export holds no row")
  }
}
