// A definition of SageMaker Pipelines as a value.
import Content

/// A pipeline of SageMaker: steps that are joined by what they name, conditions with steps inside.
///
/// It is checked by ``problems()`` and written by ``document``. Source: the developer guide of SageMaker,
/// "Pipelines", and what the SDK for Python emits, version 2020-12-01.
public struct PipelineDefinition: Sendable {
  /// What an execution is started with: texts by name, without a default.
  public var parameters: [String]
  /// The steps; their order says nothing.
  public var steps: [PipelineStep]

  /// A pipeline; see the properties.
  public init(parameters: [String], steps: [PipelineStep]) {
    self.parameters = parameters
    self.steps = steps
  }

  /// The definition as JSON.
  public var document: JSONValue {
    [
      "Version": "2020-12-01", "Metadata": .object([:]),
      "Parameters": .array(
        parameters.map { ["Name": .string($0), "Type": "String"] }),
      "PipelineExperimentConfig": [
        "ExperimentName": ["Get": "Execution.PipelineName"],
        "TrialName": ["Get": "Execution.PipelineExecutionId"],
      ],
      "Steps": .array(steps.map(\.document)),
    ]
  }

  /// All steps, those inside of conditions included.
  public var allSteps: [PipelineStep] { steps.flatMap(\.withInner) }
}

/// A step of a pipeline.
public struct PipelineStep: Sendable {
  /// What a step does.
  public enum Kind: Sendable {
    /// A request to SageMaker by the type of step, such as `Processing`, without a job's name.
    case request(type: String, arguments: RequestValue)
    /// Where all conditions hold, some steps, else others.
    case condition([PipelineCondition], then: [PipelineStep], otherwise: [PipelineStep])
  }

  /// A JSON file that a processing job leaves, whose members a condition can read.
  public struct PropertyFile: Hashable, Sendable {
    /// Its name in the pipeline.
    public var name: String
    /// The name of the job's output that holds it.
    public var output: String
    /// The file's name in that output.
    public var path: String

    /// A file of an output.
    public init(name: String, output: String, path: String) {
      self.name = name
      self.output = output
      self.path = path
    }
  }

  /// The name, unique in the pipeline: at most 64 letters, digits, `-` and `_`.
  public var name: String
  /// One line for people.
  public var summary: String
  /// What it does.
  public var kind: Kind
  /// The names of the steps that must be done before.
  public var dependsOn: [String]
  /// The files that conditions read.
  public var propertyFiles: [PropertyFile]

  /// A step; see the properties.
  public init(
    name: String, summary: String = "", kind: Kind, dependsOn: [String] = [],
    propertyFiles: [PropertyFile] = []
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.dependsOn = dependsOn
    self.propertyFiles = propertyFiles
  }

  /// The step and those inside of it.
  var withInner: [PipelineStep] { [self] + inner.flatMap(\.withInner) }

  /// The steps inside of it.
  var inner: [PipelineStep] {
    if case .condition(_, let then, let otherwise) = kind { then + otherwise } else { [] }
  }

  var document: JSONValue {
    var members: [String: JSONValue] = ["Name": .string(name)]
    if !summary.isEmpty { members["Description"] = .string(summary) }
    if !dependsOn.isEmpty { members["DependsOn"] = .array(dependsOn.map { .string($0) }) }
    if !propertyFiles.isEmpty {
      members["PropertyFiles"] = .array(
        propertyFiles.map {
          [
            "PropertyFileName": .string($0.name), "OutputName": .string($0.output),
            "FilePath": .string($0.path),
          ]
        })
    }
    switch kind {
    case .request(let type, let arguments):
      members["Type"] = .string(type)
      members["Arguments"] = arguments.pipelineJSON
      if ["Processing", "Training", "Transform"].contains(type) {
        members["RetryPolicies"] = Self.retries
      }
    case .condition(let conditions, let then, let otherwise):
      members["Type"] = "Condition"
      members["Arguments"] = [
        "Conditions": .array(conditions.map(\.document)),
        "IfSteps": .array(then.map(\.document)), "ElseSteps": .array(otherwise.map(\.document)),
      ]
    }
    return .object(members)
  }

  /// Faults of the service and of capacity; a job that failed of itself is not tried again.
  private static let retries: JSONValue = [
    [
      "ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"], "IntervalSeconds": 5,
      "BackoffRate": 1.5, "MaxAttempts": 20,
    ],
    [
      "ExceptionType": [
        "SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT",
      ], "IntervalSeconds": 60, "BackoffRate": 1.5, "MaxAttempts": 10,
    ],
  ]
}

/// What must hold: a member of a property file beside a value.
public struct PipelineCondition: Hashable, Sendable {
  /// How the member and the value compare.
  public enum Order: String, Hashable, Sendable {
    case equals = "Equals"
    case lessThan = "LessThan"
    case greaterThan = "GreaterThan"
  }

  /// The value that a member is compared with.
  public enum Value: Hashable, Sendable {
    /// A number.
    case number(Double)
    /// A truth value.
    case bool(Bool)
    /// A text.
    case text(String)
  }

  /// The step that wrote the file.
  public var step: String
  /// The file's name in the pipeline.
  public var file: String
  /// The member of the file.
  public var member: String
  /// How they compare.
  public var order: Order
  /// The value.
  public var value: Value

  /// A condition; see the properties.
  public init(step: String, file: String, member: String, order: Order, value: Value) {
    self.step = step
    self.file = file
    self.member = member
    self.order = order
    self.value = value
  }

  var document: JSONValue {
    let right: JSONValue =
      switch value {
      case .number(let number):
        Int64(exactly: number).map { .integer($0) } ?? .number(number)
      case .bool(let truth): .bool(truth)
      case .text(let text): .string(text)
      }
    return [
      "Type": .string(order.rawValue),
      "LeftValue": [
        "Std:JsonGet": [
          "PropertyFile": ["Get": .string("Steps.\(step).PropertyFiles.\(file)")],
          "Path": .string(member),
        ]
      ],
      "RightValue": right,
    ]
  }
}
