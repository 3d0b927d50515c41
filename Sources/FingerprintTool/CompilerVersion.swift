// Asks a compiler for its version. It does not know which compiler builds the package.
import Fingerprint
import Foundation

/// The first line that `COMPILER --version` prints.
func compilerVersion(_ path: String) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: path)
  process.arguments = ["--version"]
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0, let line = text.split(whereSeparator: \.isNewline).first
  else { throw FingerprintError.noVersion(compiler: path, found: text) }
  return String(line)
}
