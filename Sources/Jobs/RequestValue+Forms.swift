// The two forms of a request: in a state machine, and in a definition of SageMaker Pipelines.
import Content
import States

/// Where a state machine has its parameters from.
public enum ParameterForm: Hashable, Sendable {
  /// The input of an execution.
  case executionInput
  /// The template that makes the machine: `${name}`, which it substitutes.
  case substitution
}

extension RequestValue {
  /// The value in a request of a state machine.
  ///
  /// An answer is expected in the data under the job's identifier, ``identifier(of:)``.
  public var payload: Payload { payload(.executionInput) }

  /// The same with parameters of a form.
  public func payload(_ form: ParameterForm) -> Payload {
    switch self {
    case .text(let text): .text(text)
    case .integer(let number): .integer(number)
    case .bool(let truth): .bool(truth)
    case .list(let elements): .list(elements.map { $0.payload(form) })
    case .object(let members): .object(members.mapValues { $0.payload(form) })
    case .parameter(let name):
      switch form {
      case .executionInput: .path(.executionInput[name])
      case .substitution: .text("${\(name)}")
      }
    case .executionName: .path(DataPath("$$.Execution.Name"))
    case .answer(let job, let path):
      .path(DataPath((["$", Self.identifier(of: job)] + path).joined(separator: ".")))
    case .joined(let parts, let separator):
      .format(
        Array(repeating: "{}", count: parts.count).joined(separator: separator),
        parts.map { $0.payload(form) })
    case .fresh(let name):
      .format(
        "\(name)-{}",
        [
          .call(
            "States.ArrayGetItem",
            [.call("States.StringSplit", [.call("States.UUID", []), "-"]), 0])
        ])
    }
  }

  /// The value in a definition of SageMaker Pipelines.
  ///
  /// Source: the developer guide of SageMaker, "Pipelines"; what the SDK for Python emits.
  public var pipelineJSON: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .integer(let number): .integer(Int64(number))
    case .bool(let truth): .bool(truth)
    case .list(let elements): .array(elements.map(\.pipelineJSON))
    case .object(let members): .object(members.mapValues(\.pipelineJSON))
    case .parameter(let name): ["Get": .string("Parameters.\(name)")]
    case .executionName: ["Get": "Execution.PipelineExecutionId"]
    case .answer(let job, let path):
      ["Get": .string((["Steps", job] + path).joined(separator: "."))]
    case .joined(let parts, let separator):
      [
        "Std:Join": [
          "On": .string(separator), "Values": .array(parts.map(\.pipelineJSON)),
        ]
      ]
    // A pipeline names its jobs itself.
    case .fresh(let name): .string(name)
    }
  }

  /// A name of a job as a member of a state machine's data: letters, digits and `_`.
  public static func identifier(of job: String) -> String {
    let plain = job.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return plain.first?.isNumber == true ? "_" + String(plain) : String(plain)
  }
}
