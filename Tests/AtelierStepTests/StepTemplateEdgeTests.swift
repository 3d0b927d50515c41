// Steps of unusual shape: what is taken apart must come back the same, or be refused by name.
import AtelierStep
import Content
import Testing

enum TableRows: ArtifactFormat {
  static let mediaType = "text/csv"
  static let fileExtension = "csv"
}

private let testCode = CodeFingerprint(family: "Test", digest: "", compiler: "")

private func wired(_ node: Int) -> Artifact<TableRows> {
  Artifact(.wired(.init(node: node, output: "o")))
}

/// A step with one property of any type.
private struct Holder<Value: Codable & Sendable>: Step {
  static var code: CodeFingerprint { testCode }
  var value: Value
  var out = Output<TableRows>()
  func run(in context: StepContext) throws {}
}

/// A step taken apart, sent as bytes, and put together again.
private func there<S: Step>(_ step: S) throws -> (template: StepTemplate, back: S) {
  let template = try StepTemplate(of: step)
  let sent = try JSONValue(parsing: template.parameters.canonicalBytes())
  let back = try StepTemplate.decode(
    S.self, parameters: sent, inputs: Set(template.inputs.map(\.description.name)),
    outputs: template.outputs.map(\.name))
  return (template, back)
}

/// The parameters' text of a value, which must come back equal.
private func roundTrip<Value: Codable & Sendable & Equatable>(_ value: Value) throws -> String {
  let (template, back) = try there(Holder(value: value))
  #expect(back.value == value)
  #expect(
    try StepTemplate(of: back).parameters.canonicalBytes() == template.parameters.canonicalBytes())
  return try template.parameters.canonicalText()
}

@Suite struct ParameterTests {
  enum Shape: Codable, Hashable, Sendable {
    case empty
    case circle(radius: Double)
    case pair(Int, String)
    indirect case both(Shape, Shape)
  }
  enum Level: Int, Codable, Sendable { case low = 1, high = 9 }
  struct Inner: Codable, Hashable, Sendable {
    var map: [String: [Int]] = [:]
    var maybe: [String?] = []
    var none: Int?
  }

  @Test func integersToTheirLimits() throws {
    #expect(
      try roundTrip([Int64.min, .max, 0, -1])
        == #"{"value":["-9223372036854775808","9223372036854775807",0,-1]}"#)
    #expect(try roundTrip([UInt64.max, 0]) == #"{"value":["18446744073709551615",0]}"#)
    #expect(try roundTrip([Int8.min, .max]) == #"{"value":[-128,127]}"#)
    let edge: [Int] = [9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_993]
    #expect(
      try roundTrip(edge) == #"{"value":[9007199254740991,9007199254740992,"9007199254740993"]}"#)
  }

  @Test func doublesToTheirLimits() throws {
    let values: [Double] = [
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      .leastNormalMagnitude, .ulpOfOne, 1, 1e18, 1e20, 1e21, 9_007_199_254_740_994, 0.1, 1 / 3,
    ]
    _ = try roundTrip(values)
    #expect(try roundTrip(7.0) == #"{"value":7}"#)
    #expect(try roundTrip(Float(0.1)) == #"{"value":0.10000000149011612}"#)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func notFiniteDoublesAreRefusedByName(_ value: Double) {
    #expect {
      try StepTemplate(of: Holder(value: ["x": [value]]))
    } throws: { "\($0)" == "the parameter 'value.x.0' is \(value); keys take finite numbers only" }
  }

  @Test func texts() throws {
    let texts = [
      "", " ", "é", "e\u{301}", "😀", "\u{0}\u{1F}", "a.b/c", "\"\\", "\u{FFFF}", "0", "null",
    ]
    let (_, back) = try there(Holder(value: texts))
    #expect(back.value.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    #expect(try roundTrip(["a.b": 1, "": 2, "7": 3]) == #"{"value":{"":2,"7":3,"a.b":1}}"#)
  }

  @Test func enumsAndNestedValues() throws {
    #expect(
      try roundTrip([Shape.empty, .circle(radius: 2), .pair(1, "x"), .both(.empty, .pair(2, ""))])
        == #"{"value":[{"empty":{}},{"circle":{"radius":2}},{"pair":{"_0":1,"_1":"x"}},"#
        + #"{"both":{"_0":{"empty":{}},"_1":{"pair":{"_0":2,"_1":""}}}}]}"#)
    #expect(try roundTrip([Level.low, .high]) == #"{"value":[1,9]}"#)
    #expect(
      try roundTrip(Inner(map: ["a": [], "b": [1]], maybe: ["x", nil, "y"]))
        == #"{"value":{"map":{"a":[],"b":[1]},"maybe":["x",null,"y"]}}"#)
    #expect(try roundTrip([Int?]([nil, 1, nil])) == #"{"value":[null,1,null]}"#)
    #expect(try roundTrip([[Int]]([[], [1], []])) == #"{"value":[[],[1],[]]}"#)
    #expect(try roundTrip(Int?.none) == #"{"value":null}"#)
    #expect(try roundTrip([5: "five", -1: "less"]) == #"{"value":{"-1":"less","5":"five"}}"#)
  }

  /// Their order, hence the key, would be another one in every process.
  @Test func collectionsInTheOrderOfHashesAreRefused() {
    #expect {
      try StepTemplate(of: Holder(value: Set(["a", "b"])))
    } throws: { "\($0)".hasPrefix("the parameter 'value' is a Set<String>, whose order differs") }
    #expect {
      try StepTemplate(of: Holder(value: ["x": [Level.low: 1, .high: 2]]))
    } throws: { "\($0)".hasPrefix("the parameter 'value.x' is a Dictionary<Level, Int>") }
  }

  @Test func aParameterOfAnotherTypeIsRefused() {
    func decode<V: Codable & Sendable>(_ type: V.Type, _ value: JSONValue) throws {
      _ = try StepTemplate.decode(
        Holder<V>.self, parameters: ["value": value], inputs: [], outputs: ["out"])
    }
    #expect(throws: DecodingError.self) { try decode(Int8.self, 128) }
    #expect(throws: DecodingError.self) { try decode(UInt.self, -1) }
    #expect(throws: DecodingError.self) { try decode(Int.self, 0.5) }
    #expect(throws: DecodingError.self) { try decode(Int.self, "7x") }
    #expect(throws: DecodingError.self) { try decode(String.self, 7) }
    #expect(throws: DecodingError.self) { try decode(Bool.self, 1) }
    #expect(throws: DecodingError.self) { try decode([Int].self, [:]) }
    #expect(throws: DecodingError.self) { try decode(Inner.self, []) }
  }
}

@Suite struct InputShapeTests {
  struct Pair: Codable, Hashable, Sendable {
    var rows: Artifact<TableRows>
    var other: Artifact<TableRows>?
    var weight: Double?
  }
  enum Operand: Codable, Hashable, Sendable {
    case file(Artifact<TableRows>)
    case number(Int)
  }

  /// The names of a value's inputs, its parameters' text, and the names that it has when it is back.
  private func names<V: Codable & Sendable>(
    _ value: V, _ bound: (V) -> [String?]
  ) throws -> ([String], String, [String?]) {
    let (template, back) = try there(Holder(value: value))
    return (
      template.inputs.map(\.description.name), try template.parameters.canonicalText(),
      bound(back.value)
    )
  }

  private func name(_ artifact: Artifact<TableRows>?) -> String? {
    if case .bound(let name)? = artifact?.source { name } else { nil }
  }

  @Test func structsWithInputs() throws {
    let pairs = [Pair(rows: wired(0)), Pair(rows: wired(1), other: wired(2), weight: 0.5)]
    let found = try names(pairs) { $0.flatMap { [name($0.rows), name($0.other)] } }
    #expect(found.0 == ["value.0.rows", "value.1.rows", "value.1.other"])
    #expect(found.1 == #"{"value":[null,{"weight":0.5}]}"#)
    #expect(found.2 == ["value.0.rows", nil, "value.1.rows", "value.1.other"])
  }

  @Test func dictionariesOfInputs() throws {
    let map = ["b": wired(0), "a": wired(1), "-1": wired(2), "+2": wired(3)]
    let found = try names(map) { $0.sorted { $0.key < $1.key }.map { name($0.value) } }
    #expect(found.0.sorted() == ["value.+2", "value.-1", "value.a", "value.b"])
    #expect(found.1 == "{}")
    #expect(found.2 == ["value.+2", "value.-1", "value.a", "value.b"])
    #expect(
      try names([String: Artifact<TableRows>]()) { $0.map { name($0.value) } }.1 == #"{"value":{}}"#
    )
  }

  @Test func optionalInputsKeepTheirPlace() throws {
    let cases: [[Artifact<TableRows>?]] = [
      [wired(0), nil], [nil, wired(0)], [wired(0), nil, wired(1)], [nil], [], [wired(0)],
    ]
    var texts: Set<String> = []
    for value in cases {
      let found = try names(value) { $0.map(name) }
      #expect(
        found.2 == value.enumerated().map { $1 == nil ? nil : "value.\($0)" }, "\(value)")
      texts.insert(found.1 + found.0.joined())
    }
    #expect(texts.count == cases.count)  // each has a key of its own
    #expect(try names(Artifact<TableRows>?.none) { [name($0)] } == ([], #"{"value":null}"#, [nil]))
  }

  @Test func enumsThatHoldAnInputOrAValue() throws {
    let value = [Operand.file(wired(0)), .number(3), .file(wired(1))]
    let (template, back) = try there(Holder(value: value))
    #expect(template.inputs.map(\.description.name) == ["value.0.file._0", "value.2.file._0"])
    #expect(
      back.value == [
        .file(Artifact(.bound(input: "value.0.file._0"))), .number(3),
        .file(Artifact(.bound(input: "value.2.file._0"))),
      ])
  }

  @Test func emptyArraysOfInputs() throws {
    let found = try names([Artifact<TableRows>]()) { $0.map(name) }
    #expect(found == ([], #"{"value":[]}"#, []))
  }

  @Test func tenThousandInputs() throws {
    let (_, back) = try there(Holder(value: (0..<10_000).map(wired)))
    #expect(back.value.count == 10_000)
    #expect(name(back.value[9_999]) == "value.9999")
  }

  @Test(arguments: ["a.b", "", "7", "a/b", ".."])
  func namesThatCouldBeTakenForPathsAreRefused(_ key: String) {
    #expect {
      try StepTemplate(of: Holder(value: [key: wired(0)]))
    } throws: { "\($0)".contains("the input '\(key)' needs a name without dots and slashes") }
  }

  @Test func numbersAsNamesAreRefused() {
    #expect(throws: StepFailure.self) { try StepTemplate(of: Holder(value: [5: wired(0)])) }
  }

  @Test func anOutputBelongsToTheStepItself() {
    struct Nested: Codable, Sendable { var out = Output<TableRows>() }
    #expect(throws: EncodingError.self) { try StepTemplate(of: Holder(value: Nested())) }
    #expect(throws: EncodingError.self) {
      try StepTemplate(of: Holder(value: [Output<TableRows>()]))
    }
  }
}
