// State machines: what is written, what is refused, and what another linter says of it.
import AtelierTesting
import Content
import Foundation
import States
import Testing

@Suite struct StateMachineTests {
  private static let errors = Retrier(["States.TaskFailed"], interval: 15, attempts: 2, backoff: 4)

  /// The retail machine: train, save, measure, and a choice by a number.
  static func retail(_ comparison: Comparison = .number(.lessThan, 10)) throws -> StateMachine {
    try Chain()
      .then("Train") {
        .task(
          Task(
            Integration.createTrainingJob.resource(),
            parameters: [
              "TrainingJobName": .path(.executionInput["JobName"]),
              "HyperParameters": ["max_depth": "5"],
              "Arguments": ["--run", .path(DataPath("$.id"))],
            ], timeoutSeconds: 3600, retry: [errors],
            catching: [Catcher(["States.ALL"], next: "Failed", resultPath: DataPath("$.error"))]),
          then: $0)
      }
      .then("Save") {
        .task(
          Task(
            Integration.createModel.resource(),
            parameters: ["ModelName": .format("{}-{}", ["retail", .path(DataPath("$.name"))])]),
          then: $0)
      }
      .choose(
        "Good enough?", [ChoiceRule(.value(DataPath("$.rmse"), comparison), next: "Infer")]
      )
      .then("Worse model") { .pass(result: "worse", then: $0) }
      .beside("Infer", State(.task(Task(Integration.createTransformJob.resource()), then: .end)))
      .beside("Failed", State(.fail(error: "Training", cause: "see $.error")))
      .machine(comment: "what an item costs", timeoutSeconds: 86_400)
  }

  @Test func theDocumentIsAsPeopleWriteIt() throws {
    let document = try Self.retail().document
    let json = try JSONValue(parsing: document)
    let train = try #require(json["States"]?["Train"])
    #expect(json["StartAt"] == "Train" && json["TimeoutSeconds"] == 86_400)
    #expect(train["Resource"] == "arn:aws:states:::sagemaker:createTrainingJob.sync")
    let parameters = try #require(train["Parameters"])
    #expect(parameters["TrainingJobName.$"] == "$$.Execution.Input['JobName']")
    #expect(parameters["HyperParameters"] == ["max_depth": "5"])
    #expect(parameters["Arguments.$"] == "States.Array('--run', $.id)")
    #expect(
      json["States"]?["Save"]?["Parameters"]?["ModelName.$"]
        == "States.Format('{}-{}', 'retail', $.name)")
    #expect(document.contains("\"BackoffRate\": 4.0"))
    #expect(train["Next"] == "Save" && train["Catch"]?.array?.first?["Next"] == "Failed")
    let choice = try #require(json["States"]?["Good enough?"])
    #expect(choice["Default"] == "Worse model")
    #expect(
      choice["Choices"]?.array == [
        ["Variable": "$.rmse", "NumericLessThan": 10, "Next": "Infer"]
      ])
    #expect(json["States"]?["Worse model"]?["End"] == true)
    #expect(json["States"]?["Failed"]?["Next"] == nil)
    // States stand in the order in which they follow each other.
    let places = ["Train", "Save", "Good enough?", "Infer", "Worse model", "Failed"]
      .map { document.range(of: "\"\($0)\": {")?.lowerBound }
    #expect(places == places.sorted { ($0 ?? document.endIndex) < ($1 ?? document.endIndex) })
  }

  @Test func whatWasNotReachedLooksLikeNothingThatWas() throws {
    let machine = try Self.retail()
    let marked = machine.svg(marking: ["Train": .failed])
    #expect(marked.contains("fill=\"#fde4e1\" stroke=\"#b3372b\"><title>Task, failed</title>"))
    #expect(marked.components(separatedBy: ", not reached</title>").count == 6)
    #expect(marked.components(separatedBy: "fill=\"#fbfbfb\" stroke=\"#bbb\"").count == 6)
    // An execution that has entered no state yet.
    #expect(machine.svg(marking: [:]).contains("Choice, not reached"))
    #expect(machine.svg.contains("<title>Choice</title>"))
    let mermaid = machine.mermaid(marking: ["Train": .failed])
    #expect(mermaid.contains("class s0 failed") && mermaid.contains("class s1 unreached"))
    #expect(!machine.mermaid.contains("class"))
    #expect(machine.dot(marking: ["Train": .failed]).contains("fillcolor=\"#fbfbfb\""))
    #expect(!machine.dot.contains("fillcolor"))
  }

  @Test func textsOfFunctionsAreQuoted() throws {
    let payload = Payload.object([
      "a": ["it's", 1, true, .path(DataPath("$.x"))], "b": .call("States.UUID", []),
      "c": ["x": ["y": .path(DataPath("$$.Execution.Name"))]],
    ])
    let machine = StateMachine(
      startAt: "A", states: ["A": State(.pass(parameters: payload, then: .end))])
    let written = try JSONValue(parsing: machine.document)["States"]?["A"]?["Parameters"]
    #expect(written?["a.$"] == #"States.Array('it\'s', 1, true, $.x)"#)
    #expect(written?["b.$"] == "States.UUID()")
    #expect(written?["c"]?["x"]?["y.$"] == "$$.Execution.Name")
    #expect(machine.problems() == [])
  }

  @Test func aGoodMachineHasNoProblems() throws {
    #expect(try Self.retail().problems() == [])
    #expect(try PipelineTemplates.training().problems() == [])
    #expect(try PipelineTemplates.inference(partition: "aws-cn").problems() == [])
  }

  // MARK: Broken machines

  private static func one(_ state: State) -> StateMachine {
    StateMachine(startAt: "A", states: ["A": state])
  }

  private static func task(
    _ task: Task = Task(Integration.createModel.resource()), then: Transition = .end
  ) -> StateMachine { one(State(.task(task, then: then))) }

  private static let resource = Integration.createModel.resource()

  private static func choice(_ condition: Condition) -> StateMachine {
    StateMachine(
      startAt: "A",
      states: [
        "A": State(.choice([ChoiceRule(condition, next: "B")], otherwise: "B")),
        "B": State(.succeed),
      ])
  }

  static let broken: [(machine: StateMachine, said: String)] = [
    (StateMachine(startAt: "A", states: [:]), "the machine has no states"),
    (
      StateMachine(startAt: "B", states: ["A": State(.succeed)]),
      "StartAt names 'B', which is no state"
    ),
    (task(then: .next("B")), "state 'A': 'B' follows it, which is no state of this machine"),
    (task(then: .next("A")), "no way leads from it to an end"),
    (
      StateMachine(startAt: "A", states: ["A": State(.succeed), "B": State(.succeed)]),
      "state 'B': nothing leads to it"
    ),
    (
      StateMachine(
        startAt: String(repeating: "n", count: 81),
        states: [String(repeating: "n", count: 81): State(.succeed)]),
      "its name has 81 characters; expected 1 to 80"
    ),
    (
      StateMachine(startAt: "", states: ["": State(.succeed)]),
      "its name has 0 characters; expected 1 to 80"
    ),
    (
      one(
        State(
          .parallel(
            [StateMachine(startAt: "A", states: ["A": State(.pass(then: .end))])], then: .end))),
      "state 'A/A': 'A' has the same name"
    ),
    (one(State(.parallel([], then: .end))), "it has no branches"),
    (
      one(
        State(.parallel([StateMachine(startAt: "X", states: ["Y": State(.succeed)])], then: .end))),
      "state 'A': StartAt names 'X', which is no state"
    ),
    (
      one(
        State(
          .map(
            StateMachine(startAt: "I", states: ["I": State(.succeed)]), of: DataPath("$.a[*]"),
            then: .end))), "ItemsPath is '$.a[*]'; expected a path to one place"
    ),
    (
      one(
        State(
          .map(
            StateMachine(startAt: "I", states: ["I": State(.succeed)]), of: DataPath("$.a"),
            most: -1, then: .end))), "MaxConcurrency is -1"
    ),
    (choice(.value(DataPath("$.rmse"), .text(.lessThan, "50"))), "as text '9' is above '50'"),
    (
      choice(.value(DataPath("$.rmse"), .text(.greaterThanEquals, "0.5"))),
      "it compares by the order of characters with '0.5'"
    ),
    (choice(.value(DataPath("rmse"), .bool(true))), "Variable is 'rmse'; expected a path"),
    (choice(.value(DataPath("$.a"), .number(.equals, .infinity))), "expected a finite number"),
    (choice(.value(DataPath("$.a"), .time(.equals, "today"))), "'today' is not a time in RFC 3339"),
    (
      choice(.value(DataPath("$.a"), .path(.bool, .lessThan, DataPath("$.b")))),
      "truth values have no order"
    ),
    (choice(.and([])), "an And or Or has no conditions"),
    (
      choice(.not(.value(DataPath("$..a"), .isKind(.present, true)))),
      "Variable is '$..a'; expected a path to one place"
    ),
    (
      StateMachine(
        startAt: "A",
        states: [
          "A": State(
            .choice(
              [ChoiceRule(.value(DataPath("$.a"), .bool(true)), next: "B")], otherwise: nil)),
          "B": State(.succeed),
        ]), "it has no Default"
    ),
    (one(State(.choice([], otherwise: "A"))), "it has no rules"),
    (task(Task("createModel")), "its Resource is 'createModel'; expected an ARN"),
    (task(Task(resource, timeoutSeconds: 0)), "TimeoutSeconds is 0; expected 1 to 99999999"),
    (
      task(Task(resource, timeoutSeconds: 60, heartbeatSeconds: 60)),
      "HeartbeatSeconds is 60; expected less than TimeoutSeconds, 60"
    ),
    (task(Task(resource, parameters: ["x"])), "Parameters is no object"),
    (
      task(Task(resource, parameters: ["x": .path(DataPath("x"))])),
      "Parameters has the path 'x'; expected one such as $.job"
    ),
    (task(Task(resource, retry: [Retrier([])])), "Retry has an empty ErrorEquals"),
    (
      task(Task(resource, retry: [Retrier(["States.ALL", "Mine"])])),
      "States.ALL stands alone, and last, in Retry"
    ),
    (
      task(Task(resource, retry: [Retrier(["States.ALL"]), Retrier(["Mine"])])),
      "States.ALL stands alone, and last, in Retry"
    ),
    (
      task(Task(resource, retry: [Retrier(["States.Failed"])])),
      "Retry names 'States.Failed', which Step Functions has not"
    ),
    (
      task(Task(resource, retry: [Retrier(["Mine"], interval: 0)])),
      "IntervalSeconds is 0; expected at least 1"
    ),
    (
      task(Task(resource, retry: [Retrier(["Mine"], attempts: -1)])),
      "MaxAttempts is -1; expected 0"
    ),
    (
      task(Task(resource, retry: [Retrier(["Mine"], backoff: 0.5)])),
      "BackoffRate is 0.5; expected at least 1.0"
    ),
    (
      task(Task(resource, catching: [Catcher(["Mine"], next: "Gone")])),
      "'Gone' follows it, which is no state"
    ),
    (one(State(.wait(.seconds(-1), then: .end))), "it waits -1 s; expected 0 to 99999999"),
    (one(State(.wait(.until("2026-01-31"), then: .end))), "'2026-01-31' is not a time"),
    (one(State(.wait(.secondsPath(DataPath("$.a[")), then: .end))), "SecondsPath is '$.a['"),
    (one(State(.pass(then: .end), resultPath: DataPath("$.a.*"))), "ResultPath is '$.a.*'"),
    (one(State(.succeed, inputPath: DataPath("$$$"))), "InputPath is '$$$'; expected a path"),
    (one(State(.fail(error: "", cause: ""))), "its Error is empty"),
    (
      StateMachine(startAt: "A", states: ["A": State(.succeed)], timeoutSeconds: 0),
      "TimeoutSeconds is 0; expected at least 1"
    ),
    (
      one(State(.pass(result: .string(String(repeating: "x", count: 1 << 20)), then: .end))),
      "expected at most 1048576: wire coarser states"
    ),
  ]

  @Test(arguments: broken.indices) func aBrokenMachineIsNamed(index: Int) {
    let (machine, said) = Self.broken[index]
    let problems = machine.problems().map(\.description)
    #expect(problems.contains { $0.contains(said) }, "\(problems)")
  }

  @Test func aChainHasEachNameOnce() {
    let chain = Chain().then("A") { .pass(then: $0) }.then("A") { .pass(then: $0) }
    let error = #expect(throws: Chain.Mistake.self) { try chain.machine() }
    #expect(error?.description == "the state 'A' is added twice; give each a name of its own")
    #expect(throws: Chain.Mistake.self) { try Chain().machine() }
  }

  @Test func anInputIsCheckedByItsSchema() throws {
    let schema = InputSchema([
      "JobName": .init(.text), "rounds": .init(.integer, default: 50), "eta": .init(.number),
    ])
    #expect(try schema["JobName"] == .path(DataPath("$$.Execution.Input['JobName']")))
    #expect(
      try schema.input(["JobName": "a", "eta": 1]) == ["JobName": "a", "rounds": 50, "eta": 1])
    for (given, said) in [
      (["JobName": "a"], "the input lacks 'eta', a value of the type number"),
      (["JobName": 1, "eta": 1], "the input's 'JobName' is not of the type text"),
      (
        ["JobName": "a", "eta": 1, "x": 1],
        "the input has no member 'x'; it has JobName, eta, rounds"
      ),
      (["JobName": "a", "eta": 1, "rounds": 1.5], "'rounds' is not of the type integer"),
    ] as [([String: JSONValue], String)] {
      let error = #expect(throws: InputSchema.Mistake.self) { try schema.input(given) }
      #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
    }
    #expect(throws: InputSchema.Mistake.self) { try schema["Name"] }
  }

  @Test func aPictureShowsEveryWay() throws {
    let machine = try Self.retail()
    let mermaid = machine.mermaid
    #expect(mermaid.hasPrefix("stateDiagram-v2\n"))
    for line in [
      "  state \"Good enough?\" as s2", "  [*] --> s0", "  s0 --> s1", "  s2 --> s3 : $.rmse < 10",
      "  s2 --> s4 : otherwise", "  s0 --> s5 : States.ALL", "  s4 --> [*]",
    ] { #expect(mermaid.contains(line + "\n"), "\(mermaid)") }
    let dot = machine.dot
    #expect(dot.contains("s2 [label=\"Good enough?\", shape=diamond, style=solid];"))
    #expect(dot.contains("s2 -> s3 [label=\"$.rmse < 10\"];") && dot.contains("start -> s0;"))
  }

  @Test func theTemplatesReadTheirInput() throws {
    let json = try JSONValue(parsing: PipelineTemplates.inference().document)
    #expect(json["StartAt"] == "Train Preprocessor")
    #expect(
      json["States"]?["Transform Input"]?["Parameters"]?["ModelName.$"]
        == "$$.Execution.Input['Transform Input']['ModelName']")
    #expect(
      json["States"]?["Create Pipeline Model"]?["Parameters"]?["Containers.$"]
        == "$$.Execution.Input['Create Pipeline Model']['Containers']")
    #expect(json["States"]?["Deploy"]?["End"] == true)
  }
}
