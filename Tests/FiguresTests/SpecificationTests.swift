// What becomes of a template and tables, and what is refused, by name.
import AtelierStep
import AtelierTesting
import Content
import Testing

@testable import Figures

@Suite struct SpecificationTests {
  private static let schema = "https://vega.github.io/schema/vega-lite/v5.json"

  /// A template of these members, with schema, title and description unless they are given.
  private func template(_ members: [String: JSONValue]) throws -> String {
    let own: [String: JSONValue] = [
      "$schema": .string(Self.schema), "title": "Fruit", "description": "Apples and pears.",
      "data": ["name": "fruit"], "mark": "bar",
      "encoding": ["x": ["field": "count", "type": "quantitative"], "y": ["field": "kind"]],
    ]
    return try JSONValue.object(own.merging(members) { $1 }.filter { $0.value != .null })
      .canonicalText()
  }

  private func build(
    _ template: String, values: [String: FigureValue] = [:],
    tables: [String: String] = ["fruit": "kind,count\napple,3\npear,1200\n"]
  ) throws -> JSONValue {
    try SpecificationBuilder(
      name: "fruit-1", template: template, values: values,
      tables: try tables.mapValues { try Table(csv: Array($0.utf8)) }
    ).specification()
  }

  private func failure(
    _ members: [String: JSONValue], values: [String: FigureValue] = [:],
    tables: [String: String] = ["fruit": "kind,count\napple,3\npear,1200\n"]
  ) throws -> String {
    let template = try template(members)
    return stepFailure { try build(template, values: values, tables: tables) } ?? "no failure"
  }

  @Test func dataAndThemeAreInlined() throws {
    let built = try build(template([:]))
    #expect(
      built["datasets"] == [
        "fruit": [["kind": "apple", "count": 3], ["kind": "pear", "count": 1200]]
      ])
    #expect(built["data"] == ["name": "fruit"])
    #expect(built["config"]?["axis"]?["labelColor"] == "currentColor")
    #expect(try JSONValue(parsing: built.canonicalBytes()) == built)
  }

  @Test func whatATemplateSaysGoesOverTheTheme() throws {
    let built = try build(template(["config": ["axis": ["labelFontSize": 17]]]))
    #expect(built["config"]?["axis"]?["labelFontSize"] == 17)
    #expect(built["config"]?["axis"]?["labelColor"] == "currentColor")
  }

  @Test func valuesOfParametersAreSet() throws {
    let parameters: JSONValue = [["name": "from"], ["name": "size", "value": 3]]
    let built = try build(
      template(["params": parameters, "title": "From {$from|.2}"]), values: ["from": .number(0.25)])
    #expect(built["params"] == [["name": "from", "value": 0.25], ["name": "size", "value": 3]])
    #expect(built["title"] == "From 0.25")
  }

  @Test(
    arguments: [
      ("{fruit[kind=pear].count|,}", "1,200"), ("{fruit[kind=pear].count}", "1200"),
      ("{fruit[max count].kind} and {fruit[min count].kind}", "pear and apple"),
      ("{fruit[count=3].kind}", "apple"), ("{fruit[count=3;kind=apple].count|.1}", "3.0"),
      ("{fruit.#} rows", "2 rows"), ("{fruit[kind=plum].count ?? 0|.1}", "0.0"),
      ("{fruit[kind=plum].kind ?? none}", "none"), ("{fruit[kind=pear].count ?? 0}", "1200"),
      ("{fruit[kind=apple].count|%}", "300%"),
      ("{fruit[kind=apple].count|.1%}", "300.0%"),
    ])
  func keyNumbersAreFilledIn(_ text: String, _ filled: String) throws {
    let built = try build(
      template(["title": ["text": "Fruit", "subtitle": .string(text)]]))
    #expect(built["title"]?["subtitle"] == .string(filled))
  }

  @Test(
    arguments: [
      ("{fruit.count}", "'{fruit.count}' needs one row, and 'fruit' has 2"),
      ("{fruit[kind=plum].count}", "needs one row"), ("{berry.#}", "names the table 'berry'"),
      ("{fruit[max size].kind}", "names the column 'size', which 'fruit' lacks; there are count"),
      ("{fruit[kind=pear].kind|,}", "is no number"), ("{fruit.#|x}", "no such format"),
      ("{$to}", "names a parameter"), ("{fruit.#", "no closing brace"), ("{}", "names nothing"),
    ])
  func aKeyNumberThatIsNotThereIsNamed(_ text: String, _ problem: String) throws {
    let said = try failure(["description": .string(text)])
    #expect(said.hasPrefix("template 'fruit-1': ") && said.contains(problem), "\(said)")
  }

  @Test func columnsAreLookedForEverywhere() throws {
    let places: [[String: JSONValue]] = [
      ["encoding": ["x": ["field": "size"]]],
      ["encoding": ["y": ["field": "kind", "sort": ["field": "size"]]]],
      ["encoding": ["color": ["condition": ["test": "datum.size > 2", "value": "red"]]]],
      ["transform": [["filter": "datum['size'] > 2"]]],
      ["transform": [["calculate": "datum.size * 2", "as": "double"]]],
      ["transform": [["filter": ["field": "size", "gt": 1]]]],
      [
        "transform": [
          ["aggregate": [["op": "sum", "field": "count", "as": "all"]], "groupby": ["size"]]
        ]
      ],
      ["transform": [["fold": ["count", "size"]]]],
      ["mark": .null, "layer": [["mark": "bar", "encoding": ["x": ["field": "size"]]]]],
      [
        "transform": [
          [
            "lookup": "kind",
            "from": ["data": ["name": "fruit"], "key": "size", "fields": ["count"]],
          ]
        ]
      ],
    ]
    for place in places {
      let said = try failure(place)
      #expect(
        said.hasPrefix(
          "template 'fruit-1': it names the column 'size', which 'fruit' lacks; there are "),
        "\(place): \(said)")
    }
  }

  @Test func columnsThatATransformMakesAreThere() throws {
    let transforms: JSONValue = [
      ["calculate": "datum.count * 2", "as": "double"], ["fold": ["count", "double"]],
      ["joinaggregate": [["op": "max", "field": "double", "as": "most"]]],
    ]
    let encoding: JSONValue = [
      "x": ["field": "value"], "y": ["field": "most"], "color": ["field": "key"],
      "text": ["condition": ["test": "datum.double > 1", "value": "a"]],
    ]
    _ = try build(template(["transform": transforms, "encoding": encoding]))
  }

  @Test func whatIsNotThereIsNamed() throws {
    func expect(
      _ problem: String, _ members: [String: JSONValue], values: [String: FigureValue] = [:],
      tables: [String: String] = ["fruit": "kind,count\napple,3\n"],
      _ location: SourceLocation = #_sourceLocation
    ) throws {
      let said = try failure(members, values: values, tables: tables)
      #expect(
        said.hasPrefix("template 'fruit-1': ") && said.contains(problem), "\(said)",
        sourceLocation: location)
    }
    try expect("names the data set 'fruits', and is given fruit", ["data": ["name": "fruits"]])
    try expect(
      "is given the table 'nuts', which it does not use", [:],
      tables: ["fruit": "kind,count\n", "nuts": "a\n"])
    try expect("fetches data from a 'url'", ["data": ["url": "https://example.com/a.csv"]])
    try expect("has no parameter 'from'", [:], values: ["from": .number(1)])
    try expect("its parameter 'from' has no value", ["params": [["name": "from"]]])
    try expect("has no 'title'", ["title": .null])
    try expect("has no 'description'", ["description": .null])
    try expect("'description' must be a sentence", ["description": ""])
    try expect("no Vega-Lite 5", ["$schema": "https://vega.github.io/schema/vega/v5.json"])
    let broken = stepFailure { try build("{") }
    #expect(broken?.hasPrefix("template 'fruit-1': it is not JSON at byte 1") == true)
  }

  @Test func onlyCSVFilesAreTables() throws {
    _ = try FigureTable(Artifact<TableOfFigure>.test)
    let said = stepFailure { try FigureTable(Artifact<SVGPicture>.test) }
    #expect(said == "a figure draws CSV files (text/csv), and SVGPicture is none")
  }

  @Test func valuesKeepTheirTypesInTheKey() throws {
    let step = DrawFigure(
      "a", template: "{}",
      values: ["n": .number(2), "half": .number(0.5), "t": .text("2"), "f": .flag(true)],
      tables: ["fruit": try FigureTable(Artifact<TableOfFigure>.test)])
    let taken = try StepTemplate(of: step)
    let decoded = try StepTemplate.decode(
      DrawFigure.self, parameters: JSONValue(parsing: taken.parameters.canonicalBytes()),
      inputs: taken.inputs.map(\.description.name), outputs: taken.outputs.map(\.name))
    #expect(decoded.values == step.values)
    #expect(taken.inputs.map(\.description.name) == ["tables.fruit"])
  }
}
