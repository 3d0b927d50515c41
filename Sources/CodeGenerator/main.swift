// The program that the plugins put into the build: names of files in, a Swift source out. It knows
// nothing of targets; which files belong to one is the plugins' business.
import CodeGeneration
import Fingerprint
import Foundation

/// `code-generator scripts TARGET FOLDER OUTPUT COUNT SOURCE... SCRIPT...`: COUNT sources of the
/// workshop, then the files below FOLDER.
func scripts(_ arguments: [String]) throws {
  guard arguments.count > 3, let count = Int(arguments[3]), count <= arguments.count - 4 else {
    throw FingerprintError.usage("scripts: found \(arguments.count) arguments")
  }
  let (target, folder, output) = (arguments[0], arguments[1], arguments[2])
  let sources = arguments.dropFirst(4).prefix(count)
  var files: [String: [UInt8]] = [:]
  for name in arguments.dropFirst(4 + count) where !isByteCode(name) {
    files[name] = try read("\(folder)/\(name)")
  }
  let workshop = try WorkshopType.name(target: target, sources: sources.map(read))
  let table = try ScriptTable(
    workshop: workshop, folder: "Workshops/\(target)/Scripts", files: files)
  try GeneratedFile(text: table.source).write(to: output)
}

/// What Python leaves beside a module that it imported.
func isByteCode(_ name: String) -> Bool { name.split(separator: "/").contains("__pycache__") }

func read(_ path: String) throws -> [UInt8] {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw FingerprintError.unreadable(path: path)
  }
  return Array(data)
}

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  switch arguments.first {
  case "scripts": try scripts(Array(arguments.dropFirst()))
  default: throw FingerprintError.usage("found '\(arguments.first ?? "")' instead of 'scripts'")
  }
} catch {
  FileHandle.standardError.write(Data("error: code-generator: \(error)\n".utf8))
  exit(1)
}
