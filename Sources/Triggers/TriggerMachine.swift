// The small state machine between a rule and a workflow: it starts one execution for a version of an
// object, however often the event comes.
import Content
import Workflows

/// The machine that starts a workflow once for a version of an object.
///
/// A rule cannot name the execution that it starts, and EventBridge may deliver an event twice. The
/// machine names it by a hash of bucket, key and version, which a service accepts once.
enum TriggerMachine {
  /// The machine's name.
  static func name(of workflow: String) -> String {
    "\(workflow.prefix(72))-trigger"
  }

  /// What is read of an event, by the name in the machine's input.
  static let paths: [String: JSONValue] = [
    "bucket": "$.detail.bucket.name", "key": "$.detail.object.key",
    "version": "$.detail.object.version-id", "etag": "$.detail.object.etag",
  ]

  /// The machine's input; a member that an event lacks is empty, as that of a bucket without versions.
  static let input =
    "{\"bucket\": <bucket>, \"key\": <key>, \"version\": \"<version>\", \"etag\": \"<etag>\"}"

  /// The members of an execution's input that name the object.
  private static let members = [
    ("Bucket", "$.bucket"), ("Key", "$.key"), ("Version", "$.version"),
  ]

  /// The definition for a workflow; `input` is what its executions are started with besides.
  static func definition(
    _ workflow: DeployedWorkflow, input: [String: String]
  ) throws -> String {
    let partition = workflow.arn.split(separator: ":").dropFirst().first.map(String.init) ?? "aws"
    let version = "States.Format('{} {} {} {}', $.bucket, $.key, $.version, $.etag)"
    let (resource, parameters, known): (String, JSONValue, [JSONValue])
    switch workflow.kind {
    case .machine:
      resource = "arn:\(partition):states:::states:startExecution"
      var given: [String: JSONValue] = input.mapValues { .string($0) }
      for (name, path) in members { given["\(name).$"] = .string(path) }
      parameters = [
        "StateMachineArn": .string(workflow.arn),
        "Name.$": .string("States.Format('on-{}', States.Hash(\(version), 'SHA-1'))"),
        "Input": .object(given),
      ]
      known = ["StepFunctions.ExecutionAlreadyExistsException"]
    case .pipeline:
      resource = "arn:\(partition):states:::aws-sdk:sagemaker:startPipelineExecution"
      parameters = [
        "PipelineName": .string(workflow.name),
        "PipelineExecutionDisplayName.$": .string(
          "States.Format('on-{}', States.Hash(\(version), 'SHA-1'))"),
        // One token is one execution.
        "ClientRequestToken.$": .string("States.Hash(\(version), 'SHA-256')"),
        "PipelineParameters": .array(
          input.sorted { $0.key < $1.key }
            .map { ["Name": .string($0.key), "Value": .string($0.value)] }),
      ]
      known = []
    }
    var start: [String: JSONValue] = [
      "Type": "Task", "Resource": .string(resource), "Parameters": parameters,
      "ResultPath": .null,
      "Retry": [
        [
          "ErrorEquals": [
            "StepFunctions.ThrottlingException", "SageMaker.ThrottlingException",
            "States.Timeout",
          ], "IntervalSeconds": 5, "MaxAttempts": 8, "BackoffRate": 2.0,
        ]
      ],
      "Next": "Done",
    ]
    if !known.isEmpty {
      start["Catch"] = [
        ["ErrorEquals": .array(known), "ResultPath": .null, "Next": "Done"]
      ]
    }
    return try JSONValue.object([
      "Comment": .string("starts \(workflow.name) once for a version of an object"),
      "StartAt": "Start once",
      "States": ["Start once": .object(start), "Done": ["Type": "Succeed"]],
    ]).canonicalText()
  }
}
