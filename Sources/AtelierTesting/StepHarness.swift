// Runs one step in this process as the worker would: taken apart, decoded, with bound paths.
import AtelierStep
import Foundation

/// A fresh directory that is removed with its owner.
package final class TemporarySpace: Sendable {
  /// The absolute path.
  package let path: String

  package init() throws {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    path = base + "/atelier-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a text file and gives its path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Reads a text file.
  package func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}

/// Runs a step without an engine.
package struct StepHarness {
  /// What a run left: keep it while its files are in use.
  package struct Result {
    package let space: TemporarySpace
    /// The outputs' paths by name.
    package let outputs: [String: String]

    /// The text of an output file.
    package func text(_ output: String) throws -> String {
      try String(contentsOfFile: outputs[output] ?? "", encoding: .utf8)
    }

    /// The bytes of an output file, or of a file in an output tree.
    public func bytes(_ output: String, file: String? = nil) throws -> [UInt8] {
      let path = (outputs[output] ?? "") + (file.map { "/" + $0 } ?? "")
      return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  /// Runs a step.
  ///
  /// Artifacts in it are placeholders such as `.test`; `inputs` gives their paths by input name
  /// (`events`, `parts.0`).
  package static func run<S: Step>(_ step: S, inputs: [String: String] = [:]) throws -> Result {
    let template = try StepTemplate(of: step)
    let space = try TemporarySpace()
    for folder in ["outputs", "scratch"] {
      try FileManager.default.createDirectory(
        atPath: "\(space.path)/\(folder)", withIntermediateDirectories: true)
    }
    var outputs: [String: String] = [:]
    for output in template.outputs {
      let path = "\(space.path)/outputs/\(output.fileName)"
      outputs[output.name] = path
      if output.isTree {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true)
      }
    }
    let decoded = try StepTemplate.decode(
      S.self, parameters: template.parameters, inputs: template.inputs.map(\.description.name),
      outputs: template.outputs.map(\.name), unkeyed: template.unkeyed,
      texts: step.texts)
    let programs = Dictionary(
      uniqueKeysWithValues: decoded.programs.map { ($0.name, TestTools.path(of: $0.name) ?? "") })
    try decoded.run(
      in: StepContext(
        directory: space.path, inputs: inputs, outputs: outputs, programs: programs,
        sql: decoded.sql))
    return Result(space: space, outputs: outputs)
  }
}

extension Artifact {
  /// A placeholder for a step that a test builds by hand.
  package static var test: Artifact { Artifact(.bound(input: "test")) }
}
