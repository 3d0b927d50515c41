// Which compiler builds the package. It knows nothing of sources and does not start it.
import Foundation

/// The compiler at the side of the program that runs this plugin, or else in PATH.
struct Compiler {
  /// Where it lies.
  let path: String

  init() throws {
    let candidates = Self.candidates()
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw PluginError.noCompiler(tried: candidates)
    }
    path = found
  }

  /// What to watch for another version in the same place.
  ///
  /// SwiftPM does not run plugins again when only the compiler changed, so its version must not be
  /// an argument of the command; the command asks for it, and runs when one of these files moved.
  var files: [URL] {
    let driver = URL(filePath: path)
    let frontend = driver.resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "swift-frontend")
    let exists = FileManager.default.fileExists(atPath: frontend.path(percentEncoded: false))
    return exists ? [driver, frontend] : [driver]
  }

  private static func candidates() -> [String] {
    let environment = ProcessInfo.processInfo.environment
    // SwiftPM itself goes by this name first.
    var candidates = environment["SWIFT_EXEC"].map { [$0] } ?? []
    #if os(Linux)
      // SwiftPM lies beside its compiler, whatever name or link it was called by.
      let parent = "/proc/\(getppid())/exe"
      if let program = try? FileManager.default.destinationOfSymbolicLink(atPath: parent) {
        let folder = URL(filePath: program).deletingLastPathComponent()
        candidates.append(folder.appending(path: "swiftc").path(percentEncoded: false))
      }
    #endif
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return candidates + folders.map { "\($0)/swiftc" }
  }
}
