// Puts one command into the build of the program: list the step families and workshops that it depends
// on. It knows what lies in which folder, not what the files hold.
import Foundation
import PackagePlugin

@main struct ProgramPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let output = context.pluginWorkDirectoryURL.appending(path: "Catalogue.generated.swift")
    var arguments = ["program", output.path(percentEncoded: false)]
    var inputs: [URL] = []
    // In the order in which Package.swift names them, which is the order of the workshops.
    for case .target(let part) in target.dependencies {
      switch part.directoryURL.deletingLastPathComponent().lastPathComponent {
      case "Steps": arguments += ["family", part.name, "0"]
      case "Workshops":
        let files = part.sourceModule.map { Array($0.sourceFiles(withSuffix: ".swift")) } ?? []
        let paths = files.map { $0.url.path(percentEncoded: false) }.sorted()
        arguments += ["workshop", part.name, "\(paths.count)"] + paths
        inputs += files.map(\.url)
      default: break
      }
    }
    return [
      .buildCommand(
        displayName: "Listing the families and workshops of \(target.name)",
        executable: try context.tool(named: "code-generator").url, arguments: arguments,
        inputFiles: inputs, outputFiles: [output])
    ]
  }
}
