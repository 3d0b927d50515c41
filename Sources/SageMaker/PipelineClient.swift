// Pipelines of SageMaker and their executions.
import AWS
import Content
import HTTP

/// A pipeline as SageMaker has it.
package struct PipelineDescription: Sendable, Hashable {
  package var arn: String
  package var name: String
  /// `Active` or `Deleting`.
  package var status: String
  package var definition: String
  package var role: String

  init(_ answer: JSONValue) {
    arn = answer["PipelineArn"]?.string ?? ""
    name = answer["PipelineName"]?.string ?? ""
    status = answer["PipelineStatus"]?.string ?? ""
    definition = answer["PipelineDefinition"]?.string ?? ""
    role = answer["RoleArn"]?.string ?? ""
  }
}

/// An execution of a pipeline.
package struct PipelineExecution: Sendable, Hashable {
  package var arn: String
  /// The name that whoever started it gave.
  package var displayName: String
  /// `Executing`, `Stopping`, `Stopped`, `Failed` or `Succeeded`.
  package var status: String
  /// Seconds since 1970.
  package var started: Double
  package var changed: Double?
  package var failure: String?

  init(_ answer: JSONValue) {
    arn = answer["PipelineExecutionArn"]?.string ?? ""
    displayName = answer["PipelineExecutionDisplayName"]?.string ?? ""
    status = answer["PipelineExecutionStatus"]?.string ?? ""
    started = answer["StartTime"]?.number ?? answer["CreationTime"]?.number ?? 0
    changed = answer["LastModifiedTime"]?.number
    failure = answer["FailureReason"]?.string ?? answer["PipelineExecutionFailureReason"]?.string
  }
}

/// A step of an execution of a pipeline.
package struct PipelineExecutionStep: Sendable, Hashable {
  package var name: String
  /// `Starting`, `Executing`, `Stopping`, `Stopped`, `Failed` or `Succeeded`.
  package var status: String
  package var started: Double?
  package var ended: Double?
  package var failure: String?
  /// The name of its job or model; nil where it has none.
  package var job: String?

  init(_ answer: JSONValue) {
    name = answer["StepName"]?.string ?? ""
    status = answer["StepStatus"]?.string ?? ""
    started = answer["StartTime"]?.number
    ended = answer["EndTime"]?.number
    failure = answer["FailureReason"]?.string
    let metadata = answer["Metadata"]?.object ?? [:]
    job = metadata.values.lazy.compactMap { $0["Arn"]?.string }.first
      .flatMap { $0.split(separator: "/").last.map(String.init) }
  }
}

extension SageMakerClient {
  /// A pipeline by its name; nil where there is none.
  package func pipeline(_ name: String) throws -> PipelineDescription? {
    try describe("DescribePipeline", ["PipelineName": .string(name)])
      .map { PipelineDescription($0) }
  }

  /// The ARNs of all pipelines of the region by name.
  package func pipelines() throws -> [String: String] {
    Dictionary(
      try all("ListPipelines", "PipelineSummaries", ["MaxResults": 100]).compactMap { entry in
        entry["PipelineName"]?.string.flatMap { name in
          entry["PipelineArn"]?.string.map { (name, $0) }
        }
      }, uniquingKeysWith: { $1 })
  }

  /// Creates a pipeline; `token` is the same for the same wish.
  package func createPipeline(
    name: String, definition: String, role: String, tags: [String: String], token: String
  ) throws {
    _ = try call(
      "CreatePipeline",
      [
        "PipelineName": .string(name), "PipelineDefinition": .string(definition),
        "RoleArn": .string(role), "ClientRequestToken": .string(token), "Tags": Self.list(tags),
      ])
  }

  /// Replaces definition and role.
  package func updatePipeline(_ name: String, definition: String, role: String) throws {
    _ = try call(
      "UpdatePipeline",
      [
        "PipelineName": .string(name), "PipelineDefinition": .string(definition),
        "RoleArn": .string(role),
      ])
  }

  /// Begins to remove a pipeline; one that is gone is fine.
  package func deletePipeline(_ name: String, token: String) throws {
    try remove(
      "DeletePipeline", ["PipelineName": .string(name), "ClientRequestToken": .string(token)])
  }

  /// Starts an execution; its ARN.
  package func startPipeline(
    _ name: String, displayName: String, parameters: [String: String], token: String
  ) throws -> String {
    let answer = try call(
      "StartPipelineExecution",
      [
        "PipelineName": .string(name), "PipelineExecutionDisplayName": .string(displayName),
        "ClientRequestToken": .string(token),
        "PipelineParameters": .array(
          parameters.sorted { $0.key < $1.key }
            .map { ["Name": .string($0.key), "Value": .string($0.value)] }),
      ])
    return answer["PipelineExecutionArn"]?.string ?? ""
  }

  /// The newest executions of a pipeline, newest first.
  package func executions(ofPipeline name: String, most: Int) throws -> [PipelineExecution] {
    try all(
      "ListPipelineExecutions", "PipelineExecutionSummaries",
      [
        "PipelineName": .string(name), "SortBy": "CreationTime", "SortOrder": "Descending",
        "MaxResults": .integer(Int64(min(most, 100))),
      ], most: most
    ).prefix(most).map { PipelineExecution($0) }
  }

  /// An execution by its ARN; nil where there is none.
  package func pipelineExecution(_ arn: String) throws -> PipelineExecution? {
    try describe("DescribePipelineExecution", ["PipelineExecutionArn": .string(arn)])
      .map { answer in
        var found = PipelineExecution(answer)
        found.started = answer["CreationTime"]?.number ?? found.started
        return found
      }
  }

  /// The definition that an execution runs.
  package func definition(ofPipelineExecution arn: String) throws -> String {
    try call(
      "DescribePipelineDefinitionForExecution", ["PipelineExecutionArn": .string(arn)])[
        "PipelineDefinition"]?.string ?? ""
  }

  /// The steps of an execution that have begun, oldest first.
  package func steps(ofPipelineExecution arn: String) throws -> [PipelineExecutionStep] {
    try all(
      "ListPipelineExecutionSteps", "PipelineExecutionSteps",
      ["PipelineExecutionArn": .string(arn), "SortOrder": "Ascending", "MaxResults": 100]
    ).map { PipelineExecutionStep($0) }
  }

  /// Ends an execution and the jobs that it waits for.
  package func stopPipelineExecution(_ arn: String, token: String) throws {
    _ = try call(
      "StopPipelineExecution",
      ["PipelineExecutionArn": .string(arn), "ClientRequestToken": .string(token)])
  }
}
