// Puts one command into the build of each step family: make its code fingerprint. It knows which
// sources belong to a family, not how they are hashed.
import Foundation
import PackagePlugin

@main struct FingerprintPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let root = context.package.directoryURL
    let sources = try Sources(root: root, family: target).all()
    let compiler = try Compiler()
    let output = context.pluginWorkDirectoryURL.appending(path: "CodeFingerprint.generated.swift")
    let arguments = [
      target.name, compiler.path, "\(context.package.toolsVersion)",
      try BuildFlags(root: root).text, root.path(percentEncoded: false),
      output.path(percentEncoded: false),
    ]
    return [
      .buildCommand(
        displayName: "Fingerprinting the code of \(target.name)",
        executable: try context.tool(named: "fingerprint-tool").url,
        arguments: arguments + sources,
        inputFiles: sources.map { root.appending(path: $0) } + compiler.files,
        outputFiles: [output])
    ]
  }
}
