// Holes of the regression gate: what a tolerance is not for, and a summary that cannot be made.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

@Suite(.programs) struct FaultCheckTests {
  private static func nodes(_ document: String, _ rows: String = "a,b\n1,x\n2,y\n") -> [JSONValue] {
    [
      ["name": "one.metrics", "json": .string(document)],
      ["name": "one.rows", "csv": .string(rows)],
    ]
  }

  private let space: FixtureSpace

  init() throws {
    space = try FixtureSpace(Self.nodes(#"{"auc":0.9,"part":"validation","whole":true}"#))
  }

  private var file: String { space.folder("Workshops/Fixture/Baselines/small.json") }

  private func check(_ words: String..., duckdb: String? = nil) throws -> EndedProgram {
    let real = try #require(TestTools.path(of: "duckdb"))
    return try space.start(["check"] + words, environment: ["ATELIER_DUCKDB": duckdb ?? real])
      .wait(seconds: 120)
  }

  /// Gives all entries a tolerance that any number fits.
  private func tolerate() throws {
    let text = try TestFiles.text(file).replacing(
      "\"kind\": \"file\",", with: "\"kind\": \"file\",\n      \"tolerance\": {\"relative\": 9},")
    try TestFiles.write(Array(text.utf8), to: file)
  }

  @Test func program18TextsAndBooleansStayExactUnderATolerance() throws {
    #expect(try check("--update").code == 0)
    try tolerate()
    try space.setGraph(Self.nodes(#"{"auc":0.8,"part":"validation","whole":true}"#))
    let within = try check()
    #expect(within.code == 0, "\(within.out)\(within.err)")
    for other in [
      #"{"auc":0.8,"part":"train","whole":true}"#,
      #"{"auc":0.8,"part":"validation","whole":false}"#,
      #"{"auc":0.8,"part":null,"whole":true}"#,
    ] {
      try space.setGraph(Self.nodes(other))
      let ended = try check()
      #expect(ended.code == 3, "\(other): \(ended.out)\(ended.err)")
    }
    try space.setGraph(
      Self.nodes(#"{"auc":0.8,"part":"validation","whole":true}"#, "a,b\n1,x\n2,z\n"))
    #expect(try check().code == 3)
  }

  @Test func program18ASummaryThatCannotBeMadeIsAnError() throws {
    #expect(try check("--update").code == 0)
    try tolerate()
    let before = try TestFiles.text(file)
    let broken = try space.folder.write(
      "#!/bin/sh\necho 'Out of Memory Error: could not allocate block of size 256.0 KiB' >&2\nexit 1\n",
      to: "broken")
    chmod(broken, 0o755)
    try space.setGraph(
      Self.nodes(#"{"auc":0.9,"part":"validation","whole":true}"#, "a,b\n1,x\n3,y\n"))
    let ended = try check("--update", duckdb: broken)
    #expect(ended.code != 0 && ended.err.contains("Out of Memory"), "\(ended.out)\(ended.err)")
    #expect(try TestFiles.text(file) == before)
  }
}
