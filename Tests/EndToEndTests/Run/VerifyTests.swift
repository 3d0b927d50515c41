// `verify`: the same bytes or not, and the first place where they differ.
import AtelierTesting
import Content
import EndToEndHarness
import Testing

@Suite(.programs) struct VerifyTests {
  /// Runs, verifies as JSON and as text; the JSON event of the step.
  private func verify(
    _ name: String, _ node: JSONValue
  ) throws -> (FixtureSpace, EndedProgram, JSONValue?) {
    let space = try FixtureSpace([["name": "one.same", "script": "echo same > $out"], node])
    try #require(try space.run().code == 0)
    let ended = try space.call("verify", "--json")
    return (space, ended, ended.events.first { $0["step"]?.string == name })
  }

  private func expectDifference(
    _ ended: EndedProgram, _ event: JSONValue?, _ output: String
  ) throws -> String {
    #expect(ended.code == 4, "\(ended.out)\(ended.err)")
    #expect(event?["status"] == "differs")
    #expect(
      ended.events.first { $0["step"] == "one.same" }?["status"] == "same", "\(ended.out)")
    let outputs = event?["outputs"]?.array ?? []
    #expect(outputs.map { $0["output"]?.string } == [output])
    return try #require(outputs.first?["first"]?.string)
  }

  @Test func whatIsTheSameIsFine() throws {
    let (space, ended, event) = try verify(
      "one.b", ["name": "one.b", "inputs": ["one.same"], "script": "echo b > $out"])
    #expect(ended.code == 0, "\(ended.err)")
    #expect(event == ["v": 1, "event": "verify", "step": "one.b", "status": "same"])
    #expect(try space.run().statuses == ["one.same": "hit", "one.b": "hit"])
  }

  @Test func otherBytesAreFoundAtTheirFirstByte() throws {
    let (space, ended, event) = try verify(
      "one.dice",
      [
        "name": "one.dice", "tools": ["od"],
        "script": "echo four > $out; od -An -N16 -tx8 /dev/urandom >> $out",
      ])
    let place = try expectDifference(ended, event, "out")
    func bytes(_ side: String) throws -> [UInt8] {
      let digest = event?["outputs"]?.array?.first?[side]?.string.flatMap { Digest($0) }
      return try TestFiles.read(space.blob(try #require(digest)))
    }
    let pair = zip(try bytes("expected"), try bytes("found")).enumerated()
    let first = try #require(pair.first { $0.element.0 != $0.element.1 }?.offset)
    #expect(first >= 5)
    #expect(place == "byte \(first)")
    // The kept result stays, and the text says the same.
    #expect(try space.run().statuses["one.dice"] == "hit")
    let text = try space.call("verify", "one.dice")
    #expect(text.code == 4)
    #expect(text.err.contains("one.dice.out: NOT REPRODUCIBLE, first difference at byte "))
  }

  @Test func otherRowsAreFoundByRowAndColumn() throws {
    let (_, ended, event) = try verify("one.rows", ["name": "one.rows", "invent": "csv"])
    let place = try expectDifference(ended, event, "rows")
    #expect(place.wholeMatch(of: /row 2, column 'value': [0-9]+ -> [0-9]+/) != nil, "\(place)")
  }

  @Test func otherDocumentsAreFoundByPointer() throws {
    let (_, ended, event) = try verify("one.model", ["name": "one.model", "invent": "json"])
    let place = try expectDifference(ended, event, "document")
    #expect(place.hasPrefix("/model/seed: "), "\(place)")
  }

  @Test func aStepWithoutAResultIsUnknown() throws {
    let space = try FixtureSpace([["name": "one.a", "script": "echo a > $out"]])
    let ended = try space.call("verify")
    #expect(ended.code == 3)
    #expect(ended.err.contains("run it first"))
  }
}
