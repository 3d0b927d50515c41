// The plan as a document: what names it, and what does not.
import Atelier
import AtelierStep
import Content
import Plans
import Testing

@Suite struct PlanTests {
  private func small(
    seed: Int = 1, rows: String = "7", root: String = "/p", retries: Int = 0
  ) throws -> Plan {
    try makePlan("one", settings: ["Orchard.rows": rows], root: root) { p in
      let source = p.source("one.file", path: "\(root)/data/numbers.txt", as: Numbers.self)
      p.add("one.make", Make(from: [source], seed: seed), limits: StepLimits(retries: retries))
    }
  }

  @Test func theDigestIsOfAllThatCounts() throws {
    let digest = try small().digest
    #expect(try small(seed: 2).digest != digest)
    #expect(try small(rows: "8").digest != digest)
    #expect(try small(retries: 1).digest != digest)
    // The place of the checkout is none of it, in settings neither.
    #expect(try small(root: "/somewhere/else").digest == digest)
    #expect(
      try small(rows: "/p/data/x.csv").digest
        == small(rows: "/somewhere/else/data/x.csv", root: "/somewhere/else").digest)
  }

  @Test func theDocumentSaysWhatWouldRunOnWhat() throws {
    let document = try small().document
    #expect(document["settings"] == ["Orchard.rows": "7"])
    let nodes = try #require(document["nodes"]?.array)
    #expect(nodes[0]["kind"] == "source" && nodes[0]["path"] == "data/numbers.txt")
    #expect(nodes[0]["content"]?["size"] == 1)
    #expect(nodes[1]["inputs"]?.object?.values.map { $0 } == ["one.file.content"])
    #expect(nodes[1]["step"]?["code"] == "c0de" && nodes[1]["step"]?["parameters"]?["seed"] == 1)
    #expect(document["stages"]?.array?.first?["name"] == "one")
    // Its own digest is that of the rest.
    var rest = document.object ?? [:]
    rest["digest"] = nil
    let bytes = try JSONValue.object(rest).canonicalBytes()
    #expect(document["digest"]?.string == (try Digest.of(bytes)).description)
  }

  @Test func aSourceWithoutBytesIsRefused() throws {
    var builder = PipelineBuilder(workshop: "orchard", stages: [Stage("one", "1")])
    let source = builder.source("one.file", path: "gone.txt", as: Numbers.self)
    builder.add("one.make", Make(from: [source]))
    let graph = try builder.finish()
    let error = #expect(throws: Plan.UnknownSource.self) {
      try Plan(graph, nodes: [0, 1], settings: [:], sources: [:], projectRoot: "/p")
    }
    #expect(error?.description.contains("one.file: the bytes of gone.txt are not known") == true)
  }
}
