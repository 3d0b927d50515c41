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
    if let script = try scriptOfCheckout(name, noting: &readings) { return script }
    return Script(name: Self.last(name), text: try builtIn(name, &readings))
  }

  /// Reads a script of the checkout, and notes in `readings` what was read; nil where it is not there.
  func scriptOfCheckout(
    _ name: String, noting readings: inout WiringReadings
  ) throws -> Script? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw ScriptError(name: name, problem: "expected the name of a file in \(shown)")
    }
    let file = "\(path)/\(name)"
    guard !path.isEmpty else { return nil }
    guard WiringFile.isThere(file) else {
      try noteAbsence(of: file, in: &readings)
      return nil
    }
    let bytes: [UInt8]
    do {
      bytes = try WiringFile.read(file)
    } catch {
      throw ScriptError(name: name, problem: "\(error)")
    }
    readings.files[file] = try Digest.of(bytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ScriptError(name: name, problem: "\(file) is not UTF-8 text")
    }
    return Script(name: Self.last(name), text: text)
  }

  private static func last(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }

  /// The text at build time, for a program without its checkout; where the checkout is, a script that it
  /// has no more is an error, since its author would go on with a text that nobody sees.
  private func builtIn(
    _ name: String, _ readings: inout WiringReadings
  ) throws -> String {
    let file = "\(path)/\(name)"
    guard let text = builtIn[name] else {
      let known = try known(&readings)
      throw ScriptError(
        name: name,
        problem: "there is no such file in \(shown)"
          + (known.isEmpty ? "" : ", which has \(known.joined(separator: ", "))"))
    }
    guard !isCheckout else {
      throw ScriptError(
        name: name,
        problem: "\(file) was there when this program was built and is not there now: put it back "
          + "(`git checkout -- \(file)`), or take its step out of the wiring and run `make build`")
    }
    return text
  }

  /// Whether the workshop's folder holds its sources, and not its configuration alone.
  private var isCheckout: Bool {
    guard !path.isEmpty else { return false }
    let workshop = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let names = (try? WiringReadings.names(inFolder: workshop)) ?? []
    return names.contains { $0 == "Scripts" || $0.hasSuffix(".swift") }
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
