// What the runner tells a worker, and what the worker answers: one JSON line each.
import Atelier
import AtelierStep
import Content
import Programs

/// The order to run one step: what of its key document it needs, and where things are.
package struct WorkerRequest: Sendable {
  /// The key document, without the parts that the worker has no use for.
  package let document: JSONValue
  /// What the step is told beside its key document.
  package let unkeyed: [String: JSONValue]
  /// The fingerprint of the step's code.
  package let code: String
  package private(set) var directory: String
  package private(set) var inputs: [String: String]
  package private(set) var outputs: [String: String]
  package let programs: [String: String]
  /// Trees that are shown among the inputs: folders by the paths of their places.
  package let mounts: [String: String]
  /// What the step may use beside its own folder.
  package let access: StepAccess

  /// The order to run a step in a folder that is laid out.
  package init(
    _ step: StepDescription, _ document: KeyDocument, programs: [String: ProgramIdentity],
    access: StepAccess, directory: String, inputs: [String: String], outputs: [String: String],
    mounts: [String: String] = [:]
  ) {
    var document = document
    (document.code, document.build) = (SharedPart([:]), SharedPart([:]))
    (document.runtime, document.environment) = (SharedPart([:]), SharedPart([:]))
    (document.programs, document.packages) = ([:], [:])
    self.document = document.json
    unkeyed = step.unkeyed
    code = step.code.digest
    self.directory = directory
    self.inputs = inputs
    self.outputs = outputs
    self.programs = programs.mapValues(\.path)
    self.mounts = mounts
    self.access = access
  }

  /// The request as one line without the newline.
  package func line() throws -> [UInt8] {
    func object(_ paths: [String: String]) -> JSONValue { .object(paths.mapValues { .string($0) }) }
    func list(_ paths: [String]) -> JSONValue { .array(paths.map { .string($0) }) }
    return try JSONValue.object([
      "v": 3, "document": document, "unkeyed": .object(unkeyed), "code": .string(code),
      "directory": .string(directory),
      "inputs": object(inputs), "outputs": object(outputs), "programs": object(programs),
      "mounts": object(mounts),
      "read": list(access.read), "execute": list(access.execute), "list": list(access.list),
      "network": .bool(access.network),
    ]).canonicalBytes()
  }

  /// The same with the step's folder under another name.
  package func named(_ name: String) -> WorkerRequest {
    func renamed(_ path: String) -> String {
      path.hasPrefix(directory + "/") ? name + path.dropFirst(directory.count) : path
    }
    var copy = self
    copy.directory = name
    copy.inputs = inputs.mapValues(renamed)
    copy.outputs = outputs.mapValues(renamed)
    return copy
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
    func text(_ field: String) throws -> String {
      guard let text = json[field]?.string else { throw WorkerProtocolError(field: field) }
      return text
    }
    guard let document = json["document"] else { throw WorkerProtocolError(field: "document") }
    guard let network = json["network"]?.bool else { throw WorkerProtocolError(field: "network") }
    guard let unkeyed = json["unkeyed"]?.object else {
      throw WorkerProtocolError(field: "unkeyed")
    }
    self.document = document
    self.unkeyed = unkeyed
    code = try text("code")
    directory = try text("directory")
    inputs = try paths("inputs")
    outputs = try paths("outputs")
    programs = try paths("programs")
    mounts = try paths("mounts")
    access = StepAccess(
      read: try list("read"), execute: try list("execute"), list: try list("list"),
      network: network)
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
