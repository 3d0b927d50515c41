// What two run records do not share, of records written by hand.
import Content
import Planning
import Testing

@testable import Inspection
@testable import Project

@Suite struct RunDifferenceTests {
  private static func digest(_ text: String) throws -> JSONValue {
    .string(try Digest.of(text).description)
  }

  private func record(_ id: String, _ steps: [String: JSONValue]) throws -> RunRecord {
    try #require(
      RunRecord(json: [
        "v": 1, "id": .string(id), "workshop": "lab", "status": "ok", "steps": .object(steps),
      ]))
  }

  private func step(
    _ key: String?, _ output: String?, status: String = "built"
  ) throws -> JSONValue {
    var fields: [String: JSONValue] = ["status": .string(status)]
    if let key { fields["key"] = try Self.digest(key) }
    if let output { fields["outputs"] = ["out": ["digest": try Self.digest(output), "size": 3]] }
    return .object(fields)
  }

  private func difference(
    _ old: [String: JSONValue], _ new: [String: JSONValue],
    document: (StepRecord) -> JSONValue? = { _ in ["parameters": ["seed": 1]] }
  ) throws -> RunDifference {
    RunDifference(try record("old", old), try record("new", new), document: document)
  }

  @Test func eachKindIsTold() throws {
    let found = try difference(
      [
        "a.same": step("k", "x"), "a.hit": step("k", "x"), "a.gone": step("k", "x"),
        "a.key": step("k", "x"), "a.dice": step("k", "x"), "a.source": step(nil, "x"),
        "a.bad": step("k", nil, status: "failed"), "a.still": step("k", nil, status: "failed"),
        "a.left": step("k", "x"),
      ],
      [
        "a.same": step("k", "x"), "a.hit": step("k", "x", status: "hit"), "a.new": step("k", "x"),
        "a.key": step("l", "x"), "a.dice": step("k", "y"), "a.source": step(nil, "y"),
        "a.bad": step("k", "x"), "a.still": step("k", nil, status: "failed"),
        "a.left": step(nil, nil, status: "skipped"),
      ])
    #expect(
      found.nodes.map { "\($0.name) \($0.kind.rawValue)" } == [
        "a.bad outcome", "a.dice otherBytes", "a.gone onlyOld", "a.key changed", "a.left outcome",
        "a.new onlyNew", "a.source changed",
      ])
    #expect(found.equal == 3)
    #expect(found.nodes.first { $0.name == "a.key" }?.outputs.isEmpty == true)
  }

  @Test func theArmThatWasNotTakenIsNoDifferenceOfBytes() throws {
    let found = try difference(
      [
        "a.then": step("k", "x"), "a.otherwise": step("m", nil, status: "not-taken"),
        "a.neither": step("k", nil, status: "not-taken"),
      ],
      [
        "a.then": step("k", nil, status: "not-taken"), "a.otherwise": step("n", "y"),
        "a.neither": step("k", nil, status: "not-taken"),
      ])
    #expect(
      found.nodes.map { "\($0.name) \($0.kind.rawValue)" } == [
        "a.otherwise outcome", "a.then outcome",
      ])
    #expect(found.equal == 1)
  }

  @Test func fieldsComeFromBothDocuments() throws {
    let first = try #require(try Self.digest("k").string)
    let found = try difference(["a": step("k", "x")], ["a": step("l", "y")]) { step in
      ["parameters": ["seed": step.key?.description == first ? 1 : 2]]
    }
    let node = try #require(found.nodes.first)
    #expect(node.changes == [FieldChange(field: "parameters.seed", old: 1, new: 2)])
    #expect(node.outputs.map(\.old) == [try Digest.of("x")])
    #expect(node.outputs.map(\.new) == [try Digest.of("y")])
    let lost = try difference(["a": step("k", "x")], ["a": step("l", "y")], document: { _ in nil })
    #expect(lost.nodes.first?.kind == .changed && lost.nodes.first?.changes == nil)
  }

  @Test func numbersInNamesAreOrderedByValue() throws {
    let steps = try ["t.10", "t.9", "t.2", "a"].map { ($0, try step("k", "x")) }
    let found = try difference([:], Dictionary(uniqueKeysWithValues: steps))
    #expect(found.nodes.map(\.name) == ["a", "t.2", "t.9", "t.10"])
  }

  @Test(
    arguments: [
      ("latest", 0), ("latest~0", 0), ("latest~12", 12), ("latest~", nil), ("latest~-1", nil),
      ("latest~x", nil), ("newest", nil),
    ] as [(String, Int?)])
  func agesOfRuns(_ text: String, _ age: Int?) {
    #expect(RunReference.age(text) == age)
  }
}
