// Where a workshop's baselines lie, and the settings that they bring into a check.
import Baselines
import CommandLine
import Configuration
import Content
import Project

/// One baseline file of a workshop.
package struct CheckFile {
  /// The name without `.json`.
  package let name: String
  package let path: String
  /// The path below the project's root, for messages and annotations.
  package let shown: String
  /// What the file holds; nil where there is none.
  package let baseline: Baseline?
  /// The file's bytes; empty where there is none.
  package let bytes: [UInt8]

  package init(named name: String, _ session: Session) throws {
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
      throw UsageError("--baseline takes a name such as small, not '\(name)'")
    }
    self.name = name
    shown = Self.path(name, of: session.workshop.folder)
    path = "\(session.projectRoot)/\(shown)"
    guard FileSystem.isFile(path) else {
      (bytes, baseline) = ([], nil)
      return
    }
    bytes = try FileSystem.read(path)
    let baseline = try Baseline(parsing: bytes, file: shown)
    guard baseline.workshop == session.workshop.name else {
      throw UsageError(
        "\(shown): workshop: expected '\(session.workshop.name)', not '\(baseline.workshop)'")
    }
    self.baseline = baseline
  }

  /// The names of the baselines that a workshop has.
  package static func names(_ session: Session) -> [String] {
    let folder = "\(session.projectRoot)/\(Self.folder(session.workshop.folder))"
    return FileSystem.names(in: folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(5)) }.sorted()
  }

  /// The path of a baseline of a workshop's folder, below the project's root.
  package static func path(_ name: String, of workshop: String) -> String {
    "\(folder(workshop))/\(name).json"
  }

  private static func folder(_ workshop: String) -> String { "Workshops/\(workshop)/Baselines" }

  /// What there is to say where the file is not there.
  package func missing(_ session: Session) -> UsageError {
    let others = Self.names(session)
    let option = name == "small" ? "" : " --baseline \(name)"
    return UsageError(
      "there is no baseline \(shown); make it with `atelier check \(session.workshop.name) --update\(option)`"
        + (others.isEmpty ? "" : ", or take one of these: \(others.joined(separator: ", "))"))
  }

  /// The line on which an entry begins, from 1; the first one where the file has no such entry.
  package func line(of entry: String) -> Int {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = TextLines.of(text)
    return (lines.firstIndex { $0.hasPrefix("    \"\(entry)\": {") } ?? 0) + 1
  }
}
