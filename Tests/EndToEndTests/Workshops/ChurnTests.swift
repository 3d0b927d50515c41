// The churn workshop by the built program: both arms, other algorithms, real data, arriving files.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct ChurnProgramTests {
  private static let always = ["Churn.threshold": "1"]
  private static let never = ["Churn.threshold": "0"]

  @Test func theErrorDecidesAndChangesNothingBefore() throws {
    let space = try WorkshopSpace.churn()
    let good = try space.run(Self.always)
    #expect(good.steps["serve.refusal"]?.status == "not-taken")
    #expect(
      good.deliveries == [
        "etl.train-archive": "delivered", "etl.validate-archive": "delivered",
        "train.archive": "delivered", "serve.archive": "delivered",
      ])
    let counts = try ["train", "validate"].map { part in
      let text = try space.delivered("output/churn/customer-churn/data/\(part)", "\(part).csv")
      let rows = text.split(separator: "\n").map { $0.split(separator: ",") }
      #expect(rows.allSatisfy { $0.count == 70 && ["0", "1"].contains($0[0]) })
      return rows.count
    }
    #expect(counts == [420, 180])
    let endpoint = try space.document("serve.outcome", Self.always)
    #expect(endpoint["status"] == "configured" && endpoint["endpoint"] == "churn")
    #expect(endpoint["title"] == "churn-churn-customer-churn")
    #expect(endpoint["model"]?.string == good.digest("train.model.model"))
    #expect(endpoint["features"] == 69 && endpoint["contentType"] == "text/csv")
    #expect(endpoint["algorithm"] == "xgboost" && endpoint["objective"] == "binary:logistic")
    let measured = try space.document("validate.error", Self.always)
    #expect(endpoint["metrics"] == measured["metrics"])
    let archived = try space.delivered("output/churn/customer-churn/endpoint", "endpoint.json")
    #expect(try JSONValue(parsing: archived) == endpoint)

    let bad = try space.run(Self.never)
    #expect(bad.built == ["validate.choice", "serve.refusal"])
    #expect(bad.steps["serve.endpoint"]?.status == "not-taken")
    let refusal = try space.document("serve.outcome", Self.never)
    #expect(refusal["status"] == "refused" && refusal["metric"] == "error")
    let error = try #require(measured["metrics"]?["error"]?.number)
    #expect(refusal["value"]?.number == error && refusal["threshold"] == 0)

    // Strictly below: the error itself does not pass. Then back again, to what is known.
    #expect(
      try space.run(["Churn.threshold": "\(error)"]).built == ["validate.choice", "serve.refusal"])
    #expect(try space.run(Self.always).built.isEmpty)

    let drawn = try space.run(Self.always, target: "churn")
    #expect(drawn.built == ["figures.classes", "figures.confusion", "figures.histogram"])
    for name in ["confusion", "histogram"] {
      let picture = try space.atelier(
        ["show", "churn/figures.\(name).picture", "--format", "path"], Self.always)
      let path = picture.out.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(try TestFiles.text(path).contains("<svg"))
    }
  }

  @Test func withoutValidationEveryModelIsServed() throws {
    let space = try WorkshopSpace.churn()
    let off = Self.never.merging(["Churn.validation_enabled": "false"]) { $1 }
    let run = try space.run(off)
    #expect(run.built.contains("serve.endpoint"))
    #expect(!run.steps.keys.contains { $0.hasPrefix("validate.") })
    let graph = try space.atelier(["graph", "churn", "--format", "json"], off).out
    #expect(!graph.contains("validate.error") && !graph.contains("validate.choice"))
    let endpoint = try space.document("serve.endpoint", off)
    #expect(endpoint["status"] == "configured" && endpoint["metrics"] == .null)
  }

  @Test(arguments: [
    ("linear", "xgboost-linear", "binary:logistic", "application/jsonlines", "error", 0.2),
    ("classes", "xgboost", "multi:softprob", "text/csv", "merror", 0.15),
  ])
  func anotherAlgorithmIsConfigurationAlone(
    example: String, algorithm: String, objective: String, contentType: String, metric: String,
    limit: Double
  ) throws {
    let space = try WorkshopSpace.churn()
    let words = WorkshopSpace.churnExample(example)
    let run = try space.run([:], words)
    #expect(run.steps["serve.endpoint"]?.status == "built")
    let endpoint = try space.document("serve.endpoint", [:], words)
    #expect(endpoint["algorithm"]?.string == algorithm)
    #expect(endpoint["objective"]?.string == objective)
    #expect(endpoint["contentType"]?.string == contentType)
    #expect(endpoint["title"]?.string == "churn-\(example)-churn-\(example)")
    #expect(endpoint["metrics"]?[metric]?.number.map { $0 < limit } == true)
    let trained = try space.document("train.model.result", [:], words)
    let booster = trained["settings"]?["parameters"]?["booster"]?.string
    #expect(booster == (example == "linear" ? "gblinear" : nil))
    let archived = TestFiles.list("\(space.exports)/output/churn/\(example)/model")
    #expect(archived.count == 1 && archived[0].hasSuffix("/model.ubj"))
  }

  @Test(
    .enabled(
      if: WorkshopSpace.sharedData != nil,
      "no folder shared/data beside the checkout; nothing real to read"))
  func theRealCustomersGiveAServedModel() throws {
    let space = try WorkshopSpace.churn()
    let path = try #require(WorkshopSpace.sharedData) + "/customer-churn.csv"
    let digest = try Digest.of(TestFiles.read(path))
    let given = ["Churn.data": path, "Churn.sha256": digest.hex]
    #expect(try space.run(given).steps["serve.endpoint"]?.status == "built")
    let measured = try space.document("validate.error", given)
    #expect(measured["rows"] == 900)
    #expect(measured["metrics"]?["error"]?.number.map { $0 < 0.1 } == true)
    let train = try space.delivered("output/churn/customer-churn/data/train", "train.csv")
    #expect(train.split(separator: "\n").count == 2099 && !train.contains("\""))
  }

  @Test func eachFileThatArrivesIsDeliveredByItsOwnName() throws {
    let space = try WorkshopSpace.churn()
    space.settings.merge(Self.always) { $1 }
    let simulated = try space.run(target: "churn/etl.simulation")
    #expect(simulated.built == ["etl.simulation"])
    let path = try space.atelier(["show", "churn/etl.simulation", "--format", "path"]).out
    let rows = try TestFiles.text(path.trimmingCharacters(in: .whitespacesAndNewlines))
      .split(separator: "\n")
    // As the real file has them: a quoted field a row.
    for (name, some) in [("north/2026/old.csv", rows.prefix(300)), ("new.csv", rows.suffix(300))] {
      try space.folder.write(
        some.map { "\"\($0)\"\n" }.joined(), to: "store/churn-workshop/churn/input/\(name)")
    }
    // A regression has no pictures, which would take most of the time.
    space.settings.merge(["Churn.objective": "reg:logistic", "Churn.eval_metric": "rmse"]) { $1 }
    // A digest of other data does not concern a file that arrives.
    space.settings["Churn.sha256"] = String(repeating: "0", count: 64)
    space.settings["Churn.data"] = "https://example.org/customers.csv"
    let words = ["watch", "churn", "--once", "--settle", "0", "--json", "--endpoint", "customers"]
    let events = try space.atelier(words).lines()
    let done = events.filter { $0["event"] == "done" }.compactMap { $0["object"]?.string }
    #expect(Set(done) == ["north/2026/old.csv", "new.csv"] && done.count == 2, "\(events)")
    for (name, title) in [("north/2026/old", "churn-north-2026-old"), ("new", "churn-new")] {
      let endpoint = try JSONValue(
        parsing: space.delivered("output/\(name)/endpoint", "endpoint.json"))
      #expect(endpoint["title"]?.string == title)
      for (part, count) in [("train", 210), ("validate", 90)] {
        let text = try space.delivered("output/\(name)/data/\(part)", "\(part).csv")
        #expect(text.split(separator: "\n").count == count)
      }
      #expect(
        TestFiles.list("\(space.exports)/output/\(name)/model").contains {
          $0.hasSuffix("model.ubj")
        })
    }
    // The endpoint has the model of the file that came last.
    let endpoint = try JSONValue(
      parsing: TestFiles.read(space.store + "/.atelier/endpoints/customers.json"))
    let last = "\(space.exports)/output/\(done.last?.dropLast(4) ?? "")/model"
    let model = try #require(TestFiles.list(last).first { $0.hasSuffix("model.ubj") })
    #expect(
      try endpoint["model"]?.string == Digest.of(TestFiles.read("\(last)/\(model)")).description)
  }
}
