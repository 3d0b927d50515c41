// The step that runs somebody's Python file. It knows nothing of what the file is for.
import AtelierStep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Runs a Python file with the packages of its environment, and nothing else of the machine.
///
/// The file imports the standard library, its environment and the module `atelier`, which gives it
/// `inputs`, `outputs` and `parameters` by name. It sees no site-packages, no `.pth` file and none of
/// the user's variables; hashes of texts are the same in every run, and libraries use `threads`
/// threads. The text is in this step's key alone, as are the Python with its standard library and the
/// environment.
public struct RunPython: Step {
  /// The Python file.
  public var script: Script
  /// The packages; nil: the standard library alone.
  public var environment: Artifact<PythonEnvironment>?
  /// The name of the environment's lock, for messages.
  public var lock: String?
  /// The threads that numerical libraries may use.
  public var threads: Int
  /// The inputs and parameters by name.
  public var arguments: ScriptArguments
  /// The files and folders that it writes.
  public var outputs: Outputs

  /// Runs a script.
  public init(
    _ script: Script, environment: Artifact<PythonEnvironment>? = nil, lock: String? = nil,
    threads: Int = 1, arguments: ScriptArguments, outputs: Outputs
  ) {
    self.script = script
    self.environment = environment
    self.lock = lock
    self.threads = threads
    self.arguments = arguments
    self.outputs = outputs
  }

  /// The names that no argument can have.
  public static let reserved = Set(CodingKeys.allCases.map(\.rawValue))

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case script, environment, lock, threads, outputs
  }

  /// Decodes the members by their names; all others are arguments of the script.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    script = try members.decode(Script.self, forKey: .script)
    environment = try members.decodeIfPresent(
      Artifact<PythonEnvironment>.self, forKey: .environment)
    lock = try members.decodeIfPresent(String.self, forKey: .lock)
    threads = try members.decode(Int.self, forKey: .threads)
    outputs = try members.decode(Outputs.self, forKey: .outputs)
    arguments = try ScriptArguments(from: decoder, reserved: Self.reserved)
  }

  /// Encodes arguments beside the other members, so that each has a line of its own in the key.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(script, forKey: .script)
    try members.encodeIfPresent(environment, forKey: .environment)
    try members.encodeIfPresent(lock, forKey: .lock)
    try members.encode(threads, forKey: .threads)
    try members.encode(outputs, forKey: .outputs)
    try arguments.encode(to: encoder)
  }

  /// Libraries of wheels are linked with the system's C++ library.
  public var programs: [Program] {
    environment == nil ? [.python] : [.python, .system(packages: ["libstdc++6"])]
  }
  /// The script's text by its name.
  public var scripts: [String: String] { [script.name: script.text] }

  /// Runs the file; fails with its traceback, or when it leaves an output out.
  public func run(in context: StepContext) throws {
    guard threads > 0 else { throw StepFailure("threads is \(threads): give 1 or more") }
    let task = ScriptTask(
      script: script, environment: environment, lock: lock, threads: threads, arguments: arguments,
      outputs: outputs)
    let call = try PythonCall(task, in: context)
    try call.run()
    for name in outputs.names {
      let path = try context.path(output: name)
      guard FileManager.default.fileExists(atPath: path) else {
        throw StepFailure(
          "\(script.name) ended well, but wrote no output '\(name)': it is expected at "
            + "outputs[\"\(name)\"]")
      }
    }
  }
}
