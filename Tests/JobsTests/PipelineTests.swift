// Pipelines of SageMaker: what is written, and what is refused.
import Content
import Jobs
import Testing

@Suite struct PipelineTests {
  private static func job(_ name: String, after: [String] = [], decides: Bool = false)
    -> PipelineStep
  {
    var job = RequestTests.processing
    if !decides { job.output = nil }
    return PipelineStep(
      name: name, kind: .request(type: "Processing", arguments: job.stepArguments),
      dependsOn: after,
      propertyFiles: decides
        ? [.init(name: "choice", output: ProcessingJob.outputName, path: "choice.json")] : [])
  }

  private static let isGood = PipelineCondition(
    step: "measure", file: "choice", member: "value", order: .lessThan, value: .number(10))

  /// Measure, then one of two jobs.
  private static func pipeline() -> PipelineDefinition {
    PipelineDefinition(
      parameters: [],
      steps: [
        job("measure", decides: true),
        PipelineStep(
          name: "good",
          kind: .condition([isGood], then: [job("infer")], otherwise: [job("refuse")]),
          dependsOn: ["measure"]),
      ])
  }

  @Test func theDocumentIsWhatTheServiceReads() throws {
    let pipeline = Self.pipeline()
    #expect(pipeline.problems() == [])
    let steps = try #require(pipeline.document["Steps"]?.array)
    #expect(pipeline.document["Version"] == "2020-12-01")
    #expect(steps[0]["Type"] == "Processing" && steps[1]["Type"] == "Condition")
    #expect(
      steps[0]["PropertyFiles"] == [
        [
          "PropertyFileName": "choice", "OutputName": "decisions", "FilePath": "choice.json",
        ]
      ])
    let condition = try #require(steps[1]["Arguments"]?["Conditions"]?.array?.first)
    #expect(
      condition == [
        "Type": "LessThan",
        "LeftValue": [
          "Std:JsonGet": [
            "PropertyFile": ["Get": "Steps.measure.PropertyFiles.choice"], "Path": "value",
          ]
        ], "RightValue": 10,
      ])
    #expect(steps[1]["Arguments"]?["IfSteps"]?.array?.first?["Name"] == "infer")
    // No cache of the service: its key holds a place, not what lies there.
    #expect(steps[0]["CacheConfig"] == nil && steps[0]["RetryPolicies"]?.array?.count == 2)
  }

  private typealias Change = @Sendable (inout PipelineDefinition) -> Void

  private static let broken: [(Change, String)] = [
    ({ $0.steps = [] }, "the pipeline has no steps"),
    ({ $0.steps.append(job("measure")) }, "step 'measure': two steps have this name"),
    ({ $0.steps.append(job("infer")) }, "step 'infer': two steps have this name"),
    ({ $0.steps.append(job("a b")) }, "step 'a b': expected a name of at most 64"),
    (
      { $0.steps.append(job(String(repeating: "x", count: 65))) }, "expected a name of at most 64"
    ),
    ({ $0.steps.append(job("last", after: ["gone"])) }, "it depends on 'gone', which is no step"),
    (
      { $0.steps.append(job("last", after: ["infer"])) },
      "it depends on 'infer', which lies in a branch; use it inside of that branch"
    ),
    (
      {
        var last = RequestTests.processing
        last.output = nil
        last.image = .answer(of: "infer", path: ["Image"])
        $0.steps.append(
          PipelineStep(
            name: "last", kind: .request(type: "Processing", arguments: last.stepArguments)))
      }, "it reads the answer of 'infer', which lies in a branch"
    ),
    (
      {
        var last = RequestTests.processing
        last.output = nil
        last.image = .parameter("Image")
        $0.steps.append(
          PipelineStep(
            name: "last", kind: .request(type: "Processing", arguments: last.stepArguments)))
      }, "it reads the parameter 'Image', which the pipeline does not declare"
    ),
    ({ $0.parameters = ["Image", "Image"] }, "the parameter 'Image' is declared twice"),
    (
      {
        $0.steps.append(job("a", after: ["b"]))
        $0.steps.append(job("b", after: ["a"]))
      }, "the steps a, b wait for each other"
    ),
    (
      {
        $0.steps[1].kind = .condition([], then: [job("infer")], otherwise: [])
      }, "step 'good': it has no condition"
    ),
    (
      { $0.steps[1].kind = .condition([isGood], then: [], otherwise: []) },
      "both of its branches are empty"
    ),
    (
      {
        var text = isGood
        text.value = .text("50")
        $0.steps[1].kind = .condition([text], then: [job("infer")], otherwise: [])
      }, "it compares by the order of characters with '50'; compare numbers"
    ),
    (
      {
        var other = isGood
        other.file = "report"
        $0.steps[1].kind = .condition([other], then: [job("infer")], otherwise: [])
      }, "'measure' has no property file 'report'"
    ),
    (
      {
        var other = isGood
        other.step = "gone"
        $0.steps[1].kind = .condition([other], then: [job("infer")], otherwise: [])
      }, "it reads a file of 'gone', which is no step"
    ),
    (
      { $0.steps[0].propertyFiles[0].output = "reports" },
      "its property file 'choice' is of an output 'reports' that it has not"
    ),
    (
      {
        $0.steps.append(
          PipelineStep(name: "x", kind: .request(type: "Spark", arguments: .object([:]))))
      }, "its type is 'Spark'; expected Processing, Training, Transform or Model"
    ),
    (
      {
        $0.steps.append(
          PipelineStep(
            name: "x",
            kind: .request(
              type: "Training",
              arguments: RequestTests.training.stepArguments)))
      }, "it reads the parameter 'Image'"
    ),
    (
      {
        $0.steps.append(
          PipelineStep(
            name: "x", kind: .request(type: "Model", arguments: .object([:]))))
      }, "CreateModel lacks ExecutionRoleArn"
    ),
  ]

  @Test(arguments: broken.indices)
  func aBrokenPipelineIsNamed(_ index: Int) {
    let (change, said) = Self.broken[index]
    var pipeline = Self.pipeline()
    change(&pipeline)
    let problems = pipeline.problems()
    #expect(problems.contains { $0.contains(said) }, "\(problems)")
  }
}
