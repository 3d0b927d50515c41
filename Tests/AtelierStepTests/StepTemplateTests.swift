// A step taken apart and put together again, and what its template holds.
import AtelierStep
import Content
import Testing

private enum Rows: ArtifactFormat {
  static let mediaType = "text/csv"
  static let fileExtension = "csv"
}

private struct Sample: Step {
  enum Mode: String, Codable { case fast, exact }
  struct Inner: Codable, Hashable { var weight = 0.5, label: String? }

  static let code = CodeFingerprint(family: "Test", digest: "", compiler: "")
  var rows: Artifact<Rows>
  var parts: [Artifact<Rows>] = []
  var named: [String: Artifact<Rows>] = [:]
  var optional: Artifact<Rows>?
  var seed = 7
  var big: Int64 = 9_007_199_254_740_993
  var mode = Mode.exact
  var inner = [Inner()]
  var note: String?
  var flag = true
  var table = Output<Rows>()
  var log = Output<Rows>()
  func run(in context: StepContext) throws {}
}

private func wired(_ node: Int) -> Artifact<Rows> {
  Artifact(.wired(.init(node: node, output: "o")))
}

@Suite struct StepTemplateTests {
  @Test func partsAreKeptApart() throws {
    let parts = (0..<12).map(wired)
    let step = Sample(rows: wired(3), parts: parts, named: ["extra": wired(4)])
    let template = try StepTemplate(of: step)
    #expect(
      try template.parameters.canonicalText()
        == #"{"big":"9007199254740993","flag":true,"inner":[{"weight":0.5}],"mode":"exact","seed":7}"#
    )
    let names = template.inputs.map(\.description.name)
    #expect(names == ["rows"] + (0..<12).map { "parts.\($0)" } + ["named.extra"])
    #expect(template.inputs[0].reference == OutputReference(node: 3, output: "o"))
    #expect(template.outputs.map(\.name) == ["table", "log"])
    #expect(template.outputs[0].fileName == "table.csv")
  }

  @Test func decodingGivesTheStepBackWithBoundInputs() throws {
    let step = Sample(rows: wired(3), parts: (0..<12).map(wired), named: ["extra": wired(4)])
    let template = try StepTemplate(of: step)
    let text = try template.parameters.canonicalBytes()
    let decoded = try StepTemplate.decode(
      Sample.self, parameters: JSONValue(parsing: text),
      inputs: Set(template.inputs.map(\.description.name)), outputs: ["table", "log"])
    #expect(decoded.rows.source == .bound(input: "rows"))
    #expect(decoded.parts.map(\.source) == (0..<12).map { .bound(input: "parts.\($0)") })
    #expect(decoded.named["extra"]?.source == .bound(input: "named.extra"))
    #expect(decoded.optional == nil)
    #expect(decoded.big == step.big)
    #expect(decoded.inner == step.inner)
    #expect(decoded.mode == .exact)
    #expect(decoded.table.name == "table")
    #expect(try StepTemplate(of: decoded).parameters == template.parameters)
  }

  @Test func notANumberIsRefusedByName() throws {
    var step = Sample(rows: wired(0))
    step.inner = [.init(weight: .nan)]
    #expect {
      try StepTemplate(of: step)
    } throws: { "\($0)" == "the parameter 'inner.0.weight' is nan; keys take finite numbers only" }
  }

  @Test func aMissingParameterIsAnErrorNotADefault() throws {
    #expect(throws: DecodingError.self) {
      try StepTemplate.decode(
        Sample.self, parameters: ["seed": 7], inputs: ["rows"], outputs: ["table", "log"])
    }
  }
}
