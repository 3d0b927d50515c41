// Steps and formats of these tests. They do nothing; only how they are wired matters.
import Atelier
import AtelierStep

enum Apples: ArtifactFormat {
  static let mediaType = "text/apples"
  static let fileExtension = "txt"
}

enum Pears: ArtifactFormat {
  static let mediaType = "text/pears"
  static let fileExtension = ""
  static let isTree = true
}

private let testCode = CodeFingerprint(family: "Test", digest: "c0de", compiler: "test")

struct Pick: Step {
  static let code = testCode
  var count = 1
  var apples = Output<Apples>()
  var pears = Output<Pears>()
  func run(in context: StepContext) throws {}
}

struct Press: Step {
  static let code = testCode
  var apples: Artifact<Apples>
  var pears: [Artifact<Pears>] = []
  var juice = Output<Apples>()
  var programs: [Program] { [Program("press")] }
  var sql: [String: String] { ["press.sql": "SELECT 1"] }
  func run(in context: StepContext) throws {}
}

struct Decide: Step {
  static let code = testCode
  var apples: Artifact<Apples>
  var choice = Output<Choice>()
  func run(in context: StepContext) throws {}
}

struct Swallow: Step {
  static let code = testCode
  var apples: Artifact<Apples>
  func run(in context: StepContext) throws {}
}

struct Bare: Step {
  static let code = testCode
  static let isolation = Isolation.inProcess
  var apples = Output<Apples>()
  var programs: [Program] { [Program("press")] }
  func run(in context: StepContext) throws {}
}

func builder() -> PipelineBuilder {
  PipelineBuilder(
    workshop: "orchard", stages: [Stage("one", aliases: ["first"], "1"), Stage("two", "2")])
}
