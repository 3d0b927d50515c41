// What models say of themselves, by the built program: gates, one class, gaps, forecasts, segments.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct HonestModelTests {
  /// The simulated customers of a space, a row a line, the label first.
  private func customers(_ space: WorkshopSpace) throws -> [Substring] {
    try space.run(target: "churn/etl.simulation")
    return try TestFiles.text(space.path("etl.simulation")).split(separator: "\n")
  }

  @Test("data D4: customers of one class give no model, and nothing is served")
  func oneClass() throws {
    let space = try WorkshopSpace.churn()
    let rows = try customers(space).filter { $0.hasPrefix("0,") }
    let path = space.folder("one.csv")
    try TestFiles.write(Array((rows.joined(separator: "\n") + "\n").utf8), to: path)
    let refused = try space.atelier(["run", "churn/serve"], ["Churn.data": path], expecting: 1)
    #expect(
      refused.err.contains("train.model")
        && refused.err.contains("the part 'train' has one class only: the label of all its "))
    #expect(TestFiles.list("\(space.exports)/output").allSatisfy { !$0.contains("endpoint") })
  }

  @Test("data D4: labels of chance pass the threshold and not the gate, and both numbers are shown")
  func chance() throws {
    let space = try WorkshopSpace.churn()
    let rows = try customers(space).enumerated().map { index, row in
      "\(index * 7919 % 25 == 0 ? 1 : 0)\(row.dropFirst())"
    }
    let path = space.folder("chance.csv")
    try TestFiles.write(Array((rows.joined(separator: "\n") + "\n").utf8), to: path)
    let given = ["Churn.data": path, "Churn.threshold": "0.1"]
    let run = try space.run(given)
    #expect(run.steps["serve.endpoint"]?.status == "not-taken")
    let refusal = try space.document("serve.outcome", given)
    #expect(refusal["status"] == "refused")
    #expect(refusal["passesThreshold"] == true && refusal["beatsConstant"] == false)
    let (value, constant) = (refusal["value"]?.number ?? 9, refusal["constant"]?.number ?? 9)
    #expect(value < 0.1 && value >= constant && constant > 0.02)
    let measured = try space.document("validate.error", given)
    #expect(measured["constant"]?["error"]?.number == constant)
  }

  @Test(
    "data D5: the segment says who has subscribed; without them everybody's latest state is scored")
  func segment() throws {
    let space = try Space.afterRun().space
    func rows(_ output: String, _ more: [String: String] = [:]) throws -> [[String]] {
      try space.atelier(["show", output, "--format", "csv"], more).out.split(separator: "\n")
        .dropFirst().map { $0.split(separator: ",").map(String.init) }
    }
    let subscribers = Set(try rows("week4.scores.subscribers").map { $0[0] })
    let members = try rows("week5.members").map { $0[0] }
    let told = try #require(try rows("week5.segment.segment").first)
    #expect(told[1] == "\(members.count)")
    #expect(told[2] == "\(members.count { subscribers.contains($0) })")
    #expect(told[2] != "0")
    let open = ["Segment.audience": "not_subscribed"]
    let run = try space.run(["week5"], open)
    #expect(run.steps["week2.latest.0"]?.status == "built")
    #expect(run.deliveries["week3.latest-delivery"] == "delivered")
    let scored = Set(try rows("week4.scores.scores", open).map { $0[0] })
    let all = Set(try rows("week4.scores.scores").map { $0[0] })
    #expect(scored == all.subtracting(subscribers))
    #expect(try rows("week5.segment.segment", open).first?[2] == "0")
    // The model is the same: it learns from the same rows.
    #expect(run.steps["week4.model"]?.status == "hit")
  }

  @Test(
    "data 4: a gap and a forecast give figures of their own, and what cannot be known is refused")
  func gapAndForecast() throws {
    let space = try Space()
    func metrics(_ more: [String: String]) throws -> [String: Double] {
      _ = try space.run(["week4.metrics"], more)
      let lines = try space.atelier(["show", "week4.metrics.metrics", "--format", "csv"], more)
        .out.split(separator: "\n").map {
          $0.split(separator: ",", omittingEmptySubsequences: false)
        }
      return Dictionary(
        uniqueKeysWithValues: zip(lines[0].map(String.init), lines[1].map { Double($0) ?? -1 }))
    }
    let big = ["Atelier.users": "3000"]
    let plain = try metrics(big)
    let hour = try metrics(big.merging(["Atelier.feature_gap": "3600"]) { $1 })
    #expect(plain["rows"] == hour["rows"] && plain["positives"] == hour["positives"])
    // The row's own event and what led to it are most of what the notebooks' model knows.
    #expect((plain["auc"] ?? 0) > 0.9)
    #expect((hour["auc"] ?? 1) < (plain["auc"] ?? 0) - 0.1)
    let week = try metrics(
      big.merging(["Atelier.forecast_date": "2024-05-17", "Atelier.forecast_days": "14"]) { $1 })
    #expect((week["positiveShare"] ?? 1) < (plain["positiveShare"] ?? 0))
    #expect((week["majorityAccuracy"] ?? 0) > 0.9)
    let late = try space.atelier(
      ["run", "week2"], ["Atelier.forecast_date": "2024-06-20"], expecting: 1)
    #expect(late.err.contains("the label of a forecast from 2024-06-20 00:00:00 is known on"))
    for (more, said) in [
      (["Atelier.forecast_date": "2024-02-30"], "forecast_date: expected a day such as 2024-05-17"),
      (
        ["Atelier.forecast_date": "2024-05-17", "Atelier.feature_gap": "1"],
        "[Atelier] feature_gap: 1 does not go with forecast_date"
      ),
      (
        ["Segment.audience": "some"],
        "Segment.audience: expected all or not_subscribed, found 'some'"
      ),
    ] {
      #expect(try space.atelier(["run"], more, expecting: 2).err.contains(said))
    }
  }
}
