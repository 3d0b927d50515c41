// A training with a built-in algorithm: in a machine, in a pipeline, in the roles of a template.
import Atelier
import AtelierStep
import Compile
import Content
import Jobs
import Plans
import States
import Templates
import Testing

@Suite struct BuiltInTests {
  private func plan() throws -> Plan {
    try makePlan("one", "two") { p in
      let made = p.add("one.make", Make()).numbers
      p.add("two.files", Make(from: [made]))
    }
  }

  private static func training(
    _ use: BuiltInTraining.Use = .batch(.init("test", from: "two.files", file: "test.csv")),
    threshold: BuiltInTraining.Threshold? = .init("validation:rmse", isBelow: true, limit: 10),
    glue: BuiltInTraining.GlueJob? = nil
  ) -> BuiltInTraining {
    BuiltInTraining(
      hyperparameters: ["max_depth": "5", "num_round": "50"],
      channels: [
        .init("train", from: "two.files", file: "train.csv"),
        .init("validation", from: "two.files", file: "validation.csv"),
      ], threshold: threshold, use: use, instanceType: "ml.m5.large", glue: glue)
  }

  private static let endpoint = BuiltInTraining.Use.endpoint(
    name: "orchard", instanceType: "ml.t2.2xlarge", instances: 2)

  private func states(_ training: BuiltInTraining) throws -> (
    CompiledMachine, [String: JSONValue]
  ) {
    let compiled = try CompiledMachine(
      plan(), grain: .stage, training: training, settings)
    #expect(compiled.machine.problems() == [])
    #expect(compiled.requests.flatMap(\.problems) == [])
    return (
      compiled, try JSONValue(parsing: compiled.machine.document)["States"]?.object ?? [:]
    )
  }

  @Test func theFilesOfAJobAreTheChannelsOfTheTraining() throws {
    let (compiled, states) = try states(Self.training())
    let outputs = try #require(
      states["two"]?["Parameters"]?["ProcessingOutputConfig"]?["Outputs"]?.array)
    #expect(outputs.compactMap { $0["OutputName"]?.string } == ["train", "validation", "test"])
    let train = try #require(states["train"]?["Parameters"])
    let channels = try #require(train["InputDataConfig"]?.array)
    #expect(
      channels[0]["DataSource"]?["S3DataSource"]?["S3Uri.$"]
        == outputs[0]["S3Output"]?["S3Uri.$"])
    #expect(train["HyperParameters"] == ["max_depth": "5", "num_round": "50"])
    #expect(train["AlgorithmSpecification"]?["TrainingImage.$"] != nil)
    #expect(compiled.input.members.keys.contains("TrainingImage"))
    // The request says which file becomes which channel.
    let request = try #require(compiled.jobs.last?.request.document)
    #expect(request["files"]?["test"] == ["node": "two.files", "file": "test.csv"])
  }

  @Test func theMetricIsChosenByNameAndComparedAsANumber() throws {
    let (_, states) = try states(Self.training())
    #expect(
      states["train"]?["ResultSelector"]?["Metric.$"]
        == "States.ArrayGetItem($.FinalMetricDataList[?(@.MetricName=='validation:rmse')].Value, 0)"
    )
    let choice = try #require(states["validation:rmse good enough?"])
    #expect(
      choice["Choices"]?.array == [
        ["Variable": "$.train.Metric", "NumericLessThan": 10, "Next": "score the batch"]
      ])
    #expect(choice["Default"] == "Worse model")
    #expect(
      states["score the batch"]?["Parameters"]?["ModelName.$"] == "$.train.TrainingJobName")
  }

  @Test func anEndpointIsMadeOrUpdatedAndAwaited() throws {
    let (_, states) = try states(Self.training(Self.endpoint, threshold: nil))
    #expect(states["save the model"]?["Next"] == "Configure the endpoint")
    #expect(states["Find the endpoint"]?["Next"] == "Update the endpoint")
    #expect(
      states["Find the endpoint"]?["Catch"]?.array?.first?["Next"] == "Create the endpoint")
    // Somebody else's creation in between is no failure.
    #expect(
      states["Create the endpoint"]?["Catch"]?.array?.first?["Next"]
        == "Find the endpoint again")
    #expect(states["Find the endpoint again"]?["Next"] == "Update the endpoint")
    let variant = states["Configure the endpoint"]?["Parameters"]?["ProductionVariants"]?.array?
      .first
    #expect(
      variant?["InstanceType"] == "ml.t2.2xlarge" && variant?["InitialInstanceCount"] == 2)
    #expect(states["Endpoint in service?"]?["Default"] == "Wait for the endpoint")
    // In service with another configuration is no success: an update may be rolled back.
    let rules = states["Endpoint in service?"]?["Choices"]?.array ?? []
    #expect(
      rules.first?["And"]?.array?.last == [
        "Variable": "$.endpoint.EndpointConfigName",
        "StringEqualsPath": "$.train.TrainingJobName",
      ])
    #expect(rules.count == 3 && rules[1]["Next"] == "Endpoint serves another model")
  }

  @Test func glueWritesTheFilesInPlaceOfTheSteps() throws {
    let glue = BuiltInTraining.GlueJob(
      name: "MLOps-churn", script: "s3://b/p/code/glue/etl.py",
      arguments: ["--S3_INPUT_FILE": "s3://b/p/in.csv"], minutes: 30,
      places: ["train": "s3://b/p/train", "validation": "s3://b/p/validation"])
    let (compiled, states) = try states(Self.training(Self.endpoint, glue: glue))
    #expect(compiled.jobs.isEmpty && compiled.machine.startAt == "Glue ETL")
    #expect(states["Glue ETL"]?["Resource"] == "arn:aws:states:::glue:startJobRun.sync")
    #expect(states["Glue ETL"]?["Parameters"]?["Timeout"] == 30)
    #expect(
      states["train"]?["Parameters"]?["InputDataConfig"]?.array?.first?["DataSource"]?[
        "S3DataSource"]?["S3Uri"] == "s3://b/p/train")
    let template = try CompiledTemplate(
      plan(), grain: .stage, training: Self.training(Self.endpoint, glue: glue), settings
    ).document
    #expect(TemplateProblems.problems(in: template) == [])
    let job = template["Resources"]?["GlueJob"]?["Properties"]
    #expect(job?["Command"]?["ScriptLocation"] == "s3://b/p/code/glue/etl.py")
    #expect(throws: CompileError.self) {
      try CompiledPipeline(
        plan(), grain: .stage, training: Self.training(glue: glue), settings)
    }
  }

  @Test func aPipelineTrainsComparesAndUsesTheModel() throws {
    let pipeline = try CompiledPipeline(
      plan(), grain: .stage, training: Self.training(), settings
    ).definition
    #expect(pipeline.problems() == [])
    #expect(pipeline.parameters == ["Image", "JobRole", "TrainingImage"])
    let steps = try #require(pipeline.document["Steps"]?.array)
    #expect(
      steps.compactMap { $0["Type"]?.string } == [
        "Processing", "Processing", "Training", "Condition",
      ])
    #expect(steps[2]["DependsOn"] == ["two"])
    #expect(
      steps[3]["Arguments"]?["Conditions"]?.array?.first?["LeftValue"]
        == ["Get": "Steps.train.FinalMetricDataList['validation:rmse'].Value"])
    let then = try #require(steps[3]["Arguments"]?["IfSteps"]?.array)
    #expect(then.compactMap { $0["Type"]?.string } == ["Model", "Transform"])
    #expect(
      then[1]["Arguments"]?["ModelName"] == ["Get": "Steps.save-the-model.ModelName"])
    let registered = try CompiledPipeline(
      plan(), grain: .stage, training: Self.training(Self.endpoint, threshold: nil), settings
    ).definition
    #expect(registered.problems() == [])
    let last = try #require(registered.document["Steps"]?.array?.last)
    #expect(
      last["Type"] == "RegisterModel"
        && last["Arguments"]?["ModelApprovalStatus"] == "PendingManualApproval")
  }

  @Test func theRoleAllowsEveryTask() throws {
    let template = try CompiledTemplate(
      plan(), grain: .stage, training: Self.training(Self.endpoint), settings
    ).document
    #expect(TemplateProblems.problems(in: template) == [])
    #expect(
      template["Parameters"]?.object?.keys.sorted() == ["Image", "TrainingImage"])
    let text = try template.canonicalText()
    for action in [
      "sagemaker:CreateTrainingJob", "sagemaker:CreateModel", "sagemaker:CreateEndpointConfig",
      "sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:DescribeEndpoint",
      "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    ] { #expect(text.contains(action), "\(action)") }
    #expect(text.contains(":endpoint/orchard*"))
  }
}
