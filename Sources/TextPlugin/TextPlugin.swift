// Puts one command into the build of a target with texts for people or browsers: write them as Swift. It
// knows where they lie, not what they hold.
import Foundation
import PackagePlugin

@main struct TextPlugin: BuildToolPlugin {
  /// What a target embeds, if it has it: files and folders of files.
  private static let places = ["Figures", "Page", "Reader", "Resources", "Templates", "stack.yaml"]

  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let folder = target.directoryURL
    let names = try Self.places.flatMap { try files(at: $0, in: folder) }.sorted()
    guard !names.isEmpty else { return [] }
    let output = context.pluginWorkDirectoryURL.appending(path: "Texts.generated.swift")
    return [
      .buildCommand(
        displayName: "Writing the texts of \(target.name)",
        executable: try context.tool(named: "code-generator").url,
        arguments: [
          "texts", target.name, folder.path(percentEncoded: false),
          output.path(percentEncoded: false),
        ] + names,
        inputFiles: names.map { folder.appending(path: $0) }, outputFiles: [output])
    ]
  }

  /// The place itself where it is a file, else the files in it, less those that begin with a dot.
  private func files(at place: String, in folder: URL) throws -> [String] {
    let path = folder.appending(path: place).path(percentEncoded: false)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue else { return [place] }
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { !$0.hasPrefix(".") && $0 != "__pycache__" }.map { "\(place)/\($0)" }
  }
}
