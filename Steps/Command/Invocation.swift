// What a command is to run: program, arguments, environment and inputs. It starts nothing.
import AtelierStep

/// A program with everything that it gets to see.
///
/// Arguments and values of the environment may hold placeholders:
/// - `{input:NAME}`: the path of an input,
/// - `{output:out}`: the path at which the output is expected; a tree's folder is there already,
/// - `{script}`: the path of the script,
/// - `{scratch}`: a folder for temporary files.
///
/// The program starts in the step's own folder and paths are given from there, so that a program
/// that writes its arguments down writes the same everywhere. What it loads besides (a Python
/// package, say) is not part of its identity: pass what matters as an input.
///
///     Invocation(
///       program: "python3", arguments: ["{script}", "{input:rows}", "{output:out}"],
///       script: AnyArtifact(script), inputs: ["rows": AnyArtifact(rows)])
public struct Invocation: Codable, Sendable {
  /// The program's name in the machine's configuration.
  public var program: String
  public var arguments: [String]
  /// The variables besides `TZ`, `LC_ALL`, `HOME`, `TMPDIR` and `PATH`, which it may replace.
  public var environment: [String: String]
  /// Programs that this one starts by name; no others are in its `PATH`.
  public var tools: [String]
  /// A script for the program; its digest is part of the key, as that of every input.
  public var script: AnyArtifact?
  /// The inputs by name; a name is no number and has no dot or slash.
  public var inputs: [String: AnyArtifact]

  public init(
    program: String, arguments: [String] = [], environment: [String: String] = [:],
    tools: [String] = [], script: AnyArtifact? = nil, inputs: [String: AnyArtifact] = [:]
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.tools = tools
    self.script = script
    self.inputs = inputs
  }

  var programs: [Program] { ([program] + tools.filter { $0 != program }).map { Program($0) } }
}
