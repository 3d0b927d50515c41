// What the runner tells a worker, and what the worker answers: one JSON line each.
import Content

/// The order to run one step: the very key document that was hashed, and where things lie.
package struct WorkerRequest: Sendable {
  package let document: JSONValue
  package let directory: String
  package let inputs: [String: String]
  package let outputs: [String: String]
  package let programs: [String: String]
  /// The paths that the step may read, beside what every program needs.
  package let readable: [String]
  /// The programs and libraries that it may start or open.
  package let executable: [String]

  /// The request as one line without the newline.
  package func line() throws -> [UInt8] {
    func object(_ paths: [String: String]) -> JSONValue { .object(paths.mapValues { .string($0) }) }
    return try JSONValue.object([
      "v": 1, "document": document, "directory": .string(directory), "inputs": object(inputs),
      "outputs": object(outputs), "programs": object(programs),
      "readable": .array(readable.map { .string($0) }),
      "executable": .array(executable.map { .string($0) }),
    ]).canonicalBytes()
  }

  package init(
    document: JSONValue, directory: String, inputs: [String: String], outputs: [String: String],
    programs: [String: String], readable: [String], executable: [String]
  ) {
    self.document = document
    self.directory = directory
    self.inputs = inputs
    self.outputs = outputs
    self.programs = programs
    self.readable = readable
    self.executable = executable
  }

  /// Reads a request back.
  package init(line: [UInt8]) throws {
    let json = try JSONValue(parsing: line)
    func paths(_ field: String) throws -> [String: String] {
      guard let members = json[field]?.object else { throw WorkerProtocolError(field: field) }
      return members.compactMapValues(\.string)
    }
    func list(_ field: String) throws -> [String] {
      guard let elements = json[field]?.array else { throw WorkerProtocolError(field: field) }
      return elements.compactMap(\.string)
    }
    guard let document = json["document"] else { throw WorkerProtocolError(field: "document") }
    guard let directory = json["directory"]?.string else {
      throw WorkerProtocolError(field: "directory")
    }
    self.init(
      document: document, directory: directory, inputs: try paths("inputs"),
      outputs: try paths("outputs"), programs: try paths("programs"),
      readable: try list("readable"), executable: try list("executable"))
  }
}

/// A message that runner and worker do not understand alike: they are of different builds.
package struct WorkerProtocolError: Error, CustomStringConvertible {
  package let field: String
  package var description: String {
    "runner and worker disagree about '\(field)'; was atelier rebuilt during the run? Run it again."
  }
}

/// What a worker says, in this order: hello, any number of progress lines, then done or failed.
package enum WorkerMessage: Sendable, Hashable {
  /// The worker's own family and fingerprint.
  case hello(family: String, code: String)
  /// The fraction done, 0 to 1.
  case progress(Double)
  /// All went well. False where the kernel could not confine the step.
  case done(confined: Bool)
  /// The step's own words.
  case failed(String, confined: Bool)

  /// The message as one line with its newline.
  package func line() throws -> [UInt8] {
    let json: JSONValue =
      switch self {
      case .hello(let family, let code): ["hello": .string(family), "code": .string(code)]
      case .progress(let fraction): ["progress": .number(fraction.isFinite ? fraction : 0)]
      case .done(let confined): ["done": true, "confined": .bool(confined)]
      case .failed(let text, let confined): ["failed": .string(text), "confined": .bool(confined)]
      }
    return try json.canonicalBytes() + [0x0A]
  }

  /// Reads a message back; nil for a line that is none.
  package init?(line: [UInt8]) {
    guard let json = try? JSONValue(parsing: line) else { return nil }
    let confined = json["confined"]?.bool ?? false
    if let family = json["hello"]?.string, let code = json["code"]?.string {
      self = .hello(family: family, code: code)
    } else if let fraction = json["progress"]?.number {
      self = .progress(fraction)
    } else if json["done"]?.bool == true {
      self = .done(confined: confined)
    } else if let text = json["failed"]?.string {
      self = .failed(text, confined: confined)
    } else {
      return nil
    }
  }
}
