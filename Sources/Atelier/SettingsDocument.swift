// How a workshop reads settings from a document of another program. It reads no file itself.
import Configuration

/// A document of another program that becomes a layer of the configuration, between `config.ini` and
/// the environment.
public struct SettingsDocument: Sendable {
  /// The environment variable that names the file, relative to the project's root.
  public let variable: String
  /// Reads the document's bytes.
  ///
  /// `file` is the name as typed. `configuration` is that without the layer, so that a setting may choose
  /// among several parts of the document; `environment` is the user's.
  public let layer:
    @Sendable (
      _ bytes: [UInt8], _ file: String, _ configuration: Configuration,
      _ environment: [String: String]
    ) throws -> SettingsLayer

  /// A document that a variable names, and how it is read.
  public init(
    variable: String,
    layer:
      @escaping @Sendable (
        _ bytes: [UInt8], _ file: String, _ configuration: Configuration,
        _ environment: [String: String]
      ) throws -> SettingsLayer
  ) {
    self.variable = variable
    self.layer = layer
  }
}
