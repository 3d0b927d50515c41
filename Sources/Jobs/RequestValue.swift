// A value of a request that is sent later: some of its parts only an execution knows.

/// A value of a request to a service: written out, or what only an execution has.
///
/// A request is the same whoever sends it: ``payload`` is its form in a state machine, ``pipelineJSON``
/// that in a definition of SageMaker Pipelines.
public indirect enum RequestValue: Hashable, Sendable {
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A truth value.
  case bool(Bool)
  /// A list.
  case list([RequestValue])
  /// Members by name.
  case object([String: RequestValue])
  /// What an execution is started with, by name.
  case parameter(String)
  /// The name of the execution.
  case executionName
  /// A member of the answer of an earlier job, by the job's name in the document and a path of names.
  case answer(of: String, path: [String])
  /// Texts with a separator between them.
  case joined([RequestValue], separator: String)
  /// A text that no other attempt has, behind a name of a job: 8 hexadecimal digits.
  case fresh(String)
}

extension RequestValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A list.
  public init(arrayLiteral elements: RequestValue...) { self = .list(elements) }
  /// Members by name; of one name that is given twice the last counts.
  public init(dictionaryLiteral elements: (String, RequestValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }

  /// The member of an object.
  public subscript(_ name: String) -> RequestValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// All names of parameters in it.
  public var parameters: Set<String> {
    switch self {
    case .parameter(let name): [name]
    case .list(let elements), .joined(let elements, _):
      elements.reduce(into: []) { $0.formUnion($1.parameters) }
    case .object(let members):
      members.values.reduce(into: []) { $0.formUnion($1.parameters) }
    default: []
    }
  }

  /// All answers in it: the jobs' names in the document.
  public var answers: Set<String> {
    switch self {
    case .answer(let job, _): [job]
    case .list(let elements), .joined(let elements, _):
      elements.reduce(into: []) { $0.formUnion($1.answers) }
    case .object(let members): members.values.reduce(into: []) { $0.formUnion($1.answers) }
    default: []
    }
  }
}
