// Steps whose bytes no two executions share: found, named, and told by the exit code.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

extension ConformanceTests {
  @Suite struct Irreproducible {
    @Test("A step that is not reproducible: verify finds it and names the place")
    func verifyFindsAStepThatIsNotReproducible() throws {
      let space = try FixtureSpace([
        ["name": "one.same", "script": "echo same > $out"],
        ["name": "one.rows", "invent": "csv"],
      ])
      #expect(try space.run().code == 0)
      let verified = try space.call("verify", "--json")
      #expect(verified.code == 4, "\(verified.err)")
      let verdicts = verified.events.filter { $0["event"] == "verify" }
      #expect(verdicts.first { $0["step"] == "one.same" }?["status"] == "same")
      let rows = try #require(verdicts.first { $0["step"] == "one.rows" })
      #expect(rows["status"] == "differs")
      let place = rows["outputs"]?.array?.first?["first"]?.string ?? ""
      #expect(place.hasPrefix("row 2, column 'value': "), "\(place)")
      // The kept result stays what it is.
      #expect(try space.run().statuses == ["one.same": "hit", "one.rows": "hit"])
    }

    @Test(
      "A step that is not reproducible: the first of two results wins, and the run says so",
      .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
    func theFirstOfTwoDifferentResultsWinsAndTheRunSaysSo() throws {
      // The shell's own number: no two executions share it.
      let project = try SharedProject([
        SharedProject.step("one.a", [], "echo $$ > $out"),
        SharedProject.step("one.b", ["one.a"], "cat $one_a > $out; echo b >> $out"),
      ])
      let first = try project.run("a")
      let key = try #require(first.step("one.a")?["key"]?.string.flatMap { Digest($0) })
      let object = "team/project/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
      let theirs = try project.client.get(object).bytes
      // Another machine builds the same, as if it did so before the first one's result was there, and
      // is killed before its upload.
      _ = try project.client.delete(project.keys(".atelier/ac/"))
      let second = try project.run("b")
      #expect(try second.digest(of: "one.a") != first.digest(of: "one.a"))
      _ = try project.client.delete(project.keys(".atelier/ac/"))
      try project.client.put(theirs, key: object)
      let notes = try #require(
        FileManager.default.contentsOfDirectory(atPath: project.store("b") + "/.atelier/remote")
          .first)
      try TestFiles.write(
        [], to: "\(project.store("b"))/.atelier/remote/\(notes)/pending/\(key.hex)")

      let third = try project.run("b")
      #expect(third.code == 4, "\(third.out)\(third.err)")
      #expect(third.notices.contains { $0.contains("one.a is not reproducible") })
      #expect(third.events.last?["irreproducible"] == ["one.a"])
      #expect(third.statuses == ["one.a": "hit", "one.b": "built"])
      for output in ["one.a", "one.b"] {
        let last = third.events.last { $0["step"]?.string == output }
        let digest = last?["outputs"]?["out"]?["digest"]?.string
        #expect(try digest == first.digest(of: output).description)
      }
      let again = try project.run("b")
      #expect(again.code == 0)
      #expect(Set(again.statuses.values) == ["hit"])
      #expect(try again.digest(of: "one.b") == first.digest(of: "one.b"))
    }

  }
}
