// A session's settings in run records, and the session of a recorded run.
import Atelier
import CommandLine
import Configuration
import Content
import Planning
import Promotion

extension Session {
  /// The same session with the settings of a baseline or a run below those of the command line.
  package func with(_ baseline: [String: String], _ call: Call) throws -> Session {
    let told = try call.assignments
    func isTold(_ name: String) -> Bool {
      told.contains { $0.name.lowercased() == name.lowercased() }
    }
    var overrides = baseline.filter { !isTold($0.key) }
    for (name, value) in told { overrides[name] = value }
    return try with(overrides: overrides)
  }

  /// The workshop's own settings for a run record: value and layer by `Section.key`.
  ///
  /// Without secrets and what stands in one section with them, and without what says only where
  /// results are kept.
  package var recordedSettings: JSONValue {
    let all = workshop.settings
    let closed = Set(all.filter { Secret.isSecret(key: $0.key) }.map(\.section))
    let own = all.filter { !EngineSettings.names($0) && !closed.contains($0.section) }
    var recorded: [String: JSONValue] = [:]
    for entry in configuration.entries(known: own.map(\.known)) {
      guard !entry.isSecret, let setting = own.first(where: { $0.known.names(entry) }) else {
        continue
      }
      recorded["\(setting.section).\(setting.key)"] = [
        "value": .string(entry.recorded), "origin": .string(entry.origin.word),
      ]
    }
    return .object(recorded)
  }

  /// Whom a run is charged to: `[Accounts] project`, and the tag CostCenter of `[AWS] tags`.
  func recordedLabels() throws -> [String: String] {
    var labels: [String: String] = [:]
    let project = try PromotionTable(reading: configuration).project
    if !project.isEmpty { labels["project"] = project }
    labels["CostCenter"] = try resourceTags().values["CostCenter"]
    return labels
  }

  /// The session of a run: its recorded settings below those of this call.
  package func asRecorded(_ record: RunRecord, _ call: Call) throws -> Session {
    let settings = (record.json["settings"]?.object ?? [:]).compactMapValues { setting in
      setting["origin"] == "default" ? nil : setting["value"]?.string
    }
    return try with(settings, call)
  }
}

extension KnownKey {
  fileprivate func names(_ entry: Configuration.Entry) -> Bool {
    entry.section == section && entry.key == key
  }
}

extension Origin {
  /// The layer alone, without names of this machine.
  fileprivate var word: String {
    switch self {
    case .flag: "--set"
    case .environment: "environment"
    case .document(let file, _): String(file.split(separator: "/").last ?? "")
    case .file: "config.ini"
    case .defaultValue: "default"
    }
  }
}
