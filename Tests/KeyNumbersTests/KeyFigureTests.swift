// Key numbers and decisions: read from outputs, compared, worded, kept as JSON.
import Atelier
import AtelierStep
import Content
import Testing

@testable import KeyNumbers

@Suite struct KeyFigureTests {
  private enum Row: ArtifactFormat {
    static let mediaType = "text/csv"
    static let fileExtension = "csv"
  }

  private enum Document: ArtifactFormat {
    static let mediaType = "application/json"
    static let fileExtension = "json"
  }

  private struct Measure: Step {
    static let code = CodeFingerprint(family: "Test", digest: "c0de", compiler: "test")
    var row = Output<Row>()
    var document = Output<Document>()
    var choice = Output<Choice>()
    func run(in context: StepContext) throws {}
  }

  private func graph(_ declare: (inout PipelineBuilder, Node<Measure>) -> Void) throws -> Graph {
    var p = PipelineBuilder(workshop: "lab", stages: [Stage("one", "1")])
    let node = p.add("one.measure", Measure())
    declare(&p, node)
    return try p.finish()
  }

  private func read(
    _ graph: Graph, _ outputs: [String: String]
  ) -> (results: KeyResults, problems: [String]) {
    KeyReader(graph) { step, output in
      step == "one.measure" ? outputs[output].map { Array($0.utf8) } : nil
    }.results()
  }

  private func declared() throws -> Graph {
    try graph { p, node in
      p.keyNumber(
        "AUC", in: node.row, .column("auc"), better: .higher,
        beside: .init("baseline", .column("baselineAuc")))
      p.keyNumber("reach", in: node.row, .column("reach"), unit: .named("people"), better: .neither)
      p.keyNumber(
        "RMSE", in: node.document, .member("metrics", "rmse"), better: .lower, target: 10)
      p.keyDecision("Model", on: node.choice, yes: "accepted", no: "refused")
    }
  }

  private static let choice =
    #"{"choice":true,"comparison":"below","constant":35.9,"metric":"rmse","passesThreshold":true,"#
    + #""beatsConstant":true,"threshold":10,"value":2.63205}"#

  @Test func numbersAreReadWhereTheyAreDeclared() throws {
    let (results, problems) = try read(
      declared(),
      [
        "row": "auc,baselineAuc,reach\r\n0.891,0.901,\"12701\"\r\n",
        "document": #"{"metrics":{"rmse":2.63205}}"#, "choice": Self.choice,
      ])
    #expect(problems == [])
    #expect(
      results.lines(previous: nil, width: 200) == [
        "AUC 0.891 (behind baseline 0.901)   reach 12,701 people   RMSE 2.63",
        "Model accepted: RMSE 2.63 is below 10",
      ])
    #expect(results.numbers.map(\.output).last == "one.measure.document")
    #expect(results.numbers.map(\.place) == ["auc", "reach", "/metrics/rmse"])
    // What records keep is what was read.
    let record = JSONValue.object(results.recorded)
    #expect(KeyResults(record: try JSONValue(parsing: record.canonicalBytes())) == results)
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let (results, problems) = try read(
      declared(),
      ["row": "AUC,reach\nx,many\n", "document": #"{"metrics":{"mae":2}}"#, "choice": "[]"])
    #expect(results.isEmpty)
    #expect(
      problems == [
        "the key number 'AUC': one.measure.row has no column 'auc'; it has AUC, reach",
        "the key number 'reach': one.measure.row has 'many' in column 'reach'; expected a number",
        "the key number 'RMSE': one.measure.document has no member 'metrics.rmse'; beside it are mae",
      ])
    let rows = try read(declared(), ["row": "auc\n1\n2\n"])
    #expect(
      rows.problems.first == "the key number 'AUC': one.measure.row has 2 rows; expected one")
    // An output that a run lacks is no problem: the arm of a branch was not taken.
    #expect(try read(declared(), [:]).problems == [])
  }

  @Test(arguments: [
    (#"{"passesThreshold":false,"beatsConstant":true,"value":12.4"#, "RMSE 12.4 is not below 10"),
    (
      #"{"passesThreshold":true,"beatsConstant":false,"constant":2.5,"value":2.63"#,
      "RMSE 2.63 is below 10, but no better than the 2.5 of a constant prediction"
    ),
    (#"{"passesThreshold":false,"value":10.0001"#, "RMSE 10.0001 is not below 10"),
  ])
  func aRefusalSaysWhy(_ facts: String, _ reason: String) throws {
    let text =
      facts + #","choice":false,"comparison":"below","metric":"rmse","threshold":10}"#
    let value = try #require(try JSONValue(parsing: Array(text.utf8))["value"]?.number)
    let (results, _) = try read(
      declared(), ["document": #"{"metrics":{"rmse":\#(value)}}"#, "choice": text])
    #expect(results.verdicts.map(\.sentence) == ["Model refused: " + reason])
  }

  @Test func changesAreJudged() throws {
    func figure(
      _ value: Double, _ better: KeyNumber.Direction, unit: KeyNumber.Unit = .none
    ) -> KeyFigure {
      KeyFigure(name: "n", value: value, unit: unit, better: better, output: "o", place: "p")
    }
    func sentence(_ old: KeyFigure, _ new: KeyFigure) -> String {
      KeyChange(from: old, to: new).sentence
    }
    #expect(
      sentence(figure(0.905, .higher), figure(0.912, .higher))
        == "n 0.905 -> 0.912, +0.007 (+0.8 %), better")
    #expect(sentence(figure(2, .lower), figure(2.5, .lower)) == "n 2.0 -> 2.5, +0.5 (+25 %), worse")
    #expect(
      sentence(figure(0.901, .higher, unit: .share), figure(0.891, .higher, unit: .share))
        == "n 90.1 % -> 89.1 %, -1.0 points, worse")
    let (old, new) = (
      figure(17_550, .neither, unit: .named("people")),
      figure(12_701, .neither, unit: .named("people"))
    )
    #expect(sentence(old, new) == "n 17,550 people -> 12,701 people, -4,849 (-27.6 %)")
    #expect(sentence(new, new) == "n 12,701 people, same")
    #expect(new.summary(previous: old) == "n 12,701 people (was 17,550)")
    #expect(
      sentence(figure(0.9120001, .higher), figure(0.9120002, .higher)).contains(
        "0.9120001 -> 0.9120002"))
  }

  @Test func aMissedTargetIsSaid() {
    func number(_ value: Double) -> KeyFigure {
      KeyFigure(name: "RMSE", value: value, better: .lower, target: 10, output: "o", place: "p")
    }
    #expect(number(12.4).summary(previous: nil) == "RMSE 12.4 (target 10 missed)")
    #expect(number(10).meetsTarget == true)
    #expect(number(2).summary(previous: nil) == "RMSE 2")
  }

  @Test func aWrongDeclarationIsRefusedAndNamed() throws {
    func problem(_ declare: (inout PipelineBuilder, Node<Measure>) -> Void) -> String {
      do {
        _ = try graph(declare)
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      problem { p, node in p.keyNumber("AUC", in: node.document, .column("auc"), better: .higher) }
        == "workshop lab, step 'one.measure.document': the key number 'AUC' is the column 'auc', and "
        + "this output is application/json: expected text/csv, or name a member of a JSON document")
    #expect(
      problem { p, node in
        p.keyNumber("AUC", in: node.row, .column("auc"), better: .higher)
        p.keyNumber("AUC", in: node.row, .column("auc"), better: .higher)
      } == "workshop lab, step 'one.measure.row': the key number 'AUC' is declared twice")
    #expect(
      problem { p, node in
        p.keyNumber(
          "AUC", in: node.artifact("rwo", as: Row.self), .column("auc"), better: .higher)
      }.contains("'AUC' is in 'rwo', which is not an output of this graph"))
    #expect(
      problem { p, node in
        p.keyNumber("n", in: node.row, .member("a", "b"), better: .higher)
      }.contains("is the member 'a.b', and this output is text/csv: expected JSON"))
    #expect(
      problem { p, node in
        p.keyNumber("n", in: node.row, .column("a"), better: .lower, target: .nan)
      }.contains("has the target nan"))
    #expect(
      problem { p, node in
        p.keyDecision("Model", on: node.choice, yes: "a", no: "b")
        p.keyDecision("Model", on: node.choice, yes: "a", no: "b")
      }.contains("the decision 'Model' is declared twice"))
  }
}
