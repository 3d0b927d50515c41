// Where a workshop's baselines lie, and the settings that they bring into a check.
import Baselines
import Configuration

/// One baseline file of a workshop.
struct CheckFile {
  /// The name without `.json`.
  let name: String
  let path: String
  /// The path below the project's root, for messages and annotations.
  let shown: String
  /// What the file holds; nil where there is none.
  let baseline: Baseline?
  /// The file's bytes; empty where there is none.
  let bytes: [UInt8]

  init(named name: String, _ session: Session) throws {
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
      throw UsageError("--baseline takes a name such as small, not '\(name)'")
    }
    self.name = name
    shown = "\(Self.folder(session.workshop.folder))/\(name).json"
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
  static func names(_ session: Session) -> [String] {
    let folder = "\(session.projectRoot)/\(Self.folder(session.workshop.folder))"
    return FileSystem.names(in: folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(5)) }.sorted()
  }

  private static func folder(_ workshop: String) -> String { "Workshops/\(workshop)/Baselines" }

  /// What there is to say where the file is not there.
  func missing(_ session: Session) -> UsageError {
    let others = Self.names(session)
    let option = name == "small" ? "" : " --baseline \(name)"
    return UsageError(
      "there is no baseline \(shown); make it with `atelier check --update\(option)`"
        + (others.isEmpty ? "" : ", or take one of these: \(others.joined(separator: ", "))"))
  }

  /// The line on which an entry begins, from 1; the first one where the file has no such entry.
  func line(of entry: String) -> Int {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.firstIndex { $0.hasPrefix("    \"\(entry)\": {") } ?? 0) + 1
  }
}

extension Session {
  /// The same session with the settings of a baseline below those of the command line.
  func with(_ baseline: [String: String], _ arguments: Arguments) throws -> Session {
    let told = try arguments.all("set").map(Session.assignment)
    func isTold(_ name: String) -> Bool {
      told.contains { $0.name.lowercased() == name.lowercased() }
    }
    var overrides = baseline.filter { !isTold($0.key) }
    for (name, value) in told { overrides[name] = value }
    return try with(
      Configuration(
        document: configuration.document, overrides: overrides, environment: environmentVariables))
  }

  /// The settings that a new baseline keeps: the old one's, and those of the command line that the
  /// workshop itself knows.
  func kept(_ baseline: [String: String], _ arguments: Arguments) throws -> [String: String] {
    var kept = baseline
    for (name, value) in try arguments.all("set").map(Session.assignment) {
      let own = workshop.settings.first {
        "\($0.section).\($0.key)".lowercased() == name.lowercased()
      }
      // The file is committed: no secret may get into it.
      guard let own, !EngineSettings.names(own), !Secret.isSecret(key: own.key) else { continue }
      kept["\(own.section).\(own.key)"] = value
    }
    return kept
  }
}
