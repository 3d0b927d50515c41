// The folder that SageMaker gives a container: what comes in, what is uploaded, what is told.
import Content
import FileTools

/// The folders of a job below `/opt/ml`.
///
/// Source: "How Amazon SageMaker Processing runs your processing container", and the same of training.
package struct JobFolder: Sendable {
  /// The folder itself, absolute.
  package let path: String

  /// What SageMaker gives.
  package static let standard = "/opt/ml"

  package init(_ path: String) { self.path = path }

  /// The store of this job's own.
  package var store: String { "\(path)/atelier" }

  /// A folder that is uploaded at the end, by the name of the output.
  package func output(_ name: String) -> String { "\(path)/processing/\(name)" }

  /// What tells a training container its hyperparameters.
  package var hyperparameters: String { "\(path)/input/config/hyperparameters.json" }

  /// Bytes of a message that SageMaker shows of a job.
  private static let longestMessage = 1024

  /// Leaves why the job failed where SageMaker reads it: a processing job's message, and a training's
  /// failure.
  package func leave(message: String) throws {
    let bytes = Self.cut(message)
    try Disk.makeFolders("\(path)/output")
    for name in ["message", "failure"] {
      try put(bytes, at: "\(path)/output/\(name)")
    }
  }

  /// Leaves a file in a folder that is uploaded.
  package func leave(_ bytes: [UInt8], as name: String, in output: String) throws {
    let folder = self.output(output)
    try Disk.makeFolders(folder)
    try put(bytes, at: "\(folder)/\(name)")
  }

  /// An attempt before this one may have left the same file.
  private func put(_ bytes: [UInt8], at path: String) throws {
    let draft = "\(path).draft"
    try Disk.remove(draft)
    try Disk.replace(path, with: bytes, by: draft)
  }

  /// The text within the limit, whole characters.
  static func cut(_ message: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for character in message {
      let next = Array(String(character).utf8)
      guard bytes.count + next.count <= longestMessage else { break }
      bytes += next
    }
    return bytes
  }
}
