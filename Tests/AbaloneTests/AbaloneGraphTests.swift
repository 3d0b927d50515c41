// What the workshop's settings make of its graph, and which of them it refuses.
import Atelier
import AtelierTesting
import Configuration
import Content
import Testing

@testable import Abalone

@Suite struct AbaloneGraphTests {
  private func graph(_ values: [String: String] = [:]) throws -> Graph {
    let overrides = Dictionary(
      uniqueKeysWithValues: values.map { name, value in
        (name.contains(".") ? name : "Abalone.\(name)", value)
      })
    let configuration = try Configuration(
      document: IniDocument(bytes: [], file: "config.ini"), overrides: overrides, environment: [:])
    return try AbaloneWorkshop.graph(configuration, projectRoot: TestTools.root)
  }

  private func parameters(_ step: String, _ graph: Graph) -> JSONValue? {
    graph.nodes.first { $0.name == step }?.step?.parameters
  }

  @Test func everyPlaceIsTheGroups() throws {
    let graph = try graph(["feature_group": "north", "AWS.s3_prefix": "team"])
    var places: [String: String] = [:]
    for node in graph.nodes {
      switch node.kind {
      case .delivery(let publication): places[node.name] = publication.place
      case .ingestion(let place): places[node.name] = place.place
      default: break
      }
    }
    #expect(
      places == [
        "ingest.records": "abalone-workshop/team/features/north",
        "ingest.requested": "abalone-workshop/team/pipelines/north",
        "train.saved": "abalone-workshop/team/models/north",
      ])
  }

  @Test func aModelSeesNeitherLabelNorIdentifierNorTime() throws {
    let others: JSONValue = [
      "length", "diameter", "height", "whole_weight", "shucked_weight", "viscera_weight",
      "shell_weight", "sex_M", "sex_I", "sex_F",
    ]
    let matrices = try parameters("train.matrices", graph())
    #expect(matrices?["features"] == others && matrices?["label"] == "rings")
    let weights = try parameters(
      "train.matrices", graph(["output": "weights", "label": "shell_weight"]))
    #expect(weights?["features"] == ["whole_weight", "shucked_weight", "viscera_weight"])
    let names = try graph(["label": ""]).nodes.map(\.name)
    #expect(names.contains("ingest.records"))
    #expect(!names.contains { $0.hasPrefix("train.") || $0.hasPrefix("figures.") })
  }

  private func request(_ values: [String: String]) throws -> JSONValue? {
    try parameters("ingest.request", graph(values))?["request"]
  }

  @Test func theRequestHasNamesAndNoPathOfAMachine() throws {
    let flow = TestTools.root + "/Workshops/Abalone/Flows/abalone.flow.json"
    let given = try request(["flow": flow, "object": "north/a.csv", "data": "/some/where/a.csv"])
    #expect(given?["data"] == "s3://abalone-workshop/abalone/input/north/a.csv")
    #expect(given?["flow"] == "abalone.flow.json" && given?["instanceType"] == "ml.m5.4xlarge")
    #expect(given?["store"] == "s3://abalone-workshop/abalone/features/abalone")
    #expect(try request(["input": "s3://other/x"])?["data"] == "s3://other/x/abalone.csv")
    #expect(try request(["input": "/srv/files"])?["data"] == "abalone.csv")
  }

  @Test(
    "steps 3.20: slashes around the prefix are no folder", arguments: ["/team/", "team", "//team"])
  func prefixes(prefix: String) throws {
    let places = try graph(["AWS.s3_prefix": prefix]).nodes.compactMap { node in
      if case .delivery(let publication) = node.kind { publication.place } else { nil }
    }
    #expect(places.contains("abalone-workshop/team/models/abalone"))
    #expect(
      try request(["AWS.s3_prefix": prefix])?["store"]
        == "s3://abalone-workshop/team/features/abalone")
  }

  @Test(
    "steps 3.6: an animal that is observed twice is in one fold; scales are learnt once for all folds"
  )
  func foldsAndScales() throws {
    let observed = try graph(["observations": "seen.csv"])
    #expect(parameters("train.split", observed)?["group"] == "record_id")
    #expect(parameters("train.split", observed)?["key"] == "observation")
    let latest = try graph()
    #expect(parameters("train.split", latest)?["group"] == nil)
    #expect(parameters("train.scaling", latest)?["features"]?.array?.count == 7)
    #expect(
      try !graph(["output": "weights", "label": "shell_weight"]).nodes.contains {
        $0.name == "train.scaling"
      })
  }

  @Test func observationsTakeThePlaceOfTheLatestRecords() throws {
    let names = try graph(["observations": "seen.csv"]).nodes.map(\.name)
    #expect(names.contains("train.joined") && !names.contains("train.latest"))
    #expect(
      try parameters("train.latest", graph(["as_of": "2026-02-01"]))?["moment"]?.number
        == 1_769_904_000)
    #expect(try parameters("train.latest", graph())?["moment"] == nil)
  }

  @Test(arguments: [
    (["record_time": ""], "Abalone.record_time: expected a time such as"),
    (["record_time": "-1"], "in the years 1970 to 9999, found '-1'"),
    (["as_of": "253402300800"], "in the years 1970 to 9999"),
    (["record_time": "yesterday"], "Abalone.record_time: expected a time such as"),
    (["as_of": "2026-02-30"], "or nothing, found '2026-02-30'"),
    (["as_of": "0", "observations": "a.csv"], "[Abalone] as_of: each row of observations has"),
    (["observations": "a.xlsx"], "[Abalone] observations: 'a.xlsx' should be the path of a .csv"),
    (["instance_type": "m5.4xlarge"], "expected an instance type ml.<family>.<size>"),
    (["instance_type": "ml.m5."], "such as ml.m5.4xlarge, found 'ml.m5.'"),
    (["instance_count": "0"], "instance_count"),
    (["feature_group": "my_group"], "[Abalone] feature_group: 'my_group' is no name of a feature"),
    (["output": "all"], "outputs: there is no output 'all', but features, weights"),
    (["label": "ring"], "[Abalone] label: 'ring' is no number among the features; give one of"),
    (["label": "record_time"], "'record_time' is no number among the features"),
    (["hyperparameters": "depth=5"], "[Abalone] hyperparameters: the hyperparameter 'depth'"),
    (["flow": "none.json"], "[Abalone] flow: cannot read '"),
  ])
  func aWrongSettingIsNamed(values: [String: String], said: String) {
    let error = #expect(throws: (any Error).self) { try graph(values) }
    #expect(error.map { "\($0)".contains(said) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}
