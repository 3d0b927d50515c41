// Makes the key document of a node once its inputs are known.
import Atelier
import AtelierStep
import AtelierStep
import Content
import Programs
import Workers

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

  /// The document of a step of which everything is known.
  package static func document(
    _ step: StepDescription, reads: [ArtifactDescription], makes: [ArtifactDescription],
    inputs: [String: OutputRecord],
    programs: [String: ProgramIdentity], packages: [String: String], runtime: SystemRuntime
  ) -> KeyDocument {
    let seen = reads.compactMap { description -> (String, KeyInput)? in
      return inputs[description.name].map { record in
        let input = KeyInput(
          digest: record.digest, size: record.size, kind: record.kind,
          mediaType: description.mediaType, fileName: description.fileName)
        return (description.name, input)
      }
    }
    return KeyDocument(
      family: step.family, step: step.step, code: step.code.files, build: step.code.build,
      platform: platform, runtime: runtime.part, environment: WorkerEnvironment.part,
      network: step.usesNetwork, sql: step.sql, scripts: step.scripts,
      parameters: step.parameters,
      inputs: Dictionary(seen) { first, _ in first },
      outputs: Dictionary(
        uniqueKeysWithValues: makes.map {
          (
            $0.name,
            OutputShape(mediaType: $0.mediaType, isTree: $0.isTree, fileName: $0.fileName)
          )
        }),
      programs: programs.mapValues(\.inKey), packages: packages)
  }
}
