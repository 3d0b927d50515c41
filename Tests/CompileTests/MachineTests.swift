// A plan as a state machine: time-outs, machines, names, decisions.
import Atelier
import AtelierStep
import Compile
import Content
import Jobs
import Plans
import States
import Testing

@Suite struct MachineTests {
  private func states(_ compiled: CompiledMachine) throws -> [String: JSONValue] {
    try JSONValue(parsing: compiled.machine.document)["States"]?.object ?? [:]
  }

  @Test func limitsBecomeTimeoutsAndMachines() throws {
    let plan = try makePlan("one", "two") { p in
      let made = p.add(
        "one.make", Make(),
        limits: StepLimits(retries: 2, retryDelay: 10, timeout: 100, cpus: 8, memory: 20 << 30)
      ).numbers
      p.add("two.open", Make(from: [made]))
    }
    let compiled = try CompiledMachine(plan, grain: .stage, settings)
    #expect(compiled.machine.problems() == [])
    let one = try #require(try states(compiled)["one"]?["Parameters"])
    // Three attempts of 100 s, 10 and 20 s between them, and ten minutes for inputs and results.
    #expect(one["StoppingCondition"]?["MaxRuntimeInSeconds"] == 930)
    #expect(
      one["ProcessingResources"]?["ClusterConfig"]?["InstanceType"] == "ml.m5.2xlarge")
    let two = try #require(try states(compiled)["two"])
    #expect(two["Parameters"]?["StoppingCondition"]?["MaxRuntimeInSeconds"] == 86_400)
    // SageMaker's own limit comes first, since it says why.
    #expect(two["TimeoutSeconds"] == 90_000)
    let retried = two["Retry"]?.array?.flatMap { $0["ErrorEquals"]?.array ?? [] } ?? []
    #expect(!retried.contains("States.TaskFailed") && retried.contains("ThrottlingException"))
  }

  @Test func aParallelStateHandsNoDataOn() throws {
    let plan = try makePlan("one", "two", "three") { p in
      let made = p.add("one.make", Make()).numbers
      p.add("two.a", Make(from: [made]))
      p.add("three.b", Make(from: [made]))
    }
    let state = try #require(
      try states(CompiledMachine(plan, grain: .stage, settings))["two and three"])
    #expect(state["InputPath"] == .null && state["ResultPath"] == .null)
  }

  @Test func theTimeoutOfStepsIsNotCutByTheLongestJob() throws {
    var own = settings
    own.longestSeconds = 60
    let plan = try makePlan("one", "two") { p in
      let made = p.add("one.make", Make(), limits: StepLimits(timeout: 3000)).numbers
      p.add("two.open", Make(from: [made]))
    }
    let jobs = try CompiledMachine(plan, grain: .stage, own).jobs
    #expect(jobs.map(\.job.longestSeconds) == [3600, 60])
    let long = try makePlan("one") { p in
      p.add("one.make", Make(), limits: StepLimits(timeout: 1e6))
    }
    let problems = try CompiledMachine(long, grain: .stage, own).jobs.flatMap(\.problems)
    #expect(problems.first?.contains("expected 1 to 777600, found 1000600") == true)
  }

  @Test func aMachineOfAStageOrAJobCanBeChosen() throws {
    var own = settings
    own.instanceType = "ml.m5.xlarge"
    own.instanceTypes = ["two": "ml.c5.4xlarge"]
    let plan = try makePlan("one", "two") { p in
      let made = p.add("one.make", Make()).numbers
      p.add("two.open", Make(from: [made]), limits: StepLimits(cpus: 1000))
    }
    let jobs = try CompiledMachine(plan, grain: .stage, own).jobs
    #expect(jobs.map(\.job.instanceType) == ["ml.m5.xlarge", "ml.c5.4xlarge"])
    own.instanceTypes = [:]
    own.instanceType = nil
    let error = #expect(throws: CompileError.self) {
      try CompiledMachine(plan, grain: .stage, own)
    }
    #expect(error?.description.contains("two: no known machine has 1000 cores") == true)
  }

  @Test func aDecisionWithAThresholdIsComparedAsANumber() throws {
    func rule(_ wire: (inout PipelineBuilder, Artifact<Numbers>) -> Artifact<Choice>) throws
      -> JSONValue?
    {
      let plan = try makePlan("one", "two") { p in
        let made = p.add("one.make", Make()).numbers
        let choice = wire(&p, made)
        _ = p.branch("two.taken", on: choice) { p in
          p.add("two.good", Make(from: [made])).numbers
        } otherwise: { _ in
          made
        }
      }
      let compiled = try CompiledMachine(plan, grain: .stage, settings)
      #expect(compiled.machine.problems() == [])
      let state = try #require(try states(compiled)["two.taken?"])
      #expect(state["Default"] == "two.taken: done")
      return state["Choices"]?.array?.first
    }
    let below = try rule { $0.add("one.judge", Judge(numbers: $1)).choice }
    #expect(
      below == [
        "And": [
          ["Variable": "$.two_taken.decision.value", "NumericLessThan": 0.5],
          ["Variable": "$.two_taken.decision.beatsConstant", "BooleanEquals": true],
        ], "Next": "two-then",
      ])
    let above = try rule {
      $0.add("one.judge", Judge(numbers: $1, comparison: "above", threshold: 3)).choice
    }
    #expect(above?["And"]?.array?.first?["NumericGreaterThan"] == 3)
    let toss = try rule { $0.add("one.toss", Toss(numbers: $1)).choice }
    #expect(toss?["Variable"] == "$.two_taken.decision.choice" && toss?["BooleanEquals"] == true)
  }

  @Test func whatIsNotGivenAnExecutionGives() throws {
    let plan = try makePlan("one") { p in p.add("one.make", Make()) }
    let open = try CompiledMachine(plan, grain: .stage, settings)
    #expect(Set(open.input.members.keys) == ["Image", "JobRole"])
    var own = settings
    own.image = "registry/atelier:2"
    own.role = "arn:aws:iam::123456789012:role/jobs"
    let closed = try CompiledMachine(plan, grain: .stage, own)
    #expect(closed.input.members.isEmpty)
    #expect(!closed.machine.document.contains("Execution.Input"))
    // Another bucket is another request, so another name; the plan is the same.
    own.bucket = "other"
    let other = try CompiledMachine(plan, grain: .stage, own)
    #expect(other.jobs[0].request.digest != closed.jobs[0].request.digest)
    #expect(other.jobs[0].job.name != closed.jobs[0].job.name)
  }

  @Test func otherPartitionsHaveTheirOwnResources() throws {
    let plan = try makePlan("one") { p in p.add("one.make", Make()) }
    for (region, partition) in [
      ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws"),
    ] {
      var own = settings
      own.region = region
      let resource = try states(CompiledMachine(plan, grain: .whole, own))["orchard"]?["Resource"]
      #expect(
        resource == .string("arn:\(partition):states:::sagemaker:createProcessingJob.sync"))
    }
  }

  @Test func aDecisionThatIsAFileIsForTheWhole() throws {
    let plan = try makePlan("one", "two") { p in
      let made = p.add("one.make", Make()).numbers
      let choice = p.source("one.choice", path: "choice.json", as: Choice.self)
      _ = p.branch("two.taken", on: choice) { p in
        p.add("two.good", Make(from: [made])).numbers
      } otherwise: { _ in
        made
      }
    }
    for grain in [Grain.step, .stage] {
      let error = #expect(throws: CompileError.self) {
        try CompiledMachine(plan, grain: grain, settings)
      }
      #expect(error?.description.contains("its decision, one.choice, is a file") == true)
      #expect(throws: CompileError.self) {
        try CompiledPipeline(plan, grain: grain, settings)
      }
    }
    #expect(try CompiledMachine(plan, grain: .whole, settings).jobs.count == 1)
  }

  @Test func aTargetWithoutStepsIsRefused() throws {
    let plan = try makePlan("one") { p in _ = p.source("one.file", path: "data", as: Numbers.self) }
    #expect(throws: CompileError.self) { try CompiledMachine(plan, grain: .stage, settings) }
    #expect(throws: CompileError.self) { try CompiledPipeline(plan, grain: .stage, settings) }
  }

  @Test func picturesHaveEveryStateAndWay() throws {
    let plan = try makePlan("one", "two", "three") { p in
      let made = p.add("one.make", Make()).numbers
      let choice = p.add("one.judge", Judge(numbers: made)).choice
      _ = p.branch("two.taken", on: choice) { p in
        p.add("two.good", Make(from: [made])).numbers
      } otherwise: { p in
        p.add("two.bad", Make()).numbers
      }
      p.add("three.side", Make(from: [made]))
    }
    let compiled = try CompiledMachine(plan, grain: .stage, settings)
    let (machine, overview) = (compiled.machine, compiled.overview)
    let svg = machine.svg
    #expect(svg.hasPrefix("<svg xmlns") && svg.hasSuffix("</svg>\n"))
    for name in ["one", "two.taken?", "two-then", "two-otherwise", "three: failed"] {
      #expect(svg.contains(">\(name)</text>"), "\(name)")
    }
    #expect(svg.contains("&lt; 0.5") && !svg.contains("< 0.5"))
    #expect(machine.mermaid.contains("two-then") && machine.dot.contains("two-then"))
    // The overview has what is meant to happen, and nothing of failures.
    for picture in [overview.svg, overview.mermaid, overview.dot] {
      #expect(picture.contains("two-otherwise") && !picture.contains("failed"))
    }
  }

  /// Where text and boxes of a picture stand: none covers another.
  @Test func nothingInAPictureCoversAnother() throws {
    let plan = try makePlan("one", "two", "three") { p in
      let made = p.add("one.make", Make()).numbers
      let choice = p.add("one.judge", Judge(numbers: made)).choice
      _ = p.branch("two.taken", on: choice) { p in
        p.add("two.good", Make(from: [made])).numbers
      } otherwise: { p in
        p.add("two.bad", Make()).numbers
      }
      for number in 0..<30 { p.add("three.side.\(number)", Make(from: [made])) }
    }
    for grain in [Grain.step, .stage] {
      let svg = try CompiledMachine(plan, grain: grain, settings).overview.svg
      var boxes: [(x: Int, y: Int, width: Int, height: Int)] = []
      for match in svg.matches(
        of: /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="34"/)
      {
        boxes.append(
          (Int(match.1) ?? 0, Int(match.2) ?? 0, Int(match.3) ?? 0, 34))
      }
      #expect(boxes.count > 3)
      for (index, one) in boxes.enumerated() {
        for other in boxes[..<index] {
          let isApart =
            one.x + one.width <= other.x || other.x + other.width <= one.x
            || one.y + one.height <= other.y || other.y + other.height <= one.y
          #expect(isApart, "\(one) \(other)")
        }
      }
      let width = try #require(svg.firstMatch(of: /width="(\d+)"/).flatMap { Int($0.1) })
      #expect(width < 1700, "\(width)")
    }
  }
}
