// The compiler on the PATH, which judges what the build writes.
import AtelierTesting
import Foundation
import Testing

enum Compiler {
  /// Starts `swiftc` in a folder; a failure says what the compiler said.
  static func run(_ arguments: String..., in folder: TemporaryFolder) throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let swiftc = folders.map { "\($0)/swiftc" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    let (status, text) = try start(
      #require(swiftc, "no swiftc on the PATH"), arguments, in: folder.path)
    try #require(status == 0, "\(text)")
  }

  /// What a program prints.
  static func output(of program: String) throws -> String {
    let (status, text) = try start(program, [], in: "/")
    try #require(status == 0, "\(text)")
    return text
  }

  private static func start(
    _ program: String, _ arguments: [String], in folder: String
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
