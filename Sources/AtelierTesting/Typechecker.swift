// Asks the compiler whether a program compiles against the modules of this very build.
import Foundation

/// The modules of this build were not found.
package struct NoModules: Error, CustomStringConvertible {
  /// The directories that were searched upwards.
  package let looked: [String]
  package var description: String { "no folder Modules with AtelierStep above \(looked)" }
}

/// `swiftc -typecheck` with the search paths of this build.
package struct Typechecker {
  private let build: URL
  /// One for all calls, of which the first fills it: it is the compiler's own, and keyed by content.
  private static let moduleCache = NSTemporaryDirectory() + "atelier-typecheck-modules-\(getuid())"

  /// Finds the modules beside the tests.
  package init() throws {
    let arguments = CommandLine.arguments
    var starts = [URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()]
    if let flag = arguments.firstIndex(of: "--test-bundle-path"), flag + 1 < arguments.count {
      starts.append(URL(fileURLWithPath: arguments[flag + 1]))
    }
    starts.append(URL(fileURLWithPath: arguments[0]).resolvingSymlinksInPath())
    for start in starts {
      var folder = start.deletingLastPathComponent()
      while folder.path != "/" {
        let module = folder.appendingPathComponent("Modules/AtelierStep.swiftmodule").path
        if FileManager.default.fileExists(atPath: module) {
          build = folder
          return
        }
        folder = folder.deletingLastPathComponent()
      }
    }
    throw NoModules(looked: starts.map(\.path))
  }

  /// The compiler's errors for a program, one a line without places; none if it compiles.
  package func errors(in program: String) throws -> [String] {
    let space = try TemporarySpace()
    let source = try space.write("program.swift", program)
    let output = try space.write("output", "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library",
        "-module-cache-path", Self.moduleCache, "-I", build.path + "/Modules", "-I",
        TestTools.root + "/Sources/CLibcrypto",
      ] + moduleMaps + [source]
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    let text = try space.read("output")
    let errors = text.split(separator: "\n").compactMap { line -> String? in
      guard let place = line.range(of: ": error: ") else {
        return line.hasPrefix("error: ") ? String(line) : nil
      }
      return String(line[place.upperBound...])
    }
    guard (process.terminationStatus == 0) == errors.isEmpty else { return ["no answer: " + text] }
    return errors
  }

  private var moduleMaps: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: build.path)) ?? []
    return names.sorted().compactMap { name in
      let map = "\(build.path)/\(name)/module.modulemap"
      guard name.hasSuffix(".build"), FileManager.default.fileExists(atPath: map) else {
        return nil
      }
      return "-fmodule-map-file=" + map
    }.flatMap { ["-Xcc", $0] }
  }
}
