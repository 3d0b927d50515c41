// Starts a Python for one script and reads what it tells. It knows no step's key.
import AtelierStep
import Content
import Subprocess
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a step wants of Python: its script, and what the script is given and makes.
struct ScriptTask {
  let script: Script
  let environment: Artifact<PythonEnvironment>?
  let lock: String?
  let threads: Int
  let arguments: ScriptArguments
  let outputs: Outputs
}

/// One run of a script: the files that Python needs for it, and its messages.
struct PythonCall {
  private let step: ScriptTask
  private let context: StepContext
  private let folder: String
  private let document: String

  init(_ step: ScriptTask, in context: StepContext) throws {
    self.step = step
    self.context = context
    folder = context.scratch("python")
    document = "\(folder)/call.json"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, bytes) in [
      ("atelier.py", PackageResources.atelier_py), ("bootstrap.py", PackageResources.bootstrap_py),
    ] {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    try Data(try call().canonicalBytes()).write(to: URL(filePath: document))
  }

  /// Paths are given from the step's folder, so that a script which writes them down writes the same
  /// everywhere.
  private func call() throws -> JSONValue {
    func relative(_ path: String) -> JSONValue {
      let start = context.directory + "/"
      return .string(path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path)
    }
    let inputs = try step.arguments.inputs.mapValues { input -> JSONValue in
      let paths = try input.paths(in: context).map(relative)
      return input.isList ? .array(paths) : paths.first ?? .null
    }
    let outputs = try step.outputs.names.map { ($0, relative(try context.path(output: $0))) }
    let environment = try step.environment.map { JSONValue.string(try context.path($0)) }
    return .object([
      "script": .string(step.script.name), "text": .string(step.script.text),
      "inputs": .object(inputs), "outputs": .object(Dictionary(outputs) { first, _ in first }),
      "parameters": .object(step.arguments.parameters.mapValues(\.json)),
      "path": .array(environment.map { [$0] } ?? []),
    ])
  }

  /// Runs the script to its end.
  ///
  /// Throws a `StepFailure` with its line and what it raised.
  func run() throws {
    let failure = Mutex<JSONValue?>(nil)
    let command = Command(
      executable: try context.path(.python),
      // Neither the user's nor the machine's modules, and no byte code beside those that are read.
      arguments: ["-s", "-S", "-B", "\(folder)/bootstrap.py", document],
      environment: variables, directory: context.directory, supervised: false, newGroup: false)
    let exit = try command.run(
      output: .lines { line in
        guard let message = try? JSONValue(parsing: Array(line.utf8)) else {
          return context.log(line)
        }
        if let fraction = message["progress"]?.number { context.progress(fraction) }
        if message["failed"] != nil { failure.withLock { $0 = message } }
      }, error: .descriptor(2))
    if let message = failure.withLock({ $0 }) { throw self.failure(message) }
    guard exit.succeeded else {
      let name = step.script.name
      switch exit.status {
      case .exited(let code): throw StepFailure("\(name) ended with exit code \(code)")
      case .signalled(let signal): throw StepFailure("\(name) was ended by signal \(signal)")
      case .timedOut, .cancelled: throw StepFailure("\(name) was ended early")
      }
    }
  }

  private func failure(_ message: JSONValue) -> StepFailure {
    let name = step.script.name
    let place = message["line"]?.integer.map { "\(name):\($0)" } ?? name
    let said = message["failed"]?.string ?? "failed"
    if message["processes"]?.bool == true {
      return StepFailure(
        "\(place): \(said); a step has no shared memory and no semaphores, which multiprocessing needs: "
          + "use threads (concurrent.futures.ThreadPoolExecutor, with `threads:` in the wiring), or a step "
          + "for each part of the work")
    }
    guard let missing = message["missing"]?.string else { return StepFailure("\(place): \(said)") }
    let advice: String
    if let lock = step.lock {
      let own = PythonLock.environment(of: lock)
      advice =
        "its environment \(lock) does not hold '\(missing)': add what brings it to \(own).in, then "
        + "type: atelier environment lock \(own) -w WORKSHOP"
    } else {
      advice =
        "it has no environment: give it one that holds '\(missing)', "
        + "environment: \"NAME.lock\" (`atelier environment lock NAME \(missing) -w WORKSHOP` makes it)"
    }
    return StepFailure("\(place): \(said); \(advice)")
  }

  private var variables: [String: String] {
    var all = [
      "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": context.scratch(""), "PATH": "/usr/bin:/bin",
      "TMPDIR": context.scratch(""), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1",
      // Zones of the package tzdata alone: the machine's may not be read, and are no part of the key.
      "PYTHONTZPATH": "", "MPLBACKEND": "Agg", "MPLCONFIGDIR": context.scratch(""),
      // The date that documents and pictures of reproducible builds bear: 1980-01-01.
      "SOURCE_DATE_EPOCH": "315532800",
    ]
    for name in [
      "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
      "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "POLARS_MAX_THREADS",
      "RAYON_NUM_THREADS", "LOKY_MAX_CPU_COUNT",
    ] {
      all[name] = "\(step.threads)"
    }
    // Chooses processor features; a test switches some off.
    all["GLIBC_TUNABLES"] = ProcessInfo.processInfo.environment["GLIBC_TUNABLES"]
    return all
  }
}

extension ScriptValue {
  /// The value as JSON that Python reads with its own types.
  var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .bool(let value): .bool(value)
    case .list(let values): .array(values.map(\.json))
    case .object(let members): .object(members.mapValues(\.json))
    }
  }
}
