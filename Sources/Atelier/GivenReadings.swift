// What wiring reads where a plan, and not this machine, has the files and folders. It reads no disk.

/// The files and folders that decided how a graph was wired elsewhere, by absolute path or URL.
public struct GivenReadings: Hashable, Sendable {
  /// The bytes of files.
  public var files: [String: [UInt8]]
  /// The names in folders, sorted.
  public var folders: [String: [String]]

  /// Files and folders; see the properties.
  public init(files: [String: [UInt8]], folders: [String: [String]]) {
    self.files = files
    self.folders = folders
  }

  /// The bytes of a file.
  ///
  /// - Throws: `WiringFileError` where the plan has none of the path.
  func file(_ path: String) throws(WiringFileError) -> [UInt8] {
    guard let bytes = files[path] else { throw absent(path) }
    return bytes
  }

  /// The names in a folder.
  ///
  /// - Throws: `WiringFileError` where the plan has none of the path.
  func folder(_ path: String) throws(WiringFileError) -> [String] {
    guard let names = folders[path] else { throw absent(path) }
    return names
  }

  private func absent(_ path: String) -> WiringFileError {
    WiringFileError(path: path, problem: "the plan has it not; make the plan anew")
  }
}
