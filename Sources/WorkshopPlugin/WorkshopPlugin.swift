// Puts one command into the build of each workshop: write its scripts as Swift. It knows which files
// there are, not what they hold.
import Foundation
import PackagePlugin

@main struct WorkshopPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Scripts")
    let scripts = try files(in: folder).sorted()
    let sources = (target.sourceModule?.sourceFiles(withSuffix: ".swift")).map(Array.init) ?? []
    let output = context.pluginWorkDirectoryURL.appending(path: "Scripts.generated.swift")
    let paths = sources.map { $0.url.path(percentEncoded: false) }.sorted()
    return [
      .buildCommand(
        displayName: "Writing the scripts of \(target.name)",
        executable: try context.tool(named: "code-generator").url,
        arguments: [
          "scripts", target.name, folder.path(percentEncoded: false),
          output.path(percentEncoded: false), "\(paths.count)",
        ] + paths + scripts,
        // A file that a command reads needs no place among the target's excluded files.
        inputFiles: sources.map(\.url) + scripts.map { folder.appending(path: $0) },
        outputFiles: [output])
    ]
  }

  /// The paths of the files below a folder, which may be missing, less those that begin with a dot.
  private func files(in folder: URL) throws -> [String] {
    let path = folder.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }
      .flatMap { name in
        let entry = folder.appending(path: name)
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(
          atPath: entry.path(percentEncoded: false), isDirectory: &isFolder)
        return isFolder.boolValue ? try files(in: entry).map { "\(name)/\($0)" } : [name]
      }
  }
}
