// A step of any program in one line of wiring, with formats for what it makes. It knows no workshop.
import Atelier
import AtelierStep
import Command

extension PipelineBuilder {
  /// Adds a step that runs a program, which makes one file or folder: `{output:out}`.
  ///
  ///     let rows = p.command(
  ///       "clean.rows", Invocation(program: "sort", arguments: ["{input:raw}", "-o", "{output:out}"],
  ///       inputs: ["raw": AnyArtifact(raw)]), as: CSVTable.self)
  ///
  /// The format is what `show`, `check`, `--compare` and reports go by; nothing checks the bytes.
  @discardableResult
  public mutating func command<Format: ArtifactFormat>(
    _ name: String, _ invocation: Invocation, captureStandardOutput: Bool = false,
    as format: Format.Type = Format.self, limits: StepLimits? = nil
  ) -> Artifact<Format> {
    command(
      name, invocation, captureStandardOutput: captureStandardOutput,
      outputs: ScriptOutput<Format>("out"), limits: limits)
  }

  /// Adds a step that runs a program, which makes files or folders: `{output:NAME}` each.
  @discardableResult
  public mutating func command<each Format: ArtifactFormat>(
    _ name: String, _ invocation: Invocation, captureStandardOutput: Bool = false,
    outputs: repeat ScriptOutput<each Format>, limits: StepLimits? = nil
  ) -> (repeat Artifact<each Format>) {
    var described: [ArtifactDescription] = []
    for output in repeat each outputs { described.append(output.description) }
    let node: Node<RunCommand>?
    do {
      node = add(
        name,
        RunCommand(
          invocation, captureStandardOutput: captureStandardOutput,
          outputs: try Outputs(described)),
        limits: limits)
    } catch {
      fail(name, "\(error)")
      node = nil
    }
    return (repeat (each outputs).artifact(of: node, in: self))
  }
}
