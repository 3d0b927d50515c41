// Compiled machines, run by an interpreter of the States Language with jobs that do as a test says.
import AtelierTesting
import Content
import EndToEndHarness
import Foundation
import Testing

/// Executions of compiled machines.
@Suite(.programs, .enabled(if: StandIns.isInstalled, Comment(rawValue: StandIns.absence)))
struct CompiledExecutionTests {
  private static let input: JSONValue = [
    "Image": "registry/atelier", "TrainingImage": "registry/xgboost",
    "JobRole": "arn:aws:iam::123456789012:role/jobs",
  ]

  /// What happens in executions: each is a name and what its jobs do.
  private func run(
    _ words: [String], bucket: String, _ executions: [(String, JSONValue)]
  ) throws -> [JSONValue] {
    let space = try CompileSpace()
    let machine = try space.compile(words).out
    let list = executions.map { name, jobs -> JSONValue in
      var members: [String: JSONValue] = [
        "name": .string(name), "input": Self.input, "jobs": jobs,
      ]
      if name == "stopped" { members["stop"] = 0.2 }
      return .object(members)
    }
    let request = JSONValue.object([
      "machine": .string(machine), "bucket": .string(bucket), "executions": .array(list),
    ])
    let file = try space.folder.write(request.canonicalText(), to: "request.json")
    let script = TestTools.root + "/Tests/Mock/run_machines.py"
    let ended = try Space.start(
      "/bin/sh", ["-c", "exec '\(StandIns.python)' '\(script)' < '\(file)'"],
      environment: Space.tools, folder: space.folder.path)
    #expect(ended.code == 0, "\(ended.err.suffix(2000))")
    return try JSONValue(parsing: ended.out).array ?? []
  }

  private func names(_ execution: JSONValue) -> [String] {
    (execution["entered"]?.array ?? []).compactMap(\.string)
  }

  private func decision(_ node: String, _ value: Double, _ isGood: Bool) -> JSONValue {
    [
      "decisions": [
        node: ["choice": .bool(isGood), "value": .number(value), "beatsConstant": true]
      ]
    ]
  }

  @Test func everyBranchRetryCatchAndStop() throws {
    let (good, bad) = (
      decision("validate.choice", 9, true), decision("validate.choice", 63.2, false)
    )
    let told = try run(
      ["stepfunctions", "retail/inference"], bucket: "retail-workshop",
      [
        ("good", ["validate": [good]]), ("bad", ["validate": [bad]]),
        (
          "busy",
          [
            "prepare": [["raise": "ThrottlingException"], [:]],
            "train": [["raise": "SageMaker.ResourceLimitExceededException"], [:]],
            "validate": [["fail": "CapacityError: no ml.m5.large now"], good],
          ]
        ),
        ("failed", ["train": [["fail": "AlgorithmError: exit code 1"]]]),
        ("worse", ["validate": [good], "inference-then": [["fail": "exit code 1"]]]),
        ("stopped", ["train": [["run": true]]]),
      ])
    try #require(told.count == 6)
    // 9 is below 10 as a number, and would be above it as a text.
    #expect(told[0]["status"] == "SUCCEEDED" && names(told[0]).contains("inference-then"))
    #expect(told[1]["status"] == "SUCCEEDED" && names(told[1]).contains("inference-otherwise"))
    #expect(!names(told[1]).contains("inference-then"))
    #expect(told[2]["status"] == "SUCCEEDED")
    #expect(names(told[2]).contains("validate: wait for a machine"))
    let jobs = (told[2]["requests"]?.array ?? []).compactMap {
      $0["parameters"]?["ProcessingJobName"]?.string
    }
    // Four jobs, three of them twice; a name is never used again, and each is short enough.
    #expect(jobs.count == 7 && Set(jobs).count == 7 && jobs.allSatisfy { $0.count <= 63 })
    #expect(told[3]["status"] == "FAILED" && told[3]["error"] == "Atelier.JobFailed")
    #expect(told[3]["cause"]?.string?.contains("AlgorithmError: exit code 1") == true)
    // A step that failed is not tried again.
    #expect(told[3]["requests"]?.array?.count == 2)
    #expect(told[4]["status"] == "FAILED")
    #expect(told[5]["status"] == "ABORTED" && !names(told[5]).contains("validate"))
    #expect(told[0]["output"]?["train"]?["job"]?.string?.hasPrefix("retail-train-") == true)
  }

  @Test(arguments: [
    ("step", "serve.endpoint", "serve.refusal"), ("stage", "serve-then", "serve-otherwise"),
  ])
  func bothGrainsTakeTheSameArm(_ grain: String, _ then: String, _ otherwise: String) throws {
    let job = grain == "step" ? "validate.choice" : "validate"
    let told = try run(
      ["stepfunctions", "churn/serve", "--grain", grain], bucket: "churn-workshop",
      [
        ("good", [job: [decision("validate.choice", 0.03, true)]]),
        ("bad", [job: [decision("validate.choice", 0.4, false)]]),
      ])
    try #require(told.count == 2)
    #expect(told[0]["status"] == "SUCCEEDED" && told[1]["status"] == "SUCCEEDED")
    #expect(names(told[0]).contains(then) && !names(told[0]).contains(otherwise))
    #expect(names(told[1]).contains(otherwise) && !names(told[1]).contains(then))
  }

  /// The widest machine: each branch would hand on a copy of all data.
  @Test func aMachineOfAStepAJobHoldsLittleData() throws {
    let told = try run(
      ["stepfunctions", "abalone", "--grain", "step"], bucket: "abalone-workshop", [("all", [:])])
    #expect(told.first?["status"] == "SUCCEEDED", "\(told.first?["cause"] ?? .null)")
    #expect(try told.first?["output"]?.canonicalText().utf8.count ?? 0 < 20_000)
  }

  /// An answer of a training; the metric that decides is not the first one.
  private func trained(_ metric: String, _ value: Double) -> JSONValue {
    [
      [
        "answer": [
          "ModelArtifacts": ["S3ModelArtifacts": "s3://b/model.tar.gz"],
          "FinalMetricDataList": [
            ["MetricName": .string("train:\(metric)"), "Value": 0.001],
            ["MetricName": .string("validation:\(metric)"), "Value": .number(value)],
          ],
        ]
      ]
    ]
  }

  private func operations(_ execution: JSONValue) -> [String] {
    (execution["requests"]?.array ?? []).compactMap { $0["operation"]?.string }
  }

  @Test func aBuiltInTrainingEndsInAnEndpointOrABatch() throws {
    let (good, bad) = (trained("error", 0.05), trained("error", 0.3))
    let told = try run(
      ["stepfunctions", "churn", "--training", "built-in"], bucket: "churn-workshop",
      [
        (
          "new",
          [
            "train": good,
            "describe_endpoint": [
              ["exists": false], ["answer": ["EndpointStatus": "Creating"]], [:],
            ],
          ]
        ), ("there", ["train": good]), ("bad", ["train": bad]),
        (
          "race",
          [
            "train": good, "describe_endpoint": [["exists": false], [:]],
            "create_endpoint": [["raise": "SageMaker.ResourceInUseException"]],
            "update_endpoint": [["raise": "SageMaker.ValidationException"], [:]],
          ]
        ),
        (
          "broken",
          [
            "train": good,
            "describe_endpoint": [[:], ["answer": ["EndpointStatus": "Failed"]]],
          ]
        ),
        (
          "rolled-back",
          [
            "train": good,
            "describe_endpoint": [
              [:], ["answer": ["EndpointStatus": "RollingBack"]],
              ["answer": ["EndpointConfigName": "the-former"]],
            ],
          ]
        ),
      ])
    try #require(told.count == 6)
    #expect(told[5]["status"] == "FAILED" && told[5]["error"] == "Atelier.EndpointReplaced")
    #expect(told[0]["status"] == "SUCCEEDED" && operations(told[0]).contains("create_endpoint"))
    #expect(!operations(told[0]).contains("update_endpoint"))
    #expect(told[1]["status"] == "SUCCEEDED" && operations(told[1]).contains("update_endpoint"))
    #expect(told[2]["status"] == "SUCCEEDED" && names(told[2]).last == "Worse model")
    #expect(told[2]["output"]?["value"] == 0.3)
    // Made by somebody else in between, and busy for a while: this model is served all the same.
    #expect(told[3]["status"] == "SUCCEEDED")
    #expect(operations(told[3]).filter { $0 == "update_endpoint" }.count == 2)
    #expect(told[4]["status"] == "FAILED" && told[4]["error"] == "Atelier.EndpointFailed")

    let batch = try run(
      ["stepfunctions", "retail", "--training", "built-in"], bucket: "retail-workshop",
      [("good", ["train": trained("rmse", 9)]), ("bad", ["train": trained("rmse", 63.2)])])
    try #require(batch.count == 2)
    #expect(operations(batch[0]).last == "create_transform_job")
    #expect(names(batch[1]).last == "Worse model")
  }

  @Test func theSampleOfTheGuideIsAMachineOfItsOwn() throws {
    let space = try CompileSpace()
    let config = TestTools.root + "/Workshops/Churn/Examples/app-config.json"
    let entries = try JSONValue(parsing: TestFiles.text(config))["Stack"]?.object?.keys.sorted()
    let documents = try #require(entries).map { entry in
      try space.compile(
        ["cloudformation", "churn", "--training", "built-in"],
        ["Churn.app_config_entry": entry], environment: ["APP_CONFIG": config]
      ).out
    }
    // Each entry is a machine by its own name, whatever trains.
    let own = try #require(entries).map { entry in
      try JSONValue(
        parsing: space.compile(
          ["cloudformation", "churn"], ["Churn.app_config_entry": entry],
          environment: ["APP_CONFIG": config]
        ).out)["Resources"]?["StateMachine"]?["Properties"]?["StateMachineName"]?.string
    }
    #expect(own == ["ShopDemo-churn-linear", "ShopDemo-churn-trees"])
    // Each entry is a machine by its own name, with its own image and parameters.
    let machines = try documents.map {
      try JSONValue(parsing: $0)["Resources"]?["StateMachine"]?["Properties"]
    }
    #expect(documents.count >= 2)
    #expect(Set(machines.map { $0?["StateMachineName"]?.string }).count == documents.count)
    for document in documents {
      #expect(document.contains("dkr.ecr") && !document.contains("\"TrainingImage\": {"))
    }
  }
}
