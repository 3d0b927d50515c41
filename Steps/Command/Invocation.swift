// What a command is to run: program, arguments, environment and inputs. It starts nothing.
import AtelierStep

/// A program with everything that it gets to see.
///
/// Arguments and values of the environment may hold placeholders:
/// - `{input:NAME}`: the path of an input,
/// - `{output:out}`, or `{output:NAME}` where the outputs have names: the path at which an output is
///   expected; a tree's folder is there already,
/// - `{script}`: the path of the script,
/// - `{scratch}`: a folder for temporary files.
///
/// The program starts in the step's own folder and paths are given from there, so that a program
/// that writes its arguments down writes the same everywhere. It may read, start and load what it
/// declares and nothing else of the machine. A Python brings its standard library and the modules
/// beside it, or those of its virtual environment; other interpreters need the packages that brought
/// their modules.
///
///     Invocation(
///       program: "python3", arguments: ["{script}", "{input:rows}", "{output:out}"],
///       script: AnyArtifact(script), inputs: ["rows": AnyArtifact(rows)])
public struct Invocation: Codable, Sendable {
  /// The program's name in the machine's configuration, or `{input:NAME}` for a program that is an
  /// input, as one that an earlier step made.
  public var program: String
  /// The program's arguments in order, with placeholders.
  public var arguments: [String]
  /// The variables besides `TZ`, `LC_ALL`, `HOME`, `TMPDIR` and `PATH`, which it may replace.
  public var environment: [String: String]
  /// Programs that this one starts by name, or `{input:NAME}`, which it then starts by NAME.
  public var tools: [String]
  /// Whether it may use the network; what it fetches should be checked by a digest.
  public var network: Bool
  /// Packages of the system that the program reads and starts, such as `perl`, with all that they
  /// depend on; their versions are part of the key.
  public var packages: [String]
  /// A script for the program; its digest is part of the key, as that of every input.
  public var script: AnyArtifact?
  /// The name that the script is started under, such as `totals.py`, for tracebacks; nil: the input's.
  public var scriptName: String?
  /// The inputs by name; a name is no number and has no dot or slash.
  public var inputs: [String: AnyArtifact]

  /// A program; arguments, tools, packages, network and inputs are those given here, none by default.
  public init(
    program: String, arguments: [String] = [], environment: [String: String] = [:],
    tools: [String] = [], packages: [String] = [], network: Bool = false,
    script: AnyArtifact? = nil, scriptName: String? = nil,
    inputs: [String: AnyArtifact] = [:]
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.tools = tools
    self.packages = packages
    self.network = network
    self.script = script
    self.scriptName = scriptName
    self.inputs = inputs
  }

  /// The programs of this machine that it starts.
  var startedPrograms: [Program] {
    ([program] + tools.filter { $0 != program }).filter { Self.input(of: $0) == nil }
      .map { Program($0, python: .all) }
  }

  /// The names of the inputs that it starts.
  var startedInputs: [String] { ([program] + tools).compactMap(Self.input) }

  /// The name in `{input:NAME}`.
  static func input(of program: String) -> String? {
    guard program.hasPrefix("{input:"), program.hasSuffix("}") else { return nil }
    return String(program.dropFirst("{input:".count).dropLast())
  }

  /// Everything that the step declares.
  var programs: [Program] {
    startedPrograms + (packages.isEmpty ? [] : [.system(packages: packages)])
  }
}
