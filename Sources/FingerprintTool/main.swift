// The program that the plugin puts into the build: names of sources in, a Swift source out. It
// knows nothing of targets; which sources belong to a family is the plugin's business.
import Fingerprint
import Foundation

/// `fingerprint-tool FAMILY COMPILER TOOLS ROOT OUTPUT SOURCE...`, sources relative to ROOT.
func run(_ arguments: [String]) throws {
  guard arguments.count > 5 else {
    throw FingerprintError.usage("found \(arguments.count) arguments instead of six or more")
  }
  let (family, compiler, tools) = (arguments[0], arguments[1], arguments[2])
  let (root, output) = (arguments[3], arguments[4])
  let files = try arguments.dropFirst(5).map { path in
    guard let data = FileManager.default.contents(atPath: root + "/" + path) else {
      throw FingerprintError.unreadable(path: path)
    }
    return try SourceFile(path: path, bytes: Array(data))
  }
  let digest = try CodeDigest.of(files, compiler: compiler, tools: tools)
  try GeneratedSource(family: family, digest: digest, compiler: compiler).write(to: output)
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  FileHandle.standardError.write(Data("error: fingerprint-tool: \(error)\n".utf8))
  exit(1)
}
