// Which compiler builds the package. It knows nothing of sources.
import Foundation

/// The compiler at the side of the program that runs this plugin, or else in PATH.
struct Compiler {
  /// Where it lies.
  let path: String

  init() throws {
    var candidates: [String] = []
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["SWIFT_EXEC"] { candidates.append(named) }
    #if os(Linux)
      // SwiftPM lies beside its compiler, whatever name or link it was called by.
      if let parent = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/\(getppid())/exe")
      {
        candidates.append(sibling(parent))
      }
    #endif
    candidates += (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/swiftc" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw PluginError.noCompiler(tried: candidates)
    }
    path = found
  }

  /// The first line of what `--version` prints.
  func version() throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["--version"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0, let line = text.split(separator: "\n").first else {
      throw PluginError.compilerFailed(path: path, found: text)
    }
    return String(line)
  }
}

private func sibling(_ program: String) -> String {
  URL(filePath: program).deletingLastPathComponent().appending(path: "swiftc")
    .path(percentEncoded: false)
}
