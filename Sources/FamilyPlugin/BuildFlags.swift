// Which flags turn sources into a program. It starts nothing.
import Foundation

/// The flags of the compilers that may change what the code does.
///
/// They come from the command line of the build and from Package.swift. Flags of the linker and such
/// as change no result are left out; one that is not known counts.
struct BuildFlags {
  /// One printable line; `none` without flags.
  let text: String

  init(root: URL) throws {
    let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let flags = Self.ofManifest(manifest) + Self.ofCommandLine()
    text = flags.isEmpty ? "none" : flags.joined(separator: " ")
  }

  /// The settings of C and Swift sources: each call that is one, to the end of its brackets.
  private static func ofManifest(_ manifest: String) -> [String] {
    let lines = manifest.split(separator: "\n").filter { line in
      !line.drop { $0 == " " }.hasPrefix("//") && !harmless.contains { line.contains($0) }
    }
    let text = lines.joined(separator: "\n")
    let found = marks.flatMap { mark in
      text.components(separatedBy: mark).dropFirst().map { mark + bracketed($0) }
    }
    return Set(found).sorted()
  }

  /// The text up to the bracket that closes, or the end of the line, without blanks.
  private static func bracketed(_ text: String) -> String {
    var depth = 1
    let inside = text.prefix { character in
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      return depth > 0
    }
    return inside.filter { !$0.isWhitespace } + ")"
  }

  private static let marks = [
    ".unsafeFlags(", ".define(", ".enableUpcomingFeature(", ".enableExperimentalFeature(",
    ".swiftLanguageMode(", "swiftLanguageModes: [", ".interoperabilityMode(",
    ".strictMemorySafety(", ".defaultIsolation(", ".treatAllWarnings(",
  ]
  /// Flags of the linker, and the one that only leaves the optimiser out.
  private static let harmless = ["-use-ld", "quickStart", ".unsafeFlags([\"-Onone\"]"]

  /// What SwiftPM, which runs this plugin, was told to hand on to the compilers.
  private static func ofCommandLine() -> [String] {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(getppid())/cmdline") else {
      return []
    }
    let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    var flags: [String] = []
    for (name, value) in zip(words, words.dropFirst()) {
      switch name {
      case "-Xswiftc", "-Xcc", "-Xcxx":
        if !isHarmless(value) { flags.append("\(name)=\(value)") }
      case "--triple", "--sdk", "--swift-sdk", "--toolset", "--sanitize":
        flags.append("\(name)=\(value)")
      default: break
      }
    }
    return flags
  }

  /// Whether a flag changes no result: optimisation that keeps every check, debug information,
  /// tests' access, and what the compiler says.
  private static func isHarmless(_ flag: String) -> Bool {
    ["-O", "-Onone", "-Osize", "-O0", "-O1", "-O2", "-O3", "-Os", "-enable-testing"].contains(flag)
      || [
        "-g", "-W", "-warnings-as-errors", "-suppress-warnings", "-no-warnings", "-v",
        "-static-stdlib", "-profile-generate", "-profile-coverage-mapping", "-j", "-num-threads",
        "-diagnostic-style", "-module-cache-path",
      ].contains { flag.hasPrefix($0) }
  }
}
