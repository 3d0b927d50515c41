// The document of another program that an environment variable names for a workshop.
import Atelier
import CommandLine
import Configuration

/// A document that is read once a call, and laid under each configuration of it.
struct GivenSettings {
  /// Bytes of the longest document.
  private static let longest: Int64 = 1 << 20

  private let document: SettingsDocument
  private let file: String
  private let bytes: [UInt8]
  private let environment: [String: String]

  /// Nil where the workshop accepts none, or the variable is not set.
  init?(
    _ workshop: any Workshop.Type, projectRoot: String, _ environment: [String: String]
  ) throws {
    guard let document = workshop.settingsDocument,
      let file = environment[document.variable], !file.isEmpty
    else { return nil }
    self.document = document
    self.file = file
    self.environment = environment
    let path = file.hasPrefix("/") ? file : "\(projectRoot)/\(file)"
    do {
      // A pipe or a device would be read for ever.
      if let size = FileSystem.size(path), !FileSystem.isFile(path) || size > Self.longest {
        throw UsageError(
          "\(path): expected a JSON file of at most \(Self.longest) bytes, found "
            + (FileSystem.isFile(path)
              ? "\(size) bytes" : FileSystem.isDirectory(path) ? "a folder" : "no plain file"))
      }
      bytes = try FileSystem.read(path)
    } catch {
      throw UsageError(
        "\(error); the environment variable \(document.variable) names it, relative to the project's "
          + "root")
    }
  }

  /// The layer under a configuration.
  func layer(under configuration: Configuration) throws -> SettingsLayer {
    try document.layer(bytes, file, configuration, environment)
  }
}
