// Which files make a family's code. It reads names, never contents.
import Foundation
import PackagePlugin

/// The sources of a family and of all targets that it imports, directly or not.
struct Sources {
  /// The package's root.
  let root: URL
  /// The family's target.
  let family: any Target

  /// The family's own sources: paths relative to the root, in order and each once.
  func own() throws -> [String] {
    Set(try files(of: family).filter { $0.hasSuffix(".swift") && !isSQL($0) }).sorted()
  }

  /// The files of the folder SQL, each of which enters the key of its own steps only.
  func sql() throws -> [String] {
    let folder = family.directoryURL.appending(path: "SQL")
    guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else {
      return []
    }
    return try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
    ).map(relative).sorted()
  }

  /// All other sources that make the family's code.
  func others() throws -> [String] {
    var paths = try files(of: family).filter { !$0.hasSuffix(".swift") && !isSQL($0) }
    for target in family.recursiveTargetDependencies { paths += try files(of: target) }
    return Set(paths).sorted()
  }

  private func isSQL(_ path: String) -> Bool {
    guard let folder = try? relative(family.directoryURL) else { return false }
    return path.hasPrefix(folder + "/SQL/")
  }

  private func files(of target: any Target) throws -> [String] {
    // What a target declares as a resource may be embedded into its code.
    let resources = (target.sourceModule?.sourceFiles).map { $0.filter { $0.type == .resource } }
    return try (sources(in: target.directoryURL) + (resources ?? []).map(\.url)).map(relative)
  }

  /// All sources below a folder, also those that SwiftPM would not compile: one includes another.
  private func sources(in folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
    ).flatMap { entry in
      var isFolder: ObjCBool = false
      let path = entry.path(percentEncoded: false)
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        return [URL]()
      }
      if isFolder.boolValue { return try sources(in: entry) }
      return Self.extensions.contains(entry.pathExtension) ? [entry] : []
    }
  }

  /// The endings of what a compiler reads; Markdown, settings and tables are not among them.
  private static let extensions: Set<String> = [
    "swift", "c", "cc", "cpp", "cxx", "m", "mm", "s", "S", "h", "hh", "hpp", "hxx", "inc", "def",
    "modulemap", "apinotes",
  ]

  private func relative(_ url: URL) throws -> String {
    let base = root.standardizedFileURL.pathComponents
    let parts = url.standardizedFileURL.pathComponents
    guard parts.starts(with: base) else {
      throw PluginError.outside(target: family.name, path: url.path(percentEncoded: false))
    }
    return parts.dropFirst(base.count).joined(separator: "/")
  }
}
