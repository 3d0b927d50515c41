// The program that the workshops' plugin puts into the build: scripts in, a Swift source out.
import Fingerprint
import Foundation

/// `scripts-tool FOLDER OUTPUT FILE...`: Swift sources of the workshop, and the files of its folder of
/// scripts.
func run(_ arguments: [String]) throws {
  guard arguments.count > 1 else {
    throw FingerprintError.usage("found \(arguments.count) arguments instead of two or more")
  }
  let folder = URL(filePath: arguments[0], directoryHint: .isDirectory).standardizedFileURL
  let start = folder.path(percentEncoded: false)
  var scripts: [String: [UInt8]] = [:]
  var sources: [[UInt8]] = []
  for path in arguments.dropFirst(2) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FingerprintError.unreadable(path: path)
    }
    let whole = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    if whole.hasPrefix(start) {
      scripts[String(whole.dropFirst(start.count))] = Array(data)
    } else {
      sources.append(Array(data))
    }
  }
  let text = try EmbeddedScripts(scripts, of: try WorkshopType.name(in: sources)).text
  let output = URL(filePath: arguments[1])
  if FileManager.default.contents(atPath: arguments[1]) == Data(text.utf8) { return }
  try Data(text.utf8).write(to: output, options: .atomic)
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  FileHandle.standardError.write(Data("error: scripts-tool: \(error)\n".utf8))
  exit(1)
}
