// A step of a Python file in one line of wiring. It knows no workshop.
import Atelier
import AtelierStep
import Python

extension PipelineBuilder {
  /// Adds a step that is a Python file of the workshop's folder `Scripts`, with one output, `table`.
  ///
  ///     let curve = p.python(
  ///       "week4.curve", "curve.py", ["scores": scores], parameters: ["bins": 10],
  ///       environment: "sklearn.lock", as: CSVTable.self)
  ///
  /// In the file, `from atelier import inputs, outputs, parameters` gives paths and values by name.
  /// It imports the standard library, and the packages of its environment: a lock file in `Scripts`,
  /// which `atelier environment lock` makes.
  @discardableResult
  public mutating func python<Format: ArtifactFormat>(
    _ name: String, _ file: String, _ inputs: [String: any ScriptInput],
    parameters: [String: any ScriptParameter] = [:], environment: String? = nil,
    threads: Int = 1, as format: Format.Type = Format.self, limits: StepLimits? = nil
  ) -> Artifact<Format> {
    python(
      name, file, inputs, parameters: parameters, environment: environment, threads: threads,
      outputs: ScriptOutput<Format>("table"), limits: limits)
  }

  /// Adds a step that is a Python file, with several outputs, which it writes to `outputs["name"]`.
  @discardableResult
  public mutating func python<each Format: ArtifactFormat>(
    _ name: String, _ file: String, _ inputs: [String: any ScriptInput],
    parameters: [String: any ScriptParameter] = [:], environment: String? = nil,
    threads: Int = 1, outputs: repeat ScriptOutput<each Format>, limits: StepLimits? = nil
  ) -> (repeat Artifact<each Format>) {
    var described: [ArtifactDescription] = []
    for output in repeat each outputs { described.append(output.description) }
    let node: Node<RunPython>?
    do {
      let step = RunPython(
        try script(file), environment: try environment.map { try unpacked($0, near: name) },
        lock: environment, threads: threads,
        arguments: try ScriptArguments(
          inputs: inputs.mapValues(\.files), parameters: parameters.mapValues(\.scriptValue),
          reserved: RunPython.reserved),
        outputs: try Outputs(described))
      node = add(name, step, limits: limits)
    } catch {
      fail(name, "\(error)")
      node = nil
    }
    return (repeat (each outputs).artifact(of: node, in: self))
  }

  /// Warns where the file of requirements beside a lock was edited after the lock was made.
  private mutating func compare(_ lock: String, _ file: Script) throws {
    guard lock.hasSuffix(".lock") else { return }
    let name = lock.dropLast(".lock".count)
    guard let wanted = try scriptOfCheckout("\(name).in"),
      try !PythonRequirements(wanted.text).isMet(by: file)
    else { return }
    warn(
      "\(lock) was made before \(name).in was edited, and steps use the packages of the lock: "
        + "`atelier environment lock \(name) -w \(workshop)` makes it anew")
  }

  /// The environment of a lock, which one step unpacks for all that use it: the first one's stage has
  /// it.
  private mutating func unpacked(
    _ lock: String, near name: String
  ) throws -> Artifact<PythonEnvironment> {
    let file = try script(lock)
    _ = try PythonLock(file)
    try compare(lock, file)
    let base = file.name.split(separator: ".").first.map(String.init) ?? file.name
    let whole = wholeName(name)
    let stage = String(whole.prefix { $0 != "." })
    return once("environment \(lock)") { p in
      p.add("\(stage).environment-\(base)", UnpackEnvironment(lock: file)).packages
    }
  }
}
