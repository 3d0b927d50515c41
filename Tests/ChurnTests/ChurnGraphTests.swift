// What the workshop's settings make of its graph, and which of them it refuses.
import Atelier
import Configuration
import Testing

@testable import Churn

@Suite struct ChurnGraphTests {
  private func graph(_ values: [String: String] = [:]) throws -> Graph {
    let overrides = Dictionary(
      uniqueKeysWithValues: values.map { name, value in
        (name.contains(".") ? name : "Churn.\(name)", value)
      })
    let configuration = try Configuration(
      document: IniDocument(bytes: [], file: "config.ini"), overrides: overrides, environment: [:])
    return try ChurnWorkshop.graph(configuration, projectRoot: "/project")
  }

  private func places(_ graph: Graph) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: graph.nodes.compactMap { node in
        if case .delivery(let publication) = node.kind {
          (node.name, publication.place)
        } else {
          nil
        }
      })
  }

  @Test func everyOutputGoesBelowTheObjectsName() throws {
    #expect(
      try places(graph(["object": "north/2026/customers.csv"])) == [
        "etl.train-archive": "churn-workshop/churn/output/north/2026/customers/data/train",
        "etl.validate-archive": "churn-workshop/churn/output/north/2026/customers/data/validate",
        "train.archive": "churn-workshop/churn/output/north/2026/customers/model",
        "serve.archive": "churn-workshop/churn/output/north/2026/customers/endpoint",
      ])
  }

  @Test func withoutValidationThereIsNoStateOfIt() throws {
    let names = try graph(["validation_enabled": "false"]).nodes.map(\.name)
    #expect(!names.contains { $0.hasPrefix("validate.") || $0 == "serve.outcome" })
    #expect(names.contains("serve.endpoint") && !names.contains("serve.refusal"))
    #expect(try graph().nodes.map(\.name).filter { $0.hasPrefix("validate.") }.count == 2)
  }

  @Test func aPathNeedsNoDigestAndAURLDoes() throws {
    #expect(try graph(["data": "customers.csv"]).nodes.map(\.name).contains("etl.file"))
    #expect(throws: SettingError.self) { try graph(["data": "https://example.org/a.csv"]) }
  }

  @Test(arguments: [
    (["threshold": "low"], "threshold"),
    (["validation_enabled": "maybe"], "0, no, false or off, found 'maybe'"),
    (["algorithm": "forest"], "expected xgboost or xgboost-linear, found 'forest'"),
    (["content_type": "text/html"], "or application/jsonlines, found 'text/html'"),
    (["endpoint": "my_endpoint"], "[Churn] endpoint: 'my_endpoint' is no name of an endpoint"),
    (["object": "../a.csv"], "[Churn] object: '../a.csv' is no name of a file"),
    (["etl_timeout": "0"], "a finite number above 0 and at most 1440, found '0'"),
    (["objective": "multi:softprob", "eval_metric": ""], "needs num_class"),
    (["eval_metric": "merror"], "'merror' does not fit the objective binary:logistic"),
    (
      ["algorithm": "xgboost-linear", "hyperparameters": "booster=dart"],
      "booster=dart does not go with algorithm = xgboost-linear"
    ),
    (["hyperparameters": "booster=gblinear"], "does not go with algorithm = xgboost"),
  ])
  func aWrongSettingIsNamed(values: [String: String], said: String) {
    let error = #expect(throws: (any Error).self) { try graph(values) }
    #expect(error.map { "\($0)".contains(said) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}
