// Small graphs for these tests; their steps do nothing.
import Atelier
import AtelierStep
import Compile
import Content
import Plans

enum Numbers: ArtifactFormat {
  static let mediaType = "text/numbers"
  static let fileExtension = "txt"
}

struct Make: Step {
  static let code = TestCode.code
  var from: [Artifact<Numbers>] = []
  var seed = 1
  var numbers = Output<Numbers>()
  func run(in context: StepContext) throws {}
}

struct Judge: Step {
  static let code = TestCode.code
  var numbers: Artifact<Numbers>
  var comparison = "below"
  var threshold = 0.5
  var choice = Output<Choice>()
  func run(in context: StepContext) throws {}
}

/// A decision without a threshold.
struct Toss: Step {
  static let code = TestCode.code
  var numbers: Artifact<Numbers>
  var choice = Output<Choice>()
  func run(in context: StepContext) throws {}
}

enum TestCode {
  static let code = CodeFingerprint(family: "Test", digest: "c0de", compiler: "test")
}

/// A plan of a graph that is wired so.
func plan(
  _ stages: String..., settings: [String: String] = ["Orchard.rows": "7"], root: String = "/p",
  wire: (inout PipelineBuilder) throws -> Void
) throws -> Plan {
  var builder = PipelineBuilder(
    workshop: "orchard", stages: stages.map { Stage($0, $0) }, projectRoot: root)
  try wire(&builder)
  let graph = try builder.finish()
  let record = OutputRecord(
    digest: try Digest.of("x"), size: 1, mediaType: Numbers.mediaType, kind: .file)
  return try Plan(
    graph, nodes: Array(graph.nodes.indices), settings: settings,
    sources: Dictionary(
      uniqueKeysWithValues: graph.nodes.indices.filter {
        if case .source = graph.nodes[$0].kind { true } else { false }
      }.map { ($0, record) }), projectRoot: root)
}

let settings = JobSettings(bucket: "b", prefix: "p", region: "eu-central-1")
