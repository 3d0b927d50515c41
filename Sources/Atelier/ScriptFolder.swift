// The scripts of a workshop: those of the checkout, or those that were built in. It runs none.
import AtelierStep
import Content

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder `Scripts` of a workshop, where its SQL and Python files are.
public struct ScriptFolder: Sendable {
  /// The folder in the checkout, absolute; it may be missing.
  private let path: String
  /// The texts at build time, by name.
  private let builtIn: [String: String]

  /// The scripts of a folder, and their texts at build time.
  public init(path: String, builtIn: [String: String]) {
    self.path = path
    self.builtIn = builtIn
  }

  /// Reads a script, and notes in `readings` what was read.
  func script(_ name: String, noting readings: inout WiringReadings) throws -> Script {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw ScriptError(name: name, problem: "expected the name of a file in \(shown)")
    }
    let file = "\(path)/\(name)"
    let text: String
    if !path.isEmpty, FileManager.default.fileExists(atPath: file) {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
      readings.files[file] = try Digest.of(bytes)
      guard let read = String(validating: bytes, as: UTF8.self) else {
        throw ScriptError(name: name, problem: "\(file) is not UTF-8 text")
      }
      text = read
    } else {
      try noteAbsence(of: file, in: &readings)
      guard let built = builtIn[name] else {
        let known = try known(&readings)
        throw ScriptError(
          name: name,
          problem: "there is no such file in \(shown)"
            + (known.isEmpty ? "" : ", which has \(known.joined(separator: ", "))"))
      }
      text = built
    }
    return Script(name: parts.last.map(String.init) ?? name, text: text)
  }

  private var shown: String { path.isEmpty ? "Scripts" : path }

  /// A file is missing as long as the nearest folder above it has the same names.
  private func noteAbsence(of file: String, in readings: inout WiringReadings) throws {
    guard !path.isEmpty else { return }
    var folder = URL(filePath: file).deletingLastPathComponent()
    while true {
      let path = folder.path(percentEncoded: false)
      let plain = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      if let names = try? WiringReadings.names(inFolder: plain) {
        readings.folders[plain] = names
        return
      }
      guard plain != "/" else { return }
      folder.deleteLastPathComponent()
    }
  }

  private func known(_ readings: inout WiringReadings) throws -> [String] {
    let there = (try? WiringReadings.names(inFolder: path)) ?? []
    return Set(there + builtIn.keys).sorted()
  }
}

/// A script that cannot be had.
public struct ScriptError: Error, CustomStringConvertible {
  /// The name, as the wiring gives it.
  public let name: String
  /// What is wrong with it.
  public let problem: String
  /// The error in one sentence.
  public var description: String { "script '\(name)': \(problem)" }
}
