// The program that the plugin puts into the build: names of sources in, a Swift source out. It
// knows nothing of targets; which sources belong to a family is the plugin's business.
import Fingerprint
import Foundation

/// `fingerprint-tool FAMILY COMPILER TOOLS FLAGS ROOT OUTPUT SOURCE...`, sources relative to ROOT.
func run(_ arguments: [String]) throws {
  guard arguments.count > 6 else {
    throw FingerprintError.usage("found \(arguments.count) arguments instead of seven or more")
  }
  let (family, root, output) = (arguments[0], arguments[4], arguments[5])
  let compiler = try compilerVersion(arguments[1])
  let build = [
    "compiler": compiler.version, "target": compiler.target, "tools": arguments[2],
    "flags": arguments[3],
  ]
  let files = try arguments.dropFirst(6).map { try SourceFile(path: $0, below: root) }
  let source = GeneratedSource(family: family, digest: try CodeDigest.of(files, build: build))
  try GeneratedFile(text: source.text).write(to: output)
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  FileHandle.standardError.write(Data("error: fingerprint-tool: \(error)\n".utf8))
  exit(1)
}
