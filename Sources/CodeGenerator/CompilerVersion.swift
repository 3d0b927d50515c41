// Asks a compiler for its version. It does not know which compiler builds the package.
import Fingerprint
import Foundation

/// The first line that `COMPILER --version` prints, and the target that it names.
func compilerVersion(_ path: String) throws -> (version: String, target: String) {
  let process = Process()
  process.executableURL = URL(filePath: path)
  process.arguments = ["--version"]
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  let lines = text.split(whereSeparator: \.isNewline).map(String.init)
  let start = "Target: "
  guard process.terminationStatus == 0, let version = lines.first,
    let target = lines.first(where: { $0.hasPrefix(start) })?.dropFirst(start.count)
  else { throw FingerprintError.noVersion(compiler: path, found: text) }
  return (version, String(target))
}
