// Makes the key document of a node once its inputs are known.
import Atelier
import AtelierStep
import Content

/// Where a declared program lies, and the digest of its file.
package struct ProgramIdentity: Sendable, Hashable {
  package let path: String
  package let digest: Digest

  package init(path: String, digest: Digest) {
    self.path = path
    self.digest = digest
  }
}

/// Makes key documents.
///
/// Pure: everything it needs is handed in.
package struct KeyMaker: Sendable {
  /// Operating system and architecture.
  package static let platform: String = {
    #if os(Linux)
      let system = "linux"
    #elseif os(macOS)
      let system = "macos"
    #else
      let system = "other"
    #endif
    #if arch(x86_64)
      return system + "-x86_64"
    #elseif arch(arm64)
      return system + "-arm64"
    #else
      return system + "-other"
    #endif
  }()

  /// The document of a step whose inputs and programs are known.
  package static func document(
    _ step: StepDescription, of node: GraphNode, inputs: [String: Digest],
    programs: [String: Digest]
  ) -> KeyDocument {
    KeyDocument(
      family: step.family, step: step.step, code: step.code.digest, compiler: step.code.compiler,
      platform: platform, sql: step.sql, parameters: step.parameters, inputs: inputs,
      outputs: Dictionary(
        uniqueKeysWithValues: node.outputs.map {
          ($0.name, OutputShape(mediaType: $0.mediaType, isTree: $0.isTree))
        }),
      programs: programs)
  }
}
