// Puts one command into the build of each workshop: embed its scripts. It reads no contents.
import Foundation
import PackagePlugin

@main struct WorkshopPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let sources = (target.sourceModule?.sourceFiles.map(\.url) ?? [])
      .filter { $0.pathExtension == "swift" }
    let scripts = try files(below: target.directoryURL.appending(path: "Scripts"))
    let output = context.pluginWorkDirectoryURL.appending(path: "Scripts.generated.swift")
    return [
      .buildCommand(
        displayName: "Embedding the scripts of \(target.name)",
        executable: try context.tool(named: "scripts-tool").url,
        arguments: [target.directoryURL.path(percentEncoded: false) + "/Scripts"]
          + [output.path(percentEncoded: false)]
          + (sources + scripts).map { $0.path(percentEncoded: false) },
        inputFiles: sources + scripts, outputFiles: [output])
    ]
  }

  /// The files below a folder, which may be missing.
  private func files(below folder: URL) throws -> [URL] {
    guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else {
      return []
    }
    return try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
    ).sorted { $0.path() < $1.path() }.flatMap { entry in
      var isFolder: ObjCBool = false
      let path = entry.path(percentEncoded: false)
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return isFolder.boolValue ? try files(below: entry) : [entry]
    }
  }
}
