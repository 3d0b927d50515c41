// Every field of the key, changed by itself: exactly that field is named, here and by a machine that
// never ran the step.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// A change of one field of a key document.
struct KeyMutation: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let step: String
  /// The one field that changes.
  let field: String
  /// Another build of the program, as FIXTURE_BUILD says it.
  var build: [String: JSONValue] = [:]
  var text = "text"
  var source = "source"
  /// Whether `cat` is another program.
  var otherTool = false

  static let all = [
    KeyMutation(
      testDescription: "code", step: "one.built", field: "code.code",
      build: ["code": .string(String(repeating: "c", count: 64))]),
    KeyMutation(
      testDescription: "compiler", step: "one.built", field: "build.compiler",
      build: ["compiler": "Swift 6.4"]),
    KeyMutation(
      testDescription: "family", step: "one.built", field: "family", build: ["family": "Other"]),
    KeyMutation(
      testDescription: "step", step: "one.built", field: "step", build: ["step": "Rebuilt"]),
    KeyMutation(
      testDescription: "SQL", step: "one.built", field: "sql.rows.sql",
      build: ["sql": "SELECT 2"]),
    KeyMutation(
      testDescription: "an output's type", step: "one.built", field: "outputs.out.mediaType",
      build: ["mediaType": "text/csv"]),
    KeyMutation(
      testDescription: "a parameter", step: "one.built", field: "parameters.text", text: "texT"),
    KeyMutation(
      testDescription: "an input", step: "one.built", field: "inputs.input", source: "sourcE"),
    KeyMutation(
      testDescription: "a program", step: "one.copied", field: "programs.cat", otherTool: true),
  ]

  /// Puts the graph and its source there.
  func lay(_ space: FixtureSpace) throws {
    try space.folder.write(source, to: "in.txt")
    try space.setGraph([
      ["name": "one.in", "source": "in.txt"],
      ["name": "one.built", "built": .string(text), "input": "one.in"],
      ["name": "one.copied", "script": "cat /dev/null > $out", "tools": ["cat"]],
    ])
  }

  /// What the program needs to know.
  func environment(_ space: FixtureSpace) throws -> [String: String] {
    var variables = ["FIXTURE_BUILD": try JSONValue.object(build).canonicalText()]
    guard otherTool else { return variables }
    let path = space.folder("tools/cat")
    // A program ends where its headers say, so one more byte changes nothing but its digest.
    try TestFiles.writeProgram(
      TestFiles.read(try #require(TestTools.path(of: "cat"))) + [0], to: path)
    variables["ATELIER_CAT"] = path
    return variables
  }

  /// The graph before the change.
  static let none = KeyMutation(testDescription: "nothing", step: "", field: "")
}

extension ConformanceTests {
  @Suite struct KeyFields {
    /// The fields with both sides, and the run compared with.
    private struct Reasons: Equatable {
      let fields: [String]
      let areBothSidesNamed: Bool
      let against: String?

      init(_ event: JSONValue?) {
        let reasons = event?["reasons"]?.array ?? []
        fields = reasons.compactMap { $0["field"]?.string }
        areBothSidesNamed = reasons.allSatisfy {
          $0["old"] != $0["new"] && $0["old"]?.string != nil && $0["new"]?.string != nil
        }
        against = event?["against"]?.string
      }
    }

    @Test(
      "nextflow#4894, bazel#3026: explain names exactly the field that changed",
      arguments: KeyMutation.all)
    func explainNamesExactlyTheFieldThatChanged(_ mutation: KeyMutation) throws {
      let space = try FixtureSpace([])
      try KeyMutation.none.lay(space)
      let before = try space.run()
      #expect(before.statuses == ["one.built": "built", "one.copied": "built"], "\(before.err)")
      let id = try #require(before.events.last?["id"]?.string)

      try mutation.lay(space)
      let environment = try mutation.environment(space)
      let explained = try space.call(
        "explain", mutation.step, "--json", environment: environment)
      let event = try #require(explained.events.first, "\(explained.err)")
      #expect(event["status"] == "will-run")
      let reasons = Reasons(event)
      #expect(reasons.fields == [mutation.field], "\(explained.out)")
      #expect(reasons.areBothSidesNamed && reasons.against == id, "\(explained.out)")

      // The run does as foretold, and going back is a hit.
      let other = mutation.step == "one.built" ? "one.copied" : "one.built"
      let after = try space.run(environment: environment)
      #expect(after.statuses == [mutation.step: "built", other: "hit"], "\(after.err)")
      #expect(Reasons(after.step(mutation.step)) == reasons, "\(after.out)")
      try KeyMutation.none.lay(space)
      #expect(try space.run().statuses == ["one.built": "hit", "one.copied": "hit"])
    }

    @Test(
      "nextflow#4894: the same against a result of another machine",
      .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)))
    func explainComparesWithAnotherMachinesRun() throws {
      let project = try SharedProject([])
      try KeyMutation.none.lay(project.space)
      let first = try project.run("a")
      #expect(first.code == 0, "\(first.err)")
      let id = try #require(first.events.last?["id"]?.string)
      for (number, mutation) in KeyMutation.all.enumerated() {
        try mutation.lay(project.space)
        let explained = try project.start(
          "b\(number)", verb: ["explain", mutation.step, "--json"],
          environment: mutation.environment(project.space)
        ).wait()
        let reasons = Reasons(explained.events.first)
        #expect(reasons.fields == [mutation.field], "\(mutation): \(explained.out)\(explained.err)")
        #expect(reasons.areBothSidesNamed && reasons.against == id, "\(explained.out)")
      }
    }

    /// What one machine of our own cannot change, told by a result that was written by hand as
    /// such a machine would write it.
    @Test(
      "nextflow#4894: another platform, and another form of the key",
      .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)),
      arguments: [
        ("platform", "linux-other", "platform"), ("schema", "atelier.action/1", "key schema"),
      ])
    func explainNamesAnotherPlatform(_ field: String, _ value: String, _ reason: String) throws {
      let project = try SharedProject([])
      try KeyMutation.none.lay(project.space)
      let result = try StoredResult(of: "one.built", in: project, run: try project.run("a"))
      let forged = try result.with(field, .string(value))
      let key = try Digest.of(forged.document.canonicalBytes())
      try project.client.delete(result.object)
      try project.client.put(
        try forged.bytes(key: key), key: StoredResult.object(key))
      let record = try #require(try project.keys(".atelier/runs/").first)
      let text = String(decoding: try project.client.get(record).bytes, as: UTF8.self)
      try project.client.put(
        Array(text.replacingOccurrences(of: result.key.hex, with: key.hex).utf8), key: record)

      let explained = try project.start("b", verb: ["explain", "one.built", "--json"]).wait()
      #expect(explained.events.first?["status"] == "will-run", "\(explained.out)")
      #expect(Reasons(explained.events.first).fields == [reason], "\(explained.out)")
      #expect(try project.run("b").statuses == ["one.built": "built", "one.copied": "hit"])
    }

    /// For each field of the document: a result that lies under a key, but whose document differs
    /// there, is somebody else's.
    @Test(
      "bazel#3026: a result counts under the digest of its whole document only",
      .enabled(if: BucketServer.isInstalled, Comment(rawValue: BucketServer.absence)),
      arguments: [
        "build", "code", "environment", "family", "inputs", "network", "outputs", "packages",
        "parameters", "platform", "programs", "runtime", "schema", "sql", "step",
      ])
    func aResultOfAnotherDocumentIsNone(_ field: String) throws {
      let project = try SharedProject([])
      try KeyMutation.none.lay(project.space)
      let result = try StoredResult(of: "one.built", in: project, run: try project.run("a"))
      #expect(Set(result.document.object?.keys ?? [:].keys).count == 15, "a field has no test")
      let value: JSONValue
      switch try #require(result.document[field]) {
      case .object(let members): value = .object(members.merging(["more": "more"]) { $1 })
      default: value = "other"
      }
      try project.client.put(
        try result.with(field, value).bytes(key: result.key), key: result.object)
      let run = try project.run("b")
      #expect(run.statuses == ["one.built": "built", "one.copied": "hit"], "\(run.err)")
    }
  }
}

/// An action result as it lies in a bucket.
private struct StoredResult {
  let key: Digest
  private var json: [String: JSONValue]

  var document: JSONValue { json["document"] ?? .null }
  var object: String { Self.object(key) }

  static func object(_ key: Digest) -> String {
    "team/project/.atelier/ac/\(key.hex.prefix(2))/\(key.hex).json"
  }

  init(of step: String, in project: SharedProject, run: EndedProgram) throws {
    key = try #require(run.step(step)?["key"]?.string.flatMap { Digest($0) }, "\(run.err)")
    json = [:]
    json = try #require(try JSONValue(parsing: project.client.get(object).bytes).object)
  }

  /// The result with another value in its document.
  func with(_ field: String, _ value: JSONValue) throws -> StoredResult {
    var other = self
    other.json["document"] = .object(
      (document.object ?? [:]).merging([field: value]) { $1 })
    return other
  }

  /// The bytes of the object, for a key.
  func bytes(key: Digest) throws -> [UInt8] {
    try JSONValue.object(json.merging(["key": .string(key.description)]) { $1 }).canonicalBytes()
  }
}
