// Puts one command into the build of each step family: write the mechanical parts of its code. It
// knows which files there are, not what they hold.
import Foundation
import PackagePlugin

@main struct FamilyPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let root = context.package.directoryURL
    let sources = Sources(root: root, family: target)
    let (own, sql) = (try sources.own(), try sources.sql())
    let others = try sources.others()
    let compiler = try Compiler()
    let output = context.pluginWorkDirectoryURL.appending(
      path: "\(target.name)Family.generated.swift")
    let arguments = [
      "family", target.name, compiler.path, "\(context.package.toolsVersion)",
      try BuildFlags(root: root).text, root.path(percentEncoded: false),
      output.path(percentEncoded: false), "\(own.count)", "\(sql.count)",
    ]
    let paths = own + sql + others
    return [
      .buildCommand(
        displayName: "Writing the mechanical code of \(target.name)",
        executable: try context.tool(named: "code-generator").url,
        arguments: arguments + paths,
        inputFiles: paths.map { root.appending(path: $0) } + compiler.files,
        outputFiles: [output])
    ]
  }
}
